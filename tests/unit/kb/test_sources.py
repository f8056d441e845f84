import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.sources import Source, files, located, read_ontology
from biolabel.kb.tables import RowFilter
from tests.unit.kb.formats import DESCRIPTORS, JSON, OBO, OWL

KB = Path(__file__).resolve().parents[2] / "data" / "kb"


def code_of(source: Source) -> str:
    with pytest.raises(KnowledgeError) as raised:
        read_ontology(source)
    return raised.value.code


@pytest.mark.parametrize(
    ("format_", "name", "text"),
    [
        ("obo", "x.obo", OBO),
        ("obo", "x.json", JSON),
        ("obo", "x.owl", OWL),
        ("owl", "x", OWL),
        ("owl", "x.rdf", OWL),
        ("obo", "x", OBO),
    ],
)
def test_the_format_of_an_ontology_file(tmp_path: Path, format_: str, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    for path in (name, f"{name}.gz"):
        assert len(read_ontology(Source(format_, (str(tmp_path / path),))).names) == 3


def test_tables_are_read_as_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('id\tname\n1\ta "b"\n')
    (tmp_path / "b.txt").write_text('id,name\n2,"c, d"\n')
    pq.write_table(pa.table({"id": ["3"], "name": ["e"]}), tmp_path / "c.dat")
    for format_, name, expected in [
        ("tsv", "a.txt", {"X:1": ('a "b"',)}),
        ("csv", "b.txt", {"X:2": ("c, d",)}),
        ("parquet", "c.dat", {"X:3": ("e",)}),
    ]:
        assert read_ontology(Source(format_, (str(tmp_path / name),), ids="X")).names == expected


def test_several_paths_are_one_ontology(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\tname\tparents\nX:1\ta\t\nX:2\tb\tX:1\n")
    (tmp_path / "b.tsv").write_text("id\tname\tparents\nX:1\tc\t\nX:3\td\tX:2\n")
    source = Source("tsv", (str(tmp_path / "a.tsv"), str(tmp_path / "b.tsv")))
    found = read_ontology(source)
    assert found.names == {"X:1": ("a", "c"), "X:2": ("b",), "X:3": ("d",)}
    assert found.under(["X:2"]) == {"X:2", "X:3"}
    assert [file.name for file in files(source)] == ["a.tsv", "b.tsv"]


def test_files_that_contradict_each_other(tmp_path: Path) -> None:
    paths = str(tmp_path / "a.tsv"), str(tmp_path / "b.tsv")
    for path, one, other in ((paths[0], 1, 2), (paths[1], 2, 1)):
        Path(path).write_text(f"id\tname\tparents\nX:{one}\tn{one}\tX:{other}\n")
    with pytest.raises(KnowledgeError) as raised:
        read_ontology(Source("tsv", paths))
    assert raised.value.code == "BL723"
    assert raised.value.message.startswith(f"{paths[0]} and {paths[1]} together: the hierarchy")


def test_the_separator_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\tname\tmore\nX:1\ta\tb, c|d\n")
    source = Source(
        "tsv", (str(tmp_path / "a.tsv"),), columns={"synonyms": "more", "separator": ","}
    )
    assert read_ontology(source).names == {"X:1": ("a", "b", "c|d")}


def test_catalog_tables_are_filtered_too() -> None:
    every = read_ontology(Source("catalog", ("tiny_drugs",), catalog=KB))
    some = read_ontology(
        Source("catalog", ("tiny_drugs",), where=(RowFilter("name", "!=", "Aspirin"),), catalog=KB)
    )
    assert set(every.names) - set(some.names) == {"MESH:D001"}
    assert some.omitted == 1
    assert files(Source("catalog", ("tiny_drugs",), catalog=KB)) == []


def test_paths_lie_beside_the_rule_file_or_below_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, data = tmp_path / "rules", tmp_path / "data"
    (data / "kb").mkdir(parents=True)
    rules.mkdir()
    monkeypatch.setenv("BIOLABEL_DATA", str(data))
    (data / "kb" / "a.tsv").write_text("id\tname\nX:1\tfar\n")
    path = str(rules / "kb" / "a.tsv")
    assert located(path, rules) == data / "kb" / "a.tsv"
    (rules / "kb").mkdir()
    (rules / "kb" / "a.tsv").write_text("id\tname\nX:1\tnear\n")
    assert located(path, rules) == rules / "kb" / "a.tsv"
    with pytest.raises(KnowledgeError) as raised:
        located(str(rules / "kb" / "b.tsv"), rules)
    assert raised.value.code == "BL703"
    assert str(data / "kb" / "b.tsv") in raised.value.message
    assert raised.value.hint.startswith("did you mean `a.tsv`?")


def test_identifiers_must_be_those_that_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.obo").write_text(OBO)
    path = (str(tmp_path / "x.obo"),)
    assert len(read_ontology(Source("obo", path, ids="x")).names) == 3
    assert code_of(Source("obo", path, ids="HP")) == "BL712"
    (tmp_path / "d.xml").write_text(DESCRIPTORS)
    assert code_of(Source("mesh", (str(tmp_path / "d.xml"),), ids="UMLS")) == "BL712"
    assert code_of(Source("catalog", ("tiny_drugs",), ids="CHEBI", catalog=KB)) == "BL712"


def test_names_of_another_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "x.obo").write_text(OBO)
    found = read_ontology(Source("obo", (str(tmp_path / "x.obo"),), ids="mesh"))
    assert set(found.names) == {"MESH:D004194", "MESH:D000740"}
    assert found.names["MESH:D000740"][0] == "anaemia"
    assert found.under(["X:2"]) & found.names.keys() == {"MESH:D000740"}
    assert found.under(["X:1"]) >= found.names.keys()


def test_missing_files_and_wrong_kinds(tmp_path: Path) -> None:
    for format_ in ("mesh", "obo", "tsv", "umls"):
        assert code_of(Source(format_, (str(tmp_path / "no"),))) == "BL703"
    assert code_of(Source("obo", (str(tmp_path),))) == "BL703"
    assert code_of(Source("catalog", ("tiny_causes",), catalog=KB)) == "BL709"


@pytest.mark.parametrize("format_", ["catalog", "obo", "umls"])
def test_columns_belong_to_tables(format_: str) -> None:
    assert code_of(Source(format_, ("tiny_drugs",), columns={"id": "x"}, catalog=KB)) == "BL717"
