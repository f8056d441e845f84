"""Sites: shards of a store, and the processes that open them."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.data.executor import HERE, Processes
from biolabel.text import store, store_changes
from biolabel.text.pipeline import Pipeline
from biolabel.workflow.bench import Bench
from biolabel.workflow.entities import fitted
from biolabel.workflow.site import Site, each_shard, ids_of, open_site

PIPELINE = Pipeline(sentences="naive", abbreviations=False)


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Leave this process as it was: sites of other processes are opened in it."""
    yield
    gc.unfreeze()


def documents(*ids: str) -> list[Document]:
    """Return documents of a few words."""
    return [Document(id_, (Passage("title", 0, "Lithium caused tremor"),)) for id_ in ids]


def sharded(bench: Bench, folder: Path) -> Site:
    """Return a site over a store of two shards."""
    made = store.write(folder / "s", documents("1", "2", "3"), PIPELINE, shard_documents=2)
    here = bench.site("corpus", "found")
    return Site(here.recipe, made, here.knowledge)


def _numbered(site: Site, shard: int) -> tuple[int, str]:
    return shard, site.store.ids[0]


def test_ids_are_those_of_all_stores(tmp_path: Path) -> None:
    for name, ids in (("a", ("1", "2")), ("b", ("2", "3"))):
        store.write(tmp_path / name, documents(*ids), PIPELINE)
    assert ids_of([tmp_path / "a", tmp_path / "b"]) == {"1", "2", "3"}
    assert ids_of([]) == frozenset()


def test_one_process_uses_the_site_that_is_open(bench: Bench, tmp_path: Path) -> None:
    site, plot = sharded(bench, tmp_path), bench.plot("corpus", "found")
    assert list(each_shard(_numbered, [1, 0], site, plot, HERE)) == [(1, "1"), (0, "1")]
    alone = bench.site("corpus", "found")
    assert list(each_shard(_numbered, [0], alone, plot, Processes(8))) == [(0, alone.store.ids[0])]


def _looked_at(site: Site, shard: int) -> int:
    del site, shard
    return gc.get_freeze_count()


def test_what_is_open_is_no_garbage_while_shards_are_worked_on(
    bench: Bench, tmp_path: Path
) -> None:
    site, plot = sharded(bench, tmp_path), bench.plot("corpus", "found")
    assert min(each_shard(_looked_at, [0, 1], site, plot, HERE)) > 10_000
    assert gc.get_freeze_count() == 0
    assert list(each_shard(_looked_at, [0], bench.site("corpus", "found"), plot, HERE)) == [0]


def test_a_site_of_another_process_makes_the_same(bench: Bench) -> None:
    here, there = bench.site("dev", "found"), open_site(bench.plot("dev", "found"))
    assert there.store.content_hash == here.store.content_hash
    fits = fitted(bench, bench.site("corpus", "found"), None)
    one, other = (site.run(0, fits) for site in (here, there))
    assert [one.columns(task) for task in bench.plan.tasks] == [
        other.columns(task) for task in bench.plan.tasks
    ]


def test_shards_are_read_as_they_were_when_the_store_was_opened(
    bench: Bench, tmp_path: Path
) -> None:
    site = sharded(bench, tmp_path)
    assert site.run(1, {}).corpus.ids == ("3",)
    store_changes.remove(site.store.folder, ["1"])
    assert [site.run(shard, {}).corpus.ids for shard in (0, 1)] == [("1", "2"), ("3",)]
