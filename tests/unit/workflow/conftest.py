"""Benches over the tiny task: one that the tests of a session share, and new ones."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from biolabel.workflow.bench import Bench
from biolabel.workflow.cluster import Cluster, cluster
from biolabel.workflow.job import Job, Which
from biolabel.workflow.settings import load_task

OpenBench = Callable[..., Bench]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Keep tiny tensors on one thread, which is faster than sharing them out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def bench_of(task: Path, workspace: Path, *, dev: bool = True, seed: int = 0) -> Bench:
    """Return a bench over a task's own documents; code that changes meanwhile changes no key."""
    folder = load_task(task)
    parts: tuple[Which, ...] = ("corpus", "dev") if dev else ("corpus",)
    files = {which: path for which in parts if (path := folder.documents(which))}
    return Bench(Job(folder, workspace, files, seed, code="as tested"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a cluster of two processes of this machine."""
    with cluster(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


@pytest.fixture(scope="session")
def open_bench() -> OpenBench:
    """Return the function that opens a bench over a task's folder and a workspace."""
    return bench_of


@pytest.fixture(scope="session")
def shared_task(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """Return a tiny task that no test changes."""
    folder = tmp_path_factory.mktemp("shared") / "tiny"
    shutil.copytree(Path(__file__).parents[2] / "data" / "tiny_task", folder)
    with (folder / "task.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'encoder = "{tiny_encoder}"\n')
    return folder


@pytest.fixture(scope="session")
def bench(shared_task: Path) -> Bench:
    """Return the bench of the session: a stage that one test makes is there for the next."""
    return bench_of(shared_task, shared_task.parent / "workspace")
