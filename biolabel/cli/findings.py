"""What the tools of the rule language found, as tables for people and values for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from biolabel.errors import SourceFile
from biolabel.evaluation.explain import Explanation
from biolabel.evaluation.why import Part
from biolabel.workflow.examples import Examined

if TYPE_CHECKING:
    from biolabel.workflow.reasons import Labeled


def example_table(found: Examined) -> Table:
    """Return the counts of examples by status, those left out with the reason, and the coverage."""
    counts = found.counts()
    table = Table(title="examples", title_justify="left", show_header=False)
    table.add_column("status")
    table.add_column("number", justify="right")
    table.add_column("what")
    table.add_row("passed", str(counts["passed"]), "")
    for status, what in (
        ("failed", "see above"),
        ("done", "marked as still to do, but they hold"),
        ("todo", "still to do, and do not hold yet"),
    ):
        if counts[status]:
            table.add_row(status, str(counts[status]), what)
    reasons = dict.fromkeys(o.why for o in found.outcomes if o.status == "left out")
    for reason in reasons:
        number = sum(o.status == "left out" and o.why == reason for o in found.outcomes)
        table.add_row("left out", str(number), reason)
    share = found.covered / found.rules if found.rules else 0.0
    what = f"{found.covered} of {found.rules} have an example that passes"
    table.add_row("rules", f"{share:.0%}", what)
    return table


def examples_json(found: Examined, files: Mapping[str, SourceFile]) -> dict[str, object]:
    """Return the outcomes as plain values: counts, coverage, and every example with its place.

    reason and hint: of an example that fails, what its deciding part says.
    """
    rows = []
    reasons = {d.span: d for d in found.diagnostics}
    for outcome in found.outcomes:
        span = outcome.example.span
        told = reasons.get(span)
        source = files.get(span.file)
        line, column = source.position(span.start) if source else (0, 0)
        rows.append(
            {
                "name": outcome.subject.name,
                "kind": outcome.subject.kind,
                "field": outcome.field,
                "text": outcome.example.text,
                "status": outcome.status,
                "why": outcome.why,
                "reason": "; ".join(text for _, text in told.related) if told else "",
                "hint": told.hint if told else "",
                "file": span.file,
                "line": line,
                "column": column,
            }
        )
    return {
        "counts": dict(found.counts()),
        "rules": found.rules,
        "covered": found.covered,
        "examples": rows,
    }


def explanation_lines(found: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation: the outcome, the candidate and the tree of parts."""
    yield found.headline
    for note in found.about:
        yield f"  {note}"
    for part in found.parts:
        if part.role:
            yield f"  {part.role}:"
        yield from _part_lines(part, 4 if part.role else 2)


def reason_tables(found: "Sequence[Labeled]") -> Iterator[Table]:
    """Yield a table a candidate: its soft labels, and what each rule or group adds to the likeliest.

    Numbers are log odds in nats: below 0 they speak against the label.
    """
    for each in found:
        title = ", ".join(each.about)
        soft = ", ".join(f"{label} {p:.3f}" for label, p in each.probabilities)
        own = each.reasons
        table = Table(title=f"{title}: {soft}", title_justify="left")
        table.add_column(f"log odds of {own.label}", justify="right")
        for name in ("votes for", "rules"):
            table.add_column(name)
        rest = own.log_odds - sum(one.log_odds for one in own.contributions)
        for one in own.contributions:
            table.add_row(f"{one.log_odds:+.2f}", " or ".join(one.labels), ", ".join(one.lfs))
        table.add_row(f"{rest:+.2f}", "", "class prior, silent rules, and what rules say together")
        table.add_row(f"{own.log_odds:+.2f}", "", "in all, before constraints between tasks")
        yield table


def _part_lines(part: Part, indent: int) -> Iterator[str]:
    margin = " " * indent
    yield f"{margin}{part.verdict.upper():<8}{part.text}"
    for note in part.notes:
        yield f"{margin}{'':<10}{note}"
    if part.hint:
        yield f"{margin}{'':<10}= hint: {part.hint}"
    for inner in part.parts:
        if inner.role:
            yield f"{margin}  {inner.role}:"
        yield from _part_lines(inner, indent + 2)


def explanation_json(found: Explanation) -> dict[str, object]:
    """Return an explanation as plain values."""
    return {
        "name": found.name,
        "kind": found.kind,
        "verdict": found.verdict,
        "vote": found.vote,
        "about": list(found.about),
        "parts": [_part_json(part) for part in found.parts],
    }


def _part_json(part: Part) -> dict[str, object]:
    return {
        "role": part.role,
        "text": part.text,
        "verdict": part.verdict,
        "notes": list(part.notes),
        "hint": part.hint,
        "parts": [_part_json(inner) for inner in part.parts],
    }
