"""The learned policy: what helps held-out soft labels gets a share, what harms none."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from biolabel.augment.choice import Name
from biolabel.augment.learn import Gain, learn, shares_of
from biolabel.augment.rewrite import Replacement, rewrite
from biolabel.augment.transformations import Transformation
from biolabel.augment.version import Version

Labeled = Callable[..., Version]


def planted(labeled: Labeled) -> list[Version]:
    """Return documents in which `zul` words are names, each word in one document only."""
    rng = np.random.default_rng(3)
    found = []
    for i in range(30):
        name = "".join(rng.choice(list("aeiou"), 4)) + "zul"
        word = "".join(rng.choice(list("aeiou"), 4)) + "pat"
        version = labeled(["of ", (name, f"X:{i}"), " of ", word, " of"])
        document = replace(version.document, id=f"d{i}", relations={}, topics={})
        found.append(replace(version, document=document))
    return found


def _other_names(version: Version, rng: np.random.Generator) -> Version:
    new = "".join(rng.choice(list("aeiou"), 4)) + "zul"
    return rewrite(version, [Replacement(3, 10, new)])


def _wrong_names(version: Version, rng: np.random.Generator) -> Version:
    return rewrite(version, [Replacement(3, 10, "".join(rng.choice(list("aeiou"), 4)) + "pat")])


def test_what_helps_is_likelier_than_what_harms(labeled: Labeled) -> None:
    known: dict[Name, Transformation] = {
        "synonyms": Transformation("synonyms", "everything", _other_names),
        "masking": Transformation("masking", "everything", _wrong_names),
    }
    found = learn(planted(labeled), known, None, np.random.default_rng(0))
    assert found.gains["synonyms"].mean > 0 > found.gains["masking"].mean
    assert found.probabilities["synonyms"] > 0.6
    assert found.probabilities["masking"] < 0.05


def test_few_documents_teach_nothing(labeled: Labeled) -> None:
    known: dict[Name, Transformation] = {
        "synonyms": Transformation("synonyms", "everything", _other_names),
        "words": Transformation("words", "everything", _wrong_names),
    }
    found = learn(planted(labeled)[:3], known, None, np.random.default_rng(0))
    assert found.probabilities == {"synonyms": 0.5, "words": 0.5}
    assert found.gains == {}
    assert learn(planted(labeled), {}, None, np.random.default_rng(0)).probabilities == {}


def test_shares_are_a_softmax_with_a_place_for_no_change() -> None:
    gains: dict[Name, Gain] = {"synonyms": Gain(0.0, 0.1), "words": Gain(0.1, 0.1)}
    shares = shares_of(gains)
    total = 2 + math.e
    np.testing.assert_allclose([shares["synonyms"], shares["words"]], [1 / total, math.e / total])
    exact: dict[Name, Gain] = {"words": Gain(0.1, 0.0)}
    assert shares_of(exact)["words"] > 0.999
