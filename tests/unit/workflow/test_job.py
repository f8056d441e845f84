import os
from dataclasses import replace
from pathlib import Path

from biolabel.workflow.job import Job, Which, cores, open_job
from biolabel.workflow.settings import Task, TaskFolder

TASK = TaskFolder(folder=Path("tiny"), task=Task(name="x", title="X"))


def nothing(folder: Path) -> None:
    """Make an empty result."""
    assert folder.is_dir()


def job(workspace: Path, code: str = "1") -> Job:
    """Return a job without documents."""
    return Job(TASK, workspace, {}, code=code)


def test_stages_are_noted_in_order_and_once(tmp_path: Path) -> None:
    work = job(tmp_path)
    first = work.stage("fit", {"a": 1}, nothing)
    second = work.stage("apply", {}, nothing)
    again = work.stage("fit", {"a": 1}, nothing)
    assert again is first
    assert not again.reused
    assert list(work.notes.values()) == [first, second]


def test_the_next_run_reuses_what_one_made(tmp_path: Path) -> None:
    made = job(tmp_path).stage("fit", {"a": 1}, nothing)
    found = job(tmp_path).stage("fit", {"a": 1}, nothing)
    assert found.reused
    assert found.folder == made.folder


def test_other_code_reuses_nothing(tmp_path: Path) -> None:
    job(tmp_path).stage("fit", {"a": 1}, nothing)
    assert not job(tmp_path, code="2").stage("fit", {"a": 1}, nothing).reused


def test_parts_are_the_documents_that_there_are() -> None:
    files: dict[Which, Path] = {"corpus": Path("a"), "dev": Path("b")}
    assert Job(TASK, Path(), {"corpus": Path("a")}).parts() == ("corpus",)
    assert Job(TASK, Path(), files).parts() == ("corpus", "dev")


def test_a_job_works_alone_unless_it_may_use_more() -> None:
    assert job(Path()).workers == 1
    assert 1 <= cores() <= (os.cpu_count() or 1)


def process_of(item: int) -> int:
    """Return the process that works on an item."""
    del item
    return os.getpid()


def test_processes_stay_as_long_as_a_job_is_alone(tmp_path: Path) -> None:
    work = replace(job(tmp_path), workers=2)
    with work.alone():
        found = [set(work.executor.ordered(process_of, range(20))) for _ in range(3)]
        assert len(set[int]().union(*found)) == 2
        work.dismiss()
        assert not set(work.executor.ordered(process_of, range(20))) & set[int]().union(*found)
    assert not set(work.executor.ordered(process_of, range(20))) & set[int]().union(*found)


def test_a_job_takes_the_tasks_documents_where_none_are_named(tiny_task: Path) -> None:
    opened = open_job(tiny_task)
    assert opened.files == {
        "corpus": tiny_task / "corpus.pubtator",
        "dev": tiny_task / "dev.pubtator",
    }
    assert opened.workspace == Path("workspace/tiny")
    assert opened.workers == cores()
    assert open_job(tiny_task, Path("other.pubtator")).parts() == ("corpus",)
