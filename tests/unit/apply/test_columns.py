import numpy as np
import pytest

from biolabel.apply.columns import (
    Column,
    conjunction,
    count_of,
    disjunction,
    known,
    lift,
    negate,
    spread,
    where_known,
)
from biolabel.apply.scene import Frame
from tests.unit.apply.world import shown


def column(signs: str) -> Column:
    return Column(np.array([s == "+" for s in signs]), np.array([s != "?" for s in signs]))


A, B = column("+++---???"), column("+-?+-?+-?")


def test_kleene_tables() -> None:
    assert shown(negate(A)) == "---+++???"
    assert shown(conjunction([A, B])) == "+-?---?-?"
    assert shown(disjunction([A, B])) == "++++-?+??"


@pytest.mark.parametrize(
    ("bound", "number", "signs"),
    [
        ("at least", 1, "++++-?+??"),
        ("at least", 2, "+-?---?-?"),
        ("at most", 0, "----+?-??"),
        ("at most", 1, "-+?+++?+?"),
        ("exactly", 1, "-+?+-????"),
        ("exactly", 0, "----+?-??"),
        ("exactly", 2, "+-?---?-?"),
        ("at least", 3, "---------"),
    ],
)
def test_counts_are_known_where_the_unknowns_cannot_change_them(
    bound: str, number: int, signs: str
) -> None:
    assert shown(count_of([A, B], bound, number)) == signs


def test_true_implies_known() -> None:
    true = np.array([True, True, False])
    assert shown(known(true)) == "++-"
    assert shown(where_known(true, np.array([True, False, True]))) == "+?-"


def frame(*candidates: int) -> Frame:
    rows = np.array(candidates, dtype=np.int32)
    return Frame(np.zeros(len(rows), np.int32), rows, 4, {})


def test_lift_is_any_and_false_only_if_all_rows_are_known() -> None:
    rows = frame(0, 0, 1, 1, 2, 2, 3)
    lifted = lift(column("+?--?--"), rows)
    assert shown(lifted) == "+-?-"
    assert shown(spread(lifted, rows)) == "++--??-"
