"""Work over the workers of a Dask cluster, which see the same files as this process."""

import asyncio
import logging
import pickle
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures import Future as ConcurrentFuture
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from threading import Lock
from traceback import format_exception
from typing import TYPE_CHECKING, Any, TypeVar, cast

from biolabel.data.process import Opening
from biolabel.errors import BiolabelError, RunError
from biolabel.workflow.cache import code_hash
from biolabel.workflow.scheduler import frugal, machines, unreachable

if TYPE_CHECKING:
    from distributed import Client, Future
    from tornado.platform.asyncio import BaseAsyncIOLoop

Result = TypeVar("Result")

PATIENCE = 60.0
"""Seconds without a scheduler, or without any worker, after which a run gives up."""
_CONNECT = 15.0
"""Seconds in which a scheduler must have a worker, and let a client in or go."""
_AHEAD = 3
"""Items a worker that are sent before the result of the first is used, as `data.workers` has it."""
_LOOK = 2.0
"""Seconds between two looks at whether there is still somebody who works."""
_ELSEWHERE = frozenset({"BL604", "BL906"})
"""What only one machine may be unable to do: write."""
_ONE_AT_A_TIME = Lock()
"""What is opened in a worker serves one item at a time, however many threads the worker has."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker needs beside an item. token: by which works are equal that open the same.

    function, opening: what is called for an item, and for all of them if that is not empty: pickled, as
    a message that a worker cannot read would end it.
    """

    token: str
    code: str = field(compare=False)
    workspace: Path = field(compare=False)
    function: bytes = field(compare=False)
    opening: bytes = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of an item, or what was raised, and which worker says so."""

    found: Any
    error: Exception | None
    worker: str


@dataclass(frozen=True, eq=False, slots=True)
class Cluster:
    """The workers of a Dask cluster as an `biolabel.data.executor.Executor`.

    A worker that ends, or that cannot write, has its items done by others. code: the hash of this
    process's biolabel, which every worker must have too; patience: seconds without a scheduler, or
    without any worker, after which work is given up; token: of all that this process lets workers
    open, which serves no other one.
    """

    client: "Client"
    code: str
    workspace: Path
    patience: float = PATIENCE
    token: str = field(default_factory=partial(secrets.token_hex, 8))

    @property
    def spreads(self) -> bool:
        """Whether items go to other processes: always, however few workers there are."""
        return True

    def ordered(
        self,
        function: Callable[..., Result],
        items: Iterable[Any],
        start: Callable[[], Any] | None = None,
    ) -> Iterator[Result]:
        """Yield `function(item)`, or `function(started, item)`, for each item in their order.

        Functions are those of installed modules, which workers import by their names.

        Raises:
            RunError: BL929 for work that ends every worker that does it, BL942 when the cluster is
                lost, BL943 and BL944 for a worker that came later and does not fit, or that cannot read
                what it is sent; else as `Executor.ordered`.
        """
        called, opening = pickle.dumps(function), Opening(start).sent
        token = self.token + sha256(opening).hexdigest()
        # It goes to each worker once, and once more where the workers that had it are gone.
        work = self._submitted(_Work, token, self.code, self.workspace, called, opening)
        waiting: deque[tuple[bytes, Future[_Answer]]] = deque()
        try:
            for each in items:
                # Dask keeps the last thousand messages to each worker, objects ten times their bytes.
                item = pickle.dumps(each)
                waiting.append((item, self._submitted(_worked, work, item)))
                if len(waiting) >= _AHEAD * max(len(self._workers()), 1):
                    yield self._done(work, *waiting.popleft())
            while waiting:
                yield self._done(work, *waiting.popleft())
        finally:
            for _, future in waiting:
                future.release()
            work.release()

    def _submitted(
        self, function: Callable[..., Result], *given: Any, workers: Iterable[str] | None = None
    ) -> "Future[Result]":
        if self.client.status != "running":
            raise _lost(self.client, "it is gone")
        among = None if workers is None else list(workers)
        try:
            found: Future[Result] = self.client.submit(function, *given, pure=False, workers=among)
        except OSError as error:  # it broke, and the client does not know yet
            raise _lost(self.client, "the connection to it broke") from error
        return found

    def _done(self, work: "Future[_Work]", item: bytes, future: "Future[_Answer]") -> Any:
        """Return the result of an item; what one worker could not write another may."""
        tried: set[str] = set()
        while True:
            answer = self._answer(future)
            if answer.error is None:
                return answer.found
            tried.add(answer.worker)
            others = self._workers() - tried
            if not _may_do_elsewhere(answer.error) or not others:
                raise answer.error
            future = self._submitted(_worked, work, item, workers=others)

    def _answer(self, future: "Future[_Answer]") -> _Answer:
        """Wait for an answer as long as there is somebody to give it."""
        from distributed.scheduler import KilledWorker, NoValidWorkerError

        alone_since: float | None = None
        asked = self._asked(future)
        while True:
            try:
                answer: _Answer = asked.result(timeout=_LOOK)
                return answer
            except KilledWorker as error:
                raise RunError(
                    "BL929",
                    f"{error.allowed_failures + 1} workers of the cluster ended over the same work",
                    hint="the system ends processes when memory is short; their logs say more",
                ) from error
            except TimeoutError:
                if asked.done():  # who fetched it gave up
                    asked = self._asked(future)
                now = time.monotonic()
                alone_since = None if self._workers() else alone_since or now
                if alone_since is not None and now - alone_since > self.patience:
                    message = f"it has had no workers for {self.patience:g} seconds"
                    raise _lost(self.client, message) from None
            # An `OSError` is one of the connection: those of the work are answers.
            except (OSError, CancelledError, asyncio.CancelledError, NoValidWorkerError) as error:
                raise _lost(self.client, "the connection to it broke") from error

    def _asked(self, future: "Future[_Answer]") -> "ConcurrentFuture[_Answer]":
        """Ask for an answer once, to look at now and then.

        `Future.result` with a timeout breaks off what it fetches, and the client's next question then
        fails over that.
        """
        loop = cast("BaseAsyncIOLoop", self.client.loop).asyncio_loop
        return asyncio.run_coroutine_threadsafe(self.client.gather(future, asynchronous=True), loop)

    def _workers(self) -> set[str]:
        """Return the addresses of the workers that there are now.

        Raises:
            RunError: BL942 when the scheduler does not say.
        """
        scheduler = self.client.scheduler
        if scheduler is None or self.client.status != "running":
            raise _lost(self.client, "the connection to it broke")
        try:
            return set(self.client.sync(scheduler.ncores, callback_timeout=self.patience))
        except (OSError, TimeoutError) as error:
            raise _lost(self.client, "it does not answer") from error


@contextmanager
def cluster(
    workspace: Path, scheduler: str = "", workers: int = 1, patience: float = PATIENCE
) -> Iterator[Cluster]:
    """Give the cluster of a scheduler's address, or one of so many processes of this machine.

    Every worker must see the workspace under the same path, and run the same biolabel. That of this
    machine speaks TLS with a key that only it has, because whoever can speak to a Dask scheduler can
    run programs; for other schedulers Dask's own settings say how to speak to them.

    Raises:
        RunError: BL941 when Dask is not installed, BL942 when the scheduler cannot be reached or has
            no workers, BL943 for workers with another biolabel, BL944 for workers that do not see
            the workspace, BL906 when it cannot be written.
    """
    try:
        from distributed import Client
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        hint = "pip install 'biolabel[dask]'"
        raise RunError("BL941", "Dask is not installed", hint=hint) from error
    code = code_hash()
    # What Dask has to say of workers that end stands in an error, or is no matter.
    with (
        silence_logging_cmgr(logging.CRITICAL + 1),
        frugal(),
        machines(scheduler, workers) as place,
    ):
        address, security = place
        try:
            client = Client(address, timeout=_CONNECT, set_as_default=False, security=security)
        except OSError as error:
            raise unreachable(address, "it does not answer") from error
        try:
            found = Cluster(client, code, workspace.absolute(), patience)
            try:
                client.wait_for_workers(1, timeout=_CONNECT)
            except TimeoutError as error:
                raise unreachable(address, "it has no workers") from error
            _check(found)
            yield found
        finally:
            with suppress(OSError, TimeoutError):
                client.close(timeout=_CONNECT)


def _check(found: Cluster) -> None:
    """Refuse workers that do not see the workspace, or that run another biolabel."""
    name, word = f".cluster-{secrets.token_hex(4)}", secrets.token_hex(8)
    probe = found.workspace / name
    try:
        found.workspace.mkdir(parents=True, exist_ok=True)
        probe.write_text(word, encoding="utf-8")
    except OSError as error:
        raise RunError("BL906", f"cannot write {probe}: {error.strerror}") from error
    try:
        said = found.client.run(_said, probe, on_error="return")
    finally:
        probe.unlink(missing_ok=True)
    for worker, answer in said.items():
        if not isinstance(answer, tuple):
            raise _incapable(f"worker {worker}", answer)
        theirs, read = answer
        _fits(found.code, theirs, worker)
        if read != word:
            raise _unseen(found.workspace, worker)
    try:
        found.client.run_on_scheduler(code_hash)
    except Exception as error:
        # Dask raises whatever it was that stopped the scheduler from importing biolabel.
        raise _incapable("scheduler", error) from error


def _said(probe: Path) -> tuple[str, str]:
    """Return, in a worker, its biolabel and what a file holds."""
    try:
        return code_hash(), probe.read_text(encoding="utf-8")
    except OSError:
        return code_hash(), ""


def _worked(work: _Work, sent: bytes) -> _Answer:
    """Do an item in a worker."""
    from distributed import get_worker

    worker: str = get_worker().address
    try:
        with _ONE_AT_A_TIME:
            started = _started(work, worker)
            function, item = _read(work.function, worker), _read(sent, worker)
            found = function(started, item) if work.opening else function(item)
    except Exception as error:  # noqa: BLE001  (raised again where results are used)
        error.add_note(f"in the worker {worker}:\n" + "".join(format_exception(error)))
        return _Answer(None, error, worker)
    return _Answer(found, None, worker)


@lru_cache(maxsize=1)
def _started(work: _Work, worker: str) -> Any:
    """Return what a work opens in a worker, which keeps that of the last one for those that open the same."""
    _fits(work.code, code_hash(), worker)
    if not work.workspace.is_dir():
        raise _unseen(work.workspace, worker)
    return _read(work.opening, worker)() if work.opening else None


def _read(sent: bytes, worker: str) -> Any:
    try:
        return pickle.loads(sent)
    except Exception as error:
        # Whatever a module that is missing there, or another version of it, makes of it.
        raise _incapable(f"worker {worker}", error) from error


_SAME = "install the same version of biolabel, and of Python, where scheduler and workers run"


def _fits(ours: str, theirs: str, worker: str) -> None:
    if ours != theirs:
        message = f"the worker {worker} runs another biolabel: {theirs}, here is {ours}"
        raise RunError("BL943", message, hint=_SAME)


def _incapable(who: str, error: object) -> RunError:
    return RunError("BL943", f"the {who} cannot run biolabel: {error!r}", hint=_SAME)


def _unseen(workspace: Path, worker: str) -> RunError:
    return RunError(
        "BL944",
        f"the worker {worker} does not see {workspace}",
        hint="put the workspace where all workers find it under the same path",
    )


def _may_do_elsewhere(error: Exception) -> bool:
    code = error.code if isinstance(error, BiolabelError) else ""
    return code in _ELSEWHERE or isinstance(error, OSError)


def _lost(client: "Client", why: str) -> RunError:
    address = client.scheduler.address if client.scheduler is not None else "of the cluster"
    return RunError(
        "BL942",
        f"lost the scheduler {address}: {why}",
        hint="what was finished is kept: run again when the cluster is back",
    )
