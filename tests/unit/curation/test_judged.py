from dataclasses import replace
from datetime import UTC, datetime

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.judged import judged_documents
from biolabel.curation.review import Decision, Outcome, Reviewed, State, Verdict

CLAIM = Assertion(
    "X:1",
    "causes",
    "Y:1",
    "x",
    "y",
    0.9,
    0.9,
    2,
    "new",
    (
        Evidence("1", "", "a", 0, 1, 0.9),
        Evidence("1", "", "b", 2, 3, 0.9),
        Evidence("2", "", "", 0, 0, 0.8),
        Evidence("3", "", "", 0, 0, None),
    ),
)


def reviewed(state: State, *said: tuple[str, int, Verdict]) -> Reviewed:
    """Return the assertion in a state, with verdicts of curators about rows of evidence."""
    ids = ("e0", "e1", "e2", "e3")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    decisions = tuple(
        Decision(number, "decision", "a", ids[row], verdict, by, at)
        for number, (by, row, verdict) in enumerate(said)
    )
    outcome = Outcome(state)
    return Reviewed("a", "cid", CLAIM, outcome, evidence_ids=ids, decisions=decisions)


def test_accepted_is_stated_where_it_is_predicted() -> None:
    assert judged_documents(reviewed("accepted")) == {"1": True, "2": True}


def test_rejected_is_stated_nowhere() -> None:
    assert judged_documents(reviewed("rejected")) == {"1": False, "2": False, "3": False}


def test_without_a_decision_nothing_is_known() -> None:
    states: tuple[State, ...] = ("undecided", "unsure", "disputed")
    assert [judged_documents(reviewed(state)) for state in states] == [{}, {}, {}]


def test_a_verdict_on_a_row_speaks_of_its_document() -> None:
    found = reviewed("accepted", ("ana", 2, "wrong mention"), ("ana", 3, "accept"))
    assert judged_documents(found) == {"1": True, "2": False, "3": True}
    alone = reviewed("undecided", ("ana", 2, "reject"))
    assert judged_documents(alone) == {"2": False}


def test_one_accepted_row_is_enough() -> None:
    found = reviewed("undecided", ("ana", 0, "reject"), ("ana", 1, "accept"))
    assert judged_documents(found) == {"1": True}


def test_rows_on_which_curators_disagree_say_nothing() -> None:
    apart = reviewed("accepted", ("ana", 2, "accept"), ("bo", 2, "reject"))
    assert judged_documents(apart) == {"1": True}
    half = reviewed("undecided", ("ana", 0, "accept"), ("bo", 0, "reject"), ("bo", 1, "reject"))
    assert "1" not in judged_documents(half)
    unsure = reviewed("accepted", ("ana", 2, "unsure"))
    assert judged_documents(unsure) == {"1": True}


def test_a_row_that_no_run_has_anymore_counts() -> None:
    gone = replace(
        reviewed("undecided", ("ana", 0, "accept")),
        evidence_ids=("f0", "f1", "f2", "f3"),
        gone_evidence={"e0": Evidence("9", "", "", 0, 0, 0.5)},
    )
    assert judged_documents(gone) == {"9": True}
