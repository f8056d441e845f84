import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import PairIndex
from biolabel.kb.versions import diff_ontologies, diff_pairs

OLD = Ontology(
    {
        "X:1": ("Pain", "ache"),
        "X:2": ("Headache",),
        "X:3": ("Grippe",),
        "X:4": ("Vapours",),
        "X:5": ("Dropsy",),
        "X:6": ("Gout",),
    },
    parents={"X:2": ("X:1",)},
)
NEW = Ontology(
    {
        "X:1": ("Pain", "dolor"),
        "X:2": ("Cephalalgia", "head-ache"),
        "X:6": ("gout",),
        "X:9": ("Influenza",),
    },
    parents={"X:2": ("X:6",)},
    replaced={"X:3": "X:9"},
    obsolete=frozenset({"X:3", "X:4"}),
)


def test_terms() -> None:
    found = diff_ontologies(OLD, NEW)
    assert found.added == ("X:9",)
    assert found.gone == ("X:5",)
    assert found.merged == (("X:3", "Grippe", "X:9"),)
    assert found.obsoleted == ("X:4",)
    assert found.renamed == (("X:2", "Headache", "Cephalalgia"),)
    assert found.names_added == (("X:1", "dolor"), ("X:2", "Cephalalgia"), ("X:2", "head-ache"))
    assert found.names_gone == (("X:1", "ache"), ("X:2", "Headache"))
    assert found.moved == ("X:2",)
    assert (found.called["X:2"], found.called["X:5"]) == ("Cephalalgia", "Dropsy")


def test_what_happened_to_each_concept() -> None:
    changes = diff_ontologies(OLD, NEW).changes
    assert changes == {
        "X:1": 'lost the name "ache"',
        "X:2": 'renamed from "Headache" to "Cephalalgia"',
        "X:3": "merged into X:9",
        "X:4": "obsolete, without a replacement",
        "X:5": "gone",
    }
    assert set(diff_ontologies(OLD, NEW).lost) == {"X:3", "X:4", "X:5"}


def test_the_same_version_twice() -> None:
    found = diff_ontologies(OLD, OLD)
    assert found.changes == {}
    assert (found.added, found.names_added, found.moved) == ((), (), ())


def test_pairs() -> None:
    a, b, c = ("X:1", "Y:1"), ("X:2", "Y:1"), ("X:3", "Y:2")
    old = PairIndex({"": {a: 1, b: 2}, "marker": {a: 1}})
    new = PairIndex({"": {b: 3, c: 1}, "cause": {c: 1}})
    found = diff_pairs(old, new)
    assert (found.added, found.gone, found.evidence) == ((c,), (a,), ((b, 2, 3),))
    assert (found.parts_added, found.parts_gone) == (("cause",), ("marker",))


def test_other_things_are_no_versions() -> None:
    with pytest.raises(KnowledgeError) as raised:
        diff_ontologies(OLD, Ontology({"Y:1": ("Tea",)}))
    assert raised.value.code == "BL732"
    one, other = PairIndex({"": {("X:1", "X:2"): 1}}), PairIndex({"": {("Y:1", "Y:2"): 1}})
    with pytest.raises(KnowledgeError) as raised:
        diff_pairs(one, other)
    assert raised.value.code == "BL732"
