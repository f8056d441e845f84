"""What every system says of one shard: the votes between all mentions, probabilities, and PubTator."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain, islice, tee
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from biolabel.apply.faults import Fault
from biolabel.apply.mentions import decode_mentions, mentions_of_spans, word_labels
from biolabel.apply.store import load_mentions, save_mentions, save_votes
from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable, joined
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import DocumentScores
from biolabel.endmodel.predict import predict as predict_documents
from biolabel.labelmodel.params import LabelModelParams
from biolabel.text.formats import pubtator
from biolabel.workflow.applied import (
    GIVEN,
    Applied,
    load_probabilities,
    read_shard,
    save_probabilities,
)
from biolabel.workflow.apply import apply_others
from biolabel.workflow.cache import StageNote
from biolabel.workflow.documents import bare_documents
from biolabel.workflow.fit import Fitted, open_fitted, soft_labels_of
from biolabel.workflow.graph import entities
from biolabel.workflow.own import Span, fused_words, own_spans
from biolabel.workflow.reading import Reading
from biolabel.workflow.settings import Task
from biolabel.workflow.shards import ShardRun
from biolabel.workflow.site import Plot, Site, open_site
from biolabel.workflow.systems import Scored, documents_of, fused, of_end_model, of_soft_labels
from biolabel.workflow.train import open_trained

Probabilities = Mapping[str, NDArray[np.float32]]
Limits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What systems depend on beside the shard: the models, and the task's settings.

    piece: how many documents the end model reads at a time.
    """

    fitted: StageNote
    trained: StageNote
    settings: Task
    piece: int


