from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biolabel.curation import Evidence
from biolabel.curation.review import (
    Decision,
    Kind,
    Outcome,
    Role,
    User,
    Verdict,
    assertion_id,
    counting,
    evidence_ids,
    is_id,
    may_decide,
    may_settle,
    outcome,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def said(
    number: int,
    by: str,
    verdict: Verdict | None,
    *,
    kind: Kind = "decision",
    undoes: int | None = None,
    evidence: str | None = None,
) -> Decision:
    return Decision(number, kind, "a", evidence, verdict, by, NOW, undoes=undoes)


def test_nobody_decided() -> None:
    assert outcome([]) == Outcome("undecided")


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("accept", "accepted"),
        ("reject", "rejected"),
        ("wrong mention", "rejected"),
        ("wrong relation", "rejected"),
        ("unsure", "unsure"),
    ],
)
def test_one_curator_decides(verdict: Verdict, state: str) -> None:
    assert outcome([said(1, "ann", verdict)]) == Outcome(state)  # type: ignore[arg-type]


def test_the_last_verdict_of_a_curator_counts() -> None:
    assert outcome([said(1, "ann", "accept"), said(2, "ann", "reject")]) == Outcome("rejected")


def test_two_curators_dispute() -> None:
    assert outcome([said(1, "ann", "accept"), said(2, "bob", "reject")]) == Outcome("disputed")


def test_two_ways_to_reject_are_no_dispute() -> None:
    both = [said(1, "ann", "wrong mention"), said(2, "bob", "reject")]
    assert outcome(both) == Outcome("rejected")


def test_who_is_unsure_disputes_nothing() -> None:
    assert outcome([said(1, "ann", "unsure"), said(2, "bob", "accept")]) == Outcome("accepted")


def test_an_undo_brings_back_what_was_before() -> None:
    made = [said(1, "ann", "accept"), said(2, "ann", "reject")]
    undo = said(3, "ann", None, kind="undo", undoes=2)
    assert outcome([*made, undo]) == Outcome("accepted")
    assert outcome([*made, undo, said(4, "ann", None, kind="undo", undoes=1)]) == Outcome()


def test_an_adjudication_settles_what_comes_before_and_after_it() -> None:
    made = [
        said(1, "ann", "accept"),
        said(2, "eve", "reject", kind="adjudication"),
        said(3, "bob", "accept"),
    ]
    assert outcome(made) == Outcome("rejected", settled=True)
    undo = said(4, "eve", None, kind="undo", undoes=2)
    assert outcome([*made, undo]) == Outcome("accepted")


def test_the_last_of_two_adjudications_settles() -> None:
    made = [
        said(1, "eve", "reject", kind="adjudication"),
        said(2, "kim", "accept", kind="adjudication"),
    ]
    assert outcome(made) == Outcome("accepted", settled=True)


def test_verdicts_about_evidence_leave_the_assertion_open() -> None:
    assert outcome([said(1, "ann", "reject", evidence="e")]) == Outcome()


def test_an_adjudicator_is_also_a_curator() -> None:
    made = [said(1, "eve", "accept"), said(2, "eve", "reject", kind="adjudication")]
    assert [each.id for each in counting(made)] == [1, 2]


DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "eve"]),
        st.sampled_from(["accept", "reject", "unsure", "undo"]),
        st.integers(0, 20),
    ),
    max_size=12,
)


@given(DECISIONS, st.randoms())
def test_the_order_of_rows_says_nothing(plan: list[tuple[str, str, int]], random: object) -> None:
    made: list[Decision] = []
    for number, (by, verdict, back) in enumerate(plan, 1):
        undone = {each.undoes for each in made}
        own = [each.id for each in made if each.by == by and each.verdict and each.id not in undone]
        if verdict != "undo":
            made.append(said(number, by, verdict))  # type: ignore[arg-type]
        elif own:
            undoes = own[back % len(own)]
            made.append(said(number, by, None, kind="undo", undoes=undoes))
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(shuffled) == outcome(made)
    assert counting(shuffled) == counting(made)


def test_ids_of_assertions_stay_and_differ() -> None:
    first = assertion_id("cid", "MESH:D1", "causes", "MESH:D2")
    assert first == assertion_id("cid", "MESH:D1", "causes", "MESH:D2") == "1ee254191b2e4276"
    others = {
        assertion_id("cid", "MESH:D2", "causes", "MESH:D1"),
        assertion_id("ddi", "MESH:D1", "causes", "MESH:D2"),
        assertion_id("cid", "MESH:D1causes", "", "MESH:D2"),
        assertion_id("cid", "MESH:D1", "cause", "sMESH:D2"),
    }
    assert len({first, *others}) == 5
    assert is_id(first)


def test_ids_of_evidence_stay_when_a_rule_matches_more_words() -> None:
    before = evidence_ids("a", [Evidence("1", "title", "A causes B.", 0, 3, 0.5)])
    after = evidence_ids("a", [Evidence("1", "title", "A causes B.", 0, 10, 0.9, ("cue",))])
    assert before == after


def test_the_same_sentence_twice_in_a_document_has_two_ids() -> None:
    rows = [Evidence("1", "abstract", "A causes B.", start, start + 5, 0.5) for start in (50, 0)]
    ids = evidence_ids("a", rows)
    assert len(set(ids)) == 2
    assert evidence_ids("a", rows[::-1]) == ids[::-1]


@pytest.mark.parametrize("text", ["", "61d5c5c1e8a20a7", "61D5C5C1E8A20A78", "61d5c5c1e8a20a78\n"])
def test_no_ids(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize(
    ("role", "adjudicator", "decides", "settles"),
    [
        ("viewer", False, False, False),
        ("viewer", True, False, False),
        ("curator", False, True, False),
        ("curator", True, True, True),
        ("admin", False, True, True),
    ],
)
def test_rights(role: Role, adjudicator: bool, decides: bool, settles: bool) -> None:
    user = User("ann", role, adjudicator, False, NOW)
    assert (may_decide(role), may_settle(user)) == (decides, settles)
