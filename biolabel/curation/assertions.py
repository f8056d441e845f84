"""Assertions: what all documents together say about a pair of concepts, and where it is written."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

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
    said = list(told(predicted, votes, corpus, parts))
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for each in said:
        subject, predicate, target = each.claim
        labels.setdefault((subject, target), {})[predicate] = None
    sure = {(each.claim, each.doc) for each in said}
    said += told_elsewhere(lambda *pair: labels.get(pair, ()), sure, votes, corpus, parts)
    of_claim: dict[Claim, list[Told]] = {}
    for each in said:
        of_claim.setdefault(each.claim, []).append(each)
    found = [
        assertion_of(
            sorted(each, key=lambda one: one.doc),
            names=(names or {}).get,
            known=known,
            temperature=temperature,
        )
        for each in of_claim.values()
    ]
    return tuple(sorted(found, key=lambda a: (-a.probability, a.subject, a.object, a.predicate)))


@dataclass(frozen=True, slots=True)
class Told:
    """What one document says of a claim: its number, the claim's probability, and its evidence.

    probability: None where the claim is not predicted there.
    """

    claim: Claim
    doc: int
    probability: float | None
    evidence: tuple[Evidence, ...]


def told(
    predicted: Iterable[Document], votes: TaskVotes, corpus: Corpus, parts: Parts | None
) -> Iterator[Told]:
    """Yield what documents say of the claims that are predicted in them, in the order of the corpus.

    Raises:
        CorpusError: as `build_assertions`.
    """
    found: dict[tuple[Claim, int, str, str], Place] = {}
    mentions = {}
    index = {name: doc for doc, name in enumerate(corpus.ids)}
    candidates = _candidates(votes)
    for document in predicted:
        mentions[index.get(document.id, -1)] = document.mentions
        for claim, place in _places(document, votes, index, candidates):
            key = claim, place.doc, place.subject, place.object
            if key in found:
                surest = max(place.probability or 0.0, found[key].probability or 0.0)
                place = replace(place, probability=surest)
            found[key] = place
    for (claim, doc, *_), place in sorted(found.items(), key=lambda each: each[0][1]):
        rows = tuple(evidence_of(place, votes, corpus, mentions[doc], parts))
        yield Told(claim, doc, place.probability or 0.0, rows)


def told_elsewhere(
    labels: Callable[[str, str], Iterable[str]],
    sure: Set[tuple[Claim, int]],
    votes: TaskVotes,
    corpus: Corpus,
    parts: Parts | None,
) -> Iterator[Told]:
    """Yield what documents in which claims are not predicted say of them: those with votes on the pair.

    labels: what is claimed of a subject and an object anywhere; sure: claims with the documents that
    have them predicted.
    """
    candidates = _candidates(votes)
    for candidate in np.unique(votes.matrix.candidate).tolist():
        doc = int(votes.documents[candidate])
        subject, target = votes.subjects[candidate], votes.objects[candidate]
        if candidates[doc, subject, target] != candidate:
            continue
        for label in labels(subject, target):
            claim = subject, label, target
            if (claim, doc) not in sure:
                place = Place(doc, subject, target, label, candidate, None)
                rows = tuple(evidence_of(place, votes, corpus, (), parts))
                if rows:
                    yield Told(claim, doc, None, rows)


def assertion_of(
    said: Sequence[Told],
    *,
    names: Callable[[str], str | None],
    known: Known | None,
    temperature: float | None,
) -> Assertion:
    """Return the assertion of a claim, given all that documents say of it, in their order.

    names, known, temperature: as those of `build_assertions`.
    """
    subject, predicate, target = said[0].claim
    standing = Standing("unchecked")
    if known is not None:
        standing = known.standing((subject, target), predicate)
    evidence = tuple(sorted((row for each in said for row in each.evidence), key=_surest_first))
    probabilities = probabilities_of((each.doc, each.probability) for each in said)
    largest = max(probabilities)
    return Assertion(
        subject=subject,
        predicate=predicate,
        object=target,
        subject_name=names(subject) or subject,
        object_name=names(target) or target,
        probability=noisy_or(probabilities),
        maximum=largest,
        documents=len(probabilities),
        status=standing.status,
        evidence=evidence,
        known_from=standing.known_from,
        contradicted_by=standing.contradicted_by,
        refines=standing.refines,
        contradicting=len(_denying(evidence)),
        calibrated=None if temperature is None else tempered_one(largest, temperature),
    )


def probabilities_of(said: Iterable[tuple[int, float | None]]) -> list[float]:
    """Return the largest probability of a claim in each document that has it predicted.

    said: documents with probabilities, None where it is not predicted.
    """
    documents: dict[int, float] = {}
    for doc, probability in said:
        if probability is not None:
            documents[doc] = max(documents.get(doc, 0.0), probability)
    return list(documents.values())


def noisy_or(probabilities: Iterable[float]) -> float:
    """Return the probability that something holds which each of some independent cases can make hold."""
    return 1 - math.prod(1 - p for p in probabilities)


def surface_names(documents: Iterable[Document]) -> dict[str, str]:
    """Return, for each subject or object of assertions, the text that stands for it most often.

    Of equally frequent texts it is the first in the alphabet.
    """
    return {
        concept: min(seen, key=lambda text: (-seen[text], text))
        for concept, seen in surfaces(documents).items()
    }


def surfaces(documents: Iterable[Document]) -> dict[str, Counter[str]]:
    """Return, for each subject or object of assertions, how often which text stands for it.

    It is a CURIE, or the folded text of mentions without one. Mentions of several concepts count for
    none of them: their text names no single one.
    """
    texts: dict[str, Counter[str]] = {}
    for document in documents:
        whole = document.text
        for mention in document.mentions:
            written = whole[mention.start : mention.end]
            if len(mention.concepts) <= 1:
                seen = texts.setdefault((*mention.concepts, key_of(written))[0], Counter())
                seen[written] += 1
    return texts


def _denying(evidence: Iterable[Evidence]) -> set[str]:
    """Return the documents that do not have the claim predicted and have rules against it."""
    return {row.document for row in evidence if row.probability is None and row.rules_against}


def _surest_first(row: Evidence) -> tuple[float, str, int, int]:
    probability = -1.0 if row.probability is None else row.probability
    return -probability, row.document, row.start, row.end


def _places(
    document: Document,
    votes: TaskVotes,
    index: Mapping[str, int],
    candidates: Mapping[tuple[int, str, str], int],
) -> Iterator[tuple[Claim, Place]]:
    """Yield where a document has claims predicted."""
    task = votes.matrix.task
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
        place = Place(*key, relation.label, candidates.get(key), relation.probability)
        yield (subject, relation.label, target), place


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
