"""Review: what curators decide about assertions, and what follows from it.

Decisions are only ever added. An assertion's state is not stored by anyone's hand: `outcome` derives
it from all decisions about it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence

Verdict = Literal["accept", "reject", "unsure", "wrong mention", "wrong relation"]
"""What a curator says; the last two reject, and say why: a mention, or what links the mentions, is wrong."""

Kind = Literal["decision", "adjudication", "undo"]
"""A curator's own decision, one that settles a dispute, or one that takes an earlier one back."""

State = Literal["undecided", "accepted", "rejected", "unsure", "disputed"]
"""What all decisions about an assertion amount to."""

Role = Literal["viewer", "curator", "admin"]
"""Who may look, who may also decide, and who may also keep users and settle disputes."""

STATE_OF: Mapping[Verdict, State] = {
    "accept": "accepted",
    "reject": "rejected",
    "wrong mention": "rejected",
    "wrong relation": "rejected",
    "unsure": "unsure",
}
"""What a verdict makes of an assertion on which nobody else decided."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A verdict about an assertion, or about one row of its evidence, before it is kept.

    assertion, evidence: their ids; evidence is None where the verdict is about the assertion. key: any
    text that names this click: the same curator's second decision under a key is the first one, so that
    a browser may send again what it got no answer to.
    """

    assertion: str
    verdict: Verdict
    by: str
    comment: str = ""
    evidence: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is kept, never to be changed.

    id: grows with time. verdict: None for an undo, and only there; undoes: the id of the decision that
    it takes back. at: with a time zone, UTC.
    """

    id: int
    kind: Kind
    assertion: str
    evidence: str | None
    verdict: Verdict | None
    by: str
    at: datetime
    comment: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An assertion's state, and whether an adjudication settled it."""

    state: State = "undecided"
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An assertion of a task with what curators made of it.

    current: whether the last run still asserts it; one that was decided on is kept when no run asserts
    it anymore. evidence_ids: one for each row of `assertion.evidence`. gone_evidence: rows that were
    decided on and that the last run does not have, with their ids. decisions: all of them, oldest first.
    A page of the queue leaves evidence and decisions out: both are empty there.
    """

    id: str
    task: str
    assertion: Assertion
    outcome: Outcome = Outcome()
    current: bool = True
    evidence_ids: tuple[str, ...] = ()
    gone_evidence: Mapping[str, Evidence] | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may log in; `adjudicator` may settle disputes without being an admin."""

    name: str
    role: Role
    adjudicator: bool
    disabled: bool
    created: datetime


def assertion_id(task: str, subject: str, predicate: str, object: str) -> str:
    """Return the id of an assertion, the same in every run: 16 hexadecimal digits of a hash.

    Two of a million assertions share one with a probability of 3 in 100 million (BLAKE2b, 64 bits).
    """
    return _hashed(task, subject, predicate, object)


def is_id(text: str) -> bool:
    """Return whether a text is written as the ids of assertions and evidence are."""
    return re.fullmatch(r"[0-9a-f]{16}", text) is not None


def plain(text: str) -> str:
    """Return a text as every database can keep it: with U+FFFD for nulls and halves of surrogate pairs."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def evidence_ids(assertion: str, rows: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the id of each row of an assertion's evidence, the same in every run.

    It hashes the document and the text, not the offsets: these span what rules matched, and so move
    when a rule is edited. Rows of one document with the same text are told apart by their order there.
    """
    order = sorted(range(len(rows)), key=lambda i: (rows[i].start, rows[i].end))
    seen: Counter[tuple[str, str]] = Counter()
    found = [""] * len(rows)
    for i in order:
        where = rows[i].document, rows[i].text
        found[i] = _hashed(assertion, *where, str(seen[where]))
        seen[where] += 1
    return tuple(found)


def counting(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that count: not taken back, of each curator, kind and thing the last."""
    kept = sorted(decisions, key=lambda decision: decision.id)
    undone = {decision.undoes for decision in kept if decision.kind == "undo"}
    last: dict[tuple[str, str, str | None, str], Decision] = {}
    for decision in kept:
        if decision.kind != "undo" and decision.id not in undone:
            last[decision.kind, decision.assertion, decision.evidence, decision.by] = decision
    return tuple(sorted(last.values(), key=lambda decision: decision.id))


def outcome(decisions: Iterable[Decision]) -> Outcome:
    """Return the state that follows from all decisions about one assertion.

    The last adjudication settles it. Else it is disputed if the decisions of two curators take
    different sides; someone who is unsure takes none, and leaves the matter to who is sure. Verdicts
    about single rows of evidence change nothing here.
    """
    counted = [each for each in counting(decisions) if each.evidence is None]
    settling = [each for each in counted if each.kind == "adjudication"]
    if settling and settling[-1].verdict is not None:
        return Outcome(STATE_OF[settling[-1].verdict], settled=True)
    states = {STATE_OF[each.verdict] for each in counted if each.verdict is not None}
    sides = states - {"unsure"}
    if len(sides) > 1:
        return Outcome("disputed")
    return Outcome(next(iter(sides or states), "undecided"))


def may_decide(role: Role) -> bool:
    """Return whether users of a role may decide."""
    return role != "viewer"


def may_settle(user: User) -> bool:
    """Return whether a user may settle disputes: an admin, or a curator named as adjudicator."""
    return user.role == "admin" or (user.adjudicator and may_decide(user.role))


def _hashed(*parts: str) -> str:
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()
