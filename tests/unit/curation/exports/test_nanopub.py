from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Dataset, Literal, Namespace, URIRef

from biolabel.curation.exports.nanopub import BASE, write_nanopubs
from biolabel.curation.exports.vocabulary import Vocabulary
from biolabel.curation.review import Reviewed

NP = Namespace("http://www.nanopub.org/nschema#")
PROV = Namespace("http://www.w3.org/ns/prov#")
DCT = Namespace("http://purl.org/dc/terms/")
BL = Namespace("urn:biolabel:term:")
OA = Namespace("http://www.w3.org/ns/oa#")
NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
WORDS = Vocabulary({"causes": "biolink:causes"})


def read(folder: Path, *reviewed: Reviewed, license: str = "") -> Dataset:
    (path,) = write_nanopubs(folder, reviewed, WORDS, version="1.2", created=NOW, license=license)
    found = Dataset()
    found.parse(data=path.read_bytes(), format="trig")
    return found


def test_four_graphs_each(tmp_path: Path, accepted: Reviewed, undecided: Reviewed) -> None:
    found = read(tmp_path, accepted, undecided)
    for each in (accepted, undecided):
        this = URIRef(f"{BASE}{each.id}")
        head = found.graph(URIRef(f"{this}#Head"))
        assert (this, RDF.type, NP.Nanopublication) in head
        links = NP.hasAssertion, NP.hasProvenance, NP.hasPublicationInfo
        parts = [URIRef(str(head.value(this, link))) for link in links]
        assert parts == [
            URIRef(f"{this}#{part}") for part in ("assertion", "provenance", "pubinfo")
        ]
        assert all(len(found.graph(part)) for part in parts)
        assert (parts[0], None, None) in found.graph(parts[1])
        assert (this, DCT.created, Literal(NOW)) in found.graph(parts[2])


def test_the_claim(tmp_path: Path, accepted: Reviewed) -> None:
    claim = read(tmp_path, accepted).graph(URIRef(f"{BASE}{accepted.id}#assertion"))
    mesh, biolink = "http://id.nlm.nih.gov/mesh/", "https://w3id.org/biolink/vocab/"
    triple = URIRef(f"{mesh}D008094"), URIRef(f"{biolink}causes"), URIRef(f"{mesh}D014202")
    assert list(claim) == [triple]


def test_provenance_holds_papers_places_rules_and_decisions(
    tmp_path: Path, accepted: Reviewed
) -> None:
    this = f"{BASE}{accepted.id}"
    source = read(tmp_path, accepted).graph(URIRef(f"{this}#provenance"))
    claim = URIRef(f"{this}#assertion")
    papers = {str(each) for each in source.objects(claim, PROV.wasDerivedFrom)}
    assert papers == {f"https://pubmed.ncbi.nlm.nih.gov/{n}" for n in (11, 12)}
    rows = accepted.assertion.evidence
    places = [*source.objects(claim, BL.evidence), *source.objects(claim, BL.otherEvidence)]
    assert len(places) == 3
    texts = {str(source.value(place, RDF.value)) for place in places}
    assert texts == {row.text for row in rows}
    spans = {
        (source.value(spot, OA.start).toPython(), source.value(spot, OA.end).toPython())  # type: ignore[union-attr]
        for place in places
        for spot in source.objects(place, OA.hasSelector)
    }
    assert spans == {(row.start, row.end) for row in rows}
    assert {str(rule) for rule in source.objects(None, BL.ruleFor)} == {"cid.verb", "cid.ctd"}
    assert {str(rule) for rule in source.objects(None, BL.ruleAgainst)} == {"cid.denied"}
    acts = list(source.objects(claim, PROV.wasInfluencedBy))
    assert {str(source.value(act, BL.verdict)) for act in acts} == {"accept"}
    whos = [source.value(act, PROV.wasAssociatedWith) for act in acts]
    assert {str(source.value(who, RDFS.label)) for who in whos} == {"ana", "b c"}
    comments = {str(each) for act in acts for each in source.objects(act, RDFS.comment)}
    assert comments == {accepted.decisions[0].comment}
    assert {source.value(act, PROV.endedAtTime) for act in acts} == {
        Literal(accepted.decisions[0].at)
    }


def test_names_that_could_break_out_of_addresses(tmp_path: Path, accepted: Reviewed) -> None:
    evil = '> a <urn:x> . "\\u0022\x00'
    claim = replace(accepted.assertion, subject=evil, subject_name=evil)
    decisions = tuple(replace(each, by=evil) for each in accepted.decisions[:1])
    hostile = replace(accepted, assertion=claim, decisions=decisions)
    found = read(tmp_path, hostile, license="https://x.org/ >")
    info = found.graph(URIRef(f"{BASE}{accepted.id}#pubinfo"))
    assert Literal(evil) in set(info.objects(None, RDFS.label))
    assert URIRef("urn:x") not in set(found.all_nodes())
    assert (None, DCT.license, URIRef("https://x.org/%20%3E")) in info


def test_no_assertions(tmp_path: Path) -> None:
    assert len(read(tmp_path)) == 0
