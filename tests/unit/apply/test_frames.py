import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from biolabel.apply.frames import Frame, Side, numbered


def side(*rows: tuple[int, int]) -> Side:
    mention, concept = np.array(rows, dtype=np.int32).reshape(-1, 2).T
    return Side(mention * 10, mention * 10 + 1, mention, concept)


def frame() -> Frame:
    # Two documents; candidate 1 has two rows, and the candidates are not in the order of the rows.
    doc = np.array([0, 0, 0, 1], dtype=np.int32)
    candidate = np.array([1, 1, 0, 2], dtype=np.int32)
    sides = {"a": side((0, 5), (1, 5), (2, 4), (3, 5)), "b": side((7, 2), (7, 2), (7, 2), (8, 2))}
    return Frame(doc, candidate, 3, sides, ("c",) * 6)


def test_levels_take_rows_together() -> None:
    found = frame()
    assert found.document.of_row.tolist() == [0, 0, 0, 1]
    assert found.by_mention["a"].of_row.tolist() == [0, 1, 2, 3]
    assert found.by_mention["b"].of_row.tolist() == [0, 0, 0, 1]
    assert found.by_concept["a"].of_row.tolist() == [1, 1, 0, 2]
    assert found.by_concept["a"].frame.sides["a"].concept.tolist() == [4, 5, 5]
    assert found.by_concept["a"].frame.doc.tolist() == [0, 0, 1]
    assert list(found.by_concept["a"].frame.sides) == ["a"]


def test_levels_of_candidates() -> None:
    found = frame()
    assert found.first_row.tolist() == [2, 0, 3]
    assert found.of_concepts
    assert found.whole.frame.sides["a"].mention.tolist() == [2, 0, 3]
    levels = found.document, found.by_concept["a"], found.by_mention["a"]
    assert [level.of_candidate is not None for level in levels] == [True, True, False]
    assert found.document.of_candidate is not None
    assert found.document.of_candidate.tolist() == [0, 0, 1]
    mixed = Frame(found.doc, np.array([0, 0, 0, 1], dtype=np.int32), 2, found.sides)
    assert not mixed.of_concepts


def test_rows_of_a_level() -> None:
    level = frame().by_mention["b"]
    assert level.rows(np.array([False, True])).tolist() == [3]
    assert level.rows(np.array([True, False])).tolist() == [0, 1, 2]
    place, rows = level.listed(np.array([1, 0, 1]))
    assert list(zip(place.tolist(), rows.tolist(), strict=True)) == [
        (0, 3), (1, 0), (1, 1), (1, 2), (2, 3),
    ]  # fmt: skip


def test_some_rows_are_rows_of_the_same_candidates() -> None:
    some = frame().take(np.array([3, 0]))
    assert some.candidate.tolist() == [2, 1]
    assert some.n_candidates == 3
    assert some.sides["b"].mention.tolist() == [8, 7]


def test_no_rows() -> None:
    none = np.empty(0, dtype=np.int32)
    empty = Frame(none, none, 0, {"a": side(), "b": side()})
    assert len(empty.by_concept["a"]) == len(empty.document) == len(empty.whole) == 0


@given(
    st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 2**31 - 3), st.integers(0, 2**31 - 3)))
)
def test_rows_are_numbered_in_their_order(rows: list[tuple[int, int, int]]) -> None:
    table = np.array(rows, dtype=np.int32).reshape(-1, 3)
    distinct, number = numbered(list(table.T))
    assert list(zip(*(column.tolist() for column in distinct), strict=True)) == sorted(set(rows))
    assert [sorted(set(rows))[i] for i in number.tolist()] == rows
