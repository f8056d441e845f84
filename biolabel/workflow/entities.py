"""The label model of entity rules, which makes mentions of their votes: fitted over all shards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from biolabel.compile.mentioned import voted_tasks
from biolabel.compile.plan import Plan, TaskPlan
from biolabel.data.files import settling_folder
from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.data.votes import TaskVotes
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import file_hash, whole_folder, write_record
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
    done = each_shard(_apply_entities, orders, site, plot, bench.job.executor)
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
    folder = bench.job.workspace / "columns" / "fits" / key
    if not whole_folder(folder):
        # Torch takes a second to import, and most edits leave the entity rules as they are.
        from biolabel.labelmodel.model import fit
        from biolabel.labelmodel.params import Settings
        from biolabel.labelmodel.store import save
        from biolabel.labelmodel.words.neighbors import chained

        matrices, graph = _votes(plan, site, tasks, before)
        params = fit(matrices, graph, Settings(method=method), bench.job.progress)
        if method != "majority":
            params = chained(params, list(_neighbors(plan, site, tasks, before, params)))
        with settling_folder(folder) as temporary:
            save(params, temporary / "model")
            write_record(temporary, {})
    return Fit(key, folder / "model")


def _apply_entities(site: Site, order: _Order) -> list[list[str]]:
    """Make and keep the votes of entity tasks on a shard; return what they are, and on which words."""
    run = site.run(order.shard, order.fits)
    tasks = [task for task in site.recipe.plan.tasks if task.task.name in order.tasks]
    return [[run.corpus.content_hash], *(run.contents(task) for task in tasks)]


def _votes(
    plan: Plan, site: Site, tasks: Tasks, fits: Mapping[Tasks, Fit]
) -> tuple[dict[str, LabelMatrix], TaskGraph]:
    """Return the different rows of votes of entity tasks, which shards are asked for one by one.

    All candidates without votes, as most words are, are one row. Fitting looks at no documents.
    """
    from biolabel.labelmodel.moments.moments import merged

    mine = [task for task in plan.tasks if task.task.name in tasks]
    parts: dict[str, list[LabelMatrix]] = {task.task.name: [] for task in mine}
    for shard in range(len(site.store.shards)):
        for task, votes in _of_shard(site, shard, fits, mine):
            parts[task.task.name].append(merged([votes.matrix]))
    matrices = {name: merged(found) for name, found in parts.items()}
    nowhere = {name: np.zeros(m.n_candidates, dtype=np.int32) for name, m in matrices.items()}
    constraints = constraints_on(plan, tasks)
    return matrices, TaskGraph(tuple(t.task for t in mine), constraints, 1, nowhere)


def _neighbors(
    plan: Plan, site: Site, tasks: Tasks, fits: Mapping[Tasks, Fit], params: "LabelModelParams"
) -> "Iterator[dict[str, Counts]]":
    """Yield the steps between neighboring words of each shard, as their own votes make them."""
    from biolabel.labelmodel.model import neighbors

    mine = [task for task in plan.tasks if task.task.name in tasks]
    for shard in range(len(site.store.shards)):
        votes = {t.task.name: found for t, found in _of_shard(site, shard, fits, mine)}
        corpus = site.run(shard, fits).corpus
        graph = task_graph(plan, votes, len(corpus.ids), sentences=corpus.row_sentence)
        yield neighbors(params, {name: found.matrix for name, found in votes.items()}, graph)


def _of_shard(
    site: Site, shard: int, fits: Mapping[Tasks, Fit], tasks: Sequence[TaskPlan]
) -> Iterator[tuple[TaskPlan, TaskVotes]]:
    """Yield the votes of tasks on a shard, which is let go with the last one."""
    run = site.run(shard, fits)
    for task in tasks:
        yield task, run.votes(task)
