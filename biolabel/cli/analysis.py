"""The analysis of rules on the terminal: a table a task, a page a rule, the uncovered slice."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from biolabel.cli.analyze import Order
from biolabel.evaluation.rules import MatrixAnalysis, Measure, RuleAnalysis

if TYPE_CHECKING:
    from biolabel.evaluation.uncovered import Facet, UncoveredSlice

_SHOWN = 3
"""Pairs that a summary names."""
_ALIKE = 0.5
"""Jaccard index from which a summary says that two rules say the same."""
_COLORS = {"better": "green", "worse": "red", "open": ""}

_KEYS: Mapping[Order, Callable[[RuleAnalysis], object]] = {
    "votes": lambda rule: -rule.votes,
    "precision": lambda rule: (rule.precision is None, -(rule.precision or 0.0)),
    "conflict": lambda rule: -rule.conflict,
    "alone": lambda rule: -rule.alone,
    "redundancy": lambda rule: (not rule.votes, -rule.redundancy),
    "name": lambda rule: rule.name,
}


def ordered(found: MatrixAnalysis, order: Order) -> list[RuleAnalysis]:
    """Return the labeling functions, most first; equal ones, and all for `file`, in file order."""
    key = _KEYS.get(order)
    return list(found.rules) if key is None else sorted(found.rules, key=key)  # type: ignore[arg-type]


def analysis_table(found: MatrixAnalysis, part: str, order: Order = "votes") -> Table:
    """Return the labeling functions of a task as a table; columns of gold only where there is any."""
    table = Table(title=f"{found.task} on {part}", title_justify="left", title_style="bold")
    table.add_column("labeling function", overflow="fold")
    table.add_column("votes for")
    for name in ("votes", "coverage", "overlap", "conflict", "alone"):
        table.add_column(name, justify="right")
    table.add_column("said by another")
    judged = any(rule.measure for rule in found.rules)
    for name in ("precision", "95 %", "base rate") if judged else ():
        table.add_column(name, justify="right")
    for rule in ordered(found, order):
        table.add_row(
            f"{rule.name} (draft)" if rule.draft else rule.name,
            ", ".join(rule.labels),
            f"{rule.votes:,}",
            *(f"{share:.2%}" for share in (rule.coverage, rule.overlap, rule.conflict)),
            f"{rule.alone:,}",
            _repeated(rule),
            *(_measured(rule.measure) if judged else ()),
            style="" if rule.votes else "dim",
        )
    return table


def _repeated(rule: RuleAnalysis) -> str:
    if rule.twin is None:
        return ""
    return f"{rule.redundancy:.0%}; {rule.twin.name} {rule.twin.share:.0%}"


def _measured(measure: Measure | None) -> tuple[Text, ...]:
    if measure is None:
        return (Text(), Text(), Text())
    return (
        Text(f"{measure.precision:.3f}", _COLORS[measure.verdict]),
        Text(_interval(measure)),
        Text(f"{measure.base:.3f}"),
    )


def _interval(measure: Measure) -> str:
    return f"{measure.interval.low:.3f} to {measure.interval.high:.3f}"


def summary(found: MatrixAnalysis) -> Iterator[str]:
    """Yield what a table of rules does not say: coverage of all, gold that is missed, which agree."""
    yield (
        f"{found.coverage:.1%} of {found.candidates:,} candidates have a vote,"
        f" {found.overlap:.1%} several, {found.conflict:.1%} votes in conflict;"
        f" {found.uncovered:,} have none"
    )
    gold = found.gold
    if gold is not None:
        yield (
            f"of {gold.positive:,} candidates that gold gives a label, {gold.uncovered:,} have no"
            f" vote and {gold.opposed:,} only votes for other labels"
        )
    silent = [rule.name for rule in found.rules if not rule.votes]
    if silent:
        yield f"never vote: {', '.join(silent)}"
    alike = sorted(found.pairs, key=lambda pair: -pair.jaccard)[:_SHOWN]
    same = [p for p in alike if p.jaccard >= _ALIKE]
    if same:
        named = (f"{p.first} and {p.second} ({p.jaccard:.0%} of their votes)" for p in same)
        yield f"say the same: {', '.join(named)}"
    if found.clashes:
        named = (f"{p.first} and {p.second} ({p.conflicts:,})" for p in found.clashes[:_SHOWN])
        yield f"most in conflict: {', '.join(named)}"


def rule_page(found: MatrixAnalysis, part: str, name: str) -> Iterator[RenderableType]:
    """Yield all that is known of one labeling function of a task: its votes and its company."""
    rule = next(rule for rule in found.rules if rule.name == name)
    yield Text(f"{rule.name} for {found.task} on {part}", "bold")
    if not rule.votes:
        yield f"no vote on {found.candidates:,} candidates: `biolabel lint` says why"
        return
    yield (
        f"{rule.votes:,} votes on {rule.coverage:.2%} of {found.candidates:,} candidates;"
        f" {rule.alone:,} of them have no other vote, {round(rule.conflict * found.candidates):,}"
        f" one in conflict; another rule gives {rule.repeated:,} of the votes too"
    )
    ballots = Table(title="votes", title_justify="left")
    ballots.add_column("labels")
    for head in ("votes", "with gold", "right", "precision", "95 %", "base rate"):
        ballots.add_column(head, justify="right")
    for ballot in rule.ballots:
        measure = ballot.measure
        counts = (f"{measure.judged:,}", f"{measure.right:,}") if measure else ("", "")
        ballots.add_row(", ".join(ballot.labels), f"{ballot.votes:,}", *counts, *_measured(measure))
    yield ballots
    pairs = found.pairs_with(name)
    if not pairs:
        yield "no other rule votes on these candidates"
        return
    company = Table(title="beside other rules", title_justify="left")
    company.add_column("rule", overflow="fold")
    for head in ("together", "of its votes", "the same", "of its votes", "in conflict", "Jaccard"):
        company.add_column(head, justify="right")
    for pair in pairs:
        company.add_row(
            pair.other(name),
            f"{pair.together:,}",
            f"{pair.together / rule.votes:.1%}",
            f"{pair.same:,}",
            f"{pair.same / rule.votes:.1%}",
            f"{pair.conflicts:,}",
            f"{pair.jaccard:.2f}",
        )
    yield company


def slice_lines(found: "UncoveredSlice") -> Iterator[RenderableType]:
    """Yield the uncovered slice: a table a facet, then the samples in their text."""
    from biolabel.cli.samples import context_text

    for facet in found.facets:
        yield facet_table(facet)
    if found.samples:
        yield Text("without a vote", "bold")
    for sample in found.samples:
        gold = "" if sample.gold is None else f"[{', '.join(sample.gold)}] "
        yield Text.assemble(f"  {sample.document} {gold}", context_text(sample.context))
        if sample.facets:
            yield Text(f"    {'; '.join(f'{k}: {v}' for k, v in sample.facets.items())}", "dim")


def facet_table(facet: "Facet") -> Table:
    """Return the candidates of each value of a facet, and how many of them have no vote."""
    table = Table(title=f"by {facet.name}", title_justify="left")
    table.add_column(facet.name)
    judged = any(share.positive for share in facet.shares)
    for head in ("candidates", "no vote", "share"):
        table.add_column(head, justify="right")
    for head in ("gold labels", "no vote", "share") if judged else ():
        table.add_column(head, justify="right")
    for share in facet.shares:
        row = [f"{share.candidates:,}", f"{share.uncovered:,}"]
        row.append(f"{share.uncovered / share.candidates:.1%}")
        if judged:
            row += [f"{share.positive:,}", f"{share.missed:,}"]
            row.append(f"{share.missed / share.positive:.1%}" if share.positive else "")
        table.add_row(share.value, *row)
    return table
