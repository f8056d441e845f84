"""Mention masking: names give way to their type, and their words lose their labels."""

from collections.abc import Callable

import numpy as np
import pytest

from biolabel.augment.masking import mask_mentions
from biolabel.augment.rewrite import Replacement, rewrite
from biolabel.augment.version import Version
from biolabel.data.documents import Mention
from biolabel.errors import ModelError

Labeled = Callable[..., Version]


def test_a_concept_has_one_placeholder(labeled: Labeled, rng: np.random.Generator) -> None:
    parts = [
        ("Lithium", "X:1", "Chemical"), " and ", ("tremor", "X:2", "Disease"), "; ",
        ("lithium carbonate", "X:1", "Chemical"), " or ", ("Zn", "", "Chemical"),
    ]  # fmt: skip
    new = mask_mentions(labeled(parts, pairs=[("X:1", "X:2")]), 1.0, rng).document
    assert new.text == "chemical1 and disease2; chemical1 or chemical3"
    assert new.entities["names"].weight.tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert new.relations["cid"].weight.tolist() == [1]
    assert new.relations["cid"].pairs == (("X:1", "X:2"),)
    assert new.topics["kind"].weight == 0


def test_overlapping_mentions_stay(labeled: Labeled, rng: np.random.Generator) -> None:
    old = labeled([("renal pain", "X:1")], Mention(0, 5, "T", ("X:2",)))
    assert mask_mentions(old, 1.0, rng) is old


def test_rates(labeled: Labeled, rng: np.random.Generator) -> None:
    old = labeled([("zinc", "X:1"), " ", ("tin", "X:2")])
    assert mask_mentions(old, 0.0, rng) is old
    with pytest.raises(ModelError):
        mask_mentions(old, float("nan"), rng)


def test_words_that_were_new_before_keep_their_labels(
    labeled: Labeled, rng: np.random.Generator
) -> None:
    first = rewrite(labeled(["It ", ("is zinc", "X:1")]), [Replacement(0, 2, "That one")])
    new = mask_mentions(first, 1.0, rng)
    assert new.document.text == "That one t1"
    assert new.document.entities["names"].weight.tolist() == [1, 1, 0]
    assert new.origin.tolist() == [-1, -1, -1]
