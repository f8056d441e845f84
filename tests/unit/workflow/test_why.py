from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.workflow.bench import Bench
from biolabel.workflow.examples import read_any
from biolabel.workflow.why import why_document, why_text


def test_a_marked_text_is_explained(shared_task: Path) -> None:
    rules = read_any([shared_task])
    told = why_text(rules, "said_to_cause", "{chemical: Lithium} caused {disease: tremor}")
    assert told.headline == "rule said_to_cause: votes causes"
    with pytest.raises(RunError) as raised:
        why_text(rules, "said_to_cause", "{chemical: Lithium caused")
    assert raised.value.code == "BL920"


def test_a_document_is_explained(bench: Bench) -> None:
    ids = bench.corpus("corpus").ids
    found = why_document(bench, "said_to_cause", ids[0])
    assert found.about[0].startswith("{chemical} -> ")
    assert found.parts[0].role == "when"


def test_candidates_are_named_by_text_or_concept(bench: Bench) -> None:
    first = bench.corpus("corpus").ids[0]
    found = why_document(bench, "said_to_cause", first)
    texts = [note.split('"')[1] for note in found.about[:2]]
    concepts = [note.rpartition(", ")[2] for note in found.about[:2]]
    by_text = why_document(bench, "said_to_cause", first, (texts[0].upper(), texts[1]))
    by_concept = why_document(bench, "said_to_cause", first, (concepts[0], concepts[1]))
    assert concepts == [note.rpartition(", ")[2] for note in by_text.about[:2]]
    assert by_text.about[:2] == by_concept.about[:2]


def test_spans_are_named_by_their_text(bench: Bench) -> None:
    first = bench.corpus("corpus").ids[0]
    names = why_document(bench, "chemical_names", first).parts[0].notes[0]
    text = names.split('"')[1]
    assert why_document(bench, "chemical_names", first, span=text).headline.endswith(
        "votes Chemical"
    )
    assert why_document(bench, "disease_names", first, span=text).verdict == "no"


@pytest.mark.parametrize(
    ("id_", "pair", "span", "said"),
    [
        ("nowhere", (), "", "there is no document nowhere"),
        ("", ("x", "y"), "", "no candidate has x as its chemical"),
        ("", ("x",), "", "cid has 2 arguments"),
        ("", (), "never said", 'the document does not hold "never said"'),
    ],
)
def test_what_is_not_there_is_an_error(
    bench: Bench, id_: str, pair: tuple[str, ...], span: str, said: str
) -> None:
    with pytest.raises(RunError, match=said) as raised:
        why_document(bench, "said_to_cause", id_ or bench.corpus("corpus").ids[0], pair, span)
    assert raised.value.code == "BL923"


def test_a_text_without_marks_is_no_candidate(shared_task: Path) -> None:
    with pytest.raises(RunError, match="no candidate of `cid`") as raised:
        why_text(read_any([shared_task]), "said_to_cause", "Lithium caused {disease: tremor}")
    assert (raised.value.code, "mark {chemical: ...} in the text" in raised.value.hint) == (
        "BL924",
        True,
    )


def test_an_unknown_rule_is_answered_with_the_nearest_and_their_number(shared_task: Path) -> None:
    with pytest.raises(RunError) as raised:
        why_text(read_any([shared_task]), "zzzzzz", "Lithium")
    assert raised.value.code == "BL922"
    assert raised.value.hint.startswith("nearest of ")
    assert raised.value.hint.count("`") == 6
