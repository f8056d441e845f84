"""Stages kept on disk under the hash of what they read: what did not change is not made again."""

import hashlib
import json
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import biolabel
from biolabel.data.files import remove_folder, settling_folder
from biolabel.data.sums import damage, sums_of, tell_of_damage
from biolabel.errors import RunError

_DONE = "stage.json"
_STAGES = "stages"
"""Where stages lie in a workspace, apart from the results that a run puts beside them."""
Inputs = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StageNote:
    """One stage of a run: where its result lies, what it read, and whether it was there already."""

    stage: str
    key: str
    folder: Path
    inputs: Inputs
    reused: bool
    seconds: float


def code_hash() -> str:
    """Return a hash of the package's own sources, so that another version never re-uses a result."""
    digest = hashlib.sha256()
    package = Path(biolabel.__file__).parent
    for file in sorted(package.rglob("*.py")):
        digest.update(file.relative_to(package).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal.

    Raises:
        RunError: BL905 when the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise RunError("BL905", f"cannot read {path}: {error.strerror}") from error


def kept(
    workspace: Path,
    stage: str,
    inputs: Inputs,
    make: Callable[[Path], None],
    seen: Mapping[tuple[str, str], StageNote] | None = None,
) -> StageNote:
    """Return the folder of a stage's result, made by `make` unless it is there for the same inputs.

    The result appears under its name only when it is complete. `stage.json` beside it has the check sum of
    each file: a result that is not as it was written is made again, with a warning (BL932). seen: the
    stages that this process has made or checked, which are not checked again.

    Raises:
        RunError: BL906 when the workspace cannot be written.
    """
    text = json.dumps({"stage": stage, **inputs}, sort_keys=True, default=str)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder = workspace / _STAGES / stage / key
    started = time.perf_counter()
    try:
        known = (stage, key) in (seen or {}) and (folder / _DONE).is_file()
        if known or whole_folder(folder):
            return StageNote(stage, key, folder, inputs, True, time.perf_counter() - started)
        with settling_folder(folder) as temporary:
            make(temporary)
            seconds = time.perf_counter() - started
            write_record(temporary, {"inputs": json.loads(text), "seconds": round(seconds, 3)})
    except OSError as error:
        raise RunError("BL906", f"cannot write {folder}: {error.strerror}") from error
    return StageNote(stage, key, folder, inputs, False, time.perf_counter() - started)


def write_record(folder: Path, said: Mapping[str, object]) -> None:
    """Write what stands in `stage.json`, and the check sums of all files that the folder has by now."""
    record = {**said, "files": sums_of(folder)}
    record["sum"] = _sum(record)
    (folder / _DONE).write_text(json.dumps(record, indent=1), encoding="utf-8")


def whole_folder(folder: Path) -> bool:
    """Return whether a folder is there as it was written; what is left of another one is removed.

    Raises:
        OSError: as the file system does.
    """
    if not folder.is_dir():
        return False
    found = damage_of(folder)
    if found:
        tell_of_damage(f"{folder}: {found}")
        remove_folder(folder)
    return not found


def damage_of(folder: Path) -> str:
    """Return what is wrong with the first file of a kept folder that is not as it was, "" if all are."""
    try:
        record: dict[str, Any] = json.loads((folder / _DONE).read_bytes())
        wanted = record.pop("sum")
        if wanted != _sum(record):
            return f"{_DONE} has other bytes than were written"
        return damage(folder, record["files"])
    except FileNotFoundError:
        return f"{_DONE} is not there"
    except (ValueError, LookupError, TypeError, AttributeError):
        return f"{_DONE} cannot be understood"


def _sum(record: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(record, sort_keys=True).encode())
