"""Stage: what every system says of the corpus or of dev."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, islice, tee
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from biolabel.apply.faults import Fault
from biolabel.apply.mentions import decode_mentions, mentions_of_spans, word_labels
from biolabel.apply.store import save_mentions, save_votes
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable, joined
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import DocumentScores
from biolabel.endmodel.predict import predict as predict_documents
from biolabel.text.formats import pubtator
from biolabel.workflow.applied import Applied
from biolabel.workflow.apply import (
    apply,
    apply_others,
    given_apart,
    open_applied,
)
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.documents import bare_documents
from biolabel.workflow.faults import write_faults
from biolabel.workflow.fit import Fitted, fit, open_fitted, soft_labels
from biolabel.workflow.graph import entities
from biolabel.workflow.job import Which
from biolabel.workflow.own import Span, fused_words, own_spans
from biolabel.workflow.systems import (
    Scored,
    documents_of,
    fused,
    of_end_model,
    of_soft_labels,
)
from biolabel.workflow.train import open_trained, train

_GIVEN = "given.npz"
PIECE = 500
"""Documents whose prediction is one piece of work: a quarter of a minute for MiniLM on a core."""


def predict(bench: Bench, which: Which) -> StageNote:
    """Write each system's predictions, from own and (where there are any) given mentions.

    A task without entity rules has no other mentions than given ones, which then are in
    `SYSTEM.own.pubtator`. Relations from own mentions are, for the end model too, between the fused mentions.
    The folder gets `SYSTEM.own.pubtator` and `SYSTEM.given.pubtator`, and under `own/` the votes, mentions
    and probabilities behind the assertions: those of the label model, of the end model and fused.
    """
    found, fitted, trained = apply(bench, which), fit(bench), train(bench)
    given = given_apart(bench, which)
    inputs = {
        "found": found.key,
        "given": given.key if given else "",
        "fit": fitted.key,
        "train": trained.key,
        "shares": bench.job.task.task.fusion.model_dump(),
        "gold": {n: g.model_dump() for n, g in bench.job.task.task.gold.items()},
        "thresholds": bench.job.task.task.thresholds,
    }

    def make(folder: Path) -> None:
        finder, params = bench.finder(which), open_fitted(fitted)
        rules = open_applied(found)
        first = open_applied(given) if given else rules
        read = _scores(bench, trained, finder.corpus, first)
        if entities(bench.plan):
            faults: list[Fault] = []
            alone, own, scores = _own(bench, which, params, rules, read, faults)
            write_faults(folder, faults)
            again = [_without_words(s) for s in _scores(bench, trained, finder.corpus, own)]
            systems = _systems(bench, which, params, rules, own, again)
            voted = _majority_mentions(bench, which, params, rules, systems["majority"])
            systems["majority"] = voted
            systems["end_model"] = replace(systems["end_model"], mentions=alone)
        else:
            scores = [_without_words(score) for score in read]
            own, systems = rules, _systems(bench, which, params, rules, rules, scores)
        for name, scored in systems.items():
            _write(bench, finder.corpus, folder / f"{name}.own.pubtator", scored)
        if given is not None:
            compared = _systems(bench, which, params, first, first, scores)
            for name, scored in compared.items():
                _write(bench, finder.corpus, folder / f"{name}.given.pubtator", scored)
            _save_probabilities(folder / _GIVEN, compared)
        elif not entities(bench.plan):
            _save_probabilities(folder / _GIVEN, systems)
        beside = _of_rules(bench, which, params, own)
        kept = {"label_model": beside, **{n: systems[n] for n in ("end_model", "fused")}}
        _save_own(folder / "own", own, kept)

    return bench.job.stage("predict", inputs, make)


def given_probabilities(note: StageNote) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return, by system and task, the probabilities between given mentions; empty where none were given."""
    path = note.folder / _GIVEN
    if not path.is_file():
        return {}
    with np.load(path) as arrays:
        return {(name.partition("/")[0], name.partition("/")[2]): arrays[name] for name in arrays}


def _save_probabilities(path: Path, systems: Mapping[str, Scored]) -> None:
    arrays = {
        f"{system}/{task}": rows
        for system, scored in systems.items()
        for task, rows in scored.probabilities.items()
    }
    np.savez(path, **arrays)


