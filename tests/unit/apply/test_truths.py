from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biolabel.apply import columns
from biolabel.apply.columns import Column, lift, spread
from biolabel.apply.frames import Frame, Level, Side
from biolabel.apply.truths import (
    Judgement,
    Rows,
    Shared,
    Truth,
    conjunction,
    count_of,
    disjunction,
    is_common,
    listed,
    negation,
    shared,
    truth_of,
)


def column(signs: str) -> Column:
    return Column(np.array([s == "+" for s in signs]), np.array([s != "?" for s in signs]))


def signs(found: Column | Judgement) -> str:
    pairs = zip(found.true.tolist(), found.known.tolist(), strict=True)
    return "".join("+" if true else "-" if known else "?" for true, known in pairs)


def frame() -> Frame:
    """Return two documents: one chemical of two mentions by two diseases, and a single pair."""
    none = np.zeros(5, dtype=np.int32)

    def side(mentions: Sequence[int], concepts: Sequence[int]) -> Side:
        numbers = np.array([mentions, concepts], dtype=np.int32)
        return Side(none, none, numbers[0], numbers[1])

    sides = {
        "a": side([0, 0, 1, 1, 2], [0, 0, 0, 0, 0]),
        "b": side([3, 4, 3, 4, 5], [1, 2, 1, 2, 1]),
    }
    doc = np.array([0, 0, 0, 0, 1], dtype=np.int32)
    return Frame(doc, np.array([1, 0, 1, 0, 2], dtype=np.int32), 3, sides, ("x", "y", "z"))


FRAME = frame()
LEVELS: dict[str, Level] = {
    "document": FRAME.document,
    "concept a": FRAME.by_concept["a"],
    "mention a": FRAME.by_mention["a"],
    "mention b": FRAME.by_mention["b"],
    "candidate": FRAME.whole,
}


@dataclass(frozen=True)
class Case:
    """A truth and the same as a column."""

    truth: Truth
    column: Column


@st.composite
def cases(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from([*LEVELS, "rows"]))
    size = len(FRAME) if name == "rows" else len(LEVELS[name])
    drawn = draw(st.text("+-?" if draw(st.booleans()) else "+-", min_size=size, max_size=size))
    over = column(drawn)
    if name == "rows":
        return Case(listed(over), over)
    level = LEVELS[name]
    return Case(shared(level, over), Column(over.true[level.of_row], over.known[level.of_row]))


@given(cases())
def test_a_truth_reads_as_its_column(case: Case) -> None:
    found = Judgement(FRAME, case.truth)
    assert signs(found) == signs(case.column)
    assert signs(found.lifted) == signs(lift(case.column, FRAME))
    candidate, first = found.first_rows()
    true = np.flatnonzero(case.column.true)
    wanted = {int(FRAME.candidate[row]): int(row) for row in true[::-1]}
    assert dict(zip(candidate.tolist(), first.tolist(), strict=True)) == wanted
    assert candidate.tolist() == sorted(candidate.tolist())


@given(st.lists(cases(), min_size=1, max_size=4))
def test_joined_truths_are_joined_columns(drawn: list[Case]) -> None:
    truths, flat = [case.truth for case in drawn], [case.column for case in drawn]
    for ours, theirs in ((conjunction, columns.conjunction), (disjunction, columns.disjunction)):
        assert signs(Judgement(FRAME, ours(truths, FRAME))) == signs(theirs(flat))


@given(cases())
def test_a_negation_speaks_of_all_rows(case: Case) -> None:
    found = negation(case.truth, FRAME)
    wanted = columns.negate(spread(lift(case.column, FRAME), FRAME))
    assert signs(Judgement(FRAME, found)) == signs(wanted)
    assert is_common(found)


@given(
    st.lists(cases(), min_size=1, max_size=4),
    st.sampled_from(["at least", "exactly"]),
    st.integers(0, 4),
)
def test_counts(drawn: list[Case], bound: str, number: int) -> None:
    found = count_of([case.truth for case in drawn], bound, number, FRAME)
    wanted = columns.count_of([case.column for case in drawn], bound, number)
    assert signs(Judgement(FRAME, found)) == signs(wanted)


def test_what_is_alike_stays_together() -> None:
    one, two = (shared(FRAME.by_mention["a"], column(found)) for found in ("++-", "+-+"))
    both = conjunction([one, two], FRAME)
    assert isinstance(both, Shared)
    assert both.level is FRAME.by_mention["a"]
    assert both.true is both.possible
    few = conjunction([one, shared(FRAME.document, column("-+"))], FRAME)
    assert isinstance(few, Rows)
    assert few.rows.tolist() == []


@pytest.mark.parametrize("found", ["+-?+-", "-----"])
def test_truth_of_columns(found: str) -> None:
    truth = truth_of(column(found))
    assert signs(Judgement(FRAME, truth)) == found
    assert truth_of(Judgement(FRAME, truth)) is truth
