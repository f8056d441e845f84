"""Knowledge bases: what the publishers' files hold is what the catalog reads from our tables."""

import gzip
from pathlib import Path

from corpora_scripts import chebi, ctd, disease_ontology, hgnc, hpo, mesh
from corpora_scripts.frame import Source, run

import pytest

from biolabel.kb.catalog import entry
from biolabel.kb.obo import read_obo
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source as Named
from biolabel.kb.sources import read_ontology
from biolabel.kb.tables import RowFilter

DESCRIPTORS = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset.dtd">
<DescriptorRecordSet LanguageCode="eng">
<DescriptorRecord DescriptorClass="1">
 <DescriptorUI>D001241</DescriptorUI><DescriptorName><String>Aspirin</String></DescriptorName>
 <TreeNumberList><TreeNumber>D02.455.426.559</TreeNumber></TreeNumberList>
 <ConceptList>
  <Concept PreferredConceptYN="Y"><ConceptUI>M1</ConceptUI>
   <TermList><Term LexicalTag="NON"><String>Aspirin</String></Term>
    <Term LexicalTag="NON"><String>Acetylsalicylic Acid</String></Term></TermList></Concept>
  <Concept PreferredConceptYN="N"><ConceptUI>M2</ConceptUI>
   <ConceptRelationList><ConceptRelation RelationName="NRW">
    <Concept1UI>M1</Concept1UI><Concept2UI>M2</Concept2UI></ConceptRelation></ConceptRelationList>
   <TermList><Term LexicalTag="TRD"><String>Ecotrin</String></Term></TermList></Concept>
 </ConceptList>
</DescriptorRecord>
</DescriptorRecordSet>
"""
SUPPLEMENT = """<?xml version="1.0"?>
<SupplementalRecordSet LanguageCode="eng">
<SupplementalRecord SCRClass="1">
 <SupplementalRecordUI>C000001</SupplementalRecordUI>
 <SupplementalRecordName><String>novelamab</String></SupplementalRecordName>
 <HeadingMappedToList><HeadingMappedTo><DescriptorReferredTo>
  <DescriptorUI>*D001241</DescriptorUI></DescriptorReferredTo></HeadingMappedTo></HeadingMappedToList>
 <ConceptList><Concept PreferredConceptYN="Y"><ConceptUI>M3</ConceptUI>
  <TermList><Term><String>novelamab</String></Term></TermList></Concept></ConceptList>
</SupplementalRecord>
</SupplementalRecordSet>
"""
HP = """format-version: 1.2
data-version: hp/releases/2026-01-08
ontology: hp

[Term]
id: HP:0000118
name: Phenotypic abnormality

[Term]
id: HP:0001250
name: Seizure
alt_id: HP:0002279
synonym: "Epileptic seizure" EXACT []
synonym: "Fits" EXACT layperson []
synonym: "Epilepsy" RELATED []
xref: MSH:D012640
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0000002
name: gone
is_obsolete: true
replaced_by: HP:0001250
"""
CHEBI = """format-version: 1.2
data-version: 247

[Term]
id: CHEBI:15365
name: acetylsalicylic acid
synonym: "2-(acetyloxy)benzoic acid" EXACT IUPAC:NAME [IUPAC]
synonym: "aspirin" RELATED [ChEBI]
is_a: CHEBI:22712

