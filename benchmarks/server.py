"""How fast the server answers 20 clients at once, over 100,000 assertions.

`python benchmarks/server.py` loads made-up assertions into a database, starts the server in a process
of its own and asks it from 20 connections, each with the next question as soon as the last one is
answered: pages of the queue in each order and with filters, single assertions, decisions. Another
round has as many clients that wait half a second between questions, which is faster than anybody
decides. Target: issue 8. Beside the times, which other programs on the machine make longer, stands what
each answer takes of a processor.

The clients share the machine with the server, so they are made to take little of it: one process, which
writes requests by hand, and of each answer reads the status and all of the body, in what uvicorn parses
requests with. A status other than success ends the benchmark.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import quantiles

import httptools
from frame import Row, write

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Status
from biolabel.curation.review import assertion_id
from biolabel.curation.store import all_decisions, load, open_database, write_audit
from biolabel.web.access.doors import TokenDoor
from biolabel.web.access.gate import Access
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from biolabel.web.api.assertions import assertions_router
from biolabel.web.app import create_app
from biolabel.web.server import Place, answer, listening, settings

N, CLIENTS, SECONDS, TARGET = 100_000, 20, 20.0, 50.0
TOKEN = "benchmark"
STATUSES: tuple[Status, ...] = ("new", "known", "unchecked", "refines", "contradicts")
ORDERS = ("probability", "uncertainty", "novelty", "disagreement", "documents")

Question = tuple[str, str, str, dict[str, str] | None]
"""What is asked: its kind, the method, the path with its query, the body."""


def planted(n: int) -> Iterator[Assertion]:
    """Yield assertions about distinct pairs with one to four rows of evidence of 500 rules."""
    rng = random.Random(0)
    for i in range(n):
        rows = tuple(
            Evidence(
                document=str(10_000_000 + rng.randrange(200_000)),
                passage="abstract",
                text=f"After compound {i // 5} the patients had finding {i % 977} more often " * 2,
                start=100 * j,
                end=100 * j + 90,
                probability=rng.random(),
                rules_for=(f"rule_{rng.randrange(500)}", f"rule_{rng.randrange(500)}"),
                rules_against=(f"rule_{rng.randrange(500)}",) if j % 2 else (),
                journal=f"Journal {i % 200}",
                year=1980 + i % 45,
            )
            for j in range(1 + i % 4)
        )
        sure = max(row.probability or 0.0 for row in rows)
        yield Assertion(
            subject=f"MESH:C{i // 5:06d}",
            predicate="causes",
            object=f"MESH:D{i:06d}",
            subject_name=f"compound {i // 5}",
            object_name=f"finding {i % 977}",
            probability=sure,
            maximum=sure,
            documents=len(rows),
            status=STATUSES[i % len(STATUSES)],
            evidence=rows,
        )


def serve(path: Path) -> None:
    """Serve a database as `biolabel serve` does, and print the port."""
    database = open_database(path)
    access = Access(TokenDoor(Person("curator", "admin"), TOKEN), Sessions())
    routers = [assertions_router(database, lambda concepts: concepts)]
    app = create_app(access, partial(write_audit, database), routers)
    with listening(Place(port=0)) as bound:
        print(bound.getsockname()[1], flush=True)
        answer(settings(app, Place()), bound)


def pages(rng: random.Random, ids: list[str]) -> Question:
    """Ask for a page of the queue."""
    asked = f"order={rng.choice(ORDERS)}&limit=50&state=undecided"
    extra = rng.choice(
        ("", "", "&status=new", f"&rule=rule_{rng.randrange(500)}",
         f"&concept=MESH:C{rng.randrange(N // 5):06d}", f"&journal=Journal%20{rng.randrange(200)}")
    )  # fmt: skip
    del ids
    return "a page of the queue", "GET", f"/api/assertions?{asked}{extra}", None


def search(rng: random.Random, ids: list[str]) -> Question:
    """Ask for what has to be looked for among all assertions."""
    word, year = f"text=finding%20{rng.randrange(977)}", f"year_from={rng.randrange(1980, 2024)}"
    del ids
    return "a search by word or year", "GET", f"/api/assertions?{rng.choice((word, year))}", None


def single(rng: random.Random, ids: list[str]) -> Question:
    """Ask for one assertion with its evidence."""
    return "one assertion", "GET", f"/api/assertions/{rng.choice(ids)}", None


def decision(rng: random.Random, ids: list[str]) -> Question:
    """Decide on one assertion."""
    verdict = {"verdict": rng.choice(("accept", "reject", "unsure")), "comment": "seen"}
    return "a decision", "POST", f"/api/assertions/{rng.choice(ids)}/decisions", verdict


MIX: tuple[Callable[[random.Random, list[str]], Question], ...] = (
    *(pages,) * 4, *(single,) * 8, *(decision,) * 4, search,
)  # fmt: skip


class Talk(asyncio.Protocol):
    """A connection that stays open, with one question at a time."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where questions are written to."""
        assert isinstance(transport, asyncio.Transport)
        self._out = transport
        self._answer: asyncio.Future[tuple[int, bytes]] = asyncio.Future()

    def ask(self, question: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send a question; return the status and the body of its answer, once they are there."""
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._answer = asyncio.Future()
        self._out.write(question)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Take a part of its body."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """Hand the answer over."""
        self._answer.set_result((self._parser.get_status_code(), b"".join(self._parts)))

    def close(self) -> None:
        """Hang up."""
        self._out.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits for an answer that there will be none."""
        if not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))


