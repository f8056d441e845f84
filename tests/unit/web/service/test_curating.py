from dataclasses import replace

import pytest

from biolabel.curation.review import Verdict
from biolabel.curation.store import Database, history, load
from biolabel.errors import RunError
from biolabel.web.access.people import Person
from biolabel.web.service.curating import (
    Desk,
    Look,
    Sent,
    asked_of,
    choices,
    keep,
    look,
    news,
    sent_of,
    stretch,
    take_back,
)
from biolabel.workflow.results import Results
from tests.unit.web.planted import planted

CARL = Person("carl", "curator")


@pytest.fixture
def desk(results: Results, database: Database) -> Desk:
    """Return a desk with ten assertions."""
    load(database, "cid", list(planted(10)), run="first")
    return Desk(results, database, lambda concepts: concepts)


def first(desk: Desk) -> str:
    return stretch(desk, asked_of({})).page.rows[0].id


def sent(assertion: str, verdict: Verdict, key: str = "k") -> Sent:
    return Sent(assertion=assertion, verdict=verdict, key=key)


def marked(found: Look, row: int) -> list[tuple[str, str]]:
    return [(piece.name, piece.text) for piece in found.rows[row].pieces if piece.name]


def test_a_stretch_counts_the_queue_and_all_states(desk: Desk) -> None:
    keep(desk, CARL, sent(first(desk), "accept"))
    found = stretch(desk, asked_of({"state": ["undecided"], "limit": 3}))
    assert len(found.page.rows) == 3
    assert found.count == 9
    assert found.states == {"undecided": 9, "accepted": 1}


def test_subject_and_object_are_marked_as_whole_words(desk: Desk, database: Database) -> None:
    (claim,) = planted(1)
    text = "Compound 0, compound 01 and Finding 0."
    row = replace(claim.evidence[0], text=text)
    load(database, "cid", [replace(claim, evidence=(row,))], run="second")
    found = look(desk, first(desk))
    assert marked(found, 0) == [("subject", "Compound 0"), ("object", "Finding 0")]
    assert "".join(piece.text for piece in found.rows[0].pieces) == text


def test_mentions_are_marked_as_their_document_writes_them(
    desk: Desk, database: Database, results: Results
) -> None:
    predicted = next(
        each
        for each in results.parts["corpus"].predictions["fused"].values()
        if any(mention.concepts for mention in each.mentions)
    )
    mention = next(mention for mention in predicted.mentions if mention.concepts)
    written = predicted.text[mention.start : mention.end]
    (claim,) = planted(1)
    row = replace(claim.evidence[0], document=predicted.id, text=f"Of {written} here.")
    other = replace(claim, subject=mention.concepts[0], subject_name="so", evidence=(row,))
    load(database, "cid", [other], run="second")
    found = look(desk, first(desk))
    assert marked(found, 0) == [("subject", written)]
    assert found.rows[0].part == "corpus"


def test_what_speaks_against_it_comes_last(desk: Desk, database: Database) -> None:
    (claim,) = planted(1)
    rows = (
        replace(claim.evidence[0], text="No.", rules_for=(), rules_against=("rule_1",)),
        replace(claim.evidence[0], text="Both.", rules_for=("rule_2",), rules_against=("rule_1",)),
    )
    load(database, "cid", [replace(claim, evidence=rows)], run="second")
    found = look(desk, first(desk))
    assert [(row.evidence.text, row.against) for row in found.rows] == [
        ("Both.", False),
        ("No.", True),
    ]


def test_a_verdict_is_kept_once_and_taken_back(desk: Desk, database: Database) -> None:
    assertion = first(desk)
    made = keep(desk, CARL, sent(assertion, "accept"))
    assert keep(desk, CARL, sent(assertion, "accept")) == made
    assert take_back(desk, CARL).undoes == made.id
    assert [each.kind for each in history(database, assertion)] == ["decision", "undo"]
    with pytest.raises(RunError, match="no decision") as error:
        take_back(desk, CARL)
    assert error.value.code == "BL959"


def test_undo_takes_the_last_one_that_stands(desk: Desk) -> None:
    one, other = (row.id for row in stretch(desk, asked_of({"limit": 2})).page.rows)
    keep(desk, CARL, sent(one, "accept", "1"))
    keep(desk, CARL, sent(other, "reject", "2"))
    keep(desk, Person("ann", "curator"), sent(other, "reject", "3"))
    assert [take_back(desk, CARL).assertion for _ in range(2)] == [other, one]


def test_viewers_decide_nothing_and_only_some_settle(desk: Desk) -> None:
    assertion = first(desk)
    vera = Person("vera", "viewer")
    settle = sent(assertion, "accept").model_copy(update={"settle": True})
    with pytest.raises(RunError, match="vera is a viewer"):
        keep(desk, vera, sent(assertion, "accept"))
    with pytest.raises(RunError, match="vera is a viewer"):
        take_back(desk, vera)
    with pytest.raises(RunError, match="adjudicators settle"):
        keep(desk, CARL, settle)
    assert news(desk, 0) == ()
    judge = Person("jo", "curator", adjudicator=True)
    assert keep(desk, judge, settle).kind == "adjudication"


def test_news_repeats_a_few_so_that_none_is_missed(desk: Desk) -> None:
    made = [keep(desk, CARL, sent(first(desk), "accept", str(key))) for key in range(25)]
    assert [each.id for each in news(desk, made[-1].id)] == [each.id for each in made[-20:]]


def test_choices_are_what_the_run_has(desk: Desk) -> None:
    found = choices(desk)
    assert found.tasks == ("cid",)
    assert "said_to_cause" in found.rules


@pytest.mark.parametrize("value", [None, "accept", {}, {"assertion": "x", "verdict": "maybe"}])
def test_what_is_no_verdict_is_refused(value: object) -> None:
    with pytest.raises(RunError, match="no verdict") as error:
        sent_of(value)
    assert error.value.code == "BL959"


@pytest.mark.parametrize("values", [{"order": "beauty"}, {"year_from": "x"}, {"nothing": "1"}])
def test_an_address_that_asks_for_what_there_is_not_is_refused(values: object) -> None:
    with pytest.raises(RunError) as error:
        asked_of(values)
    assert error.value.code == "BL962"
