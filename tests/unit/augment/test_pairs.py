"""Pair swap: knowledge bases say the same of the new pair."""

from collections.abc import Callable

import numpy as np
import pytest

from biolabel.augment.pairs import Partners, partners_of, swap_pairs
from biolabel.augment.version import Version
from biolabel.data.documents import Mention
from biolabel.errors import ModelError
from biolabel.kb.pairs import PairIndex

Labeled = Callable[..., Version]
NAMES = {
    "C:1": ("lithium",), "C:2": ("zinc",), "C:3": ("iron",), "C:4": ("opium",),
    "D:1": ("tremor",), "D:2": ("nausea",), "D:3": ("ache",),
}  # fmt: skip


def partners() -> Partners:
    causes = {("C:1", "D:1"): 1, ("C:2", "D:2"): 2, ("C:3", "D:3"): 5, ("C:9", "D:9"): 1}
    treats = {("C:4", "D:1"): 1, ("C:2", "D:3"): 1}
    bases = {
        "ctd": PairIndex({"": {**causes, **treats}, "marker": causes, "therapy": treats}),
        "labels": PairIndex({"": {("C:2", "D:3"): 1}}),
    }
    types = {name: ["Chemical" if name[0] == "C" else "Disease"] for name in NAMES}
    return partners_of(bases, NAMES, types)


def test_pairs_are_grouped_by_what_is_said_of_them() -> None:
    found = partners()
    assert sorted(map(sorted, found.groups.values())) == [
        [("C:1", "D:1"), ("C:2", "D:2")],  # few markers; without those that have no names
        [("C:2", "D:3")],  # therapy, and on labels
        [("C:3", "D:3")],  # many markers
        [("C:4", "D:1")],
    ]


def test_a_pair_becomes_another_of_which_the_same_is_said(labeled: Labeled) -> None:
    old = labeled(
        [("lithium", "C:1"), " and ", ("tremor", "D:1")], pairs=[("C:1", "D:1"), ("C:1", "D:8")]
    )
    new = swap_pairs(old, partners(), NAMES, 1.0, np.random.default_rng(0)).document
    assert new.text == "zinc and nausea"
    assert new.relations["cid"].pairs == (("C:2", "D:2"), ("C:2", "D:8"))


def test_pairs_of_mentions_are_those_of_their_concepts(labeled: Labeled) -> None:
    keys = [(Mention(0, 7, "T").names[-1], Mention(12, 18, "T").names[-1])]
    old = labeled([("lithium", "C:1"), " and ", ("tremor", "D:1")], pairs=keys)
    new = swap_pairs(old, partners(), NAMES, 1.0, np.random.default_rng(0)).document
    assert new.text == "zinc and nausea"
    assert new.relations["cid"].pairs == (("@0-4:T", "@9-15:T"),)


def test_no_partner_no_change(labeled: Labeled, rng: np.random.Generator) -> None:
    unknown = labeled([("x1", "C:7"), " ", ("tremor", "D:1")], pairs=[("C:7", "D:1")])
    assert swap_pairs(unknown, partners(), NAMES, 1.0, rng) is unknown
    there = labeled(
        [("lithium", "C:1"), " ", ("tremor", "D:1"), " ", ("nausea", "D:2")],
        pairs=[("C:1", "D:1")],
    )
    assert swap_pairs(there, partners(), NAMES, 1.0, rng) is there
    assert swap_pairs(there, partners(), NAMES, 0.0, rng) is there
    with pytest.raises(ModelError):
        swap_pairs(there, partners(), NAMES, 7, rng)
