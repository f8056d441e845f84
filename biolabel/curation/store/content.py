"""Assertions and evidence as the JSON in which the database keeps them."""

import hashlib
from dataclasses import replace

from pydantic import TypeAdapter

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence

_ASSERTION = TypeAdapter(Assertion)
_EVIDENCE = TypeAdapter(Evidence)


def assertion_content(assertion: Assertion) -> str:
    """Return an assertion without its evidence as JSON."""
    return _ASSERTION.dump_json(replace(assertion, evidence=())).decode()


def assertion_of(content: str, evidence: tuple[Evidence, ...] = ()) -> Assertion:
    """Return the assertion that `assertion_content` made JSON of, with this evidence."""
    found = _ASSERTION.validate_json(content)
    # A page has fifty of them without evidence, and a copy takes longer than reading the JSON.
    return replace(found, evidence=evidence) if evidence else found


def evidence_content(row: Evidence) -> str:
    """Return a row of evidence as JSON."""
    return _EVIDENCE.dump_json(row).decode()


def evidence_of(content: str) -> Evidence:
    """Return the row of evidence that `evidence_content` made JSON of."""
    return _EVIDENCE.validate_json(content)


def digest_of(assertion: Assertion) -> str:
    """Return a hash of an assertion with its evidence: 32 hexadecimal digits."""
    return hashlib.blake2b(_ASSERTION.dump_json(assertion), digest_size=16).hexdigest()
