"""Two versions of rules over one corpus: which votes they gain and lose."""

from pathlib import Path

import numpy as np

from biolabel.data.progress import Progress
from biolabel.evaluation.diff import RuleDiff, Side, diff
from biolabel.evaluation.gold import gold_labels
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job, Which, cores
from biolabel.workflow.settings import load_task


def diff_rules(
    paths: tuple[Path, Path],
    corpus: Path,
    workspace: Path,
    n: int,
    seed: int,
    progress: Progress,
    *,
    allow_python: bool = False,
    workers: int = 0,
) -> tuple[RuleDiff, ...]:
    """Return what changes from the first rules to the second: each a task's folder or a rule file.

    workers: how many processes work side by side, 0 for one a core.

    Raises:
        RuleError: when one of them has errors; RunError: as `load_task`.
    """
    files: dict[Which, Path] = {"corpus": corpus}
    many = workers or cores()
    benches = [
        Bench(Job(load_task(path), workspace, files, seed, progress, allow_python, many))
        for path in paths
    ]
    for bench in benches:
        bench.rules.ready()
    old, new = (_side(bench) for bench in benches)
    return diff(old, new, n, np.random.default_rng(seed))


def _side(bench: Bench) -> Side:
    applied = open_applied(apply(bench, "corpus"))
    found = bench.corpus("corpus")
    known = {name: gold.names for name, gold in bench.job.task.task.gold.items()}
    gold = {name: gold_labels(each, found, known) for name, each in applied.votes.items()}
    return Side(found, applied.mentions, applied.votes, gold)
