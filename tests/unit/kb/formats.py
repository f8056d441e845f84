"""Small ontologies in every format, for the tests of the readers."""

from pathlib import Path

OBO = """\
format-version: 1.2
ontology: x

[Term]
id: X:1
name: disease
namespace: all
alt_id: X:11
xref: MSH:D004194

[Term]
id: X:2
name: anaemia
namespace: all
synonym: "\\"thin\\" blood" RELATED LAY [Y:1, url:http\\://a.b]
synonym: "anemia" EXACT []
synonym: "blood trouble" BROAD []
is_a: X:1 {source="y"} ! disease
xref: MSH:D000740 "Anemia"
xref: http\\://a.b/c

[Typedef]
id: part_of
name: part of

[Term]
id: X:3
name: obsolete anaemia
is_obsolete: true
replaced_by: X:2
! a comment: here

[Term]
id: x:4
name: aplastic anaemia
is_a: X:2
synonym: "AA" []
"""

JSON = """\
{"graphs": [{
  "nodes": [
    {"id": "http://purl.obolibrary.org/obo/X_1", "lbl": "disease", "type": "CLASS", "meta": {
      "xrefs": [{"val": "MESH:D004194"}],
      "basicPropertyValues": [
        {"pred": "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId", "val": "X:11"},
        {"pred": "http://www.geneontology.org/formats/oboInOwl#hasOBONamespace", "val": "all"}]}},
    {"id": "http://purl.obolibrary.org/obo/X_2", "lbl": "anaemia", "type": "CLASS", "meta": {
      "xrefs": [{"val": "MSH:D000740"}, {"val": "http://a.b/c"}],
      "synonyms": [
        {"pred": "hasRelatedSynonym", "val": "\\"thin\\" blood", "synonymType": "http://x/y#LAY"},
        {"pred": "hasExactSynonym", "val": "anemia"},
        {"pred": "hasBroadSynonym", "val": "blood trouble"}],
      "basicPropertyValues": [
        {"pred": "http://www.geneontology.org/formats/oboInOwl#hasOBONamespace", "val": "all"}]}},
    {"id": "http://purl.obolibrary.org/obo/X_3", "lbl": "obsolete anaemia", "type": "CLASS", "meta": {
      "deprecated": true,
      "basicPropertyValues": [
        {"pred": "http://purl.obolibrary.org/obo/IAO_0100001",
         "val": "http://purl.obolibrary.org/obo/X_2"}]}},
    {"id": "http://purl.obolibrary.org/obo/X_4", "lbl": "aplastic anaemia", "type": "CLASS", "meta": {
      "synonyms": [{"pred": "hasRelatedSynonym", "val": "AA"}]}},
    {"id": "http://purl.obolibrary.org/obo/x#part_of", "lbl": "part of", "type": "PROPERTY"}],
  "edges": [
    {"sub": "http://purl.obolibrary.org/obo/X_2", "pred": "is_a",
     "obj": "http://purl.obolibrary.org/obo/X_1"},
    {"sub": "http://purl.obolibrary.org/obo/X_4", "pred": "is_a",
     "obj": "http://purl.obolibrary.org/obo/X_2"},
    {"sub": "http://purl.obolibrary.org/obo/X_4", "pred": "http://x/part_of",
     "obj": "http://purl.obolibrary.org/obo/X_1"}]}]}
"""

OWL = """\
<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY obo "http://purl.obolibrary.org/obo/">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:owl="http://www.w3.org/2002/07/owl#"
    xmlns:obo="http://purl.obolibrary.org/obo/"
    xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">
  <owl:Class rdf:about="&obo;X_1">
    <rdfs:label>disease</rdfs:label>
    <oboInOwl:hasAlternativeId>X:11</oboInOwl:hasAlternativeId>
    <oboInOwl:hasDbXref>MESH:D004194</oboInOwl:hasDbXref>
    <oboInOwl:hasOBONamespace>all</oboInOwl:hasOBONamespace>
  </owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/X_2">
    <rdfs:label xml:lang="en">anaemia</rdfs:label>
    <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/X_1"/>
    <oboInOwl:hasRelatedSynonym>"thin" blood</oboInOwl:hasRelatedSynonym>
    <oboInOwl:hasExactSynonym>anemia</oboInOwl:hasExactSynonym>
    <oboInOwl:hasBroadSynonym>blood trouble</oboInOwl:hasBroadSynonym>
    <oboInOwl:hasDbXref>MSH:D000740</oboInOwl:hasDbXref>
    <oboInOwl:hasOBONamespace>all</oboInOwl:hasOBONamespace>
  </owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/X_3">
    <rdfs:label>obsolete anaemia</rdfs:label>
    <owl:deprecated>true</owl:deprecated>
    <obo:IAO_0100001 rdf:resource="http://purl.obolibrary.org/obo/X_2"/>
  </owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/X_4">
    <rdfs:label>aplastic anaemia</rdfs:label>
    <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/X_2"/>
    <rdfs:subClassOf>
      <owl:Restriction>
        <owl:onProperty rdf:resource="http://x/part_of"/>
        <owl:someValuesFrom><owl:Class><owl:unionOf/></owl:Class></owl:someValuesFrom>
      </owl:Restriction>
    </rdfs:subClassOf>
    <oboInOwl:hasRelatedSynonym>AA</oboInOwl:hasRelatedSynonym>
  </owl:Class>
</rdf:RDF>
"""

