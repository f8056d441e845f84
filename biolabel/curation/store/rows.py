"""Assertions as the rows of the tables that a run fills."""

from dataclasses import dataclass

from biolabel.curation.assertions import Assertion
from biolabel.curation.priority import priority, rule_votes
from biolabel.curation.review import evidence_ids
from biolabel.curation.store.bulk import Row
from biolabel.curation.store.content import assertion_content, evidence_content


@dataclass(frozen=True, slots=True)
class AssertionRows:
    """The rows of one assertion: its own without its id, that of its names, of its rules, its evidence."""

    id: str
    head: Row
    names: Row
    rules: tuple[Row, ...]
    evidence: tuple[Row, ...]


def rows_of(key: str, task: str, assertion: Assertion, digest: str) -> AssertionRows:
    """Return the rows of an assertion of a task, without what curators made of it."""
    votes = rule_votes(assertion.evidence)
    urgent = priority(assertion, votes)
    head = {
        "task": task,
        "subject": assertion.subject,
        "predicate": assertion.predicate,
        "object": assertion.object,
        "probability": assertion.probability,
        "documents": assertion.documents,
        "status": assertion.status,
        "uncertainty": urgent.uncertainty,
        "novelty": urgent.novelty,
        "disagreement": urgent.disagreement,
        "current": True,
        "digest": digest,
        "content": assertion_content(assertion),
    }
    return AssertionRows(
        id=key,
        head=head,
        names={"assertion": key, "words": words_of(assertion)},
        rules=tuple(
            {
                "assertion": key,
                "rule": vote.rule,
                "votes_for": vote.votes_for,
                "votes_against": vote.votes_against,
            }
            for vote in votes
        ),
        evidence=_evidence_rows(key, assertion),
    )


def _evidence_rows(key: str, assertion: Assertion) -> tuple[Row, ...]:
    ids = evidence_ids(key, assertion.evidence)
    return tuple(
        {
            "assertion": key,
            "id": row_key,
            "position": position,
            "document": row.document,
            "journal": row.journal,
            "year": row.year,
            "current": True,
            "content": evidence_content(row),
        }
        for position, (row_key, row) in enumerate(zip(ids, assertion.evidence, strict=True))
    )


def words_of(assertion: Assertion) -> str:
    """Return what a search for text looks in: names and CURIEs, case-folded."""
    parts = (
        assertion.subject_name,
        assertion.predicate,
        assertion.object_name,
        assertion.subject,
        assertion.object,
    )
    return "\n".join(parts).casefold()
