"""Atomic writing: what stands under a name is always complete, also after a killed run."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOTDIR
from pathlib import Path


@contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the place of `path` if the block ends well.

    Raises:
        OSError: as the file system does; nothing is left behind then, and `path` is as it was.
    """
    temporary = _beside(path)
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
        _flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a new folder to fill, which takes the place of the folder `path` if the block ends well.

    A run that is killed between the two renames leaves the old folder under a hidden name.

    Raises:
        OSError: as the file system does; nothing is left behind then, and `path` is as it was.
    """
    temporary = _beside(path)
    old = _beside(path)
    try:
        temporary.mkdir()
        yield temporary
        for file in temporary.rglob("*"):
            _flush(file)
        _flush(temporary)
        if path.exists():
            path.rename(old)
        try:
            temporary.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
        _flush(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def file_beside(path: Path, ending: str) -> Path:
    """Return the path of a file that belongs to another file or folder: its name with an ending."""
    whole = path if path.name else path.resolve()  # `.` has no name
    return whole.parent / f"{whole.name}{ending}"


def _beside(path: Path) -> Path:
    """Return an unused hidden name on the same file system, so that renaming is atomic."""
    # The system only says that something exists, or not what is no folder.
    above = next((folder for folder in path.parents if folder.exists()), path.parent)
    if not above.is_dir():
        raise NotADirectoryError(ENOTDIR, f"{above} is a file, not a folder", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.parent / f".{path.name}.{secrets.token_hex(4)}.tmp"


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
