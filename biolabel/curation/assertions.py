"""Assertions: what all documents together say about a pair of concepts, and where it is written."""

import math
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from biolabel.curation.evidence import Evidence, Place, evidence_of
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.data.votes import TaskVotes
from biolabel.errors import CorpusError

Status = Literal["known", "new", "unchecked"]
"""Whether the knowledge bases have the pair; `unchecked` if none was given."""

Claim = tuple[str, str, str]
"""Subject, predicate (a label of the task) and object."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A subject, a predicate and an object, with all evidence for and against it.

    subject, object: CURIEs; predicate: the label of the relation. probability: the noisy-or of the
    documents' probabilities, 1 - prod(1 - p), as if documents were independent; maximum: the largest
    of them. documents: how many have it predicted. evidence: at least one row for each of these, and
    rows of further documents where rules voted on the pair.
    """

    subject: str
    predicate: str
    object: str
    subject_name: str
    object_name: str
    probability: float
    maximum: float
    documents: int
    status: Status
    evidence: tuple[Evidence, ...]


def build_assertions(
    predicted: Sequence[Document],
    votes: TaskVotes,
    corpus: Corpus,
    *,
    names: Mapping[str, str] | None = None,
    known: Container[tuple[str, str]] | None = None,
) -> tuple[Assertion, ...]:
    """Return the assertions of one relation task, the most probable first.

    Every relation of the task in `predicted` counts, so the caller has applied its threshold; the
    mentions of these documents show where a pair stands that no rule voted on. names: CURIE to
    name, else the CURIE itself stands for it; known: the pairs of the knowledge bases.

    Raises:
        CorpusError: BL620 for predictions about a document that the corpus lacks, or with a label
            that the task lacks.
    """
    places = _places(predicted, votes, corpus)
    rows = _evidence(predicted, places, votes, corpus)
    called = names or {}
    found = []
    for claim, documents in places.items():
        subject, predicate, target = claim
        probabilities = list(documents.values())
        status: Status = "unchecked"
        if known is not None:
            status = "known" if (subject, target) in known else "new"
        found.append(
            Assertion(
                subject=subject,
                predicate=predicate,
                object=target,
                subject_name=called.get(subject, subject),
                object_name=called.get(target, target),
                probability=1 - math.prod(1 - p for p in probabilities),
                maximum=max(probabilities),
                documents=len(documents),
                status=status,
                evidence=tuple(sorted(rows[claim], key=_surest_first)),
            )
        )
    return tuple(sorted(found, key=lambda a: (-a.probability, a.subject, a.object, a.predicate)))


def surface_names(documents: Iterable[Document]) -> dict[str, str]:
    """Return, for each CURIE of a mention, the text that stands for it most often.

    Of equally frequent texts it is the first in the alphabet. Mentions of several concepts count for
    none of them: their text names no single one.
    """
    texts: dict[str, Counter[str]] = {}
    for document in documents:
        whole = document.text
        for mention in document.mentions:
            if len(mention.concepts) == 1:
                seen = texts.setdefault(mention.concepts[0], Counter())
                seen[whole[mention.start : mention.end]] += 1
    return {
        concept: min(seen, key=lambda text: (-seen[text], text)) for concept, seen in texts.items()
    }


def _surest_first(row: Evidence) -> tuple[float, str, int, int]:
    probability = -1.0 if row.probability is None else row.probability
    return -probability, row.document, row.start, row.end


def _places(
    predicted: Sequence[Document], votes: TaskVotes, corpus: Corpus
) -> dict[Claim, dict[int, float]]:
    """Return the documents of each claim, by their index in the corpus, with its probability."""
    task = votes.matrix.task
    index = {name: doc for doc, name in enumerate(corpus.ids)}
    found: dict[Claim, dict[int, float]] = {}
    for document in predicted:
        for relation in document.relations:
            if relation.task != task.name or relation.label == "none":
                continue
            if document.id not in index or relation.label not in task.labels:
                missing = (
                    f"the task has no label `{relation.label}`"
                    if document.id in index
                    else "the corpus has no such document"
                )
                raise CorpusError(
                    "BL620",
                    f"a relation of `{task.name}` is predicted in document {document.id}, "
                    f"but {missing}",
                    hint="predict again with this corpus and these rules",
                )
            claim = (relation.subject, relation.label, relation.object)
            at = found.setdefault(claim, {})
            doc = index[document.id]
            at[doc] = max(at.get(doc, 0.0), relation.probability)
    return found


def _evidence(
    predicted: Sequence[Document],
    places: Mapping[Claim, Mapping[int, float]],
    votes: TaskVotes,
    corpus: Corpus,
) -> dict[Claim, list[Evidence]]:
    """Return the evidence of each claim, in documents that have it predicted or rules that voted."""
    pairs = {(subject, target) for subject, _, target in places}
    candidates: dict[tuple[str, str], dict[int, int]] = {}
    columns: Iterable[tuple[str, str]] = zip(votes.subjects, votes.objects, strict=True)
    for candidate, pair in enumerate(columns):
        if pair in pairs:
            candidates.setdefault(pair, {})[int(votes.documents[candidate])] = candidate
    mentions = {document.id: document.mentions for document in predicted}
    found: dict[Claim, list[Evidence]] = {}
    for claim, documents in places.items():
        subject, label, target = claim
        at = candidates.get((subject, target), {})
        found[claim] = [
            row
            for doc in sorted(documents.keys() | at.keys())
            for row in evidence_of(
                Place(doc, subject, target, label, at.get(doc), documents.get(doc)),
                votes,
                corpus,
                mentions.get(corpus.ids[doc], ()),
            )
        ]
    return found
