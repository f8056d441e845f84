from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.hgnc import read_hgnc
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.tables import RowFilter

HEADER = [
    "hgnc_id", "symbol", "name", "locus_group", "locus_type", "status", "location", "location_sortable",
    "alias_symbol", "alias_name", "prev_symbol", "prev_name", "gene_group", "gene_group_id",
    "date_approved_reserved", "date_symbol_changed", "date_name_changed", "date_modified", "entrez_id",
    "ensembl_gene_id", "vega_id", "ucsc_id", "ena", "refseq_accession", "ccds_id", "uniprot_ids", "pubmed_id",
    "mgd_id", "rgd_id", "lsdb", "cosmic", "omim_id", "mirbase", "homeodb", "snornabase", "bioparadigms_slc",
    "orphanet", "pseudogene.org", "horde_id", "merops", "imgt", "iuphar", "kznf_gene_catalog", "mamit-trnadb",
    "cd", "lncrnadb", "enzyme_id", "intermediate_filament_db", "rna_central_ids", "lncipedia", "gtrnadb",
    "agr", "mane_select", "gencc",
]  # fmt: skip
"""The columns of the complete set; of several values of a cell all together stand in quotation marks."""
CELLS = (
    {
        "hgnc_id": "HGNC:5", "symbol": "A1BG", "name": "alpha-1-B glycoprotein",
        "locus_group": "protein-coding gene", "locus_type": "gene with protein product",
        "status": "Approved", "location": "19q13.43", "alias_symbol": '"HYST|GAB"',
        "gene_group": '"Immunoglobulin like domain containing|Other"', "gene_group_id": '"594|1"',
        "date_approved_reserved": "1989-06-30", "entrez_id": "1", "refseq_accession": "NM_130786",
        "uniprot_ids": "P04217", "mgd_id": "MGI:2152878", "merops": "I43.950", "omim_id": "138670",
        "mane_select": '"ENST00000263100.8|NM_130786.4"',
    },
    {
        "hgnc_id": "HGNC:37133", "symbol": "A1BG-AS1", "name": "A1BG antisense RNA 1",
        "locus_group": "non-coding RNA", "locus_type": "RNA, long non-coding", "status": "Approved",
        "alias_symbol": "FLJ23569", "prev_symbol": '"NCRNA00181|A1BGAS"',
        "prev_name": "non-protein coding RNA 181", "entrez_id": "503538",
    },
    {
        "hgnc_id": "HGNC:9", "symbol": "old~withdrawn", "name": "none", "locus_group": "other",
        "status": "Entry Withdrawn",
    },
)  # fmt: skip
ROWS = [[cells.get(name, "") for name in HEADER] for cells in CELLS]
COMPLETE = "\n".join("\t".join(row) for row in [HEADER, *ROWS]) + "\n"
WITHDRAWN = """\
HGNC_ID\tSTATUS\tWITHDRAWN_SYMBOL\tMERGED_INTO_REPORT(S) (i.e HGNC_ID|SYMBOL|STATUS)
HGNC:77\tMerged/Split\tOLD1\tHGNC:5|A1BG|Approved
HGNC:78\tMerged/Split\tOLD2\tHGNC:5|A1BG|Approved, HGNC:37133|A1BG-AS1|Approved
HGNC:79\tEntry Withdrawn\tOLD3\t
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "hgnc.txt").write_text(COMPLETE)
    (tmp_path / "withdrawn.txt").write_text(WITHDRAWN)
    return tmp_path / "hgnc.txt"


def test_names_and_their_kinds(path: Path) -> None:
    found = read_hgnc(path)
    assert found.names["HGNC:5"] == ("A1BG", "alpha-1-B glycoprotein", "HYST", "GAB")
    assert found.kinds["HGNC:5"] == {"HYST": "related", "GAB": "related"}
    assert found.references["HGNC:5"] == ("NCBIGENE:1", "OMIM:138670", "UNIPROT:P04217")
    assert set(found.names) == {"HGNC:5", "HGNC:37133"}


def test_columns_are_tags_and_locus_groups_namespaces(path: Path) -> None:
    approved = read_hgnc(path, [RowFilter("kind", "=", "exact")])
    assert approved.names["HGNC:37133"] == ("A1BG-AS1", "A1BG antisense RNA 1")
    before = read_hgnc(path, [RowFilter("tag", "=", "prev_symbol")])
    assert before.names == {"HGNC:37133": ("NCRNA00181", "A1BGAS")}
    coding = read_hgnc(path, [RowFilter("namespace", "=", "protein-coding gene")])
    assert set(coding.names) == {"HGNC:5"}


def test_withdrawn_entries_and_entrez_identifiers(path: Path) -> None:
    paths = (str(path), str(path.parent / "withdrawn.txt"))
    found = read_ontology(Source("hgnc", paths))
    assert found.replaced == {"HGNC:77": "HGNC:5"}
    genes = read_ontology(Source("hgnc", (str(path),), ids="NCBIGene"))
    assert genes.names["NCBIGENE:1"][0] == "A1BG"
    both = read_ontology(Source("hgnc", paths, ids="NCBIGene"))
    assert (both.names, both.replaced) == (genes.names, found.replaced)


def test_bad_input(path: Path) -> None:
    for text, code, said in [
        (COMPLETE.replace("symbol", "sym", 1), "BL705", "it has no `symbol`"),
        (COMPLETE.replace("HGNC:37133", "HGNC:5"), "BL721", "hgnc.txt:3: HGNC:5 is defined again"),
        (COMPLETE.replace("P04217", "P04217\tx"), "BL705", "hgnc.txt:2 cannot be read"),
    ]:
        path.write_text(text)
        with pytest.raises(KnowledgeError) as raised:
            read_hgnc(path)
        assert (raised.value.code, said in raised.value.message) == (code, True)
