import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.cards import card_of
from biolabel.kb.ontology import Ontology

FOUND = Ontology(
    {"X:1": ("Pain",), "X:2": ("Headache", "cephalalgia"), "X:3": ("Migraine",)},
    parents={"X:2": ("X:1",), "X:3": ("X:2",)},
    references={"X:2": ("Y:9",)},
    replaced={"X:8": "X:2"},
    kinds={"X:2": {"cephalalgia": "related"}},
    obsolete=frozenset({"X:8", "X:7"}),
    prefix="X",
)


def test_all_that_is_said_of_a_concept() -> None:
    card = card_of(FOUND, "X:2", "pains")
    assert card.names == {"exact": ("Headache",), "related": ("cephalalgia",)}
    assert card.preferred == "Headache"
    assert card.parents == (("X:1", "Pain"),)
    assert card.children == (("X:3", "Migraine"),)
    assert (card.references, card.old, card.asked) == (("Y:9",), ("X:8",), "")


def test_old_identifiers_and_those_without_a_prefix() -> None:
    card = card_of(FOUND, "8", "pains")
    assert (card.id, card.asked) == ("X:2", "X:8")


def test_the_place_in_a_tree() -> None:
    found = Ontology({"X:1": ("A",), "X:2": ("B",)}, trees={"X:1": ("D02",), "X:2": ("D02.1",)})
    card = card_of(found, "X:1", "letters")
    assert (card.trees, card.children, card.parents) == (("D02",), (("X:2", "B"),), ())


def test_concepts_that_are_not_there() -> None:
    for raw, message, hint in (
        ("X:4", "`pains` has no concept `X:4`; its identifiers are of X", "did you mean `X:"),
        ("Z:1", "`pains` has no concept `Z:1`", "biolabel kb search TEXT --in pains"),
        ("X:7", "says not to use X:7", ""),
    ):
        with pytest.raises(KnowledgeError) as raised:
            card_of(FOUND, raw, "pains")
        assert raised.value.code == "BL731"
        assert message in raised.value.message
        assert hint in raised.value.hint
