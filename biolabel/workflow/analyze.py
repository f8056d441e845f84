"""Stage: coverage, overlap, conflict and, where there is gold, precision of every rule."""

import json
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules
from biolabel.evaluation.values import analysis_values
from biolabel.workflow.applied import task_files
from biolabel.workflow.apply import apply, apply_for, open_votes
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote, file_hash
from biolabel.workflow.columns import Shelf
from biolabel.workflow.job import Which
from biolabel.workflow.marks import digest

_ANALYSIS = TypeAdapter(MatrixAnalysis)


def analyze(bench: Bench, which: Which) -> StageNote:
    """Analyze the votes over the corpus or dev; `TASK.json` has the figures of each task."""
    applied = apply(bench, which)
    gold = {n: g.model_dump() for n, g in bench.job.task.task.gold.items()}

    def make(folder: Path) -> None:
        for name, found in analyses(bench, which).items():
            (folder / f"{name}.json").write_text(json.dumps(analysis_values(found)), "utf-8")

    return bench.job.stage("analyze", {"votes": applied.key, "gold": gold}, make)


def analyses(bench: Bench, which: Which, task: str | None = None) -> dict[str, MatrixAnalysis]:
    """Return the analysis of each task's votes over the corpus or dev, made only of new votes.

    task: the only one that is asked for, whose rules may then do without those of others.

    Raises:
        RunError: BL922 when there is no such task.
    """
    applied = apply(bench, which) if task is None else apply_for(bench, which, task)
    known = {n: g.names for n, g in bench.job.task.task.gold.items()}
    kept = Shelf(bench.job.workspace / "columns" / "analyses")
    opened = cache(lambda: open_votes(applied))

    def analysis(name: str, path: Path) -> MatrixAnalysis:
        found = kept.load(path, lambda held: _ANALYSIS.validate_json(held.to_pybytes()))
        if found is None:
            votes = opened()[name]
            found = analyze_rules(votes.matrix, gold_labels(votes, bench.corpus(which), known))
            with kept.keeping(path) as temporary:
                temporary.write_bytes(_ANALYSIS.dump_json(found))
        return found

    def remembered(name: str) -> MatrixAnalysis:
        files = [file_hash(file) for file in task_files(applied.folder, name)]
        key = digest(bench.job.code, files, known.get(name), bench.store(which).content_hash)
        path = kept.path(name, which, key, ".json")
        return bench.memory.get(path, lambda: analysis(name, path))

    names = [each.task.name for each in bench.plan.tasks] if task is None else [task]
    return {name: remembered(name) for name in names}
