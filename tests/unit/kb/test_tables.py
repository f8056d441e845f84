import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.tables import RowFilter, column, keep_rows, read_table


def code_of(path: Path) -> str:
    with pytest.raises(KnowledgeError) as raised:
        read_table(path)
    return raised.value.code


def test_tsv_has_no_quoting_and_csv_has(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text('id\tname\n007\t5" nail, iron\n')
    (tmp_path / "a.csv").write_text('id,name\n007,"nail, iron"\n')
    assert read_table(tmp_path / "a.tsv").to_pylist() == [{"id": "007", "name": '5" nail, iron'}]
    assert read_table(tmp_path / "a.csv").to_pylist() == [{"id": "007", "name": "nail, iron"}]


def test_numbers_and_missing_cells_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\tn\n1\t\n\tNA\n")
    assert read_table(tmp_path / "a.tsv").to_pylist() == [
        {"id": "1", "n": ""},
        {"id": "", "n": "NA"},
    ]


def test_gzip_and_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress("id\té\n1\tü\n".encode()))
    pq.write_table(pa.table({"id": [1, None]}), tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.tsv.gz").to_pylist() == [{"id": "1", "é": "ü"}]
    assert read_table(tmp_path / "a.parquet").to_pylist() == [{"id": "1"}, {"id": ""}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.tsv", b""),
        ("ragged.tsv", b"id\tname\n1\ta\tb\n"),
        ("latin.tsv", "id\tname\n1\té\n".encode("latin-1")),
        ("cut.tsv.gz", gzip.compress(b"id\tname\n1\ta\n" * 99, mtime=0)[:-20]),
        ("twice.tsv", b"id\tid\n1\t2\n"),
        ("no.parquet", b"PAR1 and no more"),
    ],
)
def test_unreadable_tables(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert code_of(tmp_path / name) == "BL705"


def test_columns_that_are_no_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [[1]]}), tmp_path / "a.parquet")
    assert code_of(tmp_path / "a.parquet") == "BL705"


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    table = pa.table({"ChemicalID": ["D1"]})
    with pytest.raises(KnowledgeError, match="ChemID") as raised:
        column(table, "ChemID", tmp_path)
    assert (raised.value.code, raised.value.hint) == (
        "BL706", "did you mean `ChemicalID`? columns: ChemicalID",
    )  # fmt: skip
    with pytest.raises(KnowledgeError) as raised:
        keep_rows(table, [RowFilter("xyz", "=", "a")], tmp_path)
    assert raised.value.hint == "columns: ChemicalID"


def test_keep_rows(tmp_path: Path) -> None:
    table = pa.table({"id": ["1", "2", "3"], "kind": ["a", "b", "a"]})

    def kept(*where: RowFilter) -> list[str]:
        found: list[str] = keep_rows(table, where, tmp_path)["id"].to_pylist()
        return found

    assert kept() == ["1", "2", "3"]
    assert kept(RowFilter("kind", "=", "a")) == ["1", "3"]
    assert kept(RowFilter("kind", "!=", "a")) == ["2"]
    assert kept(RowFilter("kind", "=", "a"), RowFilter("id", ">=", 2.0)) == ["3"]


def test_what_is_no_number_fails_every_comparison_with_one(tmp_path: Path) -> None:
    table = pa.table({"n": ["1", " 2.5 ", "", "-3", "1e2", "x"]})
    for operator, expected in (("<", 3), ("!=", 4), (">", 1)):
        where = [RowFilter("n", operator, 7.0)]
        assert keep_rows(table, where, tmp_path).num_rows == expected, operator
    with pytest.raises(KnowledgeError) as raised:
        keep_rows(pa.table({"n": ["x", ""]}), [RowFilter("n", ">", 1.0)], tmp_path)
    assert (raised.value.code, raised.value.hint) == ("BL713", 'compare it with a text: n = "1"')