@dataclass(frozen=True, slots=True)
class Order:
    """One shard to speak of: where votes of rules are, and where results go.

    given: votes between given mentions, None where there are no others. own: the votes, mentions and
    probabilities behind assertions; aside: what else is needed until the texts are written there, a
    file a system. limits: the decision thresholds by `SYSTEM.SOURCE` and `TASK.LABEL`; those that are
    not there are made of the probabilities of the shard.
    """

    shard: int
    found: Path
    given: Path | None
    own: Path
    aside: Path
    limits: Mapping[str, Limits] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Systems:
    """An opened site with the models, each of which is read once a process."""

    site: Site
    recipe: Recipe

    @cached_property
    def fitted(self) -> Fitted:
        """The label model and the majority vote."""
        return open_fitted(self.recipe.fitted)

    @cached_property
    def model(self) -> EndModel:
        """The end model."""
        return open_trained(self.recipe.trained)

    def reads(self, corpus: Corpus, applied: Applied, *, alone: bool) -> Iterator[DocumentScores]:
        """Yield what the end model says of each document, read side by side where that can be.

        alone: whether there is no other shard; else each shard is read where it is spoken of, piece by
        piece on one thread, whichever process that is.
        """
        documents = bare_documents(corpus, applied.votes, applied.mentions)
        count, piece, progress = len(corpus.ids), self.recipe.piece, self.site.progress
        if alone and count <= piece:
            return iter(predict_documents(self.model, list(documents), progress))
        pieces = iter(lambda: list(islice(documents, piece)), [])
        executor = self.site.executor
        start = partial(open_trained, self.recipe.trained)
        done = executor.ordered(_scored, pieces, start if executor.spreads else lambda: self.model)
        if alone:
            done = progress(done, name="end model, prediction", total=-(-count // piece))
        return chain.from_iterable(done)


def open_systems(plot: Plot, recipe: Recipe) -> Systems:
    """Open a site and its models in a worker process."""
    return Systems(open_site(plot), recipe)


@dataclass(frozen=True, slots=True)
class Said:
    """A shard that systems spoke of: its numbers of documents and rows, and where rules failed."""

    documents: int
    rows: int
    faults: tuple[Fault, ...]


def say(systems: Systems, order: Order) -> Said:
    """Write what all systems say of a shard but for the texts."""
    shard = _Shard(systems, systems.site.run(order.shard, {}), len(systems.site.store.shards) == 1)
    rules = read_shard(order.found)
    first = read_shard(order.given) if order.given else rules
    faults: list[Fault] = []
    read = shard.scores(first)
    if entities(shard.run.recipe.plan):
        alone, own, scores = shard.own(rules, read, faults)
        again = [_without_words(s) for s in shard.scores(own)]
        said = shard.systems(rules, own, again)
        voted = shard.majority_mentions(rules)
        said["majority"] = replace(said["majority"], mentions=voted)
        said["end_model"] = replace(said["end_model"], mentions=alone)
    else:
        scores = [_without_words(score) for score in read]
        own, said = rules, shard.systems(rules, rules, scores)
    for folder in (order.own, order.aside):
        folder.mkdir(parents=True, exist_ok=True)
    save_votes(order.own, own.votes)
    save_mentions(order.own / "mentions.arrow", own.mentions)
    beside = shard.of_rules(own).probabilities
    kept = {"label_model": beside, **{n: said[n].probabilities for n in ("end_model", "fused")}}
    for name, rows in kept.items():
        save_probabilities(order.own / f"{name}.npz", rows)
    for name, scored in said.items():
        save_mentions(order.aside / f"{name}.arrow", scored.mentions)
    for name in ("majority", "label_model"):
        save_probabilities(order.aside / f"{name}.npz", said[name].probabilities)
    between = shard.systems(first, first, scores) if order.given else said
    if order.given or not entities(shard.run.recipe.plan):
        rows = {f"{n}/{t}": p for n, each in between.items() for t, p in each.probabilities.items()}
        save_probabilities(order.own / GIVEN, rows)
    corpus = shard.run.corpus
    return Said(len(corpus.ids), len(corpus.row_doc), tuple(faults))


def spoken(order: Order) -> Iterator[tuple[str, str, Probabilities]]:
    """Yield each system, `own` or `given`, and its probabilities between such mentions."""
    places = {"majority": order.aside, "label_model": order.aside, "end_model": order.own}
    for name, folder in {**places, "fused": order.own}.items():
        yield name, "own", load_probabilities(folder / f"{name}.npz")
    if order.given:
        found: dict[str, dict[str, NDArray[np.float32]]] = {}
        for key, rows in load_probabilities(order.own / GIVEN).items():
            name, _, task = key.partition("/")
            found.setdefault(name, {})[task] = rows
        # Where there are only entities, nothing is said between given mentions.
        yield from ((name, "given", found.get(name, {})) for name in (*places, "fused"))


def write_texts(systems: Systems, order: Order) -> None:
    """Write what each system says of a shard, between own and given mentions, as PubTator."""
    corpus, settings = systems.site.run(order.shard, {}).corpus, systems.recipe.settings
    rules, own = read_shard(order.found), read_shard(order.own)
    given = read_shard(order.given) if order.given else rules
    for name, source, rows in spoken(order):
        said = given
        if source == "own":
            votes = own.votes if name in ("end_model", "fused") else rules.votes
            said = Applied(votes, load_mentions(order.aside / f"{name}.arrow"))
        chosen = settings.thresholds if name == "fused" else {}
        limits = order.limits.get(f"{name}.{source}", chosen)
        scored = Scored(said.mentions, said.votes, rows)
        path = order.aside / f"{name}.{source}.pubtator"
        pubtator.write(path, documents_of(corpus, scored, settings.gold, name, limits))


def above(
    limits: Mapping[str, NDArray[np.float64]], order: Order
) -> dict[str, NDArray[np.float64]]:
    """Return how many probabilities of a shard are at least a limit, and their sum.

    limits: `SYSTEM.SOURCE.TASK` to float64[k], one for each label; the result has float64[2, k].
    """
    found = {}
    for name, source, each in spoken(order):
        for task, rows in each.items():
            least = limits.get(f"{name}.{source}.{task}")
            if least is not None:
                values = rows.astype(np.float64)
                there = values >= least
                sums = np.where(there, values, 0.0).sum(axis=0)
                found[f"{name}.{source}.{task}"] = np.stack([there.sum(axis=0), sums])
    return found


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


@dataclass(frozen=True, eq=False)
class _Shard:
    """The systems, and the shard that they are to speak of. alone: whether there is no other."""

    of: Systems
    run: ShardRun
    alone: bool

    def scores(self, applied: Applied) -> Iterator[DocumentScores]:
        """Yield what the end model says of each document, given the mentions and pairs in it."""
        return self.of.reads(self.run.corpus, applied, alone=self.alone)

    def soft(self, params: LabelModelParams, applied: Applied) -> Mapping[str, SoftLabels]:
        """Return what a label model says of votes."""
        plan, corpus = self.run.recipe.plan, self.run.corpus
        return soft_labels_of(plan, corpus, params, applied.votes, applied.mentions)

    def own(
        self, rules: Applied, scores: Iterable[DocumentScores], faults: list[Fault]
    ) -> tuple[MentionTable, Applied, list[DocumentScores]]:
        """Return the end model's own mentions, those fused with the rules' with votes on them, and scores.

        scores: gone through once, so that what is said of words need not be held for all documents;
        faults: where to put the candidates on which rules failed.
        """
        recipe, corpus, finder = self.run.recipe, self.run.corpus, self.run.finder
        soft = self.soft(self.of.fitted.model, rules)
        words = [
            word_labels(labels, rules.votes[name], len(corpus.row_doc))
            for name, labels in soft.items()
            if labels.task.kind == "entity"
        ]
        tasks = [labels.task for labels in words]
        share = self.of.recipe.settings.fusion.entities
        # A text without a share has none either where no rule voted and the rules only have a class prior.
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
        found = {task.name: rules.votes[task.name] for task in tasks}
        site = self.of.site
        reading = Reading(recipe.reading, site.executor, site.progress)
        votes = apply_others(finder, recipe.plan, mentions, found, reading, faults)
        return mentions_of_spans(finder, alone), Applied(votes, mentions), kept

    def systems(
        self, rules: Applied, own: Applied, scores: list[DocumentScores]
    ) -> dict[str, Scored]:
        """Return all systems; rules speak of the mentions of `rules`, the end model of those of `own`."""
        fitted, shares = self.of.fitted, self.of.recipe.settings.fusion.shares()
        text = of_end_model(own.mentions, own.votes, scores)
        model, majority = (self.soft(each, rules) for each in (fitted.model, fitted.majority))
        return {
            "majority": of_soft_labels(rules.mentions, rules.votes, majority),
            "label_model": of_soft_labels(rules.mentions, rules.votes, model),
            "end_model": text,
            "fused": fused(self.of_rules(own), text, shares),
        }

    def of_rules(self, own: Applied) -> Scored:
        """Return what the label model says of the votes between the mentions of all systems together."""
        return of_soft_labels(own.mentions, own.votes, self.soft(self.of.fitted.model, own))

    def majority_mentions(self, rules: Applied) -> MentionTable:
        """Return the mentions of the majority vote; its relations stay those between found ones."""
        soft = self.soft(self.of.fitted.majority, rules)
        names = [name for name, labels in soft.items() if labels.task.kind == "entity"]
        finder = self.run.finder
        return joined([decode_mentions(finder, soft[name], rules.votes[name]) for name in names])
