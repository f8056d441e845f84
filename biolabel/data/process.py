"""A process beside this one, which does what it is sent as long as this one lives."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from traceback import format_exception
from typing import Any, cast

from biolabel.errors import RunError

_STOPS = (signal.SIGINT, signal.SIGTERM)


class Opening:
    """What is called in a process before its first item, and whose result is handed to each call.

    Two of them are equal where the very same is called: what that opened serves both.
    """

    def __init__(self, start: Callable[[], Any] | None) -> None:
        """Keep what opens things; None: nothing has to be opened."""
        self.wanted = start is not None
        self.sent = bytes(ForkingPickler.dumps(start)) if self.wanted else b""

    def __eq__(self, other: object) -> bool:
        """Return whether the same is called."""
        return isinstance(other, Opening) and other.sent == self.sent

    def __hash__(self) -> int:
        """Return a hash of what is called."""
        return hash(self.sent)


NOTHING = Opening(None)


class Process:
    """A fresh process, because a copy of this one (`fork`) may hang in torch and Arrow.

    It keeps what it opened last, and ends with `end`, or with this process. Whatever is sent must be
    picklable.
    """

    def __init__(self) -> None:
        """Start it."""
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        with uninterrupted():
            self._process.start()
        theirs.close()
        self._opened = NOTHING

    def do(
        self,
        function: Callable[..., Any],
        item: Any,
        opening: Opening = NOTHING,
        patience: float | None = None,
    ) -> Any:
        """Return `function(item)` of the process, or `function(opened, item)`.

        patience: the seconds that it may take, None for as many as it likes.

        Raises:
            RunError: BL929 when the process ends meanwhile, or takes too long, which ends it; else
                whatever the function or opening raises.
        """
        try:
            anew = opening.wanted and opening != self._opened
            self._connection.send((function, item, opening.wanted, anew))
            if anew:
                self._connection.send_bytes(opening.sent)
                self._opened = opening
            if not self._connection.poll(patience):
                self.end()
                raise RunError("BL929", f"no answer after {patience:g} seconds")
            found, error = self._connection.recv()
        except (EOFError, OSError) as gone:
            self._process.join()
            raise RunError(
                "BL929",
                f"a worker process ended before its work was done (exit code {self._process.exitcode})",
                hint="the system ends processes when memory is short; with --workers 1 there are fewest",
            ) from gone
        if error is not None:
            raise cast(Exception, error)
        return found

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def end(self) -> None:
        """End it, whatever it does; who waits for an answer loses it."""
        self._process.kill()
        self._process.join()


def _work(connection: Connection) -> None:
    """Answer items until the process at the other end has no more, or is no more."""
    # Ctrl-C reaches all processes of a terminal, and an end of a service all of it; the process that
    # began the work ends the others.
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    start: Callable[[], Any] | None = None
    opened: list[Any] = []
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            function, item, wanted, anew = connection.recv()
            if anew:
                # What was opened before goes first: both may be too much for the memory.
                opened.clear()
                start = connection.recv()
            answer: tuple[Any, Exception | None]
            try:
                if wanted and not opened and start is not None:
                    opened.append(start())
                answer = function(*opened, item) if wanted else function(item), None
            except Exception as error:  # noqa: BLE001  (raised again where results are used)
                error.add_note("in a worker process:\n" + "".join(format_exception(error)))
                answer = None, error
            connection.send(answer)
            # Nothing is held while there is nothing to do.
            del item, answer


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let processes that start inside ignore Ctrl-C and SIGTERM from their first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in _STOPS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
