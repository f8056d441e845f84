import gzip
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source, files, read_ontology
from biolabel.kb.tables import RowFilter
from biolabel.kb.umls import read_umls
from tests.unit.kb.formats import umls


def test_english_names_that_are_not_suppressed(tmp_path: Path) -> None:
    found = read_umls([umls(tmp_path)])
    assert found.names == {
        "UMLS:C001": ("Anemia", "Anaemia"),
        "UMLS:C002": ("Anemia, Aplastic", "AA"),
        "UMLS:C003": ('Blood "disorder"',),
        "UMLS:C004": ("Neoplasm",),
    }


def test_filters_replace_what_counts_by_default(tmp_path: Path) -> None:
    meta = umls(tmp_path)
    german = read_umls([meta], [RowFilter("language", "=", "GER")])
    assert german.names == {"UMLS:C001": ("Anämie",)}
    every = read_umls([meta], [RowFilter("suppress", "!=", "")])
    assert "Anemia NOS" in every.names["UMLS:C001"]
    ranked = read_umls(
        [meta], [RowFilter("source", "=", "SNOMEDCT_US"), RowFilter("rank", ">=", 2.0)]
    )
    assert ranked.names == {"UMLS:C002": ("Anemia, Aplastic",)}


def test_semantic_types_and_parents(tmp_path: Path) -> None:
    found = read_umls([umls(tmp_path)])
    assert found.under(["T047"]) == {"UMLS:C001", "UMLS:C002", "UMLS:C004"}
    assert found.under(["T191"]) == {"UMLS:C004"}
    assert found.under(["Pathologic Function"]) == {"UMLS:C003"}
    assert found.under(["B2.2.1.2.1"]) == found.under(["T047"])
    assert found.under(["C003"]) == {"UMLS:C003", "UMLS:C001", "UMLS:C002"}
    with pytest.raises(KnowledgeError) as raised:
        found.under(["T999"])
    assert raised.value.code == "BL710"


def test_one_statement_of_a_circle_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    meta = umls(tmp_path)
    with (meta / "MRREL.RRF").open("a") as file:
        file.write("C001|A1|SCUI|PAR|C002|A2|SCUI||R1||SRC|SRC||N|N||\n")
    found = read_ontology(Source("umls", (str(meta),)))
    assert found.parents == {"UMLS:C001": ("UMLS:C003", "UMLS:C002")}
    told = "a circle: UMLS:C002 is below UMLS:C001, which is below UMLS:C002"
    assert caplog.messages == [
        f"warning[BL723]: {meta}/MRREL.RRF:1: {told}; the first statement is left out"
    ]


def test_relations_are_pairs(tmp_path: Path) -> None:
    found = read_pairs(Source("umls", (str(umls(tmp_path)),)))
    assert found.counts["may_treat"] == {("UMLS:C001", "UMLS:C009"): 1}
    assert found.counts["isa"] == {("UMLS:C001", "UMLS:C002"): 1}


def test_folders_and_packed_files(tmp_path: Path) -> None:
    meta = umls(tmp_path)
    for file in list(meta.iterdir()):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    (tmp_path / "NET").mkdir()
    source = Source("umls", (str(tmp_path / "NET"), str(meta)))
    assert len(read_ontology(source).names) == 4
    assert [file.name for file in files(source)] == [
        "MRCONSO.RRF.gz", "MRSTY.RRF.gz", "MRREL.RRF.gz", "MRRANK.RRF.gz",
    ]  # fmt: skip


def test_what_is_missing_or_broken(tmp_path: Path) -> None:
    meta = umls(tmp_path)
    with pytest.raises(KnowledgeError) as raised:
        read_umls([meta], [RowFilter("semantics", "=", "x")])
    assert raised.value.code == "BL402"
    (meta / "MRSTY.RRF").write_text("C001|T047\n")
    with pytest.raises(KnowledgeError) as raised:
        read_umls([meta])
    assert raised.value.code == "BL705"
    (meta / "MRCONSO.RRF").unlink()
    with pytest.raises(KnowledgeError) as raised:
        read_umls([meta])
    assert raised.value.code == "BL703"
    with pytest.raises(KnowledgeError) as raised:
        read_ontology(Source("umls", (str(tmp_path / "no"),)))
    assert raised.value.code == "BL703"
