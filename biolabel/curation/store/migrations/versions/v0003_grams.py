"""An index for searches by text, in SQLite: PostgreSQL reads its names fast enough without."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_PUT = "INSERT INTO grams (rowid, words) VALUES (NEW.assertion, NEW.words)"
_TAKE = "INSERT INTO grams (grams, rowid, words) VALUES ('delete', OLD.assertion, OLD.words)"


def upgrade() -> None:
    """Make the index of `names`, and the triggers by which the database keeps it up."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for statement in (
        "CREATE VIRTUAL TABLE grams USING fts5(words, content='names', content_rowid='assertion', "
        "tokenize='trigram case_sensitive 1', columnsize=0)",
        "INSERT INTO grams (rowid, words) SELECT assertion, words FROM names",
        f"CREATE TRIGGER names_put AFTER INSERT ON names BEGIN {_PUT}; END",
        f"CREATE TRIGGER names_taken AFTER DELETE ON names BEGIN {_TAKE}; END",
        f"CREATE TRIGGER names_change AFTER UPDATE ON names BEGIN {_TAKE}; {_PUT}; END",
    ):
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Do without the index."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("names_put", "names_taken", "names_change"):
            op.execute(sa.text(f"DROP TRIGGER {name}"))
        op.execute(sa.text("DROP TABLE grams"))
