"""What tasks with functions of the same names learn from each other: 100 planted tasks, few rows each.

Macro-F1 below the true parameters, told nothing: each task fitted alone, and all as one system, where the
functions of one name are alike and where only their names are. Seeds 1 to 5; `--choose` prints the same for
other shares of pseudo-votes that kin may lend (`kin.SHARE`), on seeds from 101 on.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from unittest.mock import patch

import numpy as np
from frame import Row, write
from label_model_scores import macro_f1
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix

from biolabel.labelmodel.em.mixture import independent, posterior
from biolabel.labelmodel.planted import tasks
from biolabel.labelmodel.planted.tasks import PlantedTasks
from biolabel.labelmodel.tasks import kin
from biolabel.labelmodel.tasks.blocks import block
from biolabel.labelmodel.tasks.many import Settled, fit_many
from biolabel.labelmodel.votes import symbols

Make = Callable[[np.random.Generator, int, int], PlantedTasks]
SETS: Mapping[str, Make] = {"alike": tasks.alike, "only named alike": tasks.unrelated}
TASKS, ROWS, SEEDS, CHOOSING = 100, (300, 1000), (1, 2, 3, 4, 5), (101, 102, 103)
SHARES = (0.03, 0.1, 0.3, 1.0)
TOLERANCE, MOST = 1e-5, 500
SLACK = 0.002
"""Macro-F1 that tasks may lose to functions that are kin by name alone."""


def lost(planted: PlantedTasks, found: Iterable[Settled]) -> float:
    """Return the macro-F1 that estimates lose against the true parameters, the mean of the tasks."""
    gaps = []
    for (name, matrix), settled in zip(planted.matrices.items(), found, strict=True):
        held, truth = symbols(matrix), planted.truth[name]
        mixture = independent(settled.emission, held.lf, len(matrix.lfs))
        ones = np.ones(len(matrix.candidate))
        shape = matrix.n_candidates, len(held.lf)
        shown = csr_matrix((ones, (matrix.candidate, held.of_vote)), shape=shape)
        soft = np.asarray(posterior(mixture, shown).soft)
        gaps.append(macro_f1(truth, planted.posterior[name]) - macro_f1(truth, soft))
    return float(np.mean(gaps))


def losses(make: Make, rows: int, seed: int) -> tuple[float, float]:
    """Return the loss of tasks fitted alone, and of all as one system."""
    planted = make(np.random.default_rng(seed), rows, TASKS)
    blocks = [block(m, np.full(len(m.lfs), 0.7)) for m in planted.matrices.values()]
    alone = [fit_many([each], TOLERANCE, MOST)[0] for each in blocks]
    return lost(planted, alone), lost(planted, fit_many(blocks, TOLERANCE, MOST))


def choose() -> None:
    """Print the mean loss for other shares of pseudo-votes."""
    table = Table("share", *(f"{name}, {rows} rows" for name in SETS for rows in ROWS))
    for share in SHARES:
        with patch.object(kin, "SHARE", share):
            found = [
                np.mean([losses(make, rows, seed)[1] for seed in CHOOSING])
                for make in SETS.values()
                for rows in ROWS
            ]
        table.add_row(f"{share}", *(f"{value:.4f}" for value in found))
    Console().print(table)


def main() -> None:
    """Write benchmarks/results/label_model_many.json, or print what the share was chosen from."""
    if "--choose" in sys.argv[1:]:
        choose()
        return
    lines = []
    for name, make in SETS.items():
        for rows in ROWS:
            found = np.array([losses(make, rows, seed) for seed in SEEDS])
            alone, together = found.mean(axis=0).tolist()
            most = alone if name == "alike" else alone + SLACK
            unit = "macro-F1 under the ceiling"
            title = f"{TASKS} tasks, {rows} rows, functions {name}"
            lines += [
                Row(f"{title}: each alone", alone, unit=unit),
                Row(f"{title}: one system", together, most, unit, together <= most),
            ]
    write("label_model_many", lines)


if __name__ == "__main__":
    main()