[Term]
id: CHEBI:22712
name: benzoates
"""
HGNC = (
    "hgnc_id\tsymbol\tname\tlocus_group\tstatus\talias_symbol\talias_name\tprev_symbol\tprev_name"
    "\tentrez_id\n"
    'HGNC:5\tA1BG\talpha-1-B glycoprotein\tgene\tApproved\t\t\t"ABG|GAB"\t\t1\n'
    "HGNC:6\tXX\twithdrawn one\tgene\tEntry Withdrawn\t\t\t\t\t\n"
)
VOCABULARY = (
    "# Comparative Toxicogenomics Database\n# Report created: Thu Oct 30 09:12:02 EDT 2025\n#\n# Fields:\n"
    "# DiseaseName\tDiseaseID\tAltDiseaseIDs\tDefinition\tParentIDs\tTreeNumbers"
    "\tParentTreeNumbers\tSynonyms\tSlimMappings\n#\n"
    "Seizures\tMESH:D012640\tOMIM:1\tFits.\tMESH:D009422\tC10.597.742\tC10.597\tFits|Convulsions\tx\n"
)
CHEMICALS = (
    "# Report created: Thu Oct 30 09:12:02 EDT 2025\n# Fields:\n"
    "# ChemicalName\tChemicalID\tCasRN\tDefinition\tParentIDs\tTreeNumbers\tParentTreeNumbers\tSynonyms\n#\n"
    "Aspirin\tMESH:D001241\t50-78-2\t\tMESH:D012459\tD02.455\tD02\tEcotrin\n"
)
PAIRS = (
    "# Report created: Thu Oct 30 09:12:02 EDT 2025\n# Fields:\n"
    "# ChemicalName\tChemicalID\tCasRN\tDiseaseName\tDiseaseID\tDirectEvidence\tInferenceGeneSymbol"
    "\tInferenceScore\tOmimIDs\tPubMedIDs\n#\n"
    "Aspirin\tD001241\t\tSeizures\tMESH:D012640\tmarker/mechanism\t\t\t\t11|12\n"
    "Aspirin\tD001241\t\tPain\tMESH:D010146\ttherapeutic\t\t\t\t13\n"
    "Aspirin\tD001241\t\tFever\tMESH:D005334\t\tIL6\t4.1\t\t14\n"
)


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    """Return a folder for files at hand."""
    folder = tmp_path / "hand"
    folder.mkdir()
    return folder


def made(source: Source, hand: Path) -> tuple[int, Path]:
    """Return the exit status and the folder of the knowledge bases."""
    to = hand.parent / "to"
    lock = str(to / "x.lock")
    return run(source, ["--from", str(hand), "--to", str(to), "--lock", lock]), to / "kb"


def read(kb: Path, name: str, *where: RowFilter) -> Ontology:
    return read_ontology(Named("catalog", (name,), catalog=kb, where=where))


def test_mesh_descriptors_and_supplement(hand: Path) -> None:
    (hand / "desc2025.gz").write_bytes(gzip.compress(DESCRIPTORS.encode()))
    (hand / "supp2025.xml").write_text(SUPPLEMENT, encoding="utf-8")
    status, kb = made(mesh.SOURCE, hand)
    assert status == 0
    found = read(kb, "mesh")
    assert found.names == {"MESH:D001241": ("Aspirin", "Acetylsalicylic Acid", "Ecotrin")}
    assert found.kind("MESH:D001241", "Ecotrin") == "narrow"
    assert found.under(["D02"]) == {"MESH:D001241"}
    assert entry("mesh", kb).version == "2025"
    assert read(kb, "mesh_supplement").parents == {"MESH:C000001": ("MESH:D001241",)}


def test_hpo_keeps_kinds_old_identifiers_and_references(hand: Path) -> None:
    (hand / "hp.obo").write_text(HP, encoding="utf-8")
    status, kb = made(hpo.SOURCE, hand)
    assert status == 0
    found = read(kb, "hp")
    names = found.names["HP:0001250"]
    assert {name: found.kind("HP:0001250", name) for name in names} == {
        "Seizure": "exact",
        "Epileptic seizure": "exact",
        "Fits": "lay",
        "Epilepsy": "related",
    }
    assert names[0] == "Seizure"
    assert found.parents == {"HP:0001250": ("HP:0000118",)}
    assert found.current("HP:0002279") == "HP:0001250"
    assert found.current("HP:0000002") == "HP:0001250"
    assert found.references == {"HP:0001250": ("MESH:D012640",)}
    assert entry("hp", kb).version == "hp/releases/2026-01-08"
    lay = read(kb, "hp", RowFilter("kind", "=", "lay"))
    assert lay.names == {"HP:0001250": ("Fits",)}


def test_chebi(hand: Path) -> None:
    (hand / "chebi.obo").write_text(CHEBI, encoding="utf-8")
    status, kb = made(chebi.SOURCE, hand)
    assert status == 0
    found = read(kb, "chebi")
    assert found.kind("CHEBI:15365", "aspirin") == "related"
    assert found.under(["CHEBI:22712"]) == {"CHEBI:15365", "CHEBI:22712"}


def test_hgnc(hand: Path) -> None:
    (hand / "hgnc_complete_set_2025-04-01.txt").write_text(HGNC, encoding="utf-8")
    status, kb = made(hgnc.SOURCE, hand)
    assert status == 0
    found = read(kb, "hgnc")
    assert found.names == {"HGNC:5": ("A1BG", "alpha-1-B glycoprotein", "ABG", "GAB")}
    assert found.references == {"HGNC:5": ("NCBIGENE:1",)}
    assert entry("hgnc", kb).version == "2025-04-01"


def test_ctd_terms_and_curated_pairs(hand: Path) -> None:
    for name, text in (
        ("CTD_diseases", VOCABULARY),
        ("CTD_chemicals", CHEMICALS),
        ("CTD_chemicals_diseases", PAIRS),
    ):
        (hand / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode()))
    status, kb = made(ctd.SOURCE, hand)
    assert status == 0
    diseases = read(kb, "ctd_diseases")
    assert diseases.names == {"MESH:D012640": ("Seizures", "Fits", "Convulsions")}
    assert diseases.trees == {"MESH:D012640": ("C10.597.742",)}
    assert diseases.current("OMIM:1") == "MESH:D012640"
    assert read(kb, "ctd_chemicals").names == {"MESH:D001241": ("Aspirin", "Ecotrin")}
    assert entry("ctd_diseases", kb).version == "Thu Oct 30 09:12:02 EDT 2025"
    name = "ctd_chemicals_diseases"
    found = read_pairs(Named("catalog", (name,), catalog=kb), frozenset({"11"}))
    assert found.counts[""] == {
        ("MESH:D001241", "MESH:D012640"): 1,
        ("MESH:D001241", "MESH:D010146"): 1,
    }
    assert found.withheld == 1
    assert list(found.part(name, "therapeutic")) == [("MESH:D001241", "MESH:D010146")]


@pytest.mark.parametrize(
    ("source", "name", "content"),
    [
        (mesh.SOURCE, "desc2025.gz", gzip.compress(DESCRIPTORS.encode())[:-20]),
        (mesh.SOURCE, "desc2025.xml", DESCRIPTORS[:700].encode()),
        (mesh.SOURCE, "desc2025.xml", b""),
        (hpo.SOURCE, "hp.obo", b"no ontology\n"),
        (hpo.SOURCE, "hp.obo", HP.encode() + b"\n[Term]\nid: HP:1\nname: \xff\n"),
        (hpo.SOURCE, "hp.obo", f"{HP}\n[Term]\nid: HP:0001250\nname: again\n".encode()),
        (hgnc.SOURCE, "hgnc_complete_set.txt", b"symbol\tname\nA\tb\n"),
        (ctd.SOURCE, "CTD_diseases.tsv", PAIRS.encode()),
        (ctd.SOURCE, "CTD_chemicals_diseases.tsv", f"{PAIRS}cut\toff\n".encode()),
    ],
)
def test_broken_file_is_an_error_and_leaves_no_table(
    source: Source, name: str, content: bytes, hand: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (hand / name).write_bytes(content)
    status, kb = made(source, hand)
    shown = capsys.readouterr()
    assert status == 1
    assert "error[BL7" in shown.err
    assert name in shown.err
    assert list(kb.rglob("*.*")) == []


@pytest.mark.data
def test_table_of_the_disease_ontology_is_what_its_obo_file_holds(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = data_root / "kb" / "raw"
    options = ["--from", str(raw), "--to", str(tmp_path), "--lock", str(tmp_path / "x.lock")]
    assert run(disease_ontology.SOURCE, options) == 0
    # 12,213 synonyms beside the 6,574 names, as an independent reader counted.
    assert "18,787 names, 6,574 concepts" in capsys.readouterr().out
    ours, theirs = read(tmp_path / "kb", "doid"), read_obo(raw / "HumanDO.obo")
    assert ours.names == theirs.names
    assert ours.kinds == theirs.kinds
    assert ours.parents == theirs.parents
    assert ours.references == theirs.references
    known = {old: new for old, new in theirs.replaced.items() if new in theirs.names}
    assert ours.replaced == known
