"""Synonym swap: which concepts, which names, and what is left alone."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biolabel.augment.synonyms import swap_synonyms
from biolabel.augment.version import Version
from biolabel.data.documents import Mention
from biolabel.errors import ModelError

Labeled = Callable[..., Version]
NAMES = {
    "MESH:D1": ("aspirin", "acetylsalicylic acid", "acid, acetylsalicylic"),
    "MESH:D2": ("gastric bleeding", "bleeding of the stomach (acute)"),
    "MESH:D3": ("nausea",),
}


def names(concept: str) -> tuple[str, ...]:
    return NAMES.get(concept, ())


def swapped(version: Version, rate: float = 1.0) -> str:
    return swap_synonyms(version, names, rate, np.random.default_rng(0)).document.text


def test_every_mention_of_a_form_gets_the_same_name_in_its_case(labeled: Labeled) -> None:
    old = labeled([("Aspirin", "MESH:D1"), " and ", ("aspirin", "MESH:D1"), "."])
    assert swapped(old) == "Acetylsalicylic acid and acetylsalicylic acid."


def test_an_acronym_keeps_its_case(labeled: Labeled, rng: np.random.Generator) -> None:
    old = labeled([("aspirin", "MESH:D1"), " helps"])
    assert swap_synonyms(old, lambda _: ("ASA",), 1.0, rng).document.text == "ASA helps"


def test_rate_is_a_share_of_concepts(labeled: Labeled) -> None:
    one = labeled([("aspirin", "MESH:D1"), " ", ("gastric bleeding", "MESH:D2")])
    assert swap_synonyms(one, names, 0.0, np.random.default_rng(0)) is one
    generator = np.random.default_rng(1)
    made = [swap_synonyms(one, names, 0.3, generator).document.text for _ in range(400)]
    changed = sum(("acetyl" in text) + ("stomach" in text) for text in made)
    assert 0.25 < changed / 800 < 0.35


@pytest.mark.parametrize(
    "parts",
    [
        [("nausea", "MESH:D3"), " alone"],  # has no other name
        [("unknown", "MESH:D9"), " alone"],  # is in no ontology
        [("aspirin", "MESH:D1|MESH:D2"), " both"],  # names two concepts
        ["pre", ("aspirin", "MESH:D1"), " era"],  # cuts a word
        [("(aspirin)", "MESH:D1"), ("gastric", "MESH:D2"), " x"],  # touches another mention
    ],
)
def test_left_alone(labeled: Labeled, parts: Sequence[object]) -> None:
    old = labeled(parts)
    assert swapped(old) == old.document.text


def test_nested_mentions_and_short_forms_are_left_alone(labeled: Labeled) -> None:
    nested = labeled(
        [("gastric bleeding", "MESH:D2"), " after ", ("aspirin", "MESH:D1")],
        Mention(8, 16, "T", ("MESH:D3",)),
    )
    assert swapped(nested) == "gastric bleeding after acetylsalicylic acid"
    short = labeled(
        [("aspirin", "MESH:D1"), " (", ("ASP", "MESH:D1"), ")"], short=[("ASP", "aspirin")]
    )
    assert swapped(short) == "acetylsalicylic acid (ASP)"


@pytest.mark.parametrize("rate", [-0.1, 1.5, float("nan")])
def test_a_rate_that_is_no_probability_is_refused(labeled: Labeled, rate: float) -> None:
    with pytest.raises(ModelError, match="synonyms") as caught:
        swapped(labeled([("aspirin", "MESH:D1")]), rate)
    assert caught.value.code == "BL840"
