"""Where systems err: their scores by type, length and distance, by what rules and knowledge say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biolabel.curation.known import Known
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.breakdown import (
    distance_group,
    length_group,
    mention_breakdown,
    pair_breakdown,
)
from biolabel.evaluation.metrics import Score
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Which
from biolabel.workflow.known import known_pairs

COVERED, UNCOVERED = "a rule votes", "no rule votes"


@dataclass(frozen=True, slots=True)
class Part:
    """The score of a system on a group of mentions or pairs: `by` is what groups them.

    mentions: whose mentions pairs are between, `own` or `given`.
    """

    task: str
    mentions: str
    system: str
    by: str
    group: str
    tp: int
    fp: int
    fn: int

    @property
    def score(self) -> Score:
        """Return precision, recall and F1."""
        return Score(self.tp, self.fp, self.fn)


@dataclass(frozen=True, eq=False)
class Place:
    """What the groups of mentions and pairs look at in one corpus.

    votes: those that are broken down, on found or on given mentions; named: the spans of rows (first,
    end) that are a name of one of the task's ontologies as a whole; known: relation task to what knowledge
    bases say.
    """

    corpus: Corpus
    gold: Mapping[str, Document]
    votes: Mapping[str, TaskVotes]
    named: frozenset[tuple[int, int]]
    known: Mapping[str, Known | None]

    def mention_groups(self, name: str) -> dict[str, Callable[[str, Mention], str]]:
        """Return how mentions of an entity task are grouped."""
        ruled = self._ruled(self.votes[name])

        def length(doc: str, mention: Mention) -> str:
            return length_group(len(self._rows(doc, mention)))

        def rules(doc: str, mention: Mention) -> str:
            rows = self._rows(doc, mention)
            return COVERED if ruled[rows.start : rows.stop].any() else UNCOVERED

        def ontology(doc: str, mention: Mention) -> str:
            rows = self._rows(doc, mention)
            return "a name" if (rows.start, rows.stop) in self.named else "not a name"

        return {
            "type": lambda _, mention: mention.type,
            "length": length,
            "rules": rules,
            "ontologies": ontology,
        }

    def pair_groups(self, name: str) -> dict[str, Callable[[str, str, str], str]]:
        """Return how the pairs of a relation task are grouped."""
        votes, known = self.votes[name], self.known.get(name)
        ruled = {
            (self.corpus.ids[votes.documents[i]], votes.subjects[i], votes.objects[i])
            for i in np.unique(votes.matrix.candidate).tolist()
        }
        labels = [label for label in votes.matrix.task.labels if label != "none"]

        def distance(doc: str, subject: str, target: str) -> str:
            return distance_group(self.gold[doc], self._sentences[doc], subject, target)

        def rules(doc: str, subject: str, target: str) -> str:
            return COVERED if (doc, subject, target) in ruled else UNCOVERED

        def knowledge(_: str, subject: str, target: str) -> str:
            found = known is not None and any(
                known.standing((subject, target), label).status == "known" for label in labels
            )
            return "known" if found else "not known"

        groups: dict[str, Callable[[str, str, str], str]] = {"distance": distance, "rules": rules}
        if known is not None:
            groups["knowledge bases"] = knowledge
        return groups

    @cached_property
    def _sentences(self) -> Mapping[str, Sequence[int]]:
        """Return where the sentences of each document begin."""
        starts: dict[str, list[int]] = {name: [] for name in self.corpus.ids}
        pairs = zip(self.corpus.sentence_doc, self.corpus.sentence_start, strict=True)
        for doc, start in pairs:
            starts[self.corpus.ids[doc]].append(int(start))
        return starts

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {name: i for i, name in enumerate(self.corpus.ids)}

    def _rows(self, doc: str, mention: Mention) -> range:
        """Return the rows of the corpus that a mention covers."""
        number = self._numbers[doc]
        base, words = int(self.corpus.doc_rows[number]), self.corpus.words(number)
        first = int(np.searchsorted(words[:, 1], mention.start, side="right"))
        end = int(np.searchsorted(words[:, 0], mention.end, side="left"))
        return range(base + first, base + max(end, first + 1))

    def _ruled(self, votes: TaskVotes) -> NDArray[np.bool_]:
        """Return the rows on which a rule voted, bool[rows]."""
        rows = np.zeros(len(self.corpus.row_doc), dtype=bool)
        voted = np.unique(votes.matrix.candidate)
        if votes.spans is None:
            rows[voted] = True
        else:
            for first, end in votes.spans[voted].tolist():
                rows[first:end] = True
        return rows


def place(
    bench: Bench, which: Which, gold: Sequence[Document], votes: Mapping[str, TaskVotes]
) -> Place:
    """Return what the groups look at for votes over the corpus or dev."""
    finder = bench.finder(which)
    named: set[tuple[int, int]] = set()
    for name in finder.knowledge.ontologies:
        hits = finder.hits(name)
        named.update(zip(hits.first.tolist(), hits.end.tolist(), strict=True))
    tasks = [plan.task for plan in bench.plan.tasks if plan.task.kind == "relation"]
    known = {task.name: known_pairs(bench, task) for task in tasks}
    documents = {document.id: document for document in gold}
    return Place(bench.corpus(which), documents, votes, frozenset(named), known)


def break_down(
    found: Place,
    systems: Mapping[str, Sequence[Document]],
    known: Mapping[str, Mapping[str, str]],
    source: str,
) -> Iterator[Part]:
    """Yield the scores of systems on every group of mentions and pairs that gold speaks of.

    known: relation task to what gold calls its relations, and their labels; source: `own` or `given`,
    whose mentions pairs are between.
    """
    gold = list(found.gold.values())
    for name, votes in found.votes.items():
        task = votes.matrix.task
        for system, predicted in systems.items():
            for by, scores in _grouped(found, task, gold, predicted, known, source):
                for group, score in scores.items():
                    yield Part(name, source, system, by, group, score.tp, score.fp, score.fn)


def _grouped(
    found: Place,
    task: Task,
    gold: Sequence[Document],
    predicted: Sequence[Document],
    known: Mapping[str, Mapping[str, str]],
    source: str,
) -> Iterator[tuple[str, Mapping[str, Score]]]:
    if task.kind == "entity" and source == "own" and any(d.mentions for d in gold):
        mine = [_of_types(document, task) for document in gold]
        theirs = [_of_types(document, task) for document in predicted]
        for by, group in found.mention_groups(task.name).items():
            yield by, mention_breakdown(mine, theirs, group)
    elif task.kind == "relation" and task.name in known:
        for by, paired in found.pair_groups(task.name).items():
            yield by, pair_breakdown(gold, predicted, known[task.name], paired)


def _of_types(document: Document, task: Task) -> Document:
    return replace(document, mentions=tuple(m for m in document.mentions if m.type in task.labels))
