"""Curation on the terminal: the queue, decisions, agreement, users, the audit log."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from biolabel.curation.agreement import Agreement
    from biolabel.curation.evidence import Evidence
    from biolabel.curation.review import Decision, Reviewed, User
    from biolabel.curation.store import AuditEntry

_WHEN = "%Y-%m-%d %H:%M"


def queue_table(found: "Sequence[Reviewed]") -> Table:
    """Return a page of the queue, an assertion a row."""
    table = Table()
    table.add_column("id", no_wrap=True)
    for name in ("subject", "predicate", "object"):
        table.add_column(name, overflow="fold")
    for name in ("probability", "documents"):
        table.add_column(name, justify="right")
    for name in ("status", "state"):
        table.add_column(name)
    for each in found:
        own = each.assertion
        table.add_row(
            each.id, own.subject_name, own.predicate, own.object_name, f"{own.probability:.3f}",
            f"{own.documents:,}", own.status, state_of(each),
        )  # fmt: skip
    return table


def state_of(found: "Reviewed") -> str:
    """Return the state of an assertion in words."""
    settled = ", settled" if found.outcome.settled else ""
    return f"{found.outcome.state}{settled}{'' if found.current else ', no longer asserted'}"


def shown_lines(found: "Reviewed") -> Iterator[str]:
    """Yield an assertion with its evidence and its history, a line each."""
    own = found.assertion
    yield f"{found.id}  {own.subject_name} {own.predicate} {own.object_name}"
    yield f"  {own.subject} {own.predicate} {own.object}, {found.task}: {state_of(found)}"
    many = "document" if own.documents == 1 else "documents"
    yield f"  probability {own.probability:.3f}, {own.documents:,} {many}, {own.status}"
    rows = dict(zip(found.evidence_ids, own.evidence, strict=True))
    for key, row in rows.items():
        yield from _evidence_lines(key, row, "")
    for key, row in (found.gone_evidence or {}).items():
        yield from _evidence_lines(key, row, ", no longer evidence")
    for each in found.decisions:
        yield f"  {decided(each)}"


def _evidence_lines(key: str, row: "Evidence", gone: str) -> Iterator[str]:
    year = f", {row.year}" if row.year is not None else ""
    yield f"  {key}  {row.document}{year}{gone}: {row.text}"
    for side, rules in (("for", row.rules_for), ("against", row.rules_against)):
        if rules:
            yield f"    {side}: {', '.join(rules)}"


def decided(made: "Decision") -> str:
    """Return a decision in a line."""
    what = f"takes {made.undoes} back" if made.kind == "undo" else f"{made.verdict}"
    if made.kind == "adjudication":
        what = f"settles: {what}"
    about = f" (evidence {made.evidence})" if made.evidence else ""
    comment = f": {made.comment}" if made.comment else ""
    return f"{made.id}  {made.at:{_WHEN}}  {made.by}  {what}{about}{comment}"


def decisions_table(found: "Sequence[Decision]") -> Table:
    """Return decisions, one a row."""
    table = Table()
    for name in ("id", "when (UTC)", "who", "assertion"):
        table.add_column(name, no_wrap=True)
    for name in ("verdict", "comment"):
        table.add_column(name, overflow="fold")
    for each in found:
        verdict = f"undo of {each.undoes}" if each.kind == "undo" else f"{each.verdict}"
        marks = [f"of evidence {each.evidence}"] * bool(each.evidence)
        marks += ["settles"] * (each.kind == "adjudication")
        table.add_row(
            str(each.id), f"{each.at:{_WHEN}}", each.by, each.assertion,
            ", ".join([verdict, *marks]), each.comment,
        )  # fmt: skip
    return table


def agreement_table(found: "Sequence[Agreement]") -> Table:
    """Return how each two curators agree, a pair a row."""
    table = Table()
    for name in ("one", "other"):
        table.add_column(name)
    for name in ("decided by both", "agree", "Cohen's kappa"):
        table.add_column(name, justify="right")
    for each in found:
        kappa = "-" if math.isnan(each.kappa) else f"{each.kappa:.3f}"
        table.add_row(each.one, each.other, f"{each.both:,}", f"{each.observed:.1%}", kappa)
    return table


def users_table(found: "Sequence[User]") -> Table:
    """Return users, one a row."""
    table = Table()
    for name in ("name", "role", "may settle", "since", "state"):
        table.add_column(name)
    for each in found:
        settles = "yes" if each.role == "admin" or each.adjudicator else ""
        state = "disabled" if each.disabled else ""
        table.add_row(each.name, each.role, settles, f"{each.created:{_WHEN}}", state)
    return table


def audit_table(found: "Sequence[AuditEntry]") -> Table:
    """Return entries of the audit log, one a row."""
    table = Table()
    for name in ("id", "when (UTC)", "who", "what"):
        table.add_column(name)
    table.add_column("detail", overflow="fold")
    for each in found:
        detail = json.dumps(each.detail, ensure_ascii=False)
        table.add_row(str(each.id), f"{each.at:{_WHEN}}", each.who, each.action, detail)
    return table


def plain_values(found: Any) -> Any:
    """Return dataclasses as values that JSON can hold: times as ISO 8601, what is no number as null."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(found, inf_nan_mode="null")
