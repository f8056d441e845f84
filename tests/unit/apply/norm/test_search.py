import pytest

from biolabel.apply.norm.book import NameBook, book_of
from biolabel.apply.norm.search import MOST, SURE, search
from biolabel.data.concepts import Ranked
from biolabel.kb.ontology import Ontology

BOOK = book_of(
    [
        Ontology(
            {
                "X:1": ("Hypertension",),
                "X:2": ("Kidney Failure", "renal failure", "failure of kidneys"),
                "X:3": ("Kidney Failure, Acute",),
                "X:4": ("Psychoses", "mania"),
                "X:5": ("Breast Neoplasms", "breast cancer"),
                "X:6": ("diabetes mellitus, type 2",),
                "X:7": ("Bipolar Disorder", "mania"),
                "X:8": ("Leukemia, Myeloid",),
                "X:9": ("Ataxia", "A-T"),
            },
            kinds={"X:4": {"mania": "related"}},
        ),
        Ontology({"Y:1": ("hypertension",)}),
    ]
)


def first(text: str) -> Ranked:
    return search([text], BOOK)[text][0]


@pytest.mark.parametrize(
    ("text", "concept", "why"),
    [
        ("hypertension", "X:1", ("exact",)),
        ("Kidney failures", "X:2", ("spelling",)),
        ("type II diabetes mellitus", "X:6", ("order",)),
        ("leukaemia, myeloid", "X:8", ("spelling",)),
        ("cancer of the breast", "X:5", ("order",)),
        ("psychotic", "X:4", ("ending",)),
        ("hypertensive", "X:1", ("ending",)),
        ("hypertesnion", "X:1", ("misspelt", "exact")),
        ("severe hypertension", "X:1", ("words",)),
        ("bipolar", "X:7", ("words",)),
    ],
)
def test_ways_to_a_name(text: str, concept: str, why: tuple[str, ...]) -> None:
    found = first(text)
    assert (found.concept, found.why) == (concept, why)
    assert (found.score >= SURE) == (why != ("words",))


def test_stricter_ways_are_worth_more() -> None:
    texts = [
        "renal failure",
        "renal failures",
        "failure, renal",
        "psychotic",
        "severe hypertension",
    ]
    scores = [first(text).score for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_all_concepts_of_a_name_are_kept_by_kind_and_then_by_order() -> None:
    assert [each.concept for each in search(["mania"], BOOK)["mania"]] == ["X:7", "X:4"]
    both = search(["hypertension"], BOOK)["hypertension"]
    assert [each.concept for each in both] == ["X:1", "Y:1"]
    assert both[0].name == "Hypertension"


def test_unknown_and_odd_texts_mean_nothing() -> None:
    texts = ["zzz", "", " ", "()", "-", "T", "of the"]
    assert search(texts, BOOK) == dict.fromkeys(texts, ())


def test_nothing_depends_on_other_texts() -> None:
    texts = [
        "severe hypertension",
        "psychotic",
        "hypertesnion",
        "chronic myeloid leukaemia",
        "mania",
    ]
    alone = {text: search([text], BOOK)[text] for text in texts}
    assert search(texts, BOOK) == alone
    assert search(texts[::-1], BOOK) == alone


def test_at_most_so_many() -> None:
    many = book_of([Ontology({f"X:{i:03}": ("thing",) for i in range(3 * MOST)})])
    assert len(search(["thing"], many)["thing"]) == MOST


def test_a_book_without_names() -> None:
    assert search(["a thing"], book_of([])) == {"a thing": ()}


def test_the_frequent_one_of_equals_comes_first() -> None:
    def found(book: NameBook, often: dict[str, int]) -> list[str]:
        return [each.concept for each in search(["hypertension"], book, often)["hypertension"]]

    names = {"X:1": ("Hypertension",), "Y:1": ("hypertension",)}
    book = book_of([Ontology({"Z:1": ("mania",)}), Ontology(names)])
    assert found(book, {}) == found(book, {"X:1": 3, "Y:1": 3}) == ["X:1", "Y:1"]
    assert found(book, {"Y:1": 1}) == ["Y:1", "X:1"]
    # Who names an ontology first says what counts more.
    assert found(BOOK, {"Y:1": 1}) == ["X:1", "Y:1"]


def test_a_better_name_comes_before_a_frequent_concept() -> None:
    found = search(["mania"], BOOK, {"X:4": 100})["mania"]
    assert [each.concept for each in found] == ["X:7", "X:4"]