DESCRIPTORS = """\
<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nothing.dtd">
<DescriptorRecordSet LanguageCode="eng">
  <DescriptorRecord DescriptorClass="1">
    <DescriptorUI>D001241</DescriptorUI>
    <DescriptorName><String>Aspirin</String></DescriptorName>
    <TreeNumberList><TreeNumber>D02.455.426</TreeNumber><TreeNumber>D09.100</TreeNumber></TreeNumberList>
    <ConceptList>
      <Concept PreferredConceptYN="Y">
        <ConceptUI>M1</ConceptUI>
        <ConceptRelationList>
          <ConceptRelation RelationName="NRW">
            <Concept1UI>M1</Concept1UI><Concept2UI>M2</Concept2UI>
          </ConceptRelation>
        </ConceptRelationList>
        <TermList>
          <Term LexicalTag="NON"><String>Aspirin</String></Term>
          <Term LexicalTag="NON"><String>Acetylsalicylic Acid</String></Term>
          <Term LexicalTag="TRD"><String>Colfarit</String></Term>
        </TermList>
      </Concept>
      <Concept PreferredConceptYN="N">
        <ConceptUI>M2</ConceptUI>
        <TermList><Term LexicalTag="TRD"><String>Magnecyl</String></Term></TermList>
      </Concept>
    </ConceptList>
  </DescriptorRecord>
  <DescriptorRecord DescriptorClass="1">
    <DescriptorUI>D002000</DescriptorUI>
    <DescriptorName><String>Caffeine</String></DescriptorName>
    <TreeNumberList><TreeNumber>D03.132</TreeNumber></TreeNumberList>
    <ConceptList/>
  </DescriptorRecord>
</DescriptorRecordSet>
"""

SUPPLEMENT = """\
<?xml version="1.0"?>
<SupplementalRecordSet LanguageCode="eng">
  <SupplementalRecord SCRClass="1">
    <SupplementalRecordUI>C000001</SupplementalRecordUI>
    <SupplementalRecordName><String>aspirin lysine</String></SupplementalRecordName>
    <HeadingMappedToList>
      <HeadingMappedTo>
        <DescriptorReferredTo>
          <DescriptorUI>*D001241</DescriptorUI>
          <DescriptorName><String>Aspirin</String></DescriptorName>
        </DescriptorReferredTo>
      </HeadingMappedTo>
    </HeadingMappedToList>
    <ConceptList>
      <Concept PreferredConceptYN="Y">
        <ConceptUI>M3</ConceptUI>
        <TermList><Term LexicalTag="NON"><String>Aspegic</String></Term></TermList>
      </Concept>
    </ConceptList>
  </SupplementalRecord>
</SupplementalRecordSet>
"""


def concept(cui: str, name: str, source: str = "MSH", **other: str) -> str:
    """Return a line of MRCONSO."""
    cells = {
        "lat": "ENG",
        "ts": "S",
        "stt": "VO",
        "pref": "N",
        "tty": "SY",
        "suppress": "N",
    } | other
    return "|".join([
        cui, cells["lat"], cells["ts"], "L1", cells["stt"], "S1", cells["pref"], "A1", "", "", "",
        source, cells["tty"], "1", name, "0", cells["suppress"], "",
    ]) + "|\n"  # fmt: skip


def umls(folder: Path) -> Path:
    """Write a small UMLS release and return its folder."""
    meta = folder / "META"
    meta.mkdir()
    preferred = {"ts": "P", "stt": "PF", "pref": "Y"}
    lines = [
        concept("C001", "Anaemia"),
        concept("C001", "Anemia", **preferred, tty="MH"),
        concept("C001", "Anämie", lat="GER"),
        concept("C001", "Anemia NOS", suppress="O"),
        concept("C002", "Anemia, Aplastic", "SNOMEDCT_US", **preferred, tty="PT"),
        concept("C002", "AA", "SNOMEDCT_US"),
        concept("C003", 'Blood "disorder"', **preferred),
        concept("C004", "Neoplasm", **preferred),
    ]
    (meta / "MRCONSO.RRF").write_text("".join(lines), encoding="utf-8")
    types = [
        ("C001", "T047", "B2.2.1.2.1", "Disease or Syndrome"),
        ("C002", "T047", "B2.2.1.2.1", "Disease or Syndrome"),
        ("C003", "T046", "B2.2.1.2", "Pathologic Function"),
        ("C004", "T191", "B2.2.1.2.1.2", "Neoplastic Process"),
    ]
    (meta / "MRSTY.RRF").write_text("".join(f"{'|'.join(row)}|AT1||\n" for row in types))
    relations = [
        ("C002", "PAR", "C001", "isa"),
        ("C001", "CHD", "C002", ""),
        ("C001", "PAR", "C003", ""),
        ("C009", "RO", "C001", "may_treat"),
    ]
    (meta / "MRREL.RRF").write_text(
        "".join(
            f"{one}|A1|SCUI|{rel}|{two}|A2|SCUI|{rela}|R1||MSH|MSH||N|N||\n"
            for one, rel, two, rela in relations
        )
    )
    (meta / "MRRANK.RRF").write_text("0400|MSH|MH|N|\n0300|SNOMEDCT_US|PT|N|\n0001|MSH|SY|N|\n")
    return meta
