"""The six transformations by name."""

from collections.abc import Callable

import numpy as np
import pytest

from biolabel.augment.entities import peers_of
from biolabel.augment.pairs import partners_of
from biolabel.augment.transformations import Material, transformations, weakest
from biolabel.augment.verify import Keeps
from biolabel.augment.version import Version
from biolabel.augment.wording import Wording
from biolabel.kb.ontology import Ontology

Labeled = Callable[..., Version]


def material() -> Material:
    metals = Ontology({"M:1": ("Lithium", "lithium metal"), "M:2": ("Zinc",)})
    peers = peers_of([("T", metals)])
    return Material(peers, partners_of({}, peers.names, {}), Wording({}, frozenset({"also"})))


def test_a_change_is_remembered(labeled: Labeled, rng: np.random.Generator) -> None:
    known = transformations(material(), {"synonyms": 1.0, "masking": 1.0, "pairs": 1.0})
    assert list(known) == ["synonyms", "pairs", "masking"]
    old = labeled([("lithium", "M:1"), " helps"])
    assert known["pairs"](old, rng) is old
    new = known["masking"](known["synonyms"](old, rng), rng)
    assert new.made == ("synonyms", "masking")
    assert new.document.text == "t1 helps"


def test_what_each_promises() -> None:
    promises = {name: each.keeps for name, each in transformations(material()).items()}
    assert promises == {
        "synonyms": "everything",
        "entities": "text",
        "pairs": "text",
        "abbreviations": "everything",
        "words": "everything",
        "masking": "relations",
    }


@pytest.mark.parametrize(
    ("promises", "expected"),
    [
        (["everything"], "everything"),
        (["everything", "relations"], "relations"),
        (["text", "relations"], "text"),
        ([], "everything"),
    ],
)
def test_the_weakest_promise_counts(promises: list[Keeps], expected: Keeps) -> None:
    assert weakest(promises) == expected
