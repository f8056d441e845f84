"""Faults: what a rule could not judge because something that it asks failed, a model or a function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.apply.columns import Values, lift
from biolabel.apply.frames import Frame
from biolabel.data.corpus import Corpus
from biolabel.errors import BiolabelError, ModelError

Result = TypeVar("Result")

TRIES = 200
"""Calls that may fail one after the other before all that is left counts as failed: a function that
always fails is not called for each of a million candidates."""
_TEXT = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """A candidate on which a rule failed; without a document it failed on all candidates.

    arguments: the names of a relation's arguments; text: the beginning of the text behind the
    candidate; code and message: those of the error.
    """

    rule: str
    task: str
    document: str
    arguments: tuple[str, ...]
    text: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Where something failed: rows of a frame with the error of each, or everywhere with one error."""

    rows: Mapping[int, BiolabelError] = field(default_factory=dict)
    everywhere: BiolabelError | None = None

    def errors(self) -> list[BiolabelError]:
        """Return the error of each failure."""
        return [*([self.everywhere] if self.everywhere else []), *self.rows.values()]


def asked_in_parts(
    call: Callable[[pa.Table], Result], table: pa.Table
) -> tuple[list[tuple[int, Result]], dict[int, BiolabelError]]:
    """Ask about a table, and where that fails about its halves, down to single rows.

    Returns what was answered, each with the number of its first row, and the error of each row that
    failed alone.

    Raises:
        ModelError: what the call raises, where it fails on every row.
    """
    answered: list[tuple[int, Result]] = []
    failed: dict[int, BiolabelError] = {}
    waiting, streak = [(0, len(table))], 0
    while waiting:
        start, length = waiting.pop()
        try:
            answered.append((start, call(table.slice(start, length))))
            streak = 0
        except ModelError as error:
            streak += 1
            if length > 1 and streak < TRIES:
                half = length // 2
                waiting += [(start + half, length - half), (start, half)]
            else:
                failed |= dict.fromkeys(range(start, start + length), error)
            if not waiting and not answered:
                raise
    return answered, failed


def failed_rows(columns: Sequence[Values], asked: Sequence[Failed]) -> Failed:
    """Return where a rule is undecided because of what failed.

    columns: where each of its votes holds; asked: where what it asks failed. A row on which the rule
    holds, or does not, whatever the answer would have been, is none.
    """
    whole = next((each.everywhere for each in asked if each.everywhere is not None), None)
    open_ = ~np.logical_and.reduce([column.known for column in columns])
    if whole is not None:
        everywhere = bool(len(open_)) and bool(open_.all())
        rows = dict.fromkeys(np.flatnonzero(open_).tolist(), whole)
        return Failed({} if everywhere else rows, whole if everywhere or not len(open_) else None)
    found = {row: error for each in asked for row, error in each.rows.items() if open_[row]}
    return Failed(found)


def failed_candidates(failed: Failed, columns: Sequence[Values], frame: Frame) -> dict[int, int]:
    """Return the candidates that a rule cannot judge, each with its first failed row.

    A candidate for which another of its rows decides is none.
    """
    if failed.everywhere is not None or not failed.rows:
        return {}
    undecided = ~np.logical_and.reduce([lift(column, frame).known for column in columns])
    found: dict[int, int] = {}
    for row in sorted(failed.rows):
        candidate = int(frame.candidate[row])
        if undecided[candidate]:
            found.setdefault(candidate, row)
    return found


def fault_table(
    rule: str,
    task: str,
    failed: Failed,
    rows: Sequence[int],
    corpus: Corpus,
    frame: Frame,
    evidence: NDArray[np.int32],
) -> tuple[Fault, ...]:
    """Return the faults of a rule: one for all candidates, or one for each row that stands for one.

    evidence: int32[rows, 2], the stretch of text behind each.
    """
    if failed.everywhere is not None:
        return (Fault(rule, task, "", (), "", failed.everywhere.code, failed.everywhere.message),)
    return tuple(
        Fault(
            rule,
            task,
            corpus.ids[frame.doc[row]],
            tuple(_argument(corpus, frame, name, row) for name in frame.sides),
            _text(corpus, int(frame.doc[row]), first, end),
            failed.rows[row].code,
            failed.rows[row].message,
        )
        for row, (first, end) in zip(rows, evidence.tolist(), strict=True)
    )


def _argument(corpus: Corpus, frame: Frame, name: str, row: int) -> str:
    side = frame.sides[name]
    concept = int(side.concept[row])
    if concept >= 0:
        return frame.concepts[concept]
    return _text(corpus, int(frame.doc[row]), int(side.first[row]), int(side.end[row]))


def _text(corpus: Corpus, doc: int, first: int, end: int) -> str:
    if first >= end:
        return corpus.texts[doc][:_TEXT]
    return corpus.texts[doc][corpus.row_start[first] : corpus.row_end[end - 1]][:_TEXT]
