"""Stage: every system against gold, next to majority vote and the best single rule."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Relation
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.metrics import (
    Score,
    bootstrap_interval,
    concept_scores,
    mention_counts,
    mention_scores,
    relation_counts,
    relation_scores,
    relaxed_mention_scores,
    topic_scores,
)
from biolabel.text.documents import corpus_documents
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.breakdown import Part, break_down, place
from biolabel.workflow.cache import StageNote
from biolabel.workflow.graph import entities
from biolabel.workflow.job import Which
from biolabel.workflow.predict import predict
from biolabel.workflow.relations import relation_name
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.settings import Gold

SYSTEMS = ("majority", "label_model", "end_model", "fused")


def evaluate(bench: Bench, which: Which) -> StageNote:
    """Score the predictions for documents that came with annotations; `scores.json` has the rows.

    `breakdown.json` has the scores by groups of mentions and pairs (`breakdown.Part`).
    """
    predicted, found = predict(bench, which), apply(bench, which)
    given = given_apart(bench, which)
    own = "own" if entities(bench.plan) else "given"
    inputs = {
        "predicted": predicted.key,
        "found": found.key,
        "given": given.key if given else "",
        "seed": bench.job.seed,
    }

    def make(folder: Path) -> None:
        corpus = bench.corpus(which)
        gold = list(corpus_documents(corpus))
        known = bench.job.task.task.gold
        rows: list[ScoreRow] = []
        parts: list[Part] = []
        for source, file, applied in ((own, "own", found), ("given", "given", given)):
            if applied is None:
                continue
            votes = open_applied(applied).votes
            systems = {
                name: _read(predicted.folder / f"{name}.{file}.pubtator") for name in SYSTEMS
            }
            rows += score_systems(gold, systems, votes, known, source, bench.job.seed)
            rows += best_rules(gold, corpus, votes, known, source)
            names = {name: each.names for name, each in known.items()}
            parts += break_down(place(bench, which, gold, votes), systems, names, source)
        order = {name: i for i, name in enumerate(("best rule", *SYSTEMS))}
        rows.sort(
            key=lambda r: (r.task, r.metric, r.mentions, order.get(r.system.split(":")[0], 0))
        )
        text = json.dumps([asdict(row) for row in rows], indent=1)
        (folder / "scores.json").write_text(text, encoding="utf-8")
        broken = json.dumps([asdict(part) for part in parts], indent=1)
        (folder / "breakdown.json").write_text(broken, encoding="utf-8")

    return bench.job.stage("evaluate", inputs, make)


def open_scores(note: StageNote) -> list[ScoreRow]:
    """Return the rows of an evaluate stage."""
    rows = json.loads((note.folder / "scores.json").read_text(encoding="utf-8"))
    return [ScoreRow(**row) for row in rows]


def open_breakdown(note: StageNote) -> list[Part]:
    """Return the scores by group of an evaluate stage."""
    parts = json.loads((note.folder / "breakdown.json").read_text(encoding="utf-8"))
    return [Part(**part) for part in parts]


def _read(path: Path) -> list[Document]:
    return list(pubtator.read(path, Rejects()))


def score_systems(
    gold: Sequence[Document],
    systems: Mapping[str, Sequence[Document]],
    votes: Mapping[str, TaskVotes],
    known: Mapping[str, Gold],
    source: str,
    seed: int,
) -> Iterator[ScoreRow]:
    """Yield the rows of each system and task for which gold has something to compare with."""
    for system, predicted in systems.items():
        for name, found in votes.items():
            kind = found.matrix.task.kind
            if kind == "entity" and source == "own" and any(d.mentions for d in gold):
                yield from _mention_rows(gold, predicted, name, system, seed)
            elif kind == "relation" and name in known:
                yield from _pair_rows(
                    gold, predicted, known[name].names, name, source, system, seed
                )
            elif kind == "document" and any(name in d.topics for d in gold):
                topics = topic_scores(gold, predicted, name)
                yield ScoreRow(
                    name, "documents micro", source, system, None, None, topics.micro_f1,
                    accuracy=topics.accuracy,
                )  # fmt: skip
                yield ScoreRow(
                    name, "documents", source, system, None, None, topics.macro_f1,
                    accuracy=topics.accuracy,
                )  # fmt: skip


def _pair_rows(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    names: Mapping[str, str],
    name: str,
    source: str,
    system: str,
    seed: int,
) -> Iterator[ScoreRow]:
    """Yield the row of all labels and, where gold has several, one for each of them."""
    scores = relation_scores(gold, predicted, names)
    micro = scores.pop("micro")
    if not scores:
        return
    counts = relation_counts(gold, predicted, names)
    interval = bootstrap_interval(counts, np.random.default_rng(seed))
    yield _row(name, "pairs", source, system, micro, interval.low, interval.high)
    if len(scores) > 1:
        for label, score in scores.items():
            yield _row(name, f"pairs {label}", source, system, score)


def _mention_rows(
    gold: Sequence[Document], predicted: Sequence[Document], name: str, system: str, seed: int
) -> Iterator[ScoreRow]:
    interval = bootstrap_interval(mention_counts(gold, predicted), np.random.default_rng(seed))
    for kind, score in mention_scores(gold, predicted).items():
        bounds = (interval.low, interval.high) if kind == "micro" else (None, None)
        yield _row(name, f"mentions {kind}", "own", system, score, *bounds)
    for kind, score in relaxed_mention_scores(gold, predicted).items():
        yield _row(name, f"overlapping mentions {kind}", "own", system, score)
    for kind, score in concept_scores(gold, predicted).items():
        yield _row(name, f"concepts {kind}", "own", system, score)


def _row(
    task: str,
    metric: str,
    source: str,
    system: str,
    score: Score,
    low: float | None = None,
    high: float | None = None,
) -> ScoreRow:
    return ScoreRow(
        task, metric, source, system, score.precision, score.recall, score.f1, low, high
    )


def best_rules(
    gold: Sequence[Document],
    corpus: Corpus,
    votes: Mapping[str, TaskVotes],
    known: Mapping[str, Gold],
    source: str,
) -> Iterator[ScoreRow]:
    """Yield, for each task and metric, the single rule that scores best, chosen with gold in its favor."""
    for name, found in votes.items():
        kind = found.matrix.task.kind
        best: dict[str, ScoreRow] = {}
        for lf, function in enumerate(found.matrix.lfs):
            alone = rule_alone(corpus, gold, found, lf, known)
            systems = {f"best rule: {function.name}": alone}
            for row in score_systems(gold, systems, {name: found}, known, source, 0):
                better = row.f1 > best[row.metric].f1 if row.metric in best else True
                if better and not row.metric.startswith("concepts"):
                    best[row.metric] = row
        if kind != "entity" or source == "own":
            yield from best.values()


def rule_alone(
    corpus: Corpus,
    gold: Sequence[Document],
    votes: TaskVotes,
    lf: int,
    known: Mapping[str, Gold],
) -> list[Document]:
    """Return what one rule says by itself: its votes for exactly one label.

    `none` says nothing of a mention or pair; of a document it is a label as others are.
    """
    matrix = votes.matrix
    task = matrix.task
    mentions: list[list[Mention]] = [[] for _ in gold]
    relations: list[list[Relation]] = [[] for _ in gold]
    topics: list[dict[str, str]] = [{} for _ in gold]
    for bit, label in enumerate(task.labels):
        chosen = np.flatnonzero((matrix.lf == lf) & (matrix.mask == 1 << bit))
        if (label == "none" and task.kind != "document") or not len(chosen):
            continue
        candidate = matrix.candidate[chosen]
        if task.kind == "entity":
            for first, end in np.unique(votes.evidence[chosen], axis=0):
                start, stop = int(corpus.row_start[first]), int(corpus.row_end[end - 1])
                mentions[corpus.row_doc[first]].append(Mention(start, stop, label))
        elif task.kind == "relation":
            name = relation_name(task.name, label, known)
            for i in candidate:
                pair = votes.subjects[i], votes.objects[i]
                relations[votes.documents[i]].append(Relation(name, *pair, name))
        else:
            for i in candidate if votes.of_documents() else ():
                topics[i][task.name] = label
    return [
        Document(d.id, d.passages, tuple(mentions[i]), tuple(relations[i]), topics=topics[i])
        for i, d in enumerate(gold)
    ]
