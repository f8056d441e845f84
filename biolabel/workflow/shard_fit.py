"""The label model of all tasks over several shards: fitted on what the votes of each add up to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.labelmodel.choice import Method
from biolabel.labelmodel.model import fit, neighbors
from biolabel.labelmodel.moments.moments import merged
from biolabel.labelmodel.params import LabelModelParams, Settings
from biolabel.labelmodel.tasks.shared import shares_rows
from biolabel.labelmodel.words.neighbors import chained
from biolabel.labelmodel.words.sequence import Counts
from biolabel.workflow.applied import Applied, read_shard
from biolabel.workflow.bench import Bench
from biolabel.workflow.graph import task_graph
from biolabel.workflow.site import Site, each_shard
from biolabel.workflow.trust import Part, Trust, part_of, trust_of

Result = TypeVar("Result")
Models = Mapping[str, LabelModelParams]


def fit_shards(
    bench: Bench, folders: Sequence[Path], methods: Mapping[str, Method]
) -> tuple[Models, Mapping[str, Trust]] | None:
    """Return the label model of each method, and what the one called `model` makes of each task.

    folders: the votes on each shard of the corpus; methods: `model` and `majority`. What is in memory is
    the different rows of votes, however many shards have them. None where tasks share their rows, as
    constraints may make them: those can only be fitted where all rows are.
    """
    orders = [_Order(shard, folder) for shard, folder in enumerate(folders)]
    found = list(_each(bench, _distinct, orders))
    if any(shares for _, shares in found):
        return None
    matrices = {name: merged([shard[name] for shard, _ in found]) for name in found[0][0]}
    nowhere = {name: np.zeros(m.n_candidates, dtype=np.int32) for name, m in matrices.items()}
    graph = TaskGraph(tuple(m.task for m in matrices.values()), (), 1, nowhere)
    models = {
        name: fit(matrices, graph, Settings(method=method), bench.job.progress)
        for name, method in methods.items()
    }
    if methods["model"] != "majority":
        orders = [replace(order, models=models) for order in orders]
        models["model"] = chained(models["model"], list(_each(bench, _steps, orders)))
    parts = list(_each(bench, _part, [replace(order, models=models) for order in orders]))

    def votes(shard: int) -> Mapping[str, LabelMatrix]:
        return _matrices(read_shard(folders[shard]))

    return models, trust_of(models["model"], parts, votes)


@dataclass(frozen=True, slots=True)
class _Order:
    """A shard with its votes, and the label models as far as they are fitted."""

    shard: int
    folder: Path
    models: Models = field(default_factory=dict)


def _each(
    bench: Bench, function: Callable[[Site, _Order], Result], orders: Sequence[_Order]
) -> Iterator[Result]:
    site, plot = bench.site("corpus", "found"), bench.plot("corpus", "found")
    done = each_shard(function, orders, site, plot, bench.job.executor)
    return bench.job.progress(done, name="label model on shards", total=len(orders))


def _distinct(site: Site, order: _Order) -> tuple[dict[str, LabelMatrix], bool]:
    """Return the different rows of votes of all tasks, and whether some tasks share their rows."""
    found = read_shard(order.folder)
    matrices = {name: merged([matrix]) for name, matrix in _matrices(found).items()}
    return matrices, shares_rows(_graph(site, order, found))


def _steps(site: Site, order: _Order) -> dict[str, Counts]:
    """Return the steps between neighboring words, as their own votes make them."""
    found = read_shard(order.folder)
    return neighbors(order.models["model"], _matrices(found), _graph(site, order, found))


def _part(site: Site, order: _Order) -> dict[str, Part]:
    """Return what is to be known of the votes of all tasks, beside the majority vote."""
    found = read_shard(order.folder)
    both = order.models["model"], order.models["majority"]
    return part_of(*both, _matrices(found), _graph(site, order, found))


def _matrices(found: Applied) -> dict[str, LabelMatrix]:
    return {name: votes.matrix for name, votes in found.votes.items()}


def _graph(site: Site, order: _Order, found: Applied) -> TaskGraph:
    corpus = site.run(order.shard, {}).corpus
    documents, sentences = len(corpus.ids), corpus.row_sentence
    return task_graph(site.recipe.plan, found.votes, documents, found.mentions, sentences)
