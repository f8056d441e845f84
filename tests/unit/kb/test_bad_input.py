"""What is said of files that cannot be used: a code, the file and the line, and nothing is kept of them."""

import gzip
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.sources import Source, read_ontology
from tests.unit.kb.formats import DESCRIPTORS, JSON, OBO, OWL, concept

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "knowledge" / "bad_input.txt"
TERMS = "id\tname\nX:1\ta\n"
SSSOM = "subject_id\tpredicate_id\tobject_id\nX:1\tskos:exactMatch\tY:1\n"
HGNC = "hgnc_id\tsymbol\tname\nHGNC:5\tA1BG\tglycoprotein\n"
CTD = "# Fields:\n# ChemicalName\tChemicalID\n#\naspirin\tD001241\n"
PURL = "http://purl.obolibrary.org/obo/X_"
ENTITY = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CASES: Mapping[str, tuple[str, str, bytes]] = {
    "a table cut off in gzip": ("tsv", "a.tsv.gz", gzip.compress((TERMS * 99).encode(), mtime=0)[:-9]),
    "a table with a cell too many": ("tsv", "a.tsv", f"{TERMS}X:2\tb\tc\n".encode()),
    "a table that is not in UTF-8": ("tsv", "a.tsv", f"{TERMS}X:2\té\n".encode("latin-1")),
    "a table without a line": ("tsv", "a.tsv", b""),
    "a column that is there twice": ("tsv", "a.tsv", b"id\tid\tname\n1\t2\t3\n"),
    "a quotation mark that is not closed": ("csv", "a.csv", b'id,name\nX:1,"a\n'),
    "a name with a tab in a table": ("csv", "a.csv", b'id,name\nX:1,a\nX:2,"b\tc"\n'),
    "a table that unpacks without end": ("tsv", "a.tsv.gz", gzip.compress(b"0" * 9_999_999, mtime=0)),
    "no Parquet": ("parquet", "a.parquet", b"PAR1 and no more"),
    "OBO with a concept twice": ("obo", "a.obo", f"{OBO}\n[Term]\nid: X:1\n".encode()),
    "OBO that is not in UTF-8": ("obo", "a.obo", OBO.replace("anemia", "anémie").encode("latin-1")),
    "OBO with a tab in a name": ("obo", "a.obo", OBO.replace("name: dis", "name: d\tis").encode()),
    "OBO without a term": ("obo", "a.obo", b"format-version: 1.2\n"),
    "JSON cut off": ("obo", "a.json", JSON[:1000].encode()),
    "JSON that is no graph": ("obo", "a.json", b"[1]"),
    "JSON with a circle": (
        "obo", "a.json", JSON.replace(f'"is_a",\n     "obj": "{PURL}1', f'"is_a", "obj": "{PURL}4').encode(),
    ),
    "JSON with a concept twice": ("obo", "a.json", JSON.replace("X_4", "X_2").encode()),
    "JSON with a line end in a name": (
        "obo", "a.json", JSON.replace("blood trouble", "blood\\ntrouble").encode(),
    ),
    "OWL cut off": ("owl", "a.owl", OWL[:1500].encode()),
    "OWL with an entity from outside": (
        "owl", "a.owl", f"{ENTITY}<r xmlns:o='http://www.w3.org/2002/07/owl#'>\n<o:Class>&x;</o:Class></r>".encode(),
    ),
    "OWL with a circle": (
        "owl", "a.owl",
        OWL.replace("</rdfs:label>", f"</rdfs:label><rdfs:subClassOf rdf:resource='{PURL}4'/>", 1).encode(),
    ),
    "a table with a circle": (
        "tsv", "a.tsv.gz",
        gzip.compress(b"# ours\nid\tname\tparents\nX:1\ta\tX:3\nX:2\tb\tX:2|X:1\nX:3\tc\tX:2\n", mtime=0),
    ),
    "MeSH with a record twice": ("mesh", "a.xml", DESCRIPTORS.replace("D002000", "D001241").encode()),
    "MeSH that is another XML": ("mesh", "a.xml", b"<html/>"),
    "UMLS with a cell too few": (
        "umls", "META/MRCONSO.RRF", (concept("C1", "a") + concept("C2", "b").replace("|ENG", "")).encode(),
    ),
    "SSSOM without a predicate": ("sssom", "a.sssom.tsv", SSSOM.replace("predicate_", "").encode()),
    "HGNC with an entry twice": ("hgnc", "a.txt", f"{HGNC}{HGNC.splitlines()[1]}\n".encode()),
    "HGNC that is another table": ("hgnc", "a.txt", TERMS.encode()),
    "CTD with a row too long": ("ctd", "CTD_chemicals.tsv", f"{CTD}x\ty\tz\n".encode()),
    "CTD that is another table": ("ctd", "a.tsv", TERMS.encode()),
}  # fmt: skip


def said(folder: Path, format_: str, name: str, content: bytes) -> str:
    """Return the error of reading a file, its folder not named, with its hint."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    source = path.parent if format_ == "umls" else path
    with pytest.raises(KnowledgeError) as raised:
        read_ontology(Source(format_, (str(source),), ids="X" if format_ == "csv" else ""))
    error = raised.value
    hint = f"\n    {error.hint}" if error.hint else ""
    return f"{error.code}: {error.message}{hint}".replace(f"{folder}/", "")


def test_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.data.growth.HARMLESS", 10_000)
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    found = "".join(
        f"{case}\n  {said(tmp_path / str(number), *file)}\n"
        for number, (case, file) in enumerate(CASES.items())
    )
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
    assert not (tmp_path / "cache").exists()
