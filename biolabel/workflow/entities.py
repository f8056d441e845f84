"""The label model of entity rules, which makes mentions of their votes: fitted over all shards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from biolabel.compile.mentioned import voted_tasks
from biolabel.compile.plan import Plan, TaskPlan
from biolabel.data.files import replacing_folder
from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.data.votes import TaskVotes
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.store import save
from biolabel.labelmodel.votes import distinct
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import file_hash
from biolabel.workflow.graph import constraints_on, entities
from biolabel.workflow.marks import digest
from biolabel.workflow.shards import Fit, Tasks
from biolabel.workflow.site import Site, each_shard


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
    named = [task.sees for task in plan.tasks if task.task.name in _early(plan) and task.sees]
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


def _early(plan: Plan) -> set[str]:
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
    done = each_shard(_apply_entities, orders, site, plot, bench.job.workers)
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
    if not folder.is_dir():
        # Torch takes a second to import, and most edits leave the entity rules as they are.
        from biolabel.labelmodel.model import fit

        matrices, graph = _votes(plan, site, tasks, before)
        params = fit(matrices, graph, Settings(method=method), bench.job.progress)
        with replacing_folder(folder) as temporary:
            save(params, temporary / "model")
    return Fit(key, folder / "model")


def _apply_entities(site: Site, order: _Order) -> list[list[str]]:
    """Make and keep the votes of entity tasks on a shard; return what identifies them."""
    run = site.run(order.shard, order.fits)
    tasks = [task for task in site.recipe.plan.tasks if task.task.name in order.tasks]
    return [run.identities(task) for task in tasks]


def _votes(
    plan: Plan, site: Site, tasks: Tasks, fits: Mapping[Tasks, Fit]
) -> tuple[dict[str, LabelMatrix], TaskGraph]:
    """Return the different rows of votes of entity tasks, which shards are asked for one by one.

    Fitting looks neither at candidates without votes, as most words are, nor at documents.
    """
    mine = [task for task in plan.tasks if task.task.name in tasks]
    parts: dict[str, list[LabelMatrix]] = {task.task.name: [] for task in mine}
    for shard in range(len(site.store.shards)):
        for task, votes in _of_shard(site, shard, fits, mine):
            parts[task.task.name].append(distinct(votes.matrix))
    matrices = {name: _together(found) for name, found in parts.items()}
    nowhere = {name: np.zeros(m.n_candidates, dtype=np.int32) for name, m in matrices.items()}
    constraints = constraints_on(plan, tasks)
    return matrices, TaskGraph(tuple(t.task for t in mine), constraints, 1, nowhere)


def _of_shard(
    site: Site, shard: int, fits: Mapping[Tasks, Fit], tasks: Sequence[TaskPlan]
) -> Iterator[tuple[TaskPlan, TaskVotes]]:
    """Yield the votes of tasks on a shard, which is let go with the last one."""
    run = site.run(shard, fits)
    for task in tasks:
        yield task, run.votes(task)


def _together(parts: Sequence[LabelMatrix]) -> LabelMatrix:
    """Return the votes of several shards as those of one."""
    before = np.cumsum([0, *(part.n_candidates for part in parts)]).astype(np.int32)
    return replace(
        parts[0],
        n_candidates=int(before[-1]),
        candidate=np.concatenate([p.candidate + n for p, n in zip(parts, before, strict=False)]),
        lf=np.concatenate([part.lf for part in parts]),
        mask=np.concatenate([part.mask for part in parts]),
        times=np.concatenate([part.times for part in parts if part.times is not None]),
    )
