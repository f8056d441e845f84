"""Kept vote columns: the votes of one rule on one shard, under the hash of all that they depend on.

They lie in the workspace under `columns/SHARD/TASK/RULE/KEY.arrow`, so that a rule that did not
change is not run again, whatever else did; candidates and mentions lie beside them as if they were
rules. A place keeps the files that were used last: going back to what was tried before is free.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from biolabel.data.files import replacing_file
from biolabel.errors import RunError

Value = TypeVar("Value")

VERSIONS = 8
"""Versions of a column that are kept: those from found, given and predicted mentions, before and
after an edit, and some to go back to."""
DAYS = 30
"""Days after which the columns of a shard are deleted if no run asked for them."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The kept columns of one shard."""

    folder: Path

    def path(self, task: str, name: str, key: str, suffix: str = ".arrow") -> Path:
        """Return where something of a task lies, or would."""
        return self.folder / task / name / f"{key}{suffix}"

    def there(self, path: Path) -> bool:
        """Return whether a file is there, which then counts as used last."""
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        return True

    def load(self, path: Path, read: Callable[[Path], Value]) -> Value | None:
        """Return what a file holds, None where it is not there or was damaged."""
        if not self.there(path):
            return None
        try:
            return read(path)
        except (pa.ArrowInvalid, ValueError):
            path.unlink(missing_ok=True)
            return None

    @contextmanager
    def keeping(self, path: Path) -> Iterator[Path]:
        """Give a path to write a file to, and delete the oldest ones of its place beyond `VERSIONS`.

        Raises:
            RunError: BL906 when the workspace cannot be written.
        """
        try:
            with replacing_file(path) as temporary:
                yield temporary
            others = sorted(path.parent.glob(f"*{path.suffix}"), key=_used, reverse=True)
            for old in others[VERSIONS:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error


def shelf(workspace: Path, content_hash: str) -> Shelf:
    """Return the kept columns of the shard with a content hash."""
    folder = workspace / "columns" / content_hash[:32]
    if folder.is_dir():
        os.utime(folder)
    return Shelf(folder)


def clear(workspace: Path) -> None:
    """Delete the columns of shards for which no run asked in the last `DAYS` days."""
    oldest = time.time() - DAYS * 86_400
    for folder in (workspace / "columns").glob("*"):
        if _used(folder) < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
