import gzip
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.ctd import read_ctd, read_ctd_pairs
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source
from biolabel.kb.tables import RowFilter

LEGAL = """\
# Copyright, with the years, and who holds it. "All rights reserved", as the reports say.
#
# Use is subject to terms, at an address. These terms include, but are not limited to:
#
#   1. All forms of publication, papers and abstracts, cite the database.
#   2. All electronic links to pages, for example of chemicals, are written in full.
#
"""
"""What stands at the head of each report, in our words: commas, quotation marks, colons at the end."""


def report(folder: Path, name: str, header: str, *rows: str) -> Path:
    comma = ".csv" in name
    lines = [f"# {header}" if not comma else f"# {header.replace(' ', ',')}", "#", *rows]
    head = LEGAL + "# Report created: Thu May 01 10:03:31 EDT 2025\n#\n# Fields:\n"
    text = head + "\n".join(lines if comma else [each.replace(" ", "\t") for each in lines]) + "\n"
    text = text.replace("#\t", "# ")
    (folder / name).write_bytes(
        gzip.compress(text.encode()) if name.endswith("gz") else text.encode()
    )
    return folder / name


@pytest.fixture
def effects(tmp_path: Path) -> Path:
    return report(
        tmp_path, "CTD_chemicals_diseases.tsv.gz",
        "ChemicalName ChemicalID CasRN DiseaseName DiseaseID DirectEvidence InferenceGeneSymbol "
        "InferenceScore OmimIDs PubMedIDs",
        "aspirin D001241  bleeding MESH:D006470 marker/mechanism    1|2",
        "aspirin D001241  pain MESH:D010146 therapeutic    3",
        "aspirin D001241  ache OMIM:1  TNF 4.5  4|5",
    )  # fmt: skip


def test_vocabularies(tmp_path: Path) -> None:
    path = report(
        tmp_path, "CTD_diseases.csv",
        "DiseaseName DiseaseID AltDiseaseIDs Definition ParentIDs TreeNumbers Synonyms",
        '"Anemia, Aplastic",MESH:D000741,DO:DOID:12449|OMIM:609135,,MESH:D000740,C15.378.071,AA|b',
        "Anemia,MESH:D000740,,,,C15.378,",
    )  # fmt: skip
    found = read_ctd(path)
    assert found.names == {
        "MESH:D000741": ("Anemia, Aplastic", "AA", "b"), "MESH:D000740": ("Anemia",),
    }  # fmt: skip
    assert found.replaced == {"DOID:12449": "MESH:D000741", "OMIM:609135": "MESH:D000741"}
    assert found.under(["C15.378"]) == found.under(["D000740"]) == set(found.names)
    genes = report(tmp_path, "CTD_genes.tsv", "GeneSymbol GeneName GeneID Synonyms", "A1BG x 1 B|C")
    assert read_ctd(genes).names == {"NCBIGENE:1": ("A1BG", "B", "C", "x")}
    assert read_ctd(genes).kinds == {"NCBIGENE:1": {"x": "related"}}


def test_only_curated_pairs_count_unless_others_are_asked_for(effects: Path) -> None:
    assert read_ctd_pairs(effects).to_pylist() == [
        {"subject": "MESH:D001241", "object": "MESH:D006470", "subset": "marker/mechanism",
         "evidence": "1|2"},
        {"subject": "MESH:D001241", "object": "MESH:D010146", "subset": "therapeutic",
         "evidence": "3"},
    ]  # fmt: skip
    inferred = read_ctd_pairs(effects, [RowFilter("DirectEvidence", "=", "")])
    assert inferred["object"].to_pylist() == ["OMIM:1"]
    strong = [RowFilter("DirectEvidence", "=", ""), RowFilter("InferenceScore", ">", 4.0)]
    assert read_ctd_pairs(effects, strong).num_rows == 1


def test_pairs_know_their_parts_and_the_guard(effects: Path) -> None:
    found = read_pairs(Source("ctd", (str(effects),)), frozenset({"1"}))
    assert found.part("k", "marker_mechanism") == {("MESH:D001241", "MESH:D006470"): 1}
    assert found.withheld == 1
    assert set(found.counts) >= {"", "therapeutic"}


def test_actions_are_parts(tmp_path: Path) -> None:
    path = report(
        tmp_path, "CTD_chem_gene_ixns.tsv",
        "ChemicalName ChemicalID CasRN GeneSymbol GeneID GeneForms Organism OrganismID Interaction "
        "InteractionActions PubMedIDs",
        "x C1  TNF 7124 protein human 9606 y increases^expression|affects^binding 15000009",
        "x C1  Tnf 7124 protein mouse 10090 y affects^binding 15000008",
    )  # fmt: skip
    found = read_pairs(Source("ctd", (str(path),), where=(RowFilter("Organism", "=", "human"),)))
    assert found.part("k", "increases_expression") == {("MESH:C1", "NCBIGENE:7124"): 1}
    assert found.part("k", "") == {("MESH:C1", "NCBIGENE:7124"): 1}


def test_reports_of_another_kind(effects: Path, tmp_path: Path) -> None:
    genes = report(tmp_path, "CTD_genes.tsv", "GeneSymbol GeneID", "A1BG 1")
    for reader, path in ((read_ctd, effects), (read_ctd_pairs, genes)):
        with pytest.raises(KnowledgeError, match="it is not a") as raised:
            reader(path)
        assert raised.value.code == "BL705"
    with pytest.raises(KnowledgeError) as raised:
        read_ctd_pairs(effects, [RowFilter("Organism", "=", "x")])
    assert raised.value.code == "BL402"
