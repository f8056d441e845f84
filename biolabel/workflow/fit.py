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
from biolabel.workflow.applied import shard_folders
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote, file_hash
from biolabel.workflow.goldrows import Ints, how_many, known_labels
from biolabel.workflow.graph import task_graph
from biolabel.workflow.job import Which
from biolabel.workflow.shard_fit import Models, fit_shards
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
    Without them, several shards are fitted on what their votes add up to (`fit_shards`).
    """
    applied = apply(bench, "corpus")
    method = bench.job.task.task.label_model.method
    inputs = {"votes": applied.key, "method": method}
    rows = bench.job.gold_rows
    if rows is not None:
        inputs["gold_rows"] = file_hash(rows)

    def make(folder: Path) -> None:
        chosen: dict[str, Method] = {"model": method, "majority": "majority"}
        count = len(bench.store("corpus").shards)
        known: Mapping[str, Ints] = {}
        found = None
        if count > 1 and rows is None:
            found = fit_shards(bench, shard_folders(applied.folder, count), chosen)
        if found is None:
            models, trusted, known = _fit_whole(bench, applied, chosen)
        else:
            models, trusted = found
        (folder / _GOLD).write_text(json.dumps(how_many(known)), encoding="utf-8")
        for name, params in models.items():
            save(params, folder / name)
        write_trust(folder / _TRUST, trusted)

    return bench.job.stage("fit", inputs, make)


def _fit_whole(
    bench: Bench, applied: StageNote, methods: Mapping[str, Method]
) -> tuple[Models, Mapping[str, Trust], Mapping[str, Ints]]:
    """Return what `fit_shards` does, fitted on all votes at once, and the labels that gold rows know."""
    found, rows = open_applied(applied), bench.job.gold_rows
    matrices = {name: votes.matrix for name, votes in found.votes.items()}
    corpus = bench.corpus("corpus")
    graph = task_graph(
        bench.plan, found.votes, len(corpus.ids), found.mentions, corpus.row_sentence
    )
    known = known_labels(rows, found, corpus) if rows is not None else {}
    models = {
        name: fit_model(matrices, graph, Settings(method=each), bench.job.progress, gold=known)
        for name, each in methods.items()
    }
    return models, trust(models["model"], models["majority"], matrices, graph), known


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
