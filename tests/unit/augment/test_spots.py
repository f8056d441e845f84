"""Where a document may be changed."""

import numpy as np
import pytest

from biolabel.augment.spots import apart, check_rate, chosen_concepts, short_forms
from biolabel.augment.version import untouched
from biolabel.data.documents import Mention
from biolabel.data.training import LabeledDocument
from biolabel.errors import ModelError


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 3), (4, 6)], [True, True]),
        ([(0, 3), (3, 6)], [False, False]),  # they touch
        ([(0, 9), (1, 2), (4, 6)], [False, False, False]),  # nested, the second not by its neighbor
        ([(4, 6), (0, 3)], [True, True]),  # in any order
        ([(0, 3), (0, 3)], [False, False]),
        ([], []),
    ],
)
def test_apart(spans: list[tuple[int, int]], expected: list[bool]) -> None:
    assert apart([Mention(start, end, "T") for start, end in spans]) == expected


def test_a_mention_in_parts_is_not_apart() -> None:
    assert apart([Mention(0, 9, "T", parts=((0, 2), (7, 9)))]) == [False]


def test_concepts_are_drawn_once_each(rng: np.random.Generator) -> None:
    mentions = [Mention(0, 1, "T", ("A", "B")), Mention(2, 3, "T", ("A",))]
    assert chosen_concepts(mentions, 1.0, rng) == {"A", "B"}
    assert chosen_concepts(mentions, 0.0, rng) == set()
    drawn = sum(len(chosen_concepts(mentions, 0.25, rng)) for _ in range(2000))
    assert 0.22 < drawn / 4000 < 0.28


def test_rates_are_probabilities() -> None:
    check_rate("words", 0.0)
    with pytest.raises(ModelError, match="`words` at a rate of 2"):
        check_rate("words", 2)


def test_short_forms_have_their_definition() -> None:
    document = LabeledDocument("d", "RF (x)", np.array([[0, 2]], dtype=np.int32), ())
    version = untouched(document, abbreviations=((0, 2, 4, 5),))
    assert short_forms(version) == {(0, 2): (4, 5)}
