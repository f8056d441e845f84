from biolabel.apply.knowledge import Knowledge
from biolabel.apply.norm.find import dictionary_mentions
from biolabel.apply.terms import TermFinder
from tests.unit.apply.world import NOTHING, corpus, ontology

KNOWLEDGE = Knowledge(
    {
        "drugs": ontology({"X:1": ["iron"], "X:2": ["iron salt"]}, "A"),
        "more": ontology({"Z:1": ["iron", "salt lake"], "Z:3": ["tin"], "Z:2": ["tin"]}, "B"),
        "untyped": ontology({"W:1": ["big iron salt"]}, ""),
    },
    {},
)


def found(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    held = corpus(text)
    table = dictionary_mentions(TermFinder(held, KNOWLEDGE))
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
    assert len(dictionary_mentions(TermFinder(held, NOTHING))) == 0
