"""The analysis of rules as one HTML page: every figure has its table, and nothing is loaded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from biolabel.evaluation.company import Cluster, Pair, clusters, similarity_tree
from biolabel.evaluation.lint import LEAST
from biolabel.evaluation.rules import MatrixAnalysis, RuleAnalysis
from biolabel.evaluation.uncovered import UncoveredSlice
from biolabel.workflow.report.page import page
from biolabel.workflow.report.plots import rules_plot, similarity_plot

ALIKE = 0.5
"""The mean Jaccard index from which labeling functions are shown as one cluster."""
_WIDEST = 40
"""Labeling functions of a heat map; of more those with most votes are shown."""
_PAIRS = 15
"""Pairs of labeling functions in conflict that are shown."""


@dataclass(frozen=True, eq=False)
class AnalysisPart:
    """The analysis of one task over one part of the documents; uncovered: None if not looked for."""

    part: str
    matrix: MatrixAnalysis
    uncovered: UncoveredSlice | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    """One field of a heat map: a share, and what it is a share of, in words."""

    share: float
    title: str


@dataclass(frozen=True, slots=True)
class _HeatMap:
    """Shares of pairs of labeling functions: a row each, None where two never meet."""

    names: tuple[str, ...]
    rows: tuple[tuple[_Cell | None, ...], ...]


@dataclass(frozen=True, eq=False)
class _View:
    """One part as the template shows it; plots are SVG elements, or empty."""

    part: AnalysisPart
    rules: tuple[RuleAnalysis, ...]
    notes: tuple[str, ...]
    judged: bool
    plot: Markup
    tree: Markup
    clusters: tuple[Cluster, ...]
    conflicts: _HeatMap
    same: _HeatMap
    hidden: int


def render_analysis(title: str, facts: Mapping[str, str], parts: Sequence[AnalysisPart]) -> str:
    """Return the page; all text is escaped, and only the plots, which escape their own, are not.

    facts: what identifies the rules and the documents, by name.
    """
    views = [_view(part, str(at)) for at, part in enumerate(parts)]
    return page(
        "analysis.html", title=title, facts_=facts, views=views, alike=ALIKE, most_pairs=_PAIRS
    )


def _view(part: AnalysisPart, place: str) -> _View:
    found = part.matrix
    rules = tuple(sorted(found.rules, key=lambda rule: -rule.votes))
    shown = {rule.name for rule in rules[:_WIDEST] if rule.votes}
    tree = similarity_tree([rule.name for rule in found.rules if rule.name in shown], found.pairs)
    names = tree.ordered()
    votes = {rule.name: rule.votes for rule in rules}
    pairs = {(pair.first, pair.second): pair for pair in found.pairs}
    return _View(
        part=part,
        rules=rules,
        notes=tuple(_notes(found)),
        judged=any(rule.measure for rule in rules),
        plot=Markup(rules_plot(found, place) if shown else ""),
        tree=Markup(similarity_plot(tree, ALIKE, place) if len(names) > 1 else ""),
        clusters=clusters(tree, ALIKE),
        conflicts=_heat_map(names, pairs, lambda pair, row: pair.conflicts / votes[row], _clash),
        same=_heat_map(names, pairs, lambda pair, _: pair.jaccard, _likeness),
        hidden=sum(1 for rule in rules if rule.votes) - len(shown),
    )


def _notes(found: MatrixAnalysis) -> Iterator[str]:
    """Yield what to look at first: silent rules, rules worse than chance, rules that add nothing."""
    silent = [rule.name for rule in found.rules if not rule.votes]
    if silent and found.votes:
        yield f"{_count(silent)} no vote: {', '.join(silent)}"
    for rule in found.rules:
        measure = rule.measure
        if measure is not None and measure.verdict == "worse":
            yield (
                f"{rule.name} is right less often than chance: precision {measure.precision:.3f},"
                f" base rate of its labels {measure.base:.3f}"
            )
    for rule in found.rules:
        if rule.twin is not None and rule.twin.shared == rule.votes >= LEAST:
            yield f"{rule.name} adds nothing: {rule.twin.name} gives all its {rule.votes:,} votes too"


def _count(names: Sequence[str]) -> str:
    return "1 rule has" if len(names) == 1 else f"{len(names)} rules have"


def _heat_map(
    names: Sequence[str],
    pairs: Mapping[tuple[str, str], Pair],
    share: Callable[[Pair, str], float],
    words: Callable[[Pair], str],
) -> _HeatMap:
    def cell(row: str, column: str) -> _Cell | None:
        pair = pairs.get((row, column)) or pairs.get((column, row))
        if pair is None:
            return None
        return _Cell(share(pair, row), f"{row}, {column}: {words(pair)}")

    rows = tuple(tuple(cell(row, column) for column in names) for row in names)
    return _HeatMap(tuple(names), rows)


def _clash(pair: Pair) -> str:
    return f"{pair.conflicts:,} conflicts on {pair.together:,} common candidates"


def _likeness(pair: Pair) -> str:
    return f"the same vote on {pair.same:,} of {pair.together:,} common candidates"
