"""Assertions: what all documents together say about a pair of concepts, and where it is written."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from biolabel.curation.evidence import Evidence, Parts, Place, evidence_of
from biolabel.curation.known import Known, Standing, Statement, Status
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.data.votes import TaskVotes
from biolabel.data.words import key_of
from biolabel.errors import CorpusError
from biolabel.evaluation.temperature import tempered_one

Claim = tuple[str, str, str]
"""Subject, predicate (a label of the task) and object."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A subject, a predicate and an object, with all evidence for and against it.

    subject, object: CURIEs, or the folded text of a mention without one; predicate: the label of the
    relation. probability: the noisy-or of the documents' largest probabilities, 1 - prod(1 - p), as
    if documents were independent; maximum: the largest of them; calibrated: the largest one at the
    temperature that was given (`build_assertions`), None without one. documents: how many have it predicted;
    contradicting: how many others have rules against it. evidence: at least one row for each of the
    first, and rows of further documents where rules voted on the pair. status, known_from,
    contradicted_by and refines: how it stands against the knowledge bases, with the papers that these
    name (`known.Standing`).
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
    known_from: tuple[Statement, ...] = ()
    contradicted_by: tuple[Statement, ...] = ()
    refines: tuple[Statement, ...] = ()
    contradicting: int = 0
    calibrated: float | None = None


def build_assertions(
    predicted: Sequence[Document],
    votes: TaskVotes,
    corpus: Corpus,
    *,
    names: Mapping[str, str] | None = None,
    known: Known | None = None,
    temperature: float | None = None,
    parts: Parts | None = None,
) -> tuple[Assertion, ...]:
    """Return the assertions of one relation task, the most probable first.

    Relations between mentions are gathered by their concepts, those without one by their text. Every
    relation of the task in `predicted` counts, so the caller has applied its threshold; the mentions
    of these documents show where a pair stands that no rule voted on. names: what to call a subject
    or object, which else stands for itself; known: the knowledge bases that make a pair known;
    temperature: what the log-odds of the calibrated maximum are divided by; parts: what label model and
    end model say of the candidates.

    Raises:
        CorpusError: BL620 for predictions about a document that the corpus lacks, or with a label
            that the task lacks.
    """
    places = _places(predicted, votes, corpus)
    rows = _evidence(predicted, places, votes, corpus, parts)
    called = names or {}
    found = []
    for claim, predictions in places.items():
        subject, predicate, target = claim
        documents: dict[int, float] = {}
        for place in predictions:
            sure = place.probability or 0.0
            documents[place.doc] = max(documents.get(place.doc, 0.0), sure)
        probabilities = list(documents.values())
        standing = Standing("unchecked")
        if known is not None:
            standing = known.standing((subject, target), predicate)
        evidence = tuple(sorted(rows[claim], key=_surest_first))
        largest = max(probabilities)
        found.append(
            Assertion(
                subject=subject,
                predicate=predicate,
                object=target,
                subject_name=called.get(subject, subject),
                object_name=called.get(target, target),
                probability=1 - math.prod(1 - p for p in probabilities),
                maximum=largest,
                documents=len(documents),
                status=standing.status,
                evidence=evidence,
                known_from=standing.known_from,
                contradicted_by=standing.contradicted_by,
                refines=standing.refines,
                contradicting=len(_denying(evidence)),
                calibrated=None if temperature is None else tempered_one(largest, temperature),
            )
        )
    return tuple(sorted(found, key=lambda a: (-a.probability, a.subject, a.object, a.predicate)))


def surface_names(documents: Iterable[Document]) -> dict[str, str]:
    """Return, for each subject or object of assertions, the text that stands for it most often.

    It is a CURIE, or the folded text of mentions without one. Of equally frequent texts it is the
    first in the alphabet. Mentions of several concepts count for none of them: their text names no
    single one.
    """
    texts: dict[str, Counter[str]] = {}
    for document in documents:
        whole = document.text
        for mention in document.mentions:
            written = whole[mention.start : mention.end]
            if len(mention.concepts) <= 1:
                seen = texts.setdefault((*mention.concepts, key_of(written))[0], Counter())
                seen[written] += 1
    return {
        concept: min(seen, key=lambda text: (-seen[text], text)) for concept, seen in texts.items()
    }


def _denying(evidence: Iterable[Evidence]) -> set[str]:
    """Return the documents that do not have the claim predicted and have rules against it."""
    return {row.document for row in evidence if row.probability is None and row.rules_against}


def _surest_first(row: Evidence) -> tuple[float, str, int, int]:
    probability = -1.0 if row.probability is None else row.probability
    return -probability, row.document, row.start, row.end


def _places(
    predicted: Sequence[Document], votes: TaskVotes, corpus: Corpus
) -> dict[Claim, list[Place]]:
    """Return where each claim is predicted, by document."""
    task = votes.matrix.task
    index = {name: doc for doc, name in enumerate(corpus.ids)}
    candidates = _candidates(votes)
    found: dict[Claim, dict[tuple[int, str, str], Place]] = {}
    for document in predicted:
        named = argument_names(document)
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
            pair = relation.subject, relation.object
            subject, target = (named.get(argument, argument) for argument in pair)
            key = (index[document.id], *pair)
            at = found.setdefault((subject, relation.label, target), {})
            sure = relation.probability
            if key in at:
                sure = max(sure, at[key].probability or 0.0)
            at[key] = Place(key[0], *pair, relation.label, candidates.get(key), sure)
    return {claim: list(at.values()) for claim, at in found.items()}


def _candidates(votes: TaskVotes) -> dict[tuple[int, str, str], int]:
    columns = zip(votes.documents.tolist(), votes.subjects, votes.objects, strict=True)
    return {place: candidate for candidate, place in enumerate(columns)}


def argument_names(document: Document) -> dict[str, str]:
    """Return what an assertion calls each mention, by its key: its only concept, else its folded text."""
    text = document.text
    return {
        mention.names[-1]: mention.concepts[0]
        if len(mention.concepts) == 1
        else key_of(text[mention.start : mention.end])
        for mention in document.mentions
    }


def _evidence(
    predicted: Sequence[Document],
    places: Mapping[Claim, Sequence[Place]],
    votes: TaskVotes,
    corpus: Corpus,
    parts: Parts | None,
) -> dict[Claim, list[Evidence]]:
    """Return the evidence of each claim: where it is predicted, and where rules voted on its concepts."""
    mentions = {document.id: document.mentions for document in predicted}
    elsewhere: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for (doc, subject, target), candidate in _candidates(votes).items():
        elsewhere.setdefault((subject, target), []).append((doc, candidate))
    found: dict[Claim, list[Evidence]] = {}
    for (subject, label, target), predictions in places.items():
        sure = {place.doc for place in predictions}
        unsure = [
            Place(doc, subject, target, label, candidate, None)
            for doc, candidate in elsewhere.get((subject, target), ())
            if doc not in sure
        ]
        found[subject, label, target] = [
            row
            for place in sorted([*predictions, *unsure], key=lambda place: place.doc)
            for row in evidence_of(
                place, votes, corpus, mentions.get(corpus.ids[place.doc], ()), parts
            )
        ]
    return found
