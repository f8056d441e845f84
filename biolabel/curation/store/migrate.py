"""Bring a database to the newest schema version, or to an older one for tests of that way."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from biolabel.curation.store.tables import VERSION

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, version: str = VERSION) -> None:
    """Run the migrations that a database lacks, inside the transaction of its connection."""
    command.upgrade(settings(connection), version)


def settings(connection: Connection) -> Config:
    """Return what Alembic needs to know: where the migrations lie, and the connection."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
