"""Kept vote columns: the votes of one rule on one shard, under the hash of all that they depend on.

They lie in the workspace under `columns/SHARD/TASK/RULE/KEY.arrow`, so that a rule that did not
change is not run again, whatever else did; candidates and mentions lie beside them as if they were
rules. A place keeps the files that were used last: going back to what was tried before is free. Each
file ends with its check sum (`biolabel.data.sums`). Any number of processes may read and write here.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
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
"""Days on which rules ran after which the columns of a shard are deleted if none of them asked for it."""
FITS = "fits"
"""The folder beside the shards in which label models over several shards are kept."""
_ASKED = "asked.json"


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
    return Shelf(_place(workspace, content_hash))


def _place(workspace: Path, content_hash: str) -> Path:
    return workspace / "columns" / content_hash[:32]


def clear(workspace: Path, asked: Iterable[str], today: date) -> None:
    """Delete the columns of shards for which rules that ran on the last `DAYS` days did not ask.

    asked: the content hashes of the shards of this run. `asked.json` beside the shards counts the days on
    which rules ran, and has for each shard the last one on which it was asked for: so no clock that is set
    forth or back makes a shard older, and neither do weeks in which nobody works.
    """
    path = workspace / "columns" / _ASKED
    shards = [each for each in path.parent.glob("*") if each.is_dir() and each.name != FITS]
    number, day, last = _counted(path)
    number += day != today.isoformat()
    now = {_place(workspace, each).name for each in asked}
    last = {
        each.name: number if each.name in now else last.get(each.name, number) for each in shards
    }
    old = {name for name, seen in last.items() if seen <= number - DAYS}
    kept = {name: seen for name, seen in sorted(last.items()) if name not in old}
    try:
        with replacing_file(path) as temporary:
            temporary.write_text(
                json.dumps({"number": number, "day": today.isoformat(), "shards": kept})
            )
    except OSError:
        return  # what cannot be noted is kept
    for name in old:
        shutil.rmtree(path.parent / name, ignore_errors=True)


def _counted(path: Path) -> tuple[int, str, dict[str, int]]:
    """Return how many days are counted, which was the last, and when each shard was asked for."""
    try:
        said = json.loads(path.read_bytes())
        shards = {str(name): int(seen) for name, seen in said["shards"].items()}
        return int(said["number"]), str(said["day"]), shards
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return 0, "", {}  # not there yet, or damaged: all are asked for as of today


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
