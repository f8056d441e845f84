"""The first moments of `biolabel`: Ctrl-C has its meaning before anything that takes time is imported."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_STOPPED = "stopped; what was finished is kept: the same command goes on from there\n"


def main() -> None:
    """Run the command line, which ends with status 130 on Ctrl-C and 143 on SIGTERM."""
    # Torch's threads then sleep instead of spinning: on a busy machine training is five times as fast.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    with _stoppable() as stopped:
        try:
            from biolabel.cli.app import main as run

            run()
        except BaseException:
            # Modules that are stopped while they are imported may make any other error of it.
            if stopped:
                _leave(128 + stopped[0])
            raise


def _leave(status: int) -> None:
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.write(_STOPPED)
        sys.stderr.flush()
    # All that was open is closed; to take torch and spaCy apart would take another second.
    os._exit(status)


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Let Ctrl-C and SIGTERM end the block alike; yield the numbers of the signals that did so far.

    typer makes an exit status of Ctrl-C that no longer tells what happened, and SIGTERM would leave
    half of a file behind. What was to be ignored stays ignored.
    """
    stopped: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopped.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each, handler in before.items():
        if handler not in (signal.SIG_IGN, None):
            signal.signal(each, stop)
    try:
        yield stopped
    finally:
        for each, handler in before.items():
            if handler is not None:
                signal.signal(each, handler)
