import numpy as np

from biolabel.apply.matches import Matches, matches
from biolabel.apply.sequences import Joined, ended, merged, past, repeated
from biolabel.lang.tree import Gap
from tests.unit.apply.world import corpus

WORDS = corpus("zinc zinc iron gold")


def at(*pairs: tuple[int, int]) -> Matches:
    first, end = (np.array(side, dtype=np.int32) for side in zip(*pairs, strict=True))
    return matches(first, end)


def places(found: Matches) -> list[tuple[int, int]]:
    return sorted(zip(found.first.tolist(), found.end.tolist(), strict=True))


def test_a_part_follows_the_one_before_it() -> None:
    zinc, iron = at((0, 1), (1, 2)), at((2, 3))
    found = repeated(WORDS, repeated(WORDS, Joined(), zinc, 1, 1), iron, 1, 1)
    assert places(ended(WORDS, found)) == [(1, 3)]


def test_a_part_may_repeat_or_be_left_out() -> None:
    zinc, iron = at((0, 1), (1, 2)), at((2, 3))
    found = repeated(WORDS, repeated(WORDS, Joined(), zinc, 0, 2), iron, 1, 1)
    assert places(ended(WORDS, found)) == [(0, 3), (1, 3), (2, 3)]


def test_gaps_add_up() -> None:
    zinc, gold = at((0, 1)), at((3, 4))
    begun = repeated(WORDS, Joined(), zinc, 1, 1)
    for gaps, expected in (((1, 1), [(0, 4)]), ((1,), []), ((2, 1), [])):
        found = begun
        for words in gaps:
            found = past(found, Gap(low=words, high=words))
        assert places(ended(WORDS, repeated(WORDS, found, gold, 1, 1))) == expected


def test_states_with_the_same_gap_are_one_table() -> None:
    found = merged([(None, at((0, 1))), ((1, 2), at((1, 2))), (None, at((2, 3)))])
    assert {gap: places(each) for gap, each in found.items()} == {
        None: [(0, 1), (2, 3)],
        (1, 2): [(1, 2)],
    }
