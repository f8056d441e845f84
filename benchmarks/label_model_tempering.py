"""What the tempered estimator's choices do: `python benchmarks/label_model_tempering.py`.

On the training votes of the tasks and of 31 published functions, whose gold is looked at only here:
how much repeated votes lose, how much silence weighs, what the class prior does meanwhile, and
beside them the majority vote and the estimator that takes silence as full evidence. F1 is that of
pairs from the threshold of highest expected F1 on, of words and of the functions by likeliest label.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from label_model_real import measures, own_soft
from label_model_scores import Floats
from label_model_votes import RealVotes, real_votes
from rich.console import Console
from rich.table import Table

from biolabel.labelmodel.choice import Method
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.tempered import Believed, Tempering, posterior, repeated, tempered, units
from biolabel.labelmodel.votes import Patterns, compress, group_weights, symbols

METHODS: tuple[Method, ...] = ("majority", "emission", "auto")
TEMPERINGS: Mapping[str, Tempering] = {
    "tempered": Tempering(),
    "repeated votes at full weight": Tempering(repetition=0.0),
    "repeated votes as one": Tempering(repetition=1.0),
    "silence counts nothing": Tempering(silence=0.0),
    "silence counts a quarter": Tempering(silence=0.25),
    "silence at full weight": Tempering(silence=1.0),
    "stated precisions weigh 3": Tempering(stated=3.0),
    "default precision weighs 10": Tempering(unstated=10.0),
}
MEASURES = ("F1", "AP", "log loss", "ECE")


def main() -> None:
    """Print a table a set of votes."""
    for votes in real_votes(dev=False):
        if votes.train.matrix.task.exclusive:
            grid = Table("", *MEASURES, title=f"{votes.name}, training part")
            for name, soft in _soft(votes):
                found = measures(votes, soft)
                grid.add_row(name, *(f"{found[measure]:.3f}" for measure in MEASURES))
            Console().print(grid)


def _soft(votes: RealVotes) -> Iterator[tuple[str, Floats]]:
    for method in METHODS:
        yield method, own_soft(votes, Settings(method=method))
    for name, tempering in TEMPERINGS.items():
        yield name, _tempered(votes, tempering)


def _tempered(votes: RealVotes, tempering: Tempering) -> Floats:
    """Return the soft labels of a tempering, float64[n, k]."""
    matrix, settings = votes.train.matrix, Settings()
    found, unit = symbols(matrix), units(matrix.lfs)
    row = matrix.candidate.astype(np.int64)
    weight = repeated(row, matrix.mask, group_weights(matrix), tempering.repetition)
    stated = np.array([lf.precision is not None for lf in matrix.lfs])
    precision = np.array([lf.precision or settings.precision for lf in matrix.lfs])
    believed = Believed(
        found.lf,
        allowed(found.mask, len(matrix.task.labels)),
        precision[found.lf],
        stated[found.lf],
        unit,
    )
    patterns = compress(matrix, found, weight)
    tables, _, _ = tempered(
        patterns, believed, tempering, settings.tolerance, settings.max_iterations
    )
    every = Patterns(row, found.of_vote.astype(np.int64), weight, np.ones(matrix.n_candidates))
    return posterior(every, unit[found.lf], tables)


if __name__ == "__main__":
    main()
