"""What a finished run left in its workspace, read without running anything.

The manifest names the stages; what they hold is checked (BL930) and opened when it is first asked
for. Neither spaCy nor torch is needed, and rules that were edited since then change nothing here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.evaluation.calibration import Reliability, judged_reliability
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules
from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.store import load
from biolabel.text.predicted import Predicted
from biolabel.text.store import Store, open_store
from biolabel.workflow.applied import GIVEN, Applied, read_applied, read_probabilities
from biolabel.workflow.cache import damage_of
from biolabel.workflow.job import Which
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.settings import TaskFolder, load_task

if TYPE_CHECKING:
    from biolabel.workflow.trust import Trust

_SYSTEMS = ("majority", "label_model", "end_model", "fused")


@dataclass(frozen=True)
class Part:
    """The corpus or dev of a run: processed texts, votes, and what each system predicts for them.

    votes, votes_given: apply stages between the mentions that rules find and between given ones, the
    same where there are no others; gold_names: by task, from names in gold to labels.
    """

    which: Which
    ingested: Path
    predicted: Path
    votes: Path
    votes_given: Path
    gold_names: Mapping[str, Mapping[str, str]]

    @cached_property
    def corpus(self) -> Corpus:
        """The texts."""
        return self._store.whole()

    @cached_property
    def applied(self) -> Applied:
        """The votes of all rules, with the mentions that relations are between."""
        return read_applied(_whole(self.votes))

    @cached_property
    def own(self) -> Applied:
        """The votes between the mentions of rules and end model together."""
        return read_applied(self._predicted / "own")

    @cached_property
    def analyses(self) -> Mapping[str, MatrixAnalysis]:
        """The analysis of each task's rules, against gold on dev only: models never see the corpus's."""
        return {
            name: analyze_rules(votes.matrix, self._gold(votes) if self.which == "dev" else None)
            for name, votes in self.applied.votes.items()
        }

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """The number of each document in the corpus."""
        return {name: doc for doc, name in enumerate(self._store.ids)}

    @cached_property
    def predictions(self) -> Mapping[str, Mapping[str, Document]]:
        """What each system predicts for each document, with mentions of its own, read when asked for."""
        return {name: self._read(self._predicted / f"{name}.own.pubtator") for name in _SYSTEMS}

    def probabilities(self, system: str) -> Mapping[str, NDArray[np.float32]]:
        """Return a system's probabilities for the candidates of `own`, by task: float32[n, k]."""
        return read_probabilities(self._predicted / "own", f"{system}.npz")

    def reliability(self) -> Mapping[str, Mapping[str, Reliability]]:
        """Return, by task and system, how probabilities between given mentions came true."""
        between = read_probabilities(self._predicted / "own", GIVEN)
        if not between:
            return {}
        rows = {tuple(name.split("/", 1)): shown for name, shown in between.items()}
        votes = read_applied(_whole(self.votes_given)).votes
        found: dict[str, dict[str, Reliability]] = {}
        for (system, name), shown in rows.items():
            task, names = votes[name].matrix.task, self.gold_names.get(name)
            judged = judged_reliability(shown, self._gold(votes[name]), task, names)
            if judged is not None:
                found.setdefault(name, {})[system] = judged
        return found

    @cached_property
    def _store(self) -> Store:
        return open_store(_whole(self.ingested) / "corpus")

    @cached_property
    def _predicted(self) -> Path:
        return _whole(self.predicted)

    def _gold(self, votes: TaskVotes) -> NDArray[np.int64]:
        return gold_labels(votes, self.corpus, self.gold_names)

    def _read(self, path: Path) -> Mapping[str, Document]:
        if not path.is_file():
            return {}
        return Predicted(path)


@dataclass(frozen=True)
class Results:
    """A finished run. seed, seconds and digest are those of the run; digest is of its rule files."""

    workspace: Path
    task: TaskFolder
    parts: Mapping[Which, Part]
    files: Mapping[Which, Path]
    fit: Path
    evaluated: Path | None
    assertions: Path
    seed: int
    seconds: float
    digest: str
    versions: Mapping[str, str]

    @cached_property
    def model(self) -> LabelModelParams:
        """The label model."""
        return load(_whole(self.fit) / "model")

    @cached_property
    def trust(self) -> "Mapping[str, Trust]":
        """What the label model makes of each task."""
        # The label model's own code comes with it, and takes half a second to import.
        from biolabel.workflow.trust import read_trust

        return read_trust(self.fit / "trust.json")

    @cached_property
    def scores(self) -> tuple[ScoreRow, ...]:
        """The score table; empty without dev."""
        if self.evaluated is None:
            return ()
        rows = json.loads((_whole(self.evaluated) / "scores.json").read_text(encoding="utf-8"))
        return tuple(ScoreRow(**row) for row in rows)


def _whole(folder: Path) -> Path:
    """Return the folder of a stage, which is as it was written.

    Raises:
        RunError: BL930 when it is not.
    """
    found = damage_of(folder)
    if found:
        hint = "`biolabel run` with the same workspace makes it again"
        raise RunError("BL930", f"{folder} is damaged: {found}", hint=hint)
    return folder


def open_results(workspace: Path, task: Path | None = None) -> Results:
    """Open what the last finished run left in a workspace.

    task: where the task's folder is now, if it was moved since.

    Raises:
        RunError: BL930 when no run finished there, or its stages are gone; else as `load_task`.
    """
    path = workspace / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        folder = load_task(task or Path(manifest["folder"]))
        return _results(workspace, folder, manifest)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise RunError(
            "BL930",
            f"{workspace} holds no finished run",
            hint=f"`biolabel run TASK --workspace {workspace}` makes one",
        ) from error


def _results(workspace: Path, folder: TaskFolder, manifest: Mapping[str, Any]) -> Results:
    stages = [(note["stage"], workspace / note["folder"]) for note in manifest["stages"]]
    inputs = {
        place: json.loads((place / "stage.json").read_text(encoding="utf-8"))["inputs"]
        for _, place in stages
    }

    def one(stage: str, **wanted: object) -> Path:
        """Return the latest stage with some inputs."""
        return [
            place
            for name, place in stages
            if name == stage and all(inputs[place].get(k) == v for k, v in wanted.items())
        ][-1]

    parts: dict[Which, Part] = {}
    files: dict[Which, Path] = {}
    gold = {name: each.names for name, each in folder.task.gold.items()}
    for which in cast(list[Which], list(manifest["documents"])):
        read = manifest["documents"][which]
        ingested = one("ingest", files=read["sha256"])
        votes = one("apply", corpus=ingested.name, mentions="found")
        predicted = one("predict", found=votes.name)
        given = inputs[predicted]["given"]
        files[which] = Path(read["file"])
        parts[which] = Part(
            which, ingested, predicted, votes, votes.parent / given if given else votes, gold
        )
    return Results(
        workspace=workspace,
        task=folder,
        parts=parts,
        files=files,
        fit=one("fit"),
        evaluated=one("evaluate") if "dev" in parts else None,
        assertions=one("assertions"),
        seed=manifest["seed"],
        seconds=manifest["seconds"],
        digest=manifest["rules"]["digest"],
        versions=manifest["versions"],
    )
