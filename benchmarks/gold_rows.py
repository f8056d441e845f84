"""What gold rows do to the label model of CDR: labels of asserted pairs, as a curator would give them.

Labels are drawn from the training gold; dev only scores. Printed, not kept: docs/curation.md names it.

    python benchmarks/gold_rows.py --workspace /tmp/gold
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.curation.gold import GoldRow, write_gold
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.thresholds import expected_f1_threshold
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.job import Job, Which
from biolabel.workflow.settings import load_task

TASK, LABEL = "cid", "causes"


def asserted(work: Bench, which: Which) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which pairs the label model asserts, and which gold has: bool[n] each."""
    applied = open_applied(apply(work, which))
    model = open_fitted(fit(work)).model
    found = soft_labels(work, model, applied.votes, which, applied.mentions)[TASK]
    bit = found.task.labels.index(LABEL)
    known = {name: gold.names for name, gold in work.job.task.task.gold.items()}
    gold = gold_labels(applied.votes[TASK], work.corpus(which), known)
    said = found.probabilities[:, bit]
    return said >= expected_f1_threshold(said), gold == 1 << bit


def f1(said: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """Return the F1 of asserted pairs."""
    return float(2 * (said & right).sum() / (said.sum() + right.sum()))


def main() -> None:
    """Print the F1 on dev without gold rows and with some, by two draws each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    folder = parser.parse_args().workspace
    task = load_task(Path("tasks/cdr"))
    parts: tuple[Which, ...] = ("corpus", "dev")
    files = {which: path for which in parts if (path := task.documents(which))}
    work = Bench(Job(task, folder, files))
    print(f"no gold rows: F1 {f1(*asserted(work, 'dev')):.4f}")
    votes, ids = open_applied(apply(work, "corpus")).votes[TASK], work.corpus("corpus").ids
    said, right = asserted(work, "corpus")
    for many in (100, 300):
        for seed in (0, 1):
            drawn = np.random.default_rng(seed).choice(np.flatnonzero(said), many, replace=False)
            rows = [
                GoldRow(
                    TASK,
                    ids[votes.documents[i]],
                    votes.subjects[i],
                    votes.objects[i],
                    LABEL if right[i] else "none",
                )
                for i in drawn.tolist()
            ]
            path = write_gold(folder / f"gold-{many}-{seed}.tsv", rows)
            taught = Bench(replace(work.job, gold_rows=path, notes={}))
            print(f"{many} gold rows, draw {seed}: F1 {f1(*asserted(taught, 'dev')):.4f}")


if __name__ == "__main__":
    main()
