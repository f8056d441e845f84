"""The systems of a finished run against what curators decided about its assertions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.curation.exports.annotated import Names, claims_of
from biolabel.curation.gold import GoldRow, gold_of
from biolabel.data.labels import Task
from biolabel.evaluation.metrics import Score
from biolabel.evaluation.thresholds import best_threshold
from biolabel.workflow.export import relation_names
from biolabel.workflow.goldrows import argument_namer
from biolabel.workflow.results import Results

SYSTEMS = ("majority", "label_model", "end_model", "fused")


@dataclass(frozen=True, slots=True)
class DecidedScore:
    """How a system does on the pairs of documents that curators decided on; `pairs` of them.

    These are pairs that a run had asserted, so precision is what it looks like, but recall only
    says how many of the accepted ones a system has.
    """

    task: str
    system: str
    pairs: int
    score: Score


@dataclass(frozen=True, slots=True)
class DecidedThreshold:
    """The probability from which on the fused pairs of a label should be asserted, by decisions.

    f1: on the decided pairs, at the threshold; before: if all of them are asserted, as they were.
    """

    task: str
    label: str
    threshold: float
    f1: float
    before: float
    accepted: int
    rejected: int


def decided_scores(results: Results, rows: Sequence[GoldRow]) -> tuple[DecidedScore, ...]:
    """Return the scores of each system of the run on each task with gold rows."""
    names = relation_names(results)
    part = results.parts["corpus"]
    ids = set(part.corpus.ids)
    found = []
    for task in dict.fromkeys(row.task for row in rows):
        known = {
            (row.document, row.subject, row.object): row.label
            for row in rows
            if row.task == task and row.document in ids
        }
        for system in SYSTEMS if known else ():
            said = _said(results, system, task, names)
            found.append(DecidedScore(task, system, len(known), _score(known, said)))
    return tuple(found)


_Labels = dict[tuple[str, str, str], str]


def _said(results: Results, system: str, task: str, names: Names) -> _Labels:
    documents = results.parts["corpus"].predictions[system].values()
    return {
        (document.id, subject, target): label
        for document in documents
        for of, subject, label, target in claims_of(document, names)
        if of == task
    }


def _score(known: _Labels, said: _Labels) -> Score:
    right = sum(label != "none" and said.get(pair) == label for pair, label in known.items())
    found = sum(pair in said for pair in known)
    wanted = sum(label != "none" for label in known.values())
    return Score(right, found - right, wanted - right)


def decided_thresholds(
    results: Results, rows: Sequence[GoldRow], least: int = 10
) -> tuple[DecidedThreshold, ...]:
    """Return, for each label with enough decisions, the threshold that they speak for.

    least: how many pairs must have been accepted and how many rejected; with fewer the choice would
    be noise.
    """
    part = results.parts["corpus"]
    called = argument_namer(part.own.mentions, part.corpus)
    fused = part.probabilities("fused")
    found = []
    for task in dict.fromkeys(row.task for row in rows):
        votes = part.own.votes[task]
        gold = gold_of(rows, votes, part.corpus.ids, called)
        judged = gold >= 0
        for bit, label in enumerate(votes.matrix.task.labels):
            right: NDArray[np.bool_] = gold[judged] == bit
            accepted, rejected = int(right.sum()), int((~right).sum())
            if label != "none" and min(accepted, rejected) >= least:
                threshold, f1 = best_threshold(fused[task][judged, bit], right)
                before = 2 * accepted / (2 * accepted + rejected)
                found.append(
                    DecidedThreshold(task, label, threshold, f1, before, accepted, rejected)
                )
    return tuple(found)


def tasks_of(results: Results) -> dict[str, Task]:
    """Return the tasks of a run, by name."""
    return {name: found.matrix.task for name, found in results.parts["corpus"].own.votes.items()}


def learned_from_decisions(results: Results) -> bool:
    """Return whether the run's label model saw gold rows, which makes its scores on them too good."""
    inputs = json.loads((results.fit / "stage.json").read_text(encoding="utf-8"))["inputs"]
    return "gold_rows" in inputs
