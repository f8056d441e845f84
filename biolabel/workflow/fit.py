"""Stage: votes to soft labels with the label model, and the baselines that stand beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.labelmodel.choice import Method
from biolabel.labelmodel.model import fit as fit_model
from biolabel.labelmodel.model import predict
from biolabel.labelmodel.params import LabelModelParams, Settings
from biolabel.labelmodel.store import load, save
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote, file_hash
from biolabel.workflow.goldrows import how_many, known_labels
from biolabel.workflow.graph import task_graph
from biolabel.workflow.job import Which
from biolabel.workflow.trust import Trust, read_trust, trust, write_trust

_TRUST = "trust.json"
_GOLD = "gold.json"


@dataclass(frozen=True, slots=True)
class Fitted:
    """The label model as the task's settings choose it, and the majority vote beside it.

    trust: what the model makes of each task, over the votes that it was fitted on.
    """

    model: LabelModelParams
    majority: LabelModelParams
    trust: Mapping[str, Trust]


def fit(bench: Bench) -> StageNote:
    """Fit the label model and the majority vote on the votes over the corpus.

    Gold rows, if the job has some, are labels that the label model keeps to; `gold.json` counts them.
    """
    applied = apply(bench, "corpus")
    method = bench.job.task.task.label_model.method
    inputs = {"votes": applied.key, "method": method}
    rows = bench.job.gold_rows
    if rows is not None:
        inputs["gold_rows"] = file_hash(rows)

    def make(folder: Path) -> None:
        found = open_applied(applied)
        matrices = {name: votes.matrix for name, votes in found.votes.items()}
        corpus = bench.corpus("corpus")
        graph = task_graph(
            bench.plan, found.votes, len(corpus.ids), found.mentions, corpus.row_sentence
        )
        known = known_labels(rows, found, corpus) if rows is not None else {}
        chosen: dict[str, Method] = {"model": method, "majority": "majority"}
        fitted = {
            name: fit_model(matrices, graph, Settings(method=each), bench.job.progress, gold=known)
            for name, each in chosen.items()
        }
        (folder / _GOLD).write_text(json.dumps(how_many(known)), encoding="utf-8")
        for name, params in fitted.items():
            save(params, folder / name)
        write_trust(folder / _TRUST, trust(fitted["model"], fitted["majority"], matrices, graph))

    return bench.job.stage("fit", inputs, make)


def known_candidates(note: StageNote) -> dict[str, int]:
    """Return how many candidates of each task had a label from gold rows."""
    found: dict[str, int] = json.loads((note.folder / _GOLD).read_text(encoding="utf-8"))
    return found


def open_fitted(note: StageNote) -> Fitted:
    """Return what a fit stage made."""
    model, majority = (load(note.folder / name) for name in ("model", "majority"))
    return Fitted(model, majority, read_trust(note.folder / _TRUST))


def soft_labels(
    bench: Bench,
    params: LabelModelParams,
    votes: Mapping[str, TaskVotes],
    which: Which,
    mentions: MentionTable | None = None,
) -> Mapping[str, SoftLabels]:
    """Return the soft labels of all tasks for votes over the corpus or dev.

    mentions: those that relations are between, which constraints that bind arguments need.
    """
    return soft_labels_of(bench.plan, bench.corpus(which), params, votes, mentions)


def soft_labels_of(
    plan: Plan,
    corpus: Corpus,
    params: LabelModelParams,
    votes: Mapping[str, TaskVotes],
    mentions: MentionTable | None = None,
) -> Mapping[str, SoftLabels]:
    """Return the soft labels of all tasks for votes over a corpus, such as a shard."""
    matrices = {name: found.matrix for name, found in votes.items()}
    graph = task_graph(plan, votes, len(corpus.ids), mentions, corpus.row_sentence)
    return predict(params, matrices, graph)
