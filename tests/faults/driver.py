"""A process that runs `biolabel run` again and again, each time in a copy of itself that comes to harm.

It reads one JSON object a line, the arguments and the harm, and answers with what became of it. Its
copies have all modules loaded already, so that a run takes as long as its work and no longer.

The harm is told in points: the moments before and after each call that makes something on disk come,
go, or last. kill: the point at which the copy is killed; tear: whether the file that was about to last
loses its second half first; full: the point from which nothing lasts for want of room; room: the bytes
that a file may have; stop: the point at which a signal is sent; jump: the point (the start, if there is
none) at which the clock is set ahead by `ahead` seconds; second: the point at which another copy begins to
do the same in the same workspace; locked: a folder that may only be read.
"""

import ctypes
import errno
import itertools
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

CALLS = ("fsync", "replace", "rename", "mkdir", "unlink", "rmdir")
UNSHARE, PRIVATE, BIND, AGAIN = 0x20000, 0x44000, 0x1000, 0x1021
"""A namespace for mounts; all mounts private; the same folder as a mount; that again, to be read only."""
CAPABILITIES = 0x20080522
"""Version 3 of the structures of `capset`."""


def main() -> None:
    """Answer until there is nothing more to read."""
    import torch

    import biolabel

    for name in ("cli.stages", "workflow.run", "workflow.train"):
        import_module(f"biolabel.{name}")
    # Stages are known by biolabel's own code, which somebody may edit while the tests run.
    biolabel.__file__ = str(Path.cwd() / "no code" / "__init__.py")
    torch.set_num_threads(1)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(became_of(json.loads(line))) + "\n")
        sys.stdout.flush()


def became_of(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the exit status of a copy (negative for a signal), what it wrote and how many points it had."""
    # Pipes, because files of what is said may have no room either.
    (said, tell), (points, count) = os.pipe(), os.pipe()
    copy = os.fork()
    if not copy:
        os.dup2(tell, 1)
        os.dup2(tell, 2)
        os.close(tell)
        os._exit(run(asked, count))
    os.close(tell)
    os.close(count)
    with os.fdopen(said) as text, os.fdopen(points) as dots:
        found = {"said": text.read(), "points": len(dots.read())}
    return {"status": os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), **found}


def run(asked: dict[str, Any], points: int) -> int:
    """Run the command line with some harm; return its exit status."""
    from biolabel.cli import main as command

    if asked.get("room"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["room"], asked["room"]))
    if asked.get("locked"):
        lock(asked["locked"])
    counter, set_ahead, now = itertools.count(), [0.0], time.time
    time.time = lambda: now() + set_ahead[0]
    if "jump" not in asked:
        set_ahead[0] = asked.get("ahead", 0.0)

    def point(file: Path | None = None) -> None:
        number = next(counter)
        os.write(points, b".")
        if number == asked.get("kill"):
            if asked.get("tear") and file is not None and file.is_file():
                os.truncate(file, file.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        if number == asked.get("jump"):
            set_ahead[0] = asked["ahead"]
        if number == asked.get("second"):
            again()
        if number == asked.get("stop"):
            os.kill(os.getpid(), asked["signal"])
        if number >= asked.get("full", number + 1):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def again() -> None:
        copy = os.fork()
        if not copy:
            for name, call in before.items():
                setattr(os, name, call)
            os._exit(said(command))
        if os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]) != 1:
            raise RuntimeError("a second run was let in")

    before = {name: getattr(os, name) for name in CALLS}
    for name, call in before.items():
        setattr(os, name, hooked(name, call, point))
    sys.argv = ["biolabel", *asked["arguments"]]
    return said(command)


def said(command: Callable[[], None]) -> int:
    """Return the exit status of a command that has said all that it has to say."""
    try:
        command()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def lock(folder: str) -> None:
    """Let this process only read a folder: by a mount of its own, or by modes that it cannot overrule."""
    kernel, place = ctypes.CDLL(None, use_errno=True), folder.encode()
    steps = ((b"none", b"/", PRIVATE), (place, place, BIND), (place, place, AGAIN))
    if kernel.unshare(UNSHARE) == 0 and not any(
        kernel.mount(source, target, None, flags, None) for source, target, flags in steps
    ):
        return
    for path in (Path(folder), *Path(folder).rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    header, nothing = (ctypes.c_uint32 * 2)(CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    if kernel.capset(header, nothing):
        raise OSError(ctypes.get_errno(), "capset")


def hooked(name: str, call: Callable[..., Any], point: Callable[..., None]) -> Callable[..., Any]:
    """Return a call with a point before it, if it could want room, and one after it."""

    def around(*arguments: Any, **named: Any) -> Any:
        file = Path(f"/proc/self/fd/{arguments[0]}").resolve() if name == "fsync" else None
        if name in ("fsync", "mkdir", "replace", "rename"):
            point(file)
        found = call(*arguments, **named)
        if name != "fsync":
            point()
        return found

    return around


if __name__ == "__main__":
    main()
