"""Nanopublications: each accepted assertion as a claim of its own with where it comes from, in TriG.

Four named graphs each: head, assertion, provenance, publication info. Source: nanopub.net, "Nanopublication
guidelines", working draft, section "Basic elements". They are unsigned, under the namespace for what
is not published yet, so publishing tools can sign them and give them their lasting names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from biolabel.curation.evidence import Evidence
from biolabel.curation.exports.kgx import stating
from biolabel.curation.exports.vocabulary import Vocabulary, address_of, concept_curie
from biolabel.curation.review import Decision, Reviewed, counting
from biolabel.curation.table import write_lines

BASE = "http://purl.org/nanopub/temp/"
"""Where nanopublications live that nobody has published."""
_PREFIXES: Mapping[str, str] = {
    "bl": "urn:biolabel:term:",
    "dct": "http://purl.org/dc/terms/",
    "np": "http://www.nanopub.org/nschema#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UNSAFE = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_ESCAPED = re.compile(r"[\x00-\x1f\x7f\"\\]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_nanopubs(
    folder: Path,
    reviewed: Sequence[Reviewed],
    words: Vocabulary,
    *,
    version: str,
    created: datetime,
    license: str = "",
) -> tuple[Path, ...]:
    """Write `nanopubs.trig`; return its path.

    version: of biolabel, which made the claims; created: when the export was; license: the address of
    the license under which the nanopublications go out, none if empty.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    prefixes = (f"@prefix {name}: <{address}> ." for name, address in _PREFIXES.items())
    parts = (part for each in reviewed for part in _graphs(each, words, version, created, license))
    return (write_lines(folder / "nanopubs.trig", (*prefixes, *parts)),)


def _graphs(
    reviewed: Reviewed, words: Vocabulary, version: str, created: datetime, license: str
) -> Iterator[str]:
    this = f"{BASE}{reviewed.id}"
    names = ("Head", "assertion", "provenance", "pubinfo")
    head, claim, provenance, info = (_iri(f"{this}#{name}") for name in names)
    a = reviewed.assertion
    subject, target = (_iri(address_of(concept_curie(each))) for each in (a.subject, a.object))
    predicate = _iri(address_of(words.predicate(reviewed.task, a.predicate)))
    agent = _iri(f"urn:biolabel:version:{version}")
    yield from _graph(
        head,
        f"{_iri(this)} a np:Nanopublication",
        f"{_iri(this)} np:hasAssertion {claim}",
        f"{_iri(this)} np:hasProvenance {provenance}",
        f"{_iri(this)} np:hasPublicationInfo {info}",
    )
    yield from _graph(claim, f"{subject} {predicate} {target}")
    yield from _graph(provenance, *_provenance(reviewed, words, claim, agent))
    yield from _graph(
        info,
        f"{_iri(this)} dct:created {_time(created)}",
        f"{_iri(this)} prov:wasAttributedTo {agent}",
        f"{agent} rdfs:label {_text(f'biolabel {version}')}",
        f"{subject} rdfs:label {_text(a.subject_name)}",
        f"{target} rdfs:label {_text(a.object_name)}",
        *([f"{_iri(this)} dct:license {_iri(license)}"] if license else []),
    )


def _provenance(reviewed: Reviewed, words: Vocabulary, claim: str, agent: str) -> Iterator[str]:
    """Yield what a claim comes from: papers, sentences, rules, the software and the curators' decisions."""
    a = reviewed.assertion
    stated = stating(reviewed)
    for document in stated:
        yield f"{claim} prov:wasDerivedFrom {_iri(address_of(words.publication(document)))}"
    yield f"{claim} prov:wasAttributedTo {agent}"
    yield f'{claim} bl:probability "{a.probability:.6g}"^^xsd:double'
    for number, row in enumerate(a.evidence):
        place = f"_:e{reviewed.id}n{number}"
        yield f"{claim} {'bl:evidence' if row.document in stated else 'bl:otherEvidence'} {place}"
        yield from _place(row, place, reviewed.task, words)
    for decision in counting(reviewed.decisions):
        if decision.evidence is None:
            yield from _decided(decision, claim)


def _place(row: Evidence, place: str, task: str, words: Vocabulary) -> Iterator[str]:
    """Yield where a row of evidence stands, what is written there, and which rules voted on it."""
    yield f"{place} a oa:SpecificResource"
    yield f"{place} oa:hasSource {_iri(address_of(words.publication(row.document)))}"
    if row.text:
        yield f"{place} rdf:value {_text(row.text)}"
        yield f"{place} oa:hasSelector {place}p"
        yield f"{place}p a oa:TextPositionSelector"
        yield f"{place}p oa:start {row.start}"
        yield f"{place}p oa:end {row.end}"
    for term, rules in (("bl:ruleFor", row.rules_for), ("bl:ruleAgainst", row.rules_against)):
        yield from (f"{place} {term} {_text(f'{task}.{rule}')}" for rule in rules)


def _decided(decision: Decision, claim: str) -> Iterator[str]:
    act, who = f"_:d{decision.id}", _iri(f"urn:biolabel:curator:{quote(decision.by, safe='')}")
    yield f"{claim} prov:wasInfluencedBy {act}"
    yield f"{act} a prov:Activity"
    yield f"{act} prov:wasAssociatedWith {who}"
    yield f"{act} prov:endedAtTime {_time(decision.at)}"
    yield f"{act} bl:verdict {_text(str(decision.verdict))}"
    yield f"{who} rdfs:label {_text(decision.by)}"
    if decision.comment:
        yield f"{act} rdfs:comment {_text(decision.comment)}"


def _graph(name: str, *triples: str) -> Iterator[str]:
    yield f"\n{name} {{"
    yield from (f"  {triple} ." for triple in triples)
    yield "}"


def _iri(address: str) -> str:
    """Return an address between angle brackets, what must not stand there percent-encoded."""
    return f"<{_UNSAFE.sub(lambda found: quote(found[0], safe=''), address)}>"


def _text(value: str) -> str:
    """Return a literal. Source: W3C, "RDF 1.1 TriG", section 4, productions STRING_LITERAL_QUOTE, ECHAR."""
    return f'"{_ESCAPED.sub(lambda found: _ESCAPES.get(found[0], _unicode(found[0])), value)}"'


def _unicode(sign: str) -> str:
    return f"\\u{ord(sign):04X}"


def _time(at: datetime) -> str:
    return f'"{at.isoformat()}"^^xsd:dateTime'
