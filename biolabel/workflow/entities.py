"""The label model of entity rules, which makes mentions of their votes: fitted over all shards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from biolabel.compile.mentioned import voted_tasks
from biolabel.compile.plan import Plan, TaskPlan
from biolabel.data.files import settling_folder
from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import file_hash, whole_folder, write_record
from biolabel.workflow.columns import FITS
from biolabel.workflow.graph import constraints_on, entities, task_graph
from biolabel.workflow.marks import digest
from biolabel.workflow.shards import Fit, Tasks
from biolabel.workflow.site import Site, each_shard

if TYPE_CHECKING:
    from biolabel.labelmodel.params import LabelModelParams
    from biolabel.labelmodel.words.sequence import Counts


@dataclass(frozen=True, slots=True)
class _Order:
    """Entity tasks to apply to a shard, with the label models of those before them."""

    shard: int
    tasks: Tasks
    fits: Mapping[Tasks, Fit]


def fitted(bench: Bench, site: Site, given: Path | None) -> dict[Tasks, Fit]:
    """Return the label model for each set of entity tasks whose mentions rules speak of.

    Tasks whose rules name types that other tasks find come after these. given: a label model of all
    entity tasks that is used instead of fitting, as one is for dev.
    """
    plan = bench.plan
    named = [task.sees for task in plan.tasks if task.task.name in early(plan) and task.sees]
    every = frozenset(entities(plan))
    wanted = [*dict.fromkeys(named), *([every] if every else [])]
    if given is not None:
        key = digest([file_hash(file) for file in sorted(given.iterdir())]) if every else ""
        return dict.fromkeys(wanted, Fit(key, given))
    fits: dict[Tasks, Fit] = {}
    for tasks in wanted:
        if tasks not in fits:
            fits[tasks] = _fit(bench, site, tasks, fits)
    return fits


def early(plan: Plan) -> set[str]:
    """Return the entity tasks, and those whose votes their rules ask for, directly or not."""
    needed = set(entities(plan))
    for task in reversed(plan.tasks):
        if task.task.name in needed:
            parts = [(rule.find, rule.when, rule.unless, rule.cases) for rule in task.rules]
            needed |= set(voted_tasks((task.declaration, *parts)))
    return needed


def _fit(bench: Bench, site: Site, tasks: Tasks, before: Mapping[Tasks, Fit]) -> Fit:
    """Return the label model of entity tasks, fitted unless it was for the same votes."""
    plan, count = bench.plan, len(site.store.shards)
    orders = [_Order(i, tasks, dict(before)) for i in range(count)]
    plot = bench.plot("corpus", site.recipe.source)
    executor = bench.job.executor
    done = each_shard(_apply_entities, orders, site, plot, executor)
    if count > 1:
        done = bench.job.progress(done, name="entity rules on shards", total=count)
    columns = list(done)
    mine = [task for task in plan.tasks if task.task.name in tasks]
    functions = [
        (lf.name, lf.precision, sorted(lf.groups), lf.draft)
        for task in mine
        for lf in (rule.lf for rule in task.rules)
    ]
    method = bench.job.task.task.label_model.method
    key = digest(
        bench.job.code, method, [task.task for task in mine], functions,
        constraints_on(plan, tasks), columns,
    )  # fmt: skip
    folder = bench.job.workspace / "columns" / FITS / key
    if not whole_folder(folder):
        # Torch takes a second to import, and most edits leave the entity rules as they are.
        from biolabel.labelmodel.model import fit
        from biolabel.labelmodel.params import Settings
        from biolabel.labelmodel.store import save
        from biolabel.labelmodel.words.neighbors import chained

        matrices, graph = _votes(plan, each_shard(_distinct, orders, site, plot, executor), tasks)
        params = fit(matrices, graph, Settings(method=method), bench.job.progress)
        if method != "majority":
            after = [(order, params) for order in orders]
            params = chained(params, list(each_shard(_neighbors, after, site, plot, executor)))
        with settling_folder(folder) as temporary:
            save(params, temporary / "model")
            write_record(temporary, {})
    return Fit(key, folder / "model")


def _apply_entities(site: Site, order: _Order) -> list[list[str]]:
    """Make and keep the votes of entity tasks on a shard; return what they are, and on which words."""
    run = site.run(order.shard, order.fits)
    return [[run.corpus.content_hash], *(run.contents(task) for task in _tasks(site, order))]


def _votes(
    plan: Plan, shards: Iterable[Mapping[str, LabelMatrix]], tasks: Tasks
) -> tuple[dict[str, LabelMatrix], TaskGraph]:
    """Return the different rows of votes of entity tasks on all shards. Fitting looks at no documents."""
    from biolabel.labelmodel.moments.moments import merged

    found = list(shards)
    mine = [task.task for task in plan.tasks if task.task.name in tasks]
    matrices = {task.name: merged([shard[task.name] for shard in found]) for task in mine}
    nowhere = {name: np.zeros(m.n_candidates, dtype=np.int32) for name, m in matrices.items()}
    return matrices, TaskGraph(tuple(mine), constraints_on(plan, tasks), 1, nowhere)


def _distinct(site: Site, order: _Order) -> dict[str, LabelMatrix]:
    """Return the different rows of votes of entity tasks on a shard, with how often each occurs.

    All candidates without votes, as most words are, are one row.
    """
    from biolabel.labelmodel.moments.moments import merged

    run = site.run(order.shard, order.fits)
    return {task.task.name: merged([run.votes(task).matrix]) for task in _tasks(site, order)}


def _neighbors(site: Site, item: "tuple[_Order, LabelModelParams]") -> "dict[str, Counts]":
    """Return the steps between neighboring words of a shard, as their own votes make them."""
    from biolabel.labelmodel.model import neighbors

    order, params = item
    run = site.run(order.shard, order.fits)
    votes = {task.task.name: run.votes(task) for task in _tasks(site, order)}
    sentences = run.corpus.row_sentence
    graph = task_graph(site.recipe.plan, votes, len(run.corpus.ids), sentences=sentences)
    return neighbors(params, {name: found.matrix for name, found in votes.items()}, graph)


def _tasks(site: Site, order: _Order) -> list[TaskPlan]:
    return [task for task in site.recipe.plan.tasks if task.task.name in order.tasks]
