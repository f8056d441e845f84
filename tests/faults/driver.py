"""A process that runs `biolabel run` again and again, each time in a copy of itself that comes to harm.

It reads one JSON object a line, the arguments and the harm, and answers with what became of it. Its
copies have all modules loaded already, so that a run takes as long as its work and no longer.

The harm is told in points: the moments before and after each call that makes something on disk come,
go, or last. kill: the point at which the copy is killed; tear: whether the file that was about to last
loses its second half first; full: the point from which nothing lasts for want of room; room: the bytes
that a file may have; stop: the point at which a signal is sent; ahead: the seconds that the clock is set
ahead.
"""

import errno
import itertools
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

CALLS = ("fsync", "replace", "rename", "mkdir", "unlink", "rmdir")


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
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as points:
        copy = os.fork()
        if not copy:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            os._exit(run(asked, points.fileno()))
        status = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
        said.seek(0)
        points.seek(0)
        return {"status": status, "said": said.read(), "points": len(points.read())}


def run(asked: dict[str, Any], points: int) -> int:
    """Run the command line with some harm; return its exit status."""
    from biolabel.cli import main as command

    if asked.get("room"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["room"], asked["room"]))
    if asked.get("ahead"):
        now = time.time
        time.time = lambda: now() + asked["ahead"]
    counter = itertools.count()

    def point(file: Path | None = None) -> None:
        number = next(counter)
        os.write(points, b".")
        if number == asked.get("kill"):
            if asked.get("tear") and file is not None and file.is_file():
                os.truncate(file, file.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        if number == asked.get("stop"):
            os.kill(os.getpid(), asked["signal"])
        if number >= asked.get("full", number + 1):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name in CALLS:
        setattr(os, name, hooked(name, getattr(os, name), point))
    sys.argv = ["biolabel", *asked["arguments"]]
    try:
        command()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


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
