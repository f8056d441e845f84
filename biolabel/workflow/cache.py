"""Stages kept on disk under the hash of what they read: what did not change is not made again."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import biolabel
from biolabel.data.files import replacing_folder
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


def kept(workspace: Path, stage: str, inputs: Inputs, make: Callable[[Path], None]) -> StageNote:
    """Return the folder of a stage's result, made by `make` unless it is there for the same inputs.

    The result appears under its name only when it is complete.

    Raises:
        RunError: BL906 when the workspace cannot be written.
    """
    text = json.dumps({"stage": stage, **inputs}, sort_keys=True, default=str)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder = workspace / _STAGES / stage / key
    started = time.perf_counter()
    if (folder / _DONE).is_file():
        return StageNote(stage, key, folder, inputs, True, time.perf_counter() - started)
    try:
        with replacing_folder(folder) as temporary:
            make(temporary)
            seconds = time.perf_counter() - started
            record = {"inputs": json.loads(text), "seconds": round(seconds, 3)}
            (temporary / _DONE).write_text(json.dumps(record, indent=1), encoding="utf-8")
    except OSError as error:
        raise RunError("BL906", f"cannot write {folder}: {error.strerror}") from error
    return StageNote(stage, key, folder, inputs, False, time.perf_counter() - started)
