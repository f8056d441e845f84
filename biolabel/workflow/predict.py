"""Stage: what every system says of the corpus or of dev, shard by shard."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from biolabel.data.executor import HERE
from biolabel.evaluation.thresholds import Doubles, expected_f1_thresholds
from biolabel.text.topics import topics_path
from biolabel.workflow.applied import GIVEN, read_probabilities, shard_folders, write_sizes
from biolabel.workflow.apply import apply, given_apart
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.faults import write_faults
from biolabel.workflow.fit import fit
from biolabel.workflow.job import Which
from biolabel.workflow.shard_systems import (
    Order,
    Recipe,
    Systems,
    above,
    open_systems,
    say,
    write_texts,
)
from biolabel.workflow.train import train

Result = TypeVar("Result")
PIECE = 500
"""Documents that the end model reads at a time: a quarter of a minute for MiniLM on a core."""
_FUSED = "fused.own.pubtator"
SYSTEMS = ("majority", "label_model", "end_model", "fused")


def predict(bench: Bench, which: Which) -> StageNote:
    """Write each system's predictions, from own and (where there are any) given mentions.

    A task without entity rules has no other mentions than given ones, which then are in
    `SYSTEM.own.pubtator`. Relations from own mentions are, for the end model too, between the fused mentions.
    The folder gets `SYSTEM.own.pubtator` and `SYSTEM.given.pubtator`, and under `own/` the votes, mentions
    and probabilities behind the assertions, those of the label model, of the end model and fused: one
    folder a shard where there are several, as `workflow.applied` reads them.
    """
    found, fitted, trained = apply(bench, which), fit(bench), train(bench)
    given = given_apart(bench, which)
    inputs = {
        "found": found.key,
        "given": given.key if given else "",
        "fit": fitted.key,
        "train": trained.key,
        "shares": bench.job.task.task.fusion.model_dump(),
        "gold": {n: g.model_dump() for n, g in bench.job.task.task.gold.items()},
        "thresholds": bench.job.task.task.thresholds,
    }

    recipe = Recipe(fitted, trained, bench.job.task.task, PIECE)

    def make(folder: Path) -> None:
        count = len(bench.store(which).shards)
        between = shard_folders(given.folder, count) if given else [None] * count
        rules, own, aside = (
            shard_folders(each, count) for each in (found.folder, folder / "own", folder / "aside")
        )
        columns = zip(rules, between, own, aside, strict=True)
        orders = [Order(shard, *each) for shard, each in enumerate(columns)]
        everyone = _Everyone(bench, which, recipe)
        said = list(everyone.each(say, orders, "systems on shards"))
        write_sizes(folder / "own", [(each.documents, each.rows) for each in said])
        write_faults(folder, [fault for each in said for fault in each.faults])
        if count > 1:
            limits = _limits(bench, orders)
            orders = [replace(order, limits=limits) for order in orders]
        for _ in everyone.each(write_texts, orders, "texts of shards"):
            pass
        _join(orders, folder)
        shutil.rmtree(folder / "aside")

    return bench.job.stage("predict", inputs, make)


def given_probabilities(note: StageNote) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return, by system and task, the probabilities between given mentions; empty where none were given."""
    rows = read_probabilities(note.folder / "own", GIVEN)
    return {(name.partition("/")[0], name.partition("/")[2]): rows[name] for name in rows}


@dataclass(frozen=True, eq=False)
class _Everyone:
    """The systems, wherever they speak."""

    bench: Bench
    which: Which
    recipe: Recipe

    def each(
        self, function: Callable[[Systems, Order], Result], orders: Sequence[Order], name: str
    ) -> Iterator[Result]:
        """Yield what a function makes of shards; a single one stays in this process."""
        executor, count = self.bench.job.executor, len(orders)
        if count == 1:
            yield function(self.here, orders[0])
            return
        if executor.spreads:
            plot = self.bench.plot(self.which, "found")
            done = executor.ordered(function, orders, partial(open_systems, plot, self.recipe))
        else:
            done = HERE.ordered(function, orders, lambda: self.here)
        yield from self.bench.job.progress(done, name=name, total=count)

    @cached_property
    def here(self) -> Systems:
        """The systems in this process."""
        return Systems(self.bench.site(self.which, "found"), self.recipe)


def fused_texts(note: StageNote, count: int) -> list[Path]:
    """Return where the fused predictions with own mentions of each of some shards lie."""
    if count == 1:
        return [note.folder / _FUSED]
    return [folder / _FUSED for folder in shard_folders(note.folder / "own", count)]


def _limits(bench: Bench, orders: Sequence[Order]) -> dict[str, dict[str, float]]:
    """Return the thresholds of each system's labels over all shards, by `SYSTEM.SOURCE`, then `TASK.LABEL`.

    Those of the settings stand. No more than a few numbers a shard are in memory.
    """
    tasks = [plan.task for plan in bench.plan.tasks if plan.task.kind == "relation"]
    sources = ("own", "given") if orders[0].given else ("own",)
    keys = [(system, source, task) for system in SYSTEMS for source in sources for task in tasks]
    ends = np.cumsum([len(task.labels) for *_, task in keys])[:-1]

    def sums(least: Doubles) -> Doubles:
        parts = zip(keys, np.split(least, ends), strict=True)
        asked = {f"{system}.{source}.{task.name}": part for (system, source, task), part in parts}
        nothing = {name: np.zeros((2, len(part))) for name, part in asked.items()}
        total = nothing
        for found in (above(asked, order) for order in orders):
            total = {name: rows + found.get(name, nothing[name]) for name, rows in total.items()}
        return np.concatenate([total[name] for name in asked], axis=1)

    found = expected_f1_thresholds(sums, sum(len(task.labels) for *_, task in keys))
    limits: dict[str, dict[str, float]] = {}
    for (system, source, task), values in zip(keys, np.split(found, ends), strict=True):
        chosen = bench.job.task.task.thresholds if system == "fused" else {}
        own = zip(task.labels, values.tolist(), strict=True)
        made = {f"{task.name}.{label}": each for label, each in own if task.name not in chosen}
        said = limits.setdefault(f"{system}.{source}", {})
        said |= made | chosen
    return limits


def _join(orders: Sequence[Order], folder: Path) -> None:
    """Put the texts of shards together, one file a system."""
    names = [path.name for path in sorted(orders[0].aside.glob("*.pubtator"))]
    for name in names:
        for place in (Path, topics_path):
            parts = [path for order in orders if (path := place(order.aside / name)).is_file()]
            if parts:
                with place(folder / name).open("wb") as whole:
                    for part in parts:
                        with part.open("rb") as stream:
                            shutil.copyfileobj(stream, whole)
                        if name != _FUSED or place != Path:
                            part.unlink()
    if len(orders) > 1:
        for order in orders:
            (order.aside / _FUSED).replace(order.own / _FUSED)
