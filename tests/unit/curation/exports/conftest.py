"""Reviewed assertions with everything that makes an export difficult."""

from datetime import UTC, datetime

import pytest

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Statement
from biolabel.curation.review import (
    Decision,
    NewDecision,
    Reviewed,
    assertion_id,
    evidence_ids,
    outcome,
)
from biolabel.data.documents import Document, Mention, Passage, Relation

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
HARD = 'Tab\there, "quote", line\nthere,\r back\\slash \\t | pipe, \u2028 \U0001f9ea <b>&amp;'
LITHIUM, TREMOR, NAUSEA = "MESH:D008094", "MESH:D014202", "MESH:D009325"


def review(
    assertion: Assertion, *decisions: NewDecision, task: str = "cid", current: bool = True
) -> Reviewed:
    """Return an assertion with decisions, whose `evidence` numbers a row, if it is about one."""
    id_ = assertion_id(task, assertion.subject, assertion.predicate, assertion.object)
    rows = evidence_ids(id_, assertion.evidence)
    made = tuple(
        Decision(
            number,
            "decision",
            id_,
            rows[int(each.evidence)] if each.evidence is not None else None,
            each.verdict,
            each.by,
            AT,
            each.comment,
        )
        for number, each in enumerate(decisions, 1)
    )
    return Reviewed(
        id_,
        task,
        assertion,
        outcome(made),
        current,
        rows,
        decisions=made,
    )


@pytest.fixture
def accepted() -> Reviewed:
    """Return an accepted assertion of two documents, with a third that speaks against it."""
    claim = Assertion(
        LITHIUM,
        "causes",
        TREMOR,
        "lithium\tcarbonate",
        'tremor "fine"',
        0.98,
        0.9,
        2,
        "refines",
        (
            Evidence("11", "title", HARD, 3, 17, 0.9, ("verb", "ctd"), ("denied",), HARD, 1985),
            Evidence("12", "abstract", "Lithium caused tremor.", 0, 21, 0.8, ("verb",)),
            Evidence("13", "abstract", "No tremor.", 5, 14, None, (), ("denied",)),
        ),
        (),
        (),
        (Statement("ctd", ("7",), (LITHIUM, "MESH:D020820")),),
        1,
        0.875,
    )
    return review(claim, NewDecision("", "accept", "ana", HARD), NewDecision("", "accept", "b c"))


@pytest.fixture
def rejected() -> Reviewed:
    """Return an assertion that a curator rejected."""
    rows = (Evidence("12", "abstract", "", 0, 0, 0.5, ("verb",)),)
    claim = Assertion(LITHIUM, "causes", NAUSEA, "lithium", "nausea", 0.5, 0.5, 1, "new", rows)
    return review(claim, NewDecision("", "wrong relation", "ana"))


@pytest.fixture
def undecided() -> Reviewed:
    """Return an assertion about a mention without a concept, on which nobody decided."""
    rows = (Evidence("PMC7", "", "", 0, 0, 0.25),)
    claim = Assertion("drug x|y", "causes", TREMOR, "Drug X|Y", "", 0.25, 0.25, 1, "new", rows)
    return review(claim)


@pytest.fixture
def documents() -> tuple[Document, ...]:
    """Return documents as predicted, with all relations of the assertions and one more."""
    texts = {
        "11": "Lithium and tremor and nausea",
        "12": "Lithium caused tremor, not nausea",
        "13": "Lithium: no tremor",
        "PMC7": "Drug X|Y and tremor",
    }
    relations = {
        "11": [(LITHIUM, TREMOR, 0.9)],
        "12": [(LITHIUM, TREMOR, 0.8), (LITHIUM, NAUSEA, 0.5)],
        "13": [],
        "PMC7": [("drug x|y", TREMOR, 0.25)],
    }
    names = {"Lithium": LITHIUM, "tremor": TREMOR, "nausea": NAUSEA, "Drug X|Y": ""}
    types = {
        "Lithium": "Chemical",
        "Drug X|Y": "Chemical",
        "tremor": "Disease",
        "nausea": "Disease",
    }
    return tuple(
        Document(
            id_,
            (Passage("title", 0, text),),
            tuple(
                Mention(
                    text.index(name),
                    text.index(name) + len(name),
                    types[name],
                    (concept,) if concept else (),
                )
                for name, concept in names.items()
                if name in text
            ),
            tuple(Relation("CID", s, o, "CID", p) for s, o, p in relations[id_]),
        )
        for id_, text in texts.items()
    )
