"""The rules of tasks/cdr on real abstracts: they compile, run without faults and agree with themselves."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.engine import apply_task, counts_of_votes
from biolabel.apply.knowledge import load_knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.lower import compile_program
from biolabel.data.mentions import given_mentions, joined
from biolabel.data.votes import TaskVotes
from biolabel.lang.load import load_all
from biolabel.resources import root
from biolabel.text.build import corpus_of
from biolabel.text.formats.pubtator import read
from biolabel.text.rejects import Rejects

DOCUMENTS = 50


@pytest.fixture(scope="module")
def votes(data_root: Path) -> dict[str, TaskVotes]:
    path = data_root / "corpora" / "cdr" / "train.pubtator.gz"
    corpus = corpus_of(islice(read(path, Rejects()), DOCUMENTS))
    checked = load_all(sorted((root("tasks") / "cdr" / "rules").glob("*.rules")))
    assert checked.program is not None
    plan = compile_program(checked.program).plan
    assert plan is not None
    finder = TermFinder(corpus, load_knowledge(plan, frozenset(corpus.ids)))
    found: dict[str, TaskVotes] = {}
    voted: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for task in plan.tasks:
        mentions = joined([]) if task.task.kind == "entity" else given_mentions(corpus)
        found[task.task.name] = apply_task(task, Scene(corpus, plan, finder, mentions), voted)
        voted.update(counts_of_votes(found[task.task.name], DOCUMENTS))
    return found


@pytest.mark.data
def test_every_task_has_candidates_and_votes(votes: dict[str, TaskVotes]) -> None:
    assert {name: found.matrix.task.kind for name, found in votes.items()} == {
        "mentions": "entity", "cid": "relation", "topic": "document",
    }  # fmt: skip
    assert votes["topic"].matrix.n_candidates == DOCUMENTS
    assert 300 < votes["cid"].matrix.n_candidates < 1500
    assert votes["mentions"].matrix.n_candidates > 5000
    for found in votes.values():
        rows = np.bincount(found.matrix.candidate, minlength=found.matrix.n_candidates) > 0
        assert rows.mean() > 0.4


@pytest.mark.data
def test_nearly_every_rule_votes(votes: dict[str, TaskVotes]) -> None:
    silent = {
        lf.name
        for found in votes.values()
        for i, lf in enumerate(found.matrix.lfs)
        if not (found.matrix.lf == i).any()
    }
    assert len(silent) <= 6, silent


@pytest.mark.data
def test_matrices_keep_their_promises(votes: dict[str, TaskVotes]) -> None:
    for found in votes.values():
        matrix = found.matrix
        keys = matrix.candidate.astype(np.int64) * len(matrix.lfs) + matrix.lf
        assert (np.diff(keys) > 0).all()
        assert ((matrix.mask > 0) & (matrix.mask < 1 << len(matrix.task.labels))).all()
        assert len(found.documents) == matrix.n_candidates
        assert (np.diff(found.documents) >= 0).all()
        assert (found.evidence[:, 0] <= found.evidence[:, 1]).all()
