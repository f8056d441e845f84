"""Kept vote columns: the votes of one rule on one shard, under the hash of all that they depend on.

They lie in the workspace under `columns/SHARD/TASK/RULE/KEY.arrow`, so that a rule that did not
change is not run again, whatever else did; candidates and mentions lie beside them as if they were
rules. A place keeps the files that were used last: going back to what was tried before is free. Each
file ends with its check sum (`biolabel.data.sums`). Any number of processes may read and write here.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from biolabel.data.files import replacing_file
from biolabel.data.sums import seal, tell_of_damage, unsealed
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
        except OSError:
            return path.is_file()  # somebody else's, or not to be written
        return True

    def whole(self, path: Path) -> bool:
        """Return whether a file is there as it was written; a damaged one is deleted (BL932)."""
        return self.load(path, lambda _: True) is not None

    def load(self, path: Path, read: Callable[[pa.Buffer], Value]) -> Value | None:
        """Return what a file holds, None where it is not there or was damaged, which deletes it (BL932)."""
        if not self.there(path):
            return None
        try:
            whole = memoryview(pa.memory_map(str(path)).read_buffer())
            return read(pa.py_buffer(unsealed(whole)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            tell_of_damage(f"{path}: {error}")
            with suppress(OSError):
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
                seal(temporary)
            # The newest stays also where the clock was set back since the others were used.
            others = (each for each in path.parent.glob(f"*{path.suffix}") if each != path)
            for old in sorted(others, key=_used, reverse=True)[VERSIONS - 1 :]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error


def shelf(workspace: Path, content_hash: str) -> Shelf:
    """Return the kept columns of the shard with a content hash."""
    folder = workspace / "columns" / content_hash[:32]
    with suppress(OSError):
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
