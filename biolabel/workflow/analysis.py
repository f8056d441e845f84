"""What an analysis of rules shows: the figures of each task and its uncovered slice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from biolabel.compile.plan import Plan
from biolabel.data.mentions import given_mentions
from biolabel.errors import RunError
from biolabel.evaluation.company import Tree, clusters, similarity_tree
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.rules import MatrixAnalysis
from biolabel.evaluation.values import analysis_values, cluster_values, slice_values
from biolabel.lang.nearest import nearest_few
from biolabel.workflow.analyze import analyses
from biolabel.workflow.apply import apply, apply_for, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.graph import wants_given
from biolabel.workflow.job import Which
from biolabel.workflow.report.page import write_text

if TYPE_CHECKING:
    from biolabel.evaluation.uncovered import UncoveredSlice

FORMAT = 1
"""The version of the JSON; a name that is there stays, with its meaning, while it is the same."""
ALIKE = 0.5
"""The mean Jaccard index from which labeling functions are shown as one cluster."""


@dataclass(frozen=True, slots=True)
class TaskAnalysis:
    """The analysis of one task's rules over the corpus or dev; uncovered: None if not asked for."""

    part: Which
    matrix: MatrixAnalysis
    uncovered: "UncoveredSlice | None" = None

    @property
    def tree(self) -> Tree:
        """The labeling functions with votes, joined by how alike they are."""
        names = [rule.name for rule in self.matrix.rules if rule.votes]
        return similarity_tree(names, self.matrix.pairs)


def whole_analyses(
    bench: Bench, which: Which, n: int | None = None, task: str | None = None
) -> tuple[TaskAnalysis, ...]:
    """Return the analysis of each task, or of one; with n also its uncovered slice with up to n samples.

    Raises:
        RunError: BL922 when there is no such task.
    """
    found = analyses(bench, which, task)
    slices = {} if n is None else _slices(bench, which, n, task)
    return tuple(TaskAnalysis(which, found[name], slices.get(name)) for name in found)


def task_of(plan: Plan, rule: str) -> str:
    """Return the task of a rule.

    Raises:
        RunError: BL922 when no rule has the name.
    """
    tasks = {each.lf.name: task.task.name for task in plan.tasks for each in task.rules}
    if rule not in tasks:
        message = f"no rule that runs is called `{rule}`"
        raise RunError("BL922", message, hint=nearest_few(rule, tasks, "rules"))
    return tasks[rule]


def analyses_values(found: Sequence[TaskAnalysis]) -> dict[str, object]:
    """Return analyses as plain values, as docs/analysis.md describes them."""
    return {
        "format": FORMAT,
        "analyses": [
            {
                "on": each.part,
                **analysis_values(each.matrix),
                "clusters": [cluster_values(c) for c in clusters(each.tree, ALIKE)],
                "slice": None if each.uncovered is None else slice_values(each.uncovered),
            }
            for each in found
        ],
    }


def write_analysis(path: Path, bench: Bench, found: Sequence[TaskAnalysis]) -> None:
    """Write analyses as one HTML page.

    Raises:
        RunError: BL906 when the file cannot be written.
    """
    from biolabel.workflow.report.analysis import AnalysisPart, render_analysis

    facts: dict[str, str] = {
        "task": bench.job.task.task.name,
        **{each.part: str(bench.job.files[each.part]) for each in found},
        "rules": bench.rules.digest,
        "code": bench.job.code,
    }
    parts = [AnalysisPart(each.part, each.matrix, each.uncovered) for each in found]
    title = f"{bench.job.task.task.title}: rules"
    write_text(path, render_analysis(title, facts, parts))


def _slices(bench: Bench, which: Which, n: int, task: str | None) -> "dict[str, UncoveredSlice]":
    """Return the uncovered slice of each task, or of one; samples are drawn with the job's seed."""
    from biolabel.evaluation.uncovered import uncovered_slice

    applied = open_applied(apply(bench, which) if task is None else apply_for(bench, which, task))
    corpus = bench.corpus(which)
    known = {name: gold.names for name, gold in bench.job.task.task.gold.items()}
    found = {}
    for plan in bench.plan.tasks:
        if task not in (None, plan.task.name):
            continue
        votes = applied.votes[plan.task.name]
        mentions = given_mentions(corpus) if wants_given(plan) else applied.mentions
        gold = gold_labels(votes, corpus, known)
        rng = np.random.default_rng(bench.job.seed)
        found[plan.task.name] = uncovered_slice(
            votes, corpus, mentions, plan.declaration, gold, n, rng
        )
    return found
