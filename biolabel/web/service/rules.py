"""Labeling functions as a curator judges them: what each says, alone and beside the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from biolabel.data.labels import TaskKind
from biolabel.errors import RunError
from biolabel.evaluation.company import Pair
from biolabel.evaluation.rules import MatrixAnalysis, RuleAnalysis
from biolabel.labelmodel.reasons.intervals import Worth
from biolabel.lang.load import read
from biolabel.lang.nearest import nearest_few
from biolabel.lang.tree import RuleDecl
from biolabel.workflow.results import Results

MOST = 40
"""Labeling functions of a conflict matrix; of more those with most conflicts are shown."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One labeling function.

    labels: all that it votes for; shares are of the task's candidates; estimated: the accuracy that
    the label model gives to its votes, with the 95 % interval; dev: its precision on dev, `judged`
    votes with gold; redundancy: the share of its votes that another gives too, `twin` most of them.
    None is what is not known.
    """

    task: str
    kind: TaskKind
    name: str
    labels: tuple[str, ...]
    votes: int
    coverage: float
    overlap: float
    conflict: float
    estimated: float | None
    estimated_low: float | None
    estimated_high: float | None
    dev: float | None
    dev_low: float | None
    dev_high: float | None
    judged: int
    redundancy: float
    twin: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Companion:
    """Another rule that votes on the same candidates: how many, the same vote, in conflict."""

    name: str
    together: int
    same: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """The votes for one set of labels."""

    labels: tuple[str, ...]
    votes: int


@dataclass(frozen=True, slots=True)
class RuleDetail:
    """One rule with its text in its file, and its company, most common candidates first."""

    row: RuleRow
    file: str
    text: str
    ballots: tuple[Ballot, ...]
    companions: tuple[Companion, ...]
    alone: int


@dataclass(frozen=True, slots=True)
class Conflicts:
    """How often rules of a task conflict: cells[i][j] is the share of rule i's votes against rule j.

    together: the common candidates, counts: the conflicts, both as `cells`; hidden: rules left out.
    """

    task: str
    names: tuple[str, ...]
    cells: tuple[tuple[float, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    together: tuple[tuple[int, ...], ...]
    hidden: int


def rule_rows(results: Results) -> tuple[RuleRow, ...]:
    """Return all labeling functions in the order of tasks and rules."""
    dev = results.parts.get("dev")
    found = []
    for task, analysis in results.parts["corpus"].analyses.items():
        kind = results.parts["corpus"].applied.votes[task].matrix.task.kind
        trust = results.trust.get(task)
        worth = {each.lf: each for each in trust.worth} if trust else {}
        judged = {rule.name: rule for rule in dev.analyses[task].rules} if dev else {}
        found += [
            _row(task, kind, rule, worth.get(rule.name), judged.get(rule.name))
            for rule in analysis.rules
        ]
    return tuple(found)


def rule_detail(results: Results, name: str) -> RuleDetail:
    """Return one rule.

    Raises:
        RunError: BL922 when the run had no rule of this name.
    """
    rows = {row.name: row for row in rule_rows(results)}
    if name not in rows:
        hint = nearest_few(name, rows, "rules")
        raise RunError("BL922", f"the run had no rule called `{name}`", hint=hint)
    analysis = results.parts["corpus"].analyses[rows[name].task]
    [rule] = (each for each in analysis.rules if each.name == name)
    file, text = _texts(results).get(name, ("", ""))
    return RuleDetail(
        rows[name],
        file,
        text,
        tuple(Ballot(ballot.labels, ballot.votes) for ballot in rule.ballots),
        tuple(
            Companion(pair.other(name), pair.together, pair.same, pair.conflicts)
            for pair in analysis.pairs_with(name)
        ),
        rule.alone,
    )


def conflicts(results: Results, task: str) -> Conflicts:
    """Return the conflict matrix of a task.

    Raises:
        RunError: BL922 when the run had no task of this name.
    """
    found = results.parts["corpus"].analyses
    if task not in found:
        raise RunError("BL922", f"the run had no task called `{task}`", hint=_tasks(found))
    analysis = found[task]
    most: dict[str, int] = dict.fromkeys((rule.name for rule in analysis.rules), 0)
    for pair in analysis.clashes:
        most[pair.first] += pair.conflicts
        most[pair.second] += pair.conflicts
    ranked = sorted((name for name in most if most[name]), key=lambda name: -most[name])
    names = tuple(name for name in most if name in set(ranked[:MOST]))
    return _conflicts(analysis, names, len(ranked) - len(names))


def _row(
    task: str, kind: TaskKind, rule: RuleAnalysis, worth: Worth | None, judged: RuleAnalysis | None
) -> RuleRow:
    measure = judged.measure if judged else None
    interval = measure.interval if measure else None
    return RuleRow(
        task=task,
        kind=kind,
        name=rule.name,
        labels=rule.labels,
        votes=rule.votes,
        coverage=rule.coverage,
        overlap=rule.overlap,
        conflict=rule.conflict,
        estimated=worth.accuracy if worth else None,
        estimated_low=worth.accuracy_low if worth else None,
        estimated_high=worth.accuracy_high if worth else None,
        dev=measure.precision if measure else None,
        dev_low=interval.low if interval else None,
        dev_high=interval.high if interval else None,
        judged=measure.judged if measure else 0,
        redundancy=rule.redundancy,
        twin=rule.twin.name if rule.twin else "",
        draft=rule.draft,
    )


def _conflicts(analysis: MatrixAnalysis, names: tuple[str, ...], hidden: int) -> Conflicts:
    pairs = {frozenset((pair.first, pair.second)): pair for pair in analysis.pairs}
    votes = {rule.name: rule.votes for rule in analysis.rules}

    @cache
    def pair(one: str, other: str) -> Pair | None:
        return pairs.get(frozenset((one, other))) if one != other else None

    def counted(one: str, other: str) -> int:
        found = pair(one, other)
        return found.conflicts if found else 0

    def common(one: str, other: str) -> int:
        found = pair(one, other)
        return found.together if found else 0

    return Conflicts(
        analysis.task,
        names,
        tuple(tuple(counted(i, j) / max(votes[i], 1) for j in names) for i in names),
        tuple(tuple(counted(i, j) for j in names) for i in names),
        tuple(tuple(common(i, j) for j in names) for i in names),
        hidden,
    )


def _texts(results: Results) -> Mapping[str, tuple[str, str]]:
    """Return the file and text of each rule, as the files are now."""
    found = {}
    for unit in read(results.task.rule_files(), {}).units:
        for declaration in unit.parsed.declarations:
            if isinstance(declaration, RuleDecl):
                span = declaration.span
                text = unit.source.text[span.start : span.end]
                found[declaration.name.text] = Path(unit.source.path).name, text
    return found


def _tasks(found: Mapping[str, MatrixAnalysis]) -> str:
    return f"there are: {', '.join(found)}"
