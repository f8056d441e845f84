"""Entity swap: concepts of the same type and kind, with names of the same shape."""

from collections.abc import Callable

import numpy as np
import pytest

from biolabel.augment.entities import Peers, peers_of, swap_entities
from biolabel.augment.version import Version
from biolabel.errors import ModelError
from biolabel.kb.ontology import Ontology

Labeled = Callable[..., Version]


def peers() -> Peers:
    metals = Ontology(
        {
            "M:1": ("Lithium",),
            "M:2": ("Zinc", "zincum metallicum"),
            "M:3": ("Tin salt",),
            "M:4": ("Opium",),
        },
        trees={
            "M:1": ("D01.268.1",),
            "M:2": ("D01.268.7.8",),
            "M:3": ("D01.268.2",),
            "M:4": ("D20.1",),
        },
        kinds={"M:2": {"zincum metallicum": "related"}},
    )
    aches = Ontology(
        {"A:1": ("pain",), "A:2": ("ache",)}, parents={"A:1": ("A:0",), "A:2": ("A:0",)}
    )
    more = Ontology({"M:2": ("Zn metal",), "M:9": ("Iron",)})
    return peers_of([("Metal", metals), ("Ache", aches), ("Metal", more)])


def test_peers_are_grouped_by_type_and_subtree() -> None:
    found = peers()
    assert found.groups["Metal", "D01.268"] == ["M:1", "M:2", "M:3"]
    assert found.groups["Ache", "A:0"] == ["A:1", "A:2"]
    assert found.groups["Metal", ""] == ["M:9"]
    assert found.names["M:2"] == ("Zinc", "Zn metal")


def test_a_concept_becomes_one_of_its_kind_and_shape(labeled: Labeled) -> None:
    old = labeled(
        [("lithium", "M:1", "Metal"), " for ", ("pain", "A:1", "Ache")], pairs=[("M:1", "A:1")]
    )
    for seed in range(20):
        new = swap_entities(old, peers(), 1.0, np.random.default_rng(seed)).document
        assert new.text == "zinc for ache"
        assert new.relations["cid"].pairs == (("M:2", "A:2"),)


def test_concepts_of_the_document_are_not_taken(labeled: Labeled, rng: np.random.Generator) -> None:
    old = labeled([("lithium", "M:1", "Metal"), " and ", ("zinc", "M:2", "Metal")])
    assert swap_entities(old, peers(), 1.0, rng) is old
    alone = labeled([("opium", "M:4", "Metal"), " and ", ("x1", "M:77", "Metal")])
    assert swap_entities(alone, peers(), 1.0, rng) is alone


def test_the_rate_is_a_share(labeled: Labeled, rng: np.random.Generator) -> None:
    old = labeled([("lithium", "M:1", "Metal"), " helps"])
    assert swap_entities(old, peers(), 0.0, rng) is old
    made = sum(swap_entities(old, peers(), 0.3, rng) is not old for _ in range(400))
    assert 0.2 < made / 400 < 0.4
    with pytest.raises(ModelError) as caught:
        swap_entities(old, peers(), -1, rng)
    assert caught.value.code == "BL840"
