import pytest

from biolabel.apply.ontologies import (
    DEFAULT_CUT,
    DEFAULT_VIA,
    OntologyIndex,
    cut_of,
    ontology_index,
    ways_of,
)
from biolabel.errors import KnowledgeError, Span
from biolabel.kb.ontology import Ontology
from biolabel.lang import tree

HERE = Span("x.rules", 0, 1)
READ = Ontology(
    {"X:1": ("Pain", "ache"), "X:2": ("Headache", "HA"), "X:3": ("Acidity",)},
    parents={"X:2": ("X:1",)},
    prefix="X",
    omitted=1,
)
LISTS = {"acids": tree.ListDecl(name=tree.Name("acids"), words=("acid*", "ache~"))}


def index(**fields: object) -> OntologyIndex:
    name = tree.Name("o", span=HERE)
    return ontology_index(tree.OntologyDecl(name=name, **fields), READ, LISTS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"X:1": ("Pain", "ache"), "X:2": ("Headache", "HA"), "X:3": ("Acidity",)}),
        ({"under": ("X:1",)}, {"X:1": ("Pain", "ache"), "X:2": ("Headache", "HA")}),
        ({"not_under": ("X:1",)}, {"X:3": ("Acidity",)}),
        ({"min_length": 5}, {"X:2": ("Headache",), "X:3": ("Acidity",)}),
        (
            {"drop": ("PAIN", "head")},
            {"X:1": ("ache",), "X:2": ("Headache", "HA"), "X:3": ("Acidity",)},
        ),
        ({"stop": (tree.Name("acids"),)}, {"X:1": ("Pain",), "X:2": ("Headache", "HA")}),
        (
            {"under": ("X:2",), "min_length": 5, "add": (("xy", "3"), ("yz", "Y:9"))},
            {"X:2": ("Headache",), "X:3": ("xy",), "Y:9": ("yz",)},
        ),
    ],
)
def test_filters(fields: dict[str, object], expected: dict[str, tuple[str, ...]]) -> None:
    assert index(**fields).ontology.names == expected


def test_the_hierarchy_stays_whole() -> None:
    assert index(drop=("pain", "ache")).ontology.under(["X:1"]) == {"X:1", "X:2"}


def test_forms_must_pass_too() -> None:
    found = index(stop=(tree.Name("acids"),), min_length=3, case="smart")
    assert (found.case, found.type) == ("smart", "")
    assert [found.admission.wanted(key) for key in ("acids", "aches", "head ache")] == [
        False, False, True,
    ]  # fmt: skip
    assert [found.admission.long_enough(form) for form in ("HA", "HAs")] == [False, True]


def test_what_leaves_nothing_says_what_each_filter_removed() -> None:
    with pytest.raises(KnowledgeError) as raised:
        index(under=("X:1",), min_length=5, drop=("headache",))
    assert raised.value.code == "BL403"
    assert raised.value.message == (
        "no term of `o` survives its filters: of 6, `where` removes 1, `under` removes 1, "
        "`min_length` removes 3, `stop` and `drop` remove 1"
    )


def test_an_added_term_must_be_identified() -> None:
    name = tree.Name("o", span=HERE)
    with pytest.raises(KnowledgeError) as raised:
        ontology_index(tree.OntologyDecl(name=name, add=(("a", "1"),)), Ontology({}, prefix=""), {})
    assert raised.value.code == "BL714"


def test_ways_as_texts() -> None:
    assert index().via == DEFAULT_VIA
    ways = index(via=(tree.Via("plural"), tree.Via("fuzzy", 0.9))).via
    assert (ways, cut_of(ways)) == (("plural", "fuzzy 0.9"), 0.9)
    assert cut_of(ways_of((tree.Via("fuzzy"),))) == DEFAULT_CUT
    assert cut_of(("exact",)) is None
