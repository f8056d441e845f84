"""A program that is killed while it writes loses nothing that it had acknowledged."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from biolabel.curation import Assertion, write_assertions
from biolabel.curation.review import outcome
from biolabel.curation.store import Database, all_decisions, load, one, open_database
from biolabel.curation.store.tables import assertions, evidence, loads

DECIDES = """
import sys
from itertools import count
from threading import Thread
from biolabel.curation.review import NewDecision
from biolabel.curation.store import decide, open_database

where, *ids = sys.argv[1:]
database = open_database(where)

def work(curator):
    for turn in count():
        verdict = ("accept", "reject", "unsure")[turn % 3]
        kept = decide(database, NewDecision(ids[turn % len(ids)], verdict, curator, key=str(turn)))
        sys.stdout.write(f"{kept.id} {kept.by} {turn}\\n")
        sys.stdout.flush()

threads = [Thread(target=work, args=(f"curator {number}",)) for number in range(4)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""
LOADS = """
import sys
from pathlib import Path
from biolabel.curation import read_assertions
from biolabel.curation.store import load, open_database

where, table = sys.argv[1:]
database = open_database(where)
found = read_assertions(Path(table))
for turn in range(1000):
    half = found[:: 1 + turn % 2]
    load(database, "cid", half, f"run of {len(half)}")
    print(len(half), flush=True)
"""


def killed(code: str, *arguments: str, lines: int) -> list[str]:
    """Run a program, kill it at once when it has written so many lines; return all that it wrote."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])}
    program = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert program.stdout is not None
    written: list[str] = []
    with program.stdout as output:
        for line in output:
            written.append(line)
            if len(written) == lines:
                program.send_signal(signal.SIGKILL)
    assert program.wait() == -signal.SIGKILL
    # The last line may have been cut off; then it acknowledges nothing.
    return [line.strip() for line in written if line.endswith("\n")]


def test_acknowledged_decisions_survive(
    where: str, database: Database, ids: tuple[str, ...]
) -> None:
    database.close()
    acknowledged = killed(DECIDES, where, *ids, lines=60)
    assert len(acknowledged) >= 60
    again = open_database(where)
    kept = {each.id: each for each in all_decisions(again)}
    for line in acknowledged:
        number, by = line.split(maxsplit=1)
        assert kept[int(number)].by == by.rpartition(" ")[0]
    # Nothing is half there: every state follows from the decisions.
    for key in ids:
        found = one(again, key)
        assert found.outcome == outcome(found.decisions)
    again.close()


def test_a_killed_load_leaves_the_run_before_it(
    where: str, database: Database, claim: Callable[..., Assertion], tmp_path: Path
) -> None:
    table = tmp_path / "cid.tsv"
    found = [claim(number) for number in range(600)]
    write_assertions(table, found)
    load(database, "cid", found, "run of 600")
    database.close()
    lines = killed(LOADS, where, str(table), lines=3)
    again = open_database(where)
    with again.reading() as connection:
        number = connection.scalar(select(func.count()).select_from(assertions))
        rows = connection.scalar(select(func.count()).select_from(evidence))
        run = connection.scalar(select(loads.c.run))
    assert number == rows
    assert run == f"run of {number}"
    assert number in (300, 600)
    assert len(lines) >= 3
    again.close()


def test_many_programs_write_at_once(where: str, database: Database, ids: tuple[str, ...]) -> None:
    done: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: done.append(killed(DECIDES, where, *ids, lines=20)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2
    kept = {each.id for each in all_decisions(database)}
    assert {int(line.split()[0]) for lines in done for line in lines} <= kept
