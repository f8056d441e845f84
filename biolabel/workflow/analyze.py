"""Stage: coverage, overlap, conflict and, where there is gold, precision of every rule."""

import json
from pathlib import Path

from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules
from biolabel.evaluation.values import analysis_values
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.job import Which


def analyze(bench: Bench, which: Which) -> StageNote:
    """Analyze the votes over the corpus or dev; `TASK.json` has the figures of each task."""
    applied = apply(bench, which)
    gold = {n: g.model_dump() for n, g in bench.job.task.task.gold.items()}

    def make(folder: Path) -> None:
        for name, found in analyses(bench, which).items():
            text = json.dumps(analysis_values(found), indent=1)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")

    return bench.job.stage("analyze", {"votes": applied.key, "gold": gold}, make)


def analyses(bench: Bench, which: Which) -> dict[str, MatrixAnalysis]:
    """Return the analysis of each task's votes over the corpus or dev."""
    votes = open_applied(apply(bench, which)).votes
    known = {n: g.names for n, g in bench.job.task.task.gold.items()}
    corpus = bench.corpus(which)
    return {
        name: analyze_rules(found.matrix, gold_labels(found, corpus, known))
        for name, found in votes.items()
    }
