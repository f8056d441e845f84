"""A workspace as `biolabel analyze` leaves it, and rule files to ask about."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.store import save_mentions, save_votes
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.mentions import given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.rules import MatrixAnalysis, Measure, RuleAnalysis
from biolabel.evaluation.values import analysis_values
from biolabel.lang.load import read
from biolabel.lsp.names import Names, names_of
from biolabel.text.pipeline import Pipeline
from biolabel.text.store import write

TEXTS = (
    "Heparin caused harm. Nothing causes a_b *harm*.",
    "Caused harm and side effects.",
    "A side effect of it.",
)


def _stage(workspace: Path, stage: str, key: str, **inputs: object) -> Path:
    folder = workspace / "stages" / stage / key
    folder.mkdir(parents=True)
    note = {"inputs": {"stage": stage, **inputs}, "seconds": 0.0}
    (folder / "stage.json").write_text(json.dumps(note), encoding="utf-8")
    return folder


def _documents() -> list[Document]:
    heparin = (Mention(0, 7, "Chemical", ("MESH:D006493",)),)
    return [
        Document(str(i), (Passage("title", 0, text),), heparin if i == 0 else ())
        for i, text in enumerate(TEXTS)
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace: rule `harm` of task `topic` voted on documents 0 and 1, `quiet` never."""
    where = tmp_path / "workspace" / "mine"
    folder = _stage(where, "ingest", "c1") / "corpus"
    store = write(folder, _documents(), Pipeline(sentences="naive", abbreviations=False))
    task = Task("topic", "document", ("bad", "good", "other"))
    matrix = LabelMatrix(
        task,
        (LabelingFunction("harm"), LabelingFunction("quiet")),
        3,
        np.array([0, 1], dtype=np.int32),
        np.array([0, 0], dtype=np.int16),
        np.array([1, 6], dtype=np.int64),
    )
    votes = TaskVotes(
        matrix, np.array([[1, 3], [0, 2]], dtype=np.int32), np.arange(3, dtype=np.int32)
    )
    applied = _stage(where, "apply", "a1", fitted="", corpus="c1", rules="r1")
    save_votes(applied, {"topic": votes})
    save_mentions(applied / "mentions.arrow", given_mentions(store.whole()))
    _stage(where, "apply", "a2", fitted="a1", corpus="c2", rules="r1")
    rule = RuleAnalysis("harm", 4, 0.4, 0.0, 0.0, ("harm",), Measure(4, 3, 0.5))
    figures = analysis_values(MatrixAnalysis("topic", 10, 0.4, 0.0, 0.0, 6, (rule,)))
    analyzed = _stage(where, "analyze", "n1", votes="a2")
    (analyzed / "topic.json").write_text(json.dumps(figures), encoding="utf-8")
    return where


@pytest.fixture
def names(tmp_path: Path) -> Callable[[Mapping[str, str]], Names]:
    """Return a function that gives the symbols of files by their names; the first is the main one."""

    def make(texts: Mapping[str, str]) -> Names:
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        first = next(iter(texts))
        return names_of(read([tmp_path / first], {}))

    return make


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from a workspace in the checkout."""
    monkeypatch.chdir(tmp_path)