def written(port: int, method: str, path: str, body: dict[str, str] | None) -> bytes:
    """Return a question as it goes over the line."""
    sent = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


async def client(
    port: int, seed: int, ids: list[str], pause: float, end: float
) -> list[tuple[str, float]]:
    """Return kind and milliseconds of each question of one client."""
    rng, found = random.Random(seed), []
    loop = asyncio.get_running_loop()
    _, talk = await loop.create_connection(Talk, "127.0.0.1", port)
    await asyncio.sleep(rng.random() * pause)
    while time.monotonic() < end:
        kind, method, path, body = rng.choice(MIX)(rng, ids)
        question = written(port, method, path, body)
        start = time.perf_counter()
        status, said = await talk.ask(question)
        found.append((kind, 1000 * (time.perf_counter() - start)))
        if status not in (200, 201):
            raise SystemExit(f"{method} {path}: {status} {said.decode()}")
        await asyncio.sleep(pause)
    talk.close()
    return found


async def asked(
    port: int, ids: list[str], pause: float, seconds: float = SECONDS
) -> dict[str, list[float]]:
    """Return the milliseconds of all questions, by kind."""
    end = time.monotonic() + seconds
    done = await asyncio.gather(*(client(port, seed, ids, pause, end) for seed in range(CLIENTS)))
    times: dict[str, list[float]] = {}
    for kind, took in (each for one in done for each in one):
        times.setdefault(kind, []).append(took)
    return times


def used(process: int) -> float:
    """Return the milliseconds that a process has had of a processor."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rows_of(times: dict[str, list[float]], how: str, took: float) -> Iterator[Row]:
    """Yield the 95th percentile of each kind of question, how many were answered, and at what cost."""
    for kind, found in sorted(times.items()):
        p95 = quantiles(found, n=20)[-1]
        yield Row(f"{kind}, {how}: 95th percentile", p95, TARGET, "ms", p95 <= TARGET)
    total = sum(map(len, times.values()))
    yield Row(f"answers, {how}", total / SECONDS, unit="a second")
    yield Row(f"an answer, {how}", took / total, unit="ms of processor")


def main() -> None:
    """Load, serve, ask, and write what came out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curation.sqlite"
        database = open_database(path)
        found = list(planted(N))
        start = time.process_time()
        load(database, "cid", found, "run")
        rows = [
            Row(f"loading {N:,} assertions", time.process_time() - start, unit="s of processor")
        ]
        ids = [assertion_id("cid", each.subject, each.predicate, each.object) for each in found]
        command = [sys.executable, __file__, "--serve", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                port = int(process.stdout.readline()) if process.stdout else 0
                asyncio.run(asked(port, ids[:1000], 0.1, 3.0))
                for how, pause in (("a question each half second", 0.5), ("without a pause", 0.0)):
                    before = used(process.pid)
                    times = asyncio.run(asked(port, ids, pause))
                    took = used(process.pid) - before
                    rows += rows_of(times, f"{CLIENTS} clients, {how}", took)
            finally:
                process.terminate()
        rows.append(Row("decisions that are kept", len(all_decisions(database)), unit="decisions"))
        database.close()
    write("server", rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]))
    else:
        main()
