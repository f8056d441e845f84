"""A job: one task over one corpus in one workspace, and the notes of its stages."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from biolabel.data.executor import Executor, Processes
from biolabel.data.progress import Progress, silent
from biolabel.data.workers import Crew
from biolabel.errors import RunError
from biolabel.workflow.cache import StageNote, code_hash, kept
from biolabel.workflow.lock import alone
from biolabel.workflow.settings import TaskFolder, load_task

Which = Literal["corpus", "dev"]


@dataclass(frozen=True, eq=False)
class Job:
    """What a run works on; `notes` collects its stages in the order in which they were asked for.

    workers: how many processes of this machine may work side by side, where there is no cluster that
    works instead; what they make never depends on either. gold_rows: what curators said of candidates
    of the corpus, for the label model.
    """

    task: TaskFolder
    workspace: Path
    files: Mapping[Which, Path]
    seed: int = 0
    progress: Progress = silent
    allow_python: bool = False
    workers: int = 1
    gold_rows: Path | None = None
    cluster: Executor | None = None
    notes: dict[tuple[str, str], StageNote] = field(default_factory=dict)
    code: str = field(default_factory=code_hash)
    _held: list[int] = field(default_factory=list)
    _crew: Crew = field(default_factory=Crew)

    def stage(
        self, name: str, inputs: Mapping[str, object], make: Callable[[Path], None]
    ) -> StageNote:
        """Return a stage's result, made or kept, and note it."""
        note = kept(self.workspace, name, {"code": self.code, **inputs}, make, self.notes)
        return self.notes.setdefault((name, note.key), note)

    @property
    def executor(self) -> Executor:
        """Where work is done that can be done side by side."""
        return self.cluster or Processes(self.workers, self._crew)

    def dismiss(self) -> None:
        """End the processes that wait for more work: what they hold in memory is of no use to what comes."""
        self._crew.end()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process run in the workspace until the block ends; such blocks may nest.

        Processes that work side by side stay for all stages of the block, and end with it.

        Raises:
            RunError: BL931 when one does already.
        """
        if self._held:
            yield
            return
        with alone(self.workspace), self._crew.staying():
            self._held.append(os.getpid())
            try:
                yield
            finally:
                self._held.clear()

    def parts(self) -> tuple[Which, ...]:
        """Return which documents the job has: the corpus and, if given, dev."""
        return tuple(self.files)


def open_job(
    task: Path,
    corpus: Path | None = None,
    dev: Path | None = None,
    workspace: Path | None = None,
    seed: int = 0,
    progress: Progress = silent,
    allow_python: bool = False,
    workers: int = 0,
    gold_rows: Path | None = None,
) -> Job:
    """Return the job of a task's folder, with the task's own documents where none are named.

    dev: the task's own only beside its own corpus. workspace: `workspace/TASK` where None; workers: 0
    for one a core.

    Raises:
        RunError: BL902, BL903 for the task; BL907 when there are no documents.
    """
    folder = load_task(task)
    documents = corpus or folder.documents("corpus")
    if documents is None:
        hint = "name the documents: --corpus FILE.pubtator"
        raise RunError("BL907", f"{folder.folder} names no corpus", hint=hint)
    files: dict[Which, Path] = {"corpus": documents}
    if dev is None and corpus is None:
        dev = folder.documents("dev")
    if dev is not None:
        files["dev"] = dev
    where = workspace or Path("workspace") / folder.task.name
    many = workers or cores()
    return Job(folder, where, files, seed, progress, allow_python, many, gold_rows)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
