from dataclasses import replace

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.norm.find import dictionary_mentions
from tests.unit.apply.world import NOTHING, corpus, ontology

KNOWLEDGE = Knowledge(
    {
        "drugs": ontology({"X:1": ["iron"], "X:2": ["iron salt"]}, "A"),
        "more": ontology({"Z:1": ["iron", "salt lake"], "Z:3": ["tin"], "Z:2": ["tin"]}, "B"),
        "untyped": ontology({"W:1": ["big iron salt"]}, ""),
    },
    {},
)


def found(text: str, knowledge: Knowledge = KNOWLEDGE) -> list[tuple[str, str, tuple[str, ...]]]:
    held = corpus(text)
    table = dictionary_mentions(held, knowledge).mentions
    return [
        (
            held.texts[0][table.start[i] : table.end[i]],
            table.types[table.type[i]],
            table.concepts[i],
        )
        for i in range(len(table))
    ]


def test_the_leftmost_longest_name_of_any_type() -> None:
    assert found("Big iron salt lake") == [("iron salt", "A", ("X:2",))]
    assert found("A salt lake") == [("salt lake", "B", ("Z:1",))]


def test_the_first_ontology_and_concept_win() -> None:
    assert found("Iron or tin") == [("Iron", "A", ("X:1",)), ("tin", "B", ("Z:3",))]


def test_nothing() -> None:
    assert found("zinc") == []
    held = corpus("iron")
    assert len(dictionary_mentions(held, NOTHING).mentions) == 0


ILLS = Knowledge(
    {
        "ills": ontology(
            {"X:1": ["myotonic dystrophy"], "X:2": ["breast cancer"], "X:3": ["ovary cancer"]},
            "Ill",
            *("exact", "abbreviation"),
        )
    },
    {},
)


def test_short_forms_behind_names_are_names_too() -> None:
    text = "Myotonic dystrophy (DM): the DM gene"
    ill = ("Ill", ("X:1",))
    assert found(text, ILLS) == [("Myotonic dystrophy", *ill), ("DM", *ill), ("DM", *ill)]
    held = corpus(text)
    assert len(dictionary_mentions(held, ILLS).corpus.short_start) == 2
    exact = Knowledge({"ills": replace(ILLS.ontologies["ills"], via=("exact",))}, {})
    assert found(text, exact) == [("Myotonic dystrophy", *ill)]


def test_lists_are_one_mention() -> None:
    assert found("Breast or ovary cancer", ILLS) == [("Breast or ovary cancer", "Ill", ("X:3",))]
    assert found("Breast cancer or ovary cancer", ILLS) == [
        ("Breast cancer", "Ill", ("X:2",)), ("ovary cancer", "Ill", ("X:3",)),
    ]  # fmt: skip
