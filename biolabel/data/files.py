"""Atomic writing: what stands under a name is always complete, also after a killed run."""

import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EEXIST, ENOTDIR, ENOTEMPTY
from pathlib import Path

_LEFT = re.compile(r"\..*\.(?P<host>[^.]*)\.(?P<process>\d+)\.[0-9a-f]{8}\.tmp")
"""What a file or folder is called until it is complete: it says which process on which machine writes it."""


def fits_utf8(text: str) -> bool:
    """Return whether a text can be written: JSON may hold half a character, a lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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


@contextmanager
def settling_folder(path: Path) -> Iterator[Path]:
    """Give a new folder to fill, which becomes `path` if the block ends well and nobody was faster.

    It is for what is known by all that it was made of: if another process has put the same under the
    name meanwhile, that one stays, for somebody may read it by now.

    Raises:
        OSError: as the file system does; nothing is left behind then.
    """
    temporary = _beside(path)
    try:
        temporary.mkdir()
        yield temporary
        for file in temporary.rglob("*"):
            _flush(file)
        _flush(temporary)
        try:
            temporary.rename(path)
        except OSError as error:
            if error.errno not in (EEXIST, ENOTEMPTY):
                raise
        _flush(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_folder(path: Path) -> None:
    """Remove a folder, which is gone from its name at once, also if this process is killed meanwhile.

    Raises:
        OSError: as the file system does, but not where the folder is no longer there.
    """
    old = _beside(path)
    try:
        path.rename(old)
    except FileNotFoundError:
        return
    shutil.rmtree(old, ignore_errors=True)


def sweep(found: Iterable[Path]) -> None:
    """Remove those files and folders that a process left behind when it was killed in the middle."""
    for path in found:
        named = _LEFT.fullmatch(path.name)
        if named is None or named["host"] != _host() or _runs(int(named["process"])):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _host() -> str:
    return socket.gethostname().partition(".")[0][:32]


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
    return path.parent / f".{path.name}.{_host()}.{os.getpid()}.{secrets.token_hex(4)}.tmp"


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
