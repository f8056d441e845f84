"""Stage: rules to votes, and the mentions that relation rules speak of, shard by shard."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.engine import apply_task, counts_of_votes
from biolabel.apply.faults import Fault
from biolabel.apply.scene import Scene
from biolabel.apply.store import save_mentions, save_votes
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.lang.nearest import nearest_few
from biolabel.workflow.applied import (
    Applied,
    read_applied,
    read_votes,
    shard_folders,
    tallies,
    write_sizes,
)
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.columns import clear
from biolabel.workflow.entities import early, fitted
from biolabel.workflow.faults import write_faults
from biolabel.workflow.graph import entities, wants_given
from biolabel.workflow.job import Which
from biolabel.workflow.models import check_python
from biolabel.workflow.reading import Reading, unread
from biolabel.workflow.shards import Fit, Source, Tasks
from biolabel.workflow.site import Site, each_shard


@dataclass(frozen=True, slots=True)
class _Order:
    """One shard to work on: its number, the label models of its entity rules, where results go.

    early: entity rules alone, before it is known what all of them find together.
    """

    shard: int
    fits: Mapping[Tasks, Fit]
    folder: Path
    early: bool = False


def apply(bench: Bench, which: Which, source: Source = "found") -> StageNote:
    """Run all rules over the corpus or dev, shard by shard in as many processes as the job may use.

    Mentions are found by the entity rules as the label model weighs them; that part of the label model
    is fitted on the corpus and used on dev. Relations with `mentions: given`, and everything in a task
    without entity rules, speak of given mentions whatever the source. Votes that were kept
    (`workflow.columns`) are not made again. Where a rule failed, because a model or function did, it
    has no vote, and `faults.tsv` has a row.
    """
    with bench.placed():
        return _apply(bench, which, source)


def apply_for(bench: Bench, which: Which, task: str) -> StageNote:
    """Apply the rules of one task, and no others where an entity task does without them.

    Its votes do not depend on what all entity rules find together, so that no label model has to be
    fitted, and no rule sees other candidates because of it. `apply` makes all other votes.

    Raises:
        RunError: BL922 when there is no such task.
    """
    plan = bench.plan
    names = [each.task.name for each in plan.tasks]
    if task not in names:
        message = f"there is no task `{task}`"
        raise RunError("BL922", message, hint=nearest_few(task, names, "tasks"))
    sees = any(each.sees for each in plan.tasks if each.task.name in early(plan))
    if task not in entities(plan) or sees:
        return apply(bench, which)
    with bench.placed():
        return _apply_early(bench, which)


def _apply_early(bench: Bench, which: Which) -> StageNote:
    """Return the stage with the votes of entity rules alone."""
    inputs = _inputs(bench, which)

    def make(folder: Path) -> None:
        check_python(bench.plan, bench.rules.files, allowed=bench.job.allow_python)
        site = bench.site(which, "found")
        folders = shard_folders(folder, len(site.store.shards))
        orders = [_Order(i, {}, place, early=True) for i, place in enumerate(folders)]
        _work(bench, which, site, orders, folder)

    return bench.job.stage("apply-entities", inputs, make)


def _inputs(bench: Bench, which: Which) -> dict[str, object]:
    """Return what all votes depend on."""
    return {
        "corpus": bench.ingested(which).key,
        "rules": bench.rules.digest,
        **bench.knowledge_inputs(),
    }


def _apply(bench: Bench, which: Which, source: Source) -> StageNote:
    first = apply(bench, "corpus", "found") if (which, source) != ("corpus", "found") else None
    inputs = _inputs(bench, which) | {
        "mentions": source,
        "fitted": first.key if first else "",
        "method": bench.job.task.task.label_model.method,
    }

    def make(folder: Path) -> None:
        check_python(bench.plan, bench.rules.files, allowed=bench.job.allow_python)
        site = bench.site(which, source)
        fits = fitted(bench, site, first.folder / "entities" if first else None)
        last = fits.get(frozenset(entities(bench.plan)))
        if first is None and last is not None:
            shutil.copytree(last.folder, folder / "entities")
        folders = shard_folders(folder, len(site.store.shards))
        orders = [_Order(i, fits, place) for i, place in enumerate(folders)]
        _work(bench, which, site, orders, folder)

    return bench.job.stage("apply", inputs, make)


def _work(bench: Bench, which: Which, site: Site, orders: Sequence[_Order], folder: Path) -> None:
    """Apply rules to all shards, and write what joins their votes, and what failed."""
    plot = bench.plot(which, site.recipe.source)
    done = each_shard(_apply_shard, orders, site, plot, bench.job.executor)
    if len(orders) > 1:
        done = bench.job.progress(done, name="rules on shards", total=len(orders))
    shards = list(done)
    write_sizes(folder, [(shard.documents, shard.rows) for shard in shards])
    write_faults(folder, [fault for shard in shards for fault in shard.faults])
    clear(bench.job.workspace, [shard.content_hash for shard in site.store.shards], date.today())


@dataclass(frozen=True, slots=True)
class _Done:
    """A shard that rules were applied to: its numbers of documents and rows, and what failed."""

    documents: int
    rows: int
    faults: tuple[Fault, ...]


def _apply_shard(site: Site, order: _Order) -> _Done:
    """Write the votes of tasks on a shard, and the mentions that relations are between."""
    run, plan = site.run(order.shard, order.fits), site.recipe.plan
    run = run.before if order.early else run
    names = entities(plan) if order.early else [task.task.name for task in plan.tasks]
    order.folder.mkdir(exist_ok=True)
    save_votes(order.folder, {name: run.votes(run.task(name)) for name in names})
    seen = run.given() if order.early else run.arguments()
    save_mentions(order.folder / "mentions.arrow", seen.table)
    return _Done(len(run.corpus.ids), len(run.corpus.row_doc), tuple(run.faults()))


def open_applied(note: StageNote) -> Applied:
    """Return what an apply stage made: that of the only shard, else of all, copied into memory."""
    return read_applied(note.folder)


def open_votes(note: StageNote) -> dict[str, TaskVotes]:
    """Return the votes that an apply stage made, where nobody asks for the mentions."""
    return read_votes(note.folder)


def given_apart(bench: Bench, which: Which) -> StageNote | None:
    """Return the stage with all relations between given mentions, None where there is no such other."""
    if not entities(bench.plan) or not bench.has_mentions(which):
        return None
    return apply(bench, which, "given")


def quiet_tasks(note: StageNote) -> dict[str, int]:
    """Return the tasks on which no rule of an apply stage voted, with their numbers of candidates."""
    return {n: each.candidates for n, each in tallies(note.folder).items() if not each.votes}


def apply_others(
    finder: TermFinder,
    plan: Plan,
    mentions: MentionTable,
    found: Mapping[str, TaskVotes],
    reading: Reading,
    faults: list[Fault],
) -> dict[str, TaskVotes]:
    """Return the votes of all tasks: those of entities as found, the others over other mentions.

    reading: reads the sentences of which rules ask, with the progress of all; faults: where to put
    the candidates on which rules failed.
    """
    n = len(finder.corpus.ids)
    corpus = unread(finder.corpus, reading.pipeline)
    scene = Scene(corpus, plan, finder, mentions)
    beside = Scene(corpus, plan, finder, given_mentions(corpus))
    votes = dict(found)
    voted: dict[tuple[str, str], NDArray[np.int64]] = {}
    for task in plan.tasks:
        if task.task.name not in votes:
            seen = beside if wants_given(task) else scene
            needed = reading.sentences(seen, task, task.rules)
            if needed is not None:
                seen = reading.scene(seen, needed)
            votes[task.task.name] = apply_task(task, seen, voted, reading.progress, faults)
        voted.update(counts_of_votes(votes[task.task.name], n))
    return {task.task.name: votes[task.task.name] for task in plan.tasks}
