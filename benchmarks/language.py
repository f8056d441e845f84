"""How long rule files take: a cold check, a warm one, and one edited declaration.

`python benchmarks/language.py` checks cdr.rules of the golden files, 600 lines, whose declarations are
also parsed by Lark's Earley parser with the same grammar, the rival for grammars that were not made
for LALR. All times are those of the processor, which count what else the machine does least; a cold
check is one thread with the interpreter's start and all imports. Targets: issue 3.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from frame import ROOT, Row, write
from lark import Lark

from biolabel.errors import SourceFile
from biolabel.lang.grammar import parser
from biolabel.lang.load import load_all
from biolabel.lang.parse import parse
from biolabel.lang.pieces import cut
from biolabel.lang.session import Session
from biolabel.resources import root

RULES = ROOT / "tests" / "golden" / "language" / "cdr.rules"
COLD, WARM, EDIT = 0.6, 0.15, 0.005
"""Seconds that may pass: targets of issue 3."""
LONG = Path("long.rules")
PLACE = "..8 cause_words"
_EARLEY = 12
"""Declarations that the rival parses; all of them would take it minutes."""


def seconds(
    run: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time
) -> float:
    """Return the median time of some runs, in seconds of a clock."""
    times = []
    for _ in range(runs):
        start = clock()
        run()
        times.append(clock() - start)
    return median(times)


def of_children() -> float:
    """Return the processor's seconds that ended child processes took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cold() -> None:
    """Check the file in a new process."""
    command = "from biolabel.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", command, "check", RULES], cwd=ROOT, capture_output=True, check=False
    )


def edits(text: str, runs: int) -> float:
    """Return the median time of a check after an edit in one rule."""
    session = Session([RULES])
    session.edit(RULES, text)
    session.check()
    times = []
    for number in range(runs):
        session.edit(RULES, text.replace(PLACE, f"..{number + 9} cause_words", 1))
        start = time.process_time()
        session.check()
        times.append(time.process_time() - start)
    return median(times)


def rival(pieces: list[str]) -> Callable[[], None]:
    """Return what parses declarations with Earley's algorithm and the same grammar."""
    earley = Lark.open(str(root("grammar") / "biolabel.lark"), parser="earley")

    def run() -> None:
        for piece in pieces:
            earley.parse(piece)

    return run


def main() -> None:
    """Run the benchmark."""
    text = RULES.read_text(encoding="utf-8")
    place = os.path.realpath(RULES)
    pieces = [text[start:end] for start, end in cut(text)]
    some = [piece for piece in pieces if piece.startswith("rule")][:_EARLEY]
    ours = SourceFile("some.rules", "".join(some))
    cold()
    cold_check = seconds(cold, 5, of_children)
    parser()
    first = seconds(lambda: load_all([RULES], {place: text}), 1)
    warm = seconds(lambda: load_all([RULES], {place: text}), 9)
    edit = edits(text, 50)
    long = "biolabel 1\n" + "\n".join(
        f"list l{i}\n  words: causes, induces, leads to\n" for i in range(33_333)
    )
    long_check = seconds(lambda: load_all([LONG], {os.path.realpath(LONG): long}), 1)
    parsing, earley = seconds(lambda: parse(ours), 9), seconds(rival(some), 1)
    write(
        "language",
        [
            Row("cold check of 600 lines", cold_check, COLD, "s", cold_check <= COLD),
            Row("first check in a process", first, WARM, "s", first <= WARM),
            Row("warm check", warm, WARM, "s", warm <= WARM),
            Row("check after one edit", edit, EDIT, "s", edit <= EDIT),
            Row("check after one edit, times as fast as a warm check", warm / edit, unit="x"),
            Row("check of 100,000 lines", long_check, unit="s"),
            Row("a line of it against one of 600", long_check / 100_000 / (warm / 600), unit="x"),
            Row(f"parsing {len(some)} rules, times as fast as Earley", earley / parsing, unit="x"),
            Row("Lark's Earley, the same rules and grammar", earley, unit="s"),
        ],
    )


if __name__ == "__main__":
    main()
