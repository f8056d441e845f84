"""Concepts and what stands below them."""

import pytest

from biolabel.kb.ontology import Ontology
from biolabel.web.service.concepts import Concepts
from biolabel.workflow.results import Results

ANIMALS = Ontology(
    names={"A:1": ("animal",), "A:2": ("dog",), "A:3": ("poodle",), "A:4": ("cat",)},
    parents={"A:2": ("A:1",), "A:3": ("A:2",), "A:4": ("A:1",)},
)


@pytest.fixture
def concepts() -> Concepts:
    found = Concepts(Results.__new__(Results))
    found.__dict__["ontologies"] = {"animals": ANIMALS}
    return found


def test_what_stands_below_is_added(concepts: Concepts) -> None:
    assert concepts.below(frozenset({"A:2"})) == {"A:2", "A:3"}
    assert concepts.below(frozenset({"A:4", "A:2"})) == {"A:2", "A:3", "A:4"}


def test_what_no_ontology_has_stands_for_itself(concepts: Concepts) -> None:
    assert concepts.below(frozenset({"B:1", "heparin"})) == {"B:1", "heparin"}
