"""Where rules are applied: shards of a store, in this process or in several."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from biolabel.apply.knowledge import Knowledge
from biolabel.data.corpus import Corpus
from biolabel.data.executor import HERE, Executor
from biolabel.data.progress import Progress, silent
from biolabel.text.store import Store, open_store
from biolabel.workflow.memory import Memory
from biolabel.workflow.ondemand import Reader
from biolabel.workflow.reading import unread
from biolabel.workflow.shards import Fit, Recipe, ShardRun, Tasks

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Site:
    """An opened store, and what rules on its shards need.

    memories: what is remembered of each shard between two runs, empty where it is too much; executor:
    where the sentences of a shard are read.
    """

    recipe: Recipe
    store: Store
    knowledge: Knowledge
    memories: Mapping[int, Memory] = field(default_factory=dict)
    progress: Progress = silent
    executor: Executor = HERE

    def run(self, shard: int, fits: Mapping[Tasks, Fit]) -> ShardRun:
        """Return the rules on a shard, with the label models that are fitted by now."""
        recipe = replace(self.recipe, fits=fits)
        memory = self.memories.get(shard) or Memory()
        corpus = unread(self._corpus(shard), recipe.reading)
        return ShardRun(
            recipe, corpus, self.knowledge, memory, self.progress, executor=self.executor
        )

    def _corpus(self, shard: int) -> Corpus:
        """Return a shard, which one of several maps anew: else all pages that were read would stay.

        That is not done with a store that changed since it was opened.
        """
        if len(self.store.shards) == 1:
            return self.store.corpus(shard)
        # What was made of another shard refers to itself in circles, few objects with large columns.
        gc.collect()
        again = open_store(self.store.folder)
        same = again.content_hash == self.store.content_hash and again.shards == self.store.shards
        return (again if same else self.store).corpus(shard)


@dataclass(frozen=True, slots=True)
class Plot:
    """What another process needs to open a site of its own: all of a site that can be sent.

    guarded: the stores whose documents' own evidence knowledge bases leave out.
    """

    recipe: Recipe
    store: Path
    guarded: tuple[Path, ...]


def open_site(plot: Plot) -> Site:
    """Open a site in a worker process; knowledge is read when a rule asks for it, once a process."""
    reader = Reader(plot.recipe.plan, plot.recipe.marks, partial(ids_of, plot.guarded))
    found = Site(plot.recipe, open_store(plot.store), reader.knowledge())
    _settle()
    return found


def _settle() -> None:
    """Let whoever collects garbage from now on look at nothing that there is by now.

    Half a million objects of imported modules take some tenths of a second, as long as a hundred
    documents do. What was let alone before, such as another site, is looked at once more.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def ids_of(stores: Iterable[Path]) -> frozenset[str]:
    """Return the ids of all documents of some stores."""
    return frozenset(name for folder in stores for name in open_store(folder).ids)


def each_shard(
    function: Callable[[Site, Item], Result],
    items: Iterable[Item],
    site: Site,
    plot: Plot,
    executor: Executor,
) -> Iterator[Result]:
    """Yield what a function makes of items, one a shard, in their order.

    One process, or one shard, means this process and the site that is open here.
    """
    if len(site.store.shards) == 1:
        yield from HERE.ordered(function, items, lambda: site)
    elif executor.spreads:
        yield from executor.ordered(function, items, partial(open_site, plot))
    else:
        _settle()
        try:
            yield from HERE.ordered(function, items, lambda: site)
        finally:
            gc.unfreeze()
