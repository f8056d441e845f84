import re
from dataclasses import replace
from datetime import UTC, datetime

from biolabel.curation.known import Statement
from biolabel.curation.review import Decision, Outcome, Reviewed
from biolabel.evaluation.pieces import Piece
from biolabel.web.pages.claim import claim
from biolabel.web.pages.waiting import queue
from biolabel.web.service.curating import Look, Row
from tests.unit.web.planted import HOSTILE, planted

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def looked(rows: int = 1, about: str | None = None) -> Look:
    """Return an assertion whose every text is a script."""
    (made,) = planted(1)
    row = replace(
        made.evidence[0],
        document=HOSTILE,
        text=HOSTILE,
        journal=HOSTILE,
        passage=HOSTILE,
        rules_for=(HOSTILE,),
        rules_against=(HOSTILE,),
    )
    found = replace(
        made,
        subject=HOSTILE,
        object=HOSTILE,
        predicate=HOSTILE,
        subject_name=HOSTILE,
        object_name=HOSTILE,
        known_from=(Statement(HOSTILE, (HOSTILE,), (HOSTILE, HOSTILE)),),
    )
    decision = Decision(1, "decision", "0" * 16, about, "accept", HOSTILE, AT, HOSTILE)
    reviewed = Reviewed("0" * 16, HOSTILE, found, Outcome("accepted"), decisions=(decision,))
    pieces = (Piece(HOSTILE), Piece(HOSTILE, "subject"))
    return Look(reviewed, tuple(Row(f"{i}", row, pieces, False, "corpus") for i in range(rows)))


def test_nothing_that_is_shown_is_run() -> None:
    found = looked()
    for shown in (claim(found), queue([found.reviewed], found.reviewed.id, more=True)):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


def test_many_rows_are_folded_but_all_there() -> None:
    shown = claim(looked(rows=30))
    assert shown.count("data-evidence=") == 30
    assert "18 more" in shown
    assert re.findall(r"data-number='(\d+)'", shown) == [str(i) for i in range(1, 31)]


def test_a_verdict_on_a_row_names_it() -> None:
    shown = claim(looked(rows=3, about="2"))
    assert "on sentence 3" in shown


def test_the_shown_one_is_marked_in_the_queue() -> None:
    one = looked().reviewed
    other = replace(one, id="1" * 16, outcome=Outcome("disputed"))
    shown = queue([one, other], other.id, more=False)
    assert shown.count("aria-current") == 1
    assert "≠" in shown
    assert "more follow" not in shown
