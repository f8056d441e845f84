import numpy as np
import pytest

from biolabel.apply.matches import (
    Matches,
    expand_ranges,
    follow,
    gap_rows,
    kept,
    longest,
    matches,
    placed,
    sharing,
    span_keys,
    take,
    tidy,
    union,
)
from tests.unit.apply.world import corpus

OVER = corpus("a b c, d (e) f. A b", "a b")


def table(*rows: tuple[int, ...]) -> Matches:
    """Make matches of (first, end[, owner[, keep_first, keep_end]])."""
    full = [(*row, *(-1,) * (5 - len(row))) for row in rows]
    columns = np.array(full, dtype=np.int32).reshape(-1, 5).T
    return Matches(*columns)


def listed(found: Matches) -> list[tuple[int, ...]]:
    columns = (found.first, found.end, found.owner, found.keep_first, found.keep_end)
    return [tuple(row) for row in np.stack(columns, axis=1).tolist()]


def test_tables_are_sorted_without_repeats() -> None:
    found = matches(np.array([5, 1, 5, 1]), np.array([6, 3, 6, 2]))
    assert listed(found) == [(1, 2, -1, -1, -1), (1, 3, -1, -1, -1), (5, 6, -1, -1, -1)]
    assert listed(tidy(table((1, 2, 7), (1, 2, 3), (1, 2, 7)))) == [
        (1, 2, 3, -1, -1), (1, 2, 7, -1, -1),
    ]  # fmt: skip
    assert len(tidy(table())) == 0


def test_union() -> None:
    assert listed(union([table((3, 4)), table((1, 2)), table((3, 4))])) == [
        (1, 2, -1, -1, -1), (3, 4, -1, -1, -1),
    ]  # fmt: skip
    assert len(union([])) == 0


def test_expand_ranges() -> None:
    which, at = expand_ranges(np.array([3, 5, 9, 2]), np.array([5, 5, 7, 3]))
    assert (which.tolist(), at.tolist()) == ([0, 0, 3], [3, 4, 2])


def test_span_keys_do_not_overflow() -> None:
    big = np.array([100_000], dtype=np.int32)
    many = corpus("x " * 100_001)
    assert span_keys(many, big, big).tolist() == [100_000 * 100_002 + 100_000]


def test_rows_of_the_corpus_used_here() -> None:
    assert [OVER.forms[form] for form in OVER.row_form] == [
        "a", "b", "c", ",", "d", "(", "e", ")", "f", ".", "A", "b", "a", "b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ((0, 1), (1, 2), True),
        ((0, 2), (2, 3), True),
        ((2, 3), (4, 5), False),  # a hard sign between them
        ((0, 1), (2, 3), False),
        ((0, 2), (1, 3), False),
        ((9, 10), (10, 11), False),  # the sentence ends
        ((11, 12), (12, 13), False),  # the document ends
    ],
)
def test_neighbors(left: tuple[int, int], right: tuple[int, int], joined: bool) -> None:
    found = follow(OVER, table(left), table(right), None)
    assert listed(found) == ([(left[0], right[1], -1, -1, -1)] if joined else [])


@pytest.mark.parametrize(
    ("gap", "ends"),
    [
        ((0, 0), [2]),
        ((0, 1), [2, 3]),
        ((1, 2), [3, 5]),  # "c" and "d": the comma is no word
        ((2, 2), [5]),
        ((3, None), [7, 9]),
        ((0, None), [2, 3, 5, 7, 9]),
        ((5, None), []),
    ],
)
def test_gaps_count_words_and_end_with_the_sentence(
    gap: tuple[int, int | None], ends: list[int]
) -> None:
    words = table((1, 2), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13))
    assert follow(OVER, table((0, 1)), words, gap).end.tolist() == ends


def test_gap_rows_may_begin_with_a_sign() -> None:
    low, high = gap_rows(OVER, np.array([3], np.int32), np.array([10], np.int32), (0, 1))
    assert (low.tolist(), high.tolist()) == ([3], [7])


def test_owners_join_with_themselves_and_with_anyone() -> None:
    left = table((0, 1, 1), (0, 1, 2), (0, 1))
    right = table((1, 2, 2), (1, 2, 3), (1, 2))
    assert listed(follow(OVER, left, right, None)) == [
        (0, 2, -1, -1, -1), (0, 2, 1, -1, -1), (0, 2, 2, -1, -1), (0, 2, 3, -1, -1),
    ]  # fmt: skip


def test_owners_with_a_gap() -> None:
    left, right = table((0, 1, 0), (0, 1, 1)), table((2, 3, 1), (4, 5, 0), (4, 5, 1))
    assert listed(follow(OVER, left, right, (0, 1))) == [(0, 3, 1, -1, -1)]
    assert listed(follow(OVER, left, right, (0, 9))) == [
        (0, 3, 1, -1, -1), (0, 5, 0, -1, -1), (0, 5, 1, -1, -1),
    ]  # fmt: skip


def test_nothing_joins_with_nothing() -> None:
    assert len(follow(OVER, table(), table((1, 2)), None)) == 0
    assert len(follow(OVER, table((1, 2, 4)), table(), (0, None))) == 0


def test_the_kept_part_survives_joins() -> None:
    first = follow(OVER, kept(table((0, 1))), table((1, 2)), None)
    assert listed(first) == [(0, 2, -1, 0, 1)]
    assert listed(follow(OVER, first, table((2, 3)), None)) == [(0, 3, -1, 0, 1)]
    assert listed(follow(OVER, table((0, 1)), kept(table((1, 2))), None)) == [(0, 2, -1, 1, 2)]


def test_longest_is_leftmost_and_does_not_overlap() -> None:
    found = longest(table((0, 2), (0, 3), (1, 9), (3, 4), (4, 6), (5, 8)))
    assert [row[:2] for row in listed(found)] == [(0, 3), (3, 4), (4, 6)]
    assert len(longest(table())) == 0


def test_take() -> None:
    assert listed(take(table((0, 1), (2, 3)), np.array([False, True]))) == [(2, 3, -1, -1, -1)]


def test_parts_of_a_sequence_are_sought_where_none_is_missing() -> None:
    sentences = OVER.row_sentence
    rows = np.arange(len(sentences), dtype=np.int32)
    everywhere, second = matches(rows, rows + 1), matches(rows[-1:], rows[-1:] + 1)
    there = listed(take(everywhere, sentences == sentences[-1]))
    assert len(there) < len(everywhere)
    every, one, none = (placed(OVER, found) for found in (everywhere, second, table()))
    found = sharing(OVER, [(every, True), (one, True), (every, False)])
    assert list(map(listed, found)) == [there, listed(second), there]
    assert sharing(OVER, [(every, False), (one, False)]) == [everywhere, second]
    assert [len(part) for part in sharing(OVER, [(every, True), (none, True)])] == [0, 0]
