"""One run at a time in a workspace: a lock that ends with its process, however that ends."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path

from biolabel.data.files import sweep
from biolabel.errors import RunError

NAME = ".lock"
"""The file of a workspace that is locked. It stays there, and says nothing unless it is."""


@contextmanager
def alone(workspace: Path) -> Iterator[None]:
    """Keep other runs out of a workspace until the block ends; what killed ones left is removed first.

    A workspace that was made for the lock and got nothing else, because a run was refused, is removed.
    Where nothing can be written there is no lock: what is kept can still be read, and whoever makes
    something is told. Nor is there one on file systems that know no locks.

    Raises:
        RunError: BL931 when another process works there; in a thread of this process too.
    """
    made = [place for place in (workspace, *workspace.parents) if not place.exists()]
    handle = _opened(workspace)
    if handle is None:
        yield
        return
    try:
        sweep(_places(workspace))
        yield
    finally:
        # Removed while it is locked: who comes meanwhile is refused, or makes another one.
        with suppress(OSError):
            if made and [file.name for file in workspace.iterdir()] == [NAME]:
                (workspace / NAME).unlink()
                for place in made:
                    place.rmdir()
        os.close(handle)


def _opened(workspace: Path) -> int | None:
    """Return the open and locked file of a workspace, None where there can be none."""
    while True:
        try:
            workspace.mkdir(parents=True, exist_ok=True)
            handle = os.open(workspace / NAME, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            said = _said(handle)
            os.close(handle)
            raise _taken(workspace, said) from error
        except OSError:
            os.close(handle)
            return None
        with suppress(OSError):
            if os.path.samestat(os.fstat(handle), os.stat(workspace / NAME)):
                _say(handle)
                return handle
        os.close(handle)  # who had it before removed it


def _say(handle: int) -> None:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    said = {"process": os.getpid(), "machine": socket.gethostname(), "since": since}
    with suppress(OSError):  # a full disk is told of where results are written
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(said).encode(), 0)


def _said(handle: int) -> str:
    try:
        said = json.loads(os.pread(handle, 10_000, 0))
        return f"process {said['process']} on {said['machine']} (since {said['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        return "another process"


def _taken(workspace: Path, who: str) -> RunError:
    hint = "wait until it is done, or give this run a workspace of its own: --workspace FOLDER"
    return RunError("BL931", f"{who} works in {workspace}", hint=hint)


def _places(workspace: Path) -> Iterator[Path]:
    """Yield the hidden files and folders of a workspace where such are written until they are complete."""
    places = ("", "stages/*/", "columns/*/", "columns/*/*/", "columns/*/*/*/", "training/")
    published = (f"{kind}/*/" for kind in ("predictions", "assertions", "rejects", "faults"))
    return chain.from_iterable(workspace.glob(f"{at}.*.tmp") for at in (*places, *published))
