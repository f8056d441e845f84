from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.delimited import fault, header_of, read_delimited

CTD = """\
# Report created: Thu May 01 2025
#
# Fields:
# ChemicalName\tChemicalID
#
aspirin\tMESH:D001241
"""


def written(folder: Path, text: str | bytes, name: str = "a.tsv") -> Path:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        (CTD, ["ChemicalName", "ChemicalID"], [["aspirin", "MESH:D001241"]]),
        (CTD[: CTD.index("aspirin")], ["ChemicalName", "ChemicalID"], []),
        ("#tax_id\tGeneID\n9606\t1\n", ["tax_id", "GeneID"], [["9606", "1"]]),
        ("# made by\tme\n\nid\tname\n1\ta\n", ["made by", "me"], [["id", "name"], ["1", "a"]]),
        ("# a: b\n# c: d\nid\tname\n1\t#a\n", ["id", "name"], [["1", "#a"]]),
        ("\ufeffid\tname\r\n1\ta\r\n", ["id", "name"], [["1", "a"]]),
        ("id\tname\n", ["id", "name"], []),
    ],
)
def test_headers(tmp_path: Path, text: str, names: list[str], rows: list[list[str]]) -> None:
    found = read_delimited(written(tmp_path, text), comma=False)
    assert found.column_names == names
    assert [list(row.values()) for row in found.to_pylist()] == rows


def test_comments_are_kept(tmp_path: Path) -> None:
    assert header_of(written(tmp_path, "# a: b\nid\tx\n"), comma=False).comments == ("a: b",)


def test_quoted_cells_of_csv(tmp_path: Path) -> None:
    path = written(tmp_path, '# Fields:\n# "a,b",c\n#\n"1,2","3\n4"\n', "a.csv")
    assert read_delimited(path, comma=True).to_pylist() == [{"a,b": "1,2", "c": "3\n4"}]


def test_rows_and_columns_that_are_wanted(tmp_path: Path) -> None:
    path = written(tmp_path, "a\tb\tc\n" + "1\t2\t3\n4\t5\t6\n" * 3)

    def keep(table: pa.Table) -> pa.Table:
        return table.filter(pc.equal(table["c"], "6"))

    found = read_delimited(path, False, ["c", "a"], keep)
    assert found.to_pydict() == {"a": ["4"] * 3, "c": ["6"] * 3}
    assert read_delimited(written(tmp_path, "a\tb\n"), False, ["b"]).column_names == ["b"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.tsv", "# x\nid\tname\n1\ta\n1\ta\tb\n", "a.tsv:4 .* 3 cells, and 2 are wanted"),
        ("a.tsv", "id\tname\n1\ta\n1\té\n".encode("latin-1"), "a.tsv:3 .* not in UTF-8"),
        ("a.tsv", "id\té\n".encode("latin-1"), "a.tsv:1 .* not in UTF-8"),
        ("a.csv", 'id,name\n"1\n2",a\n1\n', "a.csv:4 .* 1 cells, and 2 are wanted"),
        ("a.csv", '"id,name\n1,2\n', "a.csv:1 .* mark that begins here is not closed"),
        ("a.tsv", "", "a.tsv .* it has no header line"),
        ("a.tsv", "# only comments\n", "a.tsv .* it has no header line"),
        ("a.tsv.gz", "id\tname\n", "a.tsv.gz .* Not a gzipped file"),
    ],
)
def test_the_line_that_is_wrong_is_named(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    with pytest.raises(KnowledgeError, match=said) as raised:
        read_delimited(written(tmp_path, text, name), comma=name.endswith("csv"))
    assert raised.value.code == "BL705"


def test_whole_tables_have_no_fault(tmp_path: Path) -> None:
    assert fault(written(tmp_path, "1|a\n\n2|b\n"), "|", 2) is None
    assert fault(written(tmp_path, '1,"a\nb"\n'), ",", 2) is None
