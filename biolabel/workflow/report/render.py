"""A report's data to HTML."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.rules import RuleAnalysis
from biolabel.labelmodel.reasons.contributions import Contribution, log_odds
from biolabel.labelmodel.reasons.intervals import Worth
from biolabel.labelmodel.reasons.reasons import Reason
from biolabel.workflow.report.data import ReportData, TaskReport
from biolabel.workflow.report.page import page, write_text
from biolabel.workflow.report.plots import bonds_plot, coverage_plot, reliability_plot
from biolabel.workflow.scores import ScoreRow

_LONGEST = 100
"""Rejects, and rows of evidence of an assertion, that are shown; the files beside have all."""

_PAIRS = 15
"""Pairs of labeling functions in conflict that are shown."""

_SYSTEMS = {
    "majority": "majority vote",
    "label_model": "label model",
    "end_model": "end model",
}
"""What systems are called on the page, where that is not their name."""

_BEST_RULE = "best rule"
"""How the system that is the best single rule begins; the rule's name follows."""


@dataclass(frozen=True, slots=True)
class _RuleRow:
    """What is known of one labeling function."""

    rule: RuleAnalysis
    measured: RuleAnalysis | None
    reasons: tuple[Reason, ...]
    worth: Worth | None


@dataclass(frozen=True, slots=True)
class _Parting:
    """A kind of rows where label model and majority vote part, with what each source adds.

    own, majority: the probabilities of the row's label; constraints: the log odds that the
    constraints with other tasks add.
    """

    alike: int
    label: str
    own: float
    majority: float
    contributions: tuple[Contribution, ...]
    constraints: float
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _ScoreGroup:
    """The systems that are compared by one metric, and the largest F1 among them."""

    name: str
    rows: tuple[ScoreRow, ...]
    best: float


@dataclass(frozen=True, slots=True)
class _Summary:
    """F1 of every metric (rows: its name, the largest F1, system to F1) and system (columns)."""

    systems: tuple[str, ...]
    rows: tuple[tuple[str, float, Mapping[str, float]], ...]


@dataclass(frozen=True, eq=False)
class _TaskView:
    """One task as the template shows it; plots are SVG elements, or empty."""

    report: TaskReport
    scores: tuple[_ScoreGroup, ...]
    rules: tuple[_RuleRow, ...]
    coverage: Markup
    reliability: Markup
    bonds: Markup
    partings: tuple[_Parting, ...]


def render(data: ReportData) -> str:
    """Return the report as one HTML page without references to anything outside.

    All text is escaped; only the plots, which escape their own, are taken as they are.
    """
    scores = {name: tuple(_groups(data.scores, name)) for name in _score_tasks(data.scores)}
    names = [report.analysis.task for report in data.tasks]
    return page(
        "report.html",
        data=data,
        title=data.title,
        shown=_system,
        longest=_LONGEST,
        pairs=_PAIRS,
        summary=_summary(scores),
        tasks=[
            _view(report, scores.get(report.analysis.task, ()), str(at))
            for at, report in enumerate(data.tasks)
        ],
        others={name: groups for name, groups in scores.items() if name not in names},
        lost=Counter(reject.lost for reject in data.rejects),
    )


def write_report(path: Path, data: ReportData) -> None:
    """Write the report of a run, in place of a former one.

    Raises:
        RunError: BL906 when the file cannot be written.
    """
    write_text(path, render(data))


def _system(name: str) -> str:
    return _SYSTEMS.get(name, name)


def _score_tasks(rows: Sequence[ScoreRow]) -> list[str]:
    return list(dict.fromkeys(row.task for row in rows))


def _groups(rows: Sequence[ScoreRow], task: str) -> Iterator[_ScoreGroup]:
    own = [row for row in rows if row.task == task]
    for (metric, mentions), found in groupby(own, key=lambda row: (row.metric, row.mentions)):
        group = tuple(found)
        name = f"{metric}, given mentions" if mentions == "given" else metric
        yield _ScoreGroup(name, group, max(row.f1 for row in group))


def _summary(scores: Mapping[str, Sequence[_ScoreGroup]]) -> _Summary:
    rows = tuple(
        (
            group.name if group.name.startswith(task) else f"{task}: {group.name}",
            group.best,
            {_kind(row.system): row.f1 for row in group.rows},
        )
        for task, groups in scores.items()
        for group in groups
    )
    return _Summary(tuple(dict.fromkeys(name for _, _, found in rows for name in found)), rows)


def _kind(system: str) -> str:
    return _BEST_RULE if system.startswith(_BEST_RULE) else system


def _view(report: TaskReport, scores: tuple[_ScoreGroup, ...], place: str) -> _TaskView:
    intervals = {worth.lf: worth for worth in report.trust.worth} if report.trust else {}
    measured = {rule.name: rule for rule in report.measured.rules} if report.measured else {}
    rules = tuple(
        _RuleRow(
            rule,
            measured.get(rule.name),
            tuple(reason for reason in report.reasons if reason.lf == rule.name),
            intervals.get(rule.name),
        )
        for rule in report.analysis.rules
    )
    curves = {_system(name): found for name, found in report.reliability.items()}
    voted = any(rule.votes for rule in report.analysis.rules)
    return _TaskView(
        report=report,
        scores=scores,
        rules=rules,
        coverage=Markup(coverage_plot(report.analysis) if voted else ""),
        reliability=Markup(reliability_plot(curves) if curves else ""),
        bonds=Markup(bonds_plot(report.bonds, place) if report.bonds else ""),
        partings=tuple(_partings(report)),
    )


def _partings(report: TaskReport) -> Iterator[_Parting]:
    if report.trust is None:
        return
    found = report.trust
    columns = zip(found.compared.differences, found.rows, report.texts, strict=True)
    for difference, row, text in columns:
        own = max(difference.model)
        at = difference.model.index(own)
        yield _Parting(
            difference.alike,
            row.label,
            own,
            difference.majority[at],
            row.contributions,
            log_odds(own) - row.log_odds,
            text,
        )
