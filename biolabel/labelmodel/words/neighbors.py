"""Tasks on words: what neighbors teach each other, counted in fitting and used in predicting."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from biolabel.data.labels import TaskGraph
from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats
from biolabel.labelmodel.words.sequence import (
    Counts,
    chains,
    count,
    learn,
    log_likelihood,
    smoothed,
)


def count_steps(
    soft: Mapping[str, Floats], covered: Mapping[str, Flags], graph: TaskGraph
) -> dict[str, Counts]:
    """Return the expected steps between the words of each exclusive task that the graph has in order.

    soft: float64[n, k] by task, of each word's own votes; covered: bool[n] by task.
    """
    exclusive = {task.name for task in graph.tasks if task.exclusive}
    return {
        name: count(chains(covered[name], follows), soft[name])
        for name, follows in graph.follows.items()
        if name in exclusive & set(soft)
    }


def chained(params: LabelModelParams, counted: Sequence[Mapping[str, Counts]]) -> LabelModelParams:
    """Return the parameters with the transitions that counts of one or more shards make."""
    total: dict[str, Counts] = {}
    for counts in counted:
        for name, own in counts.items():
            total[name] = total[name] + own if name in total else own
    return replace(params, chains={name: learn(counts) for name, counts in total.items()})


def smooth(
    params: LabelModelParams,
    soft: Mapping[str, Floats],
    covered: Mapping[str, Flags],
    graph: TaskGraph,
) -> dict[str, Floats]:
    """Return the soft labels, those of words with votes given the votes of their neighbors too."""
    result = dict(soft)
    for name in params.chains.keys() & graph.follows.keys() & soft.keys():
        fitted, own = params.chains[name], soft[name]
        found = chains(covered[name], graph.follows[name])
        together = smoothed(found, log_likelihood(own, fitted.share), fitted)
        result[name] = np.where(np.isnan(together), own, together)
    return result
