from biolabel.kb.ontology import Ontology
from biolabel.workflow.knowledge.search import Match, search

FOUND = Ontology(
    {
        "X:1": ("Kidney failure", "renal failure"),
        "X:2": ("Acute kidney failure",),
        "X:3": ("Naloxone", "narcan"),
        "X:4": ("failure, heart",),
        "X:5": ("Renal failure",),
    }
)


def found(text: str, *, fuzzy: bool = False) -> list[tuple[str, str]]:
    return [(m.concept, m.why) for m in search(FOUND, "k", text, fuzzy=fuzzy)]


def test_the_best_reason_comes_first() -> None:
    assert found("kidney failure") == [("X:1", "preferred name"), ("X:2", "part of a name")]
    assert found("Renal-Failure") == [("X:5", "preferred name"), ("X:1", "name")]


def test_other_forms_of_a_name() -> None:
    assert found("failures of the kidney") == []
    assert found("failure of the kidney")[0] == ("X:1", "other form")
    assert search(FOUND, "k", "heart failures")[0] == Match(
        "k", "X:4", "failure, heart", "failure, heart", "heart failures", "other form", 1.0
    )


def test_misspelt_names_are_found_only_if_asked() -> None:
    assert found("naloxnoe") == []
    (match,) = search(FOUND, "k", "naloxnoe", fuzzy=True)
    assert (match.concept, match.why, match.name) == ("X:3", "alike", "Naloxone")
    assert 0.8 <= match.alike < 1


def test_texts_that_mean_nothing() -> None:
    assert found("") == found("--") == found("zzz", fuzzy=True) == []