def _scores(
    bench: Bench, trained: StageNote, corpus: Corpus, applied: Applied
) -> Iterator[DocumentScores]:
    """Yield what the end model says of each document, read side by side where they are many."""
    documents = bare_documents(corpus, applied.votes, applied.mentions)
    count = len(corpus.ids)
    if count <= PIECE:
        return iter(predict_documents(open_trained(trained), list(documents), bench.job.progress))
    pieces = iter(lambda: list(islice(documents, PIECE)), [])
    done = bench.job.executor.ordered(_scored, pieces, partial(open_trained, trained))
    done = bench.job.progress(done, name="end model, prediction", total=-(-count // PIECE))
    return chain.from_iterable(done)


def _without_words(score: DocumentScores) -> DocumentScores:
    """Return what is said of pairs and the document: what is said of words is far more."""
    return replace(score, entities={}, begins={})


def _scored(model: EndModel, documents: list[LabeledDocument]) -> list[DocumentScores]:
    """Return what the end model says of some documents, on one thread wherever it runs."""
    threads = torch.get_num_threads()
    # Several threads add up in another order: rounding would depend on the machine.
    torch.set_num_threads(1)
    try:
        return predict_documents(model, documents)
    finally:
        torch.set_num_threads(threads)


def _own(
    bench: Bench,
    which: Which,
    params: Fitted,
    rules: Applied,
    scores: Iterable[DocumentScores],
    faults: list[Fault],
) -> tuple[MentionTable, Applied, list[DocumentScores]]:
    """Return the end model's own mentions, those fused with the rules' with the votes on them, and scores.

    scores: gone through once, so that what is said of words need not be held for all documents;
    faults: where to put the candidates on which rules failed.
    """
    finder = bench.finder(which)
    soft = soft_labels(bench, params.model, rules.votes, which, rules.mentions)
    words = [
        word_labels(labels, rules.votes[name], len(finder.corpus.row_doc))
        for name, labels in soft.items()
        if labels.task.kind == "entity"
    ]
    tasks = [labels.task for labels in words]
    share = bench.job.task.task.fusion.entities
    # A text without a share has none either where no rule voted and the rules only have a class prior.
    corpus = finder.corpus
    text, again = tee(scores)
    together = fused_words(corpus, again, words, rules.mentions, share) if share else again
    alone: list[Span] = []
    both: list[Span] = []
    kept = []
    for doc, (said, fused_said) in enumerate(zip(text, together, strict=True)):
        alone += own_spans(corpus, doc, tasks, said)
        both += own_spans(corpus, doc, tasks, fused_said) if share else ()
        kept.append(_without_words(said))
    mentions = mentions_of_spans(finder, both) if share else rules.mentions
    entities = {task.name: rules.votes[task.name] for task in tasks}
    reading = bench.reading(which)
    votes = apply_others(finder, bench.plan, mentions, entities, reading, faults)
    return mentions_of_spans(finder, alone), Applied(votes, mentions), kept


def _systems(
    bench: Bench,
    which: Which,
    params: Fitted,
    rules: Applied,
    own: Applied,
    scores: list[DocumentScores],
) -> dict[str, Scored]:
    """Return all systems; rules speak of the mentions of `rules`, the end model of those of `own`."""
    model = soft_labels(bench, params.model, rules.votes, which, rules.mentions)
    majority = soft_labels(bench, params.majority, rules.votes, which, rules.mentions)
    text = of_end_model(own.mentions, own.votes, scores)
    return {
        "majority": of_soft_labels(rules.mentions, rules.votes, majority),
        "label_model": of_soft_labels(rules.mentions, rules.votes, model),
        "end_model": text,
        "fused": fused(
            _of_rules(bench, which, params, own), text, bench.job.task.task.fusion.shares()
        ),
    }


def _of_rules(bench: Bench, which: Which, params: Fitted, own: Applied) -> Scored:
    """Return what the label model says of the votes between the mentions of all systems together."""
    soft = soft_labels(bench, params.model, own.votes, which, own.mentions)
    return of_soft_labels(own.mentions, own.votes, soft)


def _majority_mentions(
    bench: Bench, which: Which, params: Fitted, rules: Applied, scored: Scored
) -> Scored:
    """Return the majority vote with its own mentions; its relations stay those between found ones."""
    soft = soft_labels(bench, params.majority, rules.votes, which, rules.mentions)
    entities = [name for name, labels in soft.items() if labels.task.kind == "entity"]
    finder = bench.finder(which)
    tables = [decode_mentions(finder, soft[name], rules.votes[name]) for name in entities]
    return replace(scored, mentions=joined(tables))


def _write(bench: Bench, corpus: Corpus, path: Path, scored: Scored) -> None:
    name = path.name.split(".")[0]
    task = bench.job.task.task
    thresholds = task.thresholds if name == "fused" else {}
    pubtator.write(path, documents_of(corpus, scored, task.gold, name, thresholds))


def _save_own(folder: Path, own: Applied, systems: Mapping[str, Scored]) -> None:
    folder.mkdir()
    save_votes(folder, own.votes)
    save_mentions(folder / "mentions.arrow", own.mentions)
    for name, scored in systems.items():
        np.savez(folder / f"{name}.npz", **dict(scored.probabilities))
