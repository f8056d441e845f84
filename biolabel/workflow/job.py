"""A job: one task over one corpus in one workspace, and the notes of its stages."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from biolabel.data.progress import Progress, silent
from biolabel.workflow.cache import StageNote, code_hash, kept
from biolabel.workflow.settings import TaskFolder

Which = Literal["corpus", "dev"]


@dataclass(frozen=True, eq=False)
class Job:
    """What a run works on; `notes` collects its stages in the order in which they were asked for.

    workers: how many processes may work side by side; what they make never depends on it. gold_rows:
    what curators said of candidates of the corpus, for the label model.
    """

    task: TaskFolder
    workspace: Path
    files: Mapping[Which, Path]
    seed: int = 0
    progress: Progress = silent
    allow_python: bool = False
    workers: int = 1
    gold_rows: Path | None = None
    notes: dict[tuple[str, str], StageNote] = field(default_factory=dict)
    code: str = field(default_factory=code_hash)

    def stage(
        self, name: str, inputs: Mapping[str, object], make: Callable[[Path], None]
    ) -> StageNote:
        """Return a stage's result, made or kept, and note it."""
        note = kept(self.workspace, name, {"code": self.code, **inputs}, make)
        return self.notes.setdefault((name, note.key), note)

    def parts(self) -> tuple[Which, ...]:
        """Return which documents the job has: the corpus and, if given, dev."""
        return tuple(self.files)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
