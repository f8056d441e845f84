"""Which database of decisions a command line means."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from biolabel.errors import RunError

if TYPE_CHECKING:
    from biolabel.curation.store import Database


@contextmanager
def opened_database(
    where: Path, workspace: Path | None, database: str | None, *, new: bool = False
) -> "Iterator[Database]":
    """Open the database of a workspace or of a task's workspace; new: make it if there is none.

    Raises:
        RunError: BL902 neither a workspace nor a task; BL963 there is no database yet; as
            `open_database`.
    """
    from biolabel.curation.store import FILE, open_database

    place = database or _workspace(where, workspace) / FILE
    if not new and isinstance(place, Path) and not place.is_file():
        raise RunError(
            "BL963",
            f"there is no {place}, so nothing was loaded or decided yet",
            hint=f"`biolabel curate load {where}` loads the assertions of the last run",
        )
    opened = open_database(place)
    try:
        yield opened
    finally:
        opened.close()


def _workspace(where: Path, workspace: Path | None) -> Path:
    from biolabel.curation.store import FILE
    from biolabel.workflow.settings import load_task

    if workspace is not None:
        return workspace
    if (where / "manifest.json").is_file() or (where / FILE).is_file():
        return where
    return Path("workspace") / load_task(where).task.name
