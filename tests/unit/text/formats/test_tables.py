"""CSV, TSV and Parquet."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.known import format_of, read_documents
from biolabel.text.formats.tables import read_csv, read_parquet, read_tsv
from biolabel.text.rejects import Rejects

Read = Callable[[Path, Rejects, dict[str, str]], Iterator[Document]]


def found(
    read: Read, path: Path, columns: dict[str, str] | None = None
) -> tuple[list[Document], list[tuple[int, str, str]]]:
    rejects = Rejects()
    documents = list(read(path, rejects, columns or {}))
    return documents, [(row.line, row.lost, row.reason) for row in rejects.rows]


def written(folder: Path, content: str, name: str = "some.csv") -> Path:
    path = folder / name
    data = content.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("name", ["some.csv", "some.csv.gz"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_csv(tmp_path: Path, name: str, separator: str) -> None:
    content = '\ufeffid,title,abstract,year\r\n1,Zinc,"Old, ""ill""\r\n\r\nand β.",2001\r\n\r\n2,Tin,,\r\n'
    path = written(tmp_path, content.replace(",", separator).replace("Old;", "Old,"), name)
    assert format_of(path).name == "csv"
    documents, rejects = found(read_csv, path)
    assert rejects == []
    assert documents == [
        Document(
            "1",
            (Passage("title", 0, "Zinc"), Passage("abstract", 5, 'Old, "ill"\n\nand β.')),
            meta={"year": ("2001",)},
        ),
        Document("2", (Passage("title", 0, "Tin"),)),
    ]


def test_tsv_has_no_quotes(tmp_path: Path) -> None:
    path = written(tmp_path, 'pmid\ttext\tlabel\n7\t"Zinc" is "old\tyes\n', "some.tsv")
    assert format_of(path).name == "tsv"
    (document,) = read_documents(path, Rejects(), columns={"topics": "relevant=label"})
    passages = (Passage("", 0, '"Zinc" is "old'),)
    assert document == Document("7", passages, topics={"relevant": "yes"})


def test_rows_without_ids_are_numbered_by_their_lines(tmp_path: Path) -> None:
    documents, _ = found(read_csv, written(tmp_path, 'text\n"a\nb"\nc\n'))
    assert [document.id for document in documents] == ["some-2", "some-4"]


@pytest.mark.parametrize(
    ("read", "name", "row", "reason"),
    [
        (read_csv, "some.csv", "2,b,c", "the row has 3 cells, the first line 2"),
        (read_csv, "some.csv", "2", "the row has 1 cells"),
        (read_csv, "some.csv", '2,"b"x', "the row is no CSV"),
        (read_csv, "some.csv", "1,b", "repeated, with other content"),
        (read_csv, "some.csv", ",b", "no id"),
        (read_tsv, "some.tsv", "2\tb\tc", "the row has 3 cells"),
        (read_tsv, "some.tsv", "2\t ", "no text"),
    ],
)
def test_rows_that_cannot_be_used(
    tmp_path: Path, read: Read, name: str, row: str, reason: str
) -> None:
    content = "id,text\n1,a\n{}\n9,z\n".replace(",", "\t" if "tsv" in name else ",").format(row)
    documents, ((line, lost, why),) = found(read, written(tmp_path, content, name))
    assert [document.id for document in documents] == ["1", "9"]
    assert (line, lost) == (3, "document")
    assert reason in why


@pytest.mark.parametrize(("read", "comma"), [(read_csv, b","), (read_tsv, b"\t")])
def test_what_is_not_utf8_is_rejected(tmp_path: Path, read: Read, comma: bytes) -> None:
    path = tmp_path / "some"
    path.write_bytes(b"id,text\n1,a\n2,\xe9\n3,c\n".replace(b",", comma))
    documents, ((line, lost, why),) = found(read, path)
    assert [document.id for document in documents] == ["1", "3"]
    assert (line, lost) == (3, "document")
    assert why.endswith("is not UTF-8")


def test_a_quote_without_an_end_costs_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,text\n1,a\n2,"b\n3,c\n')
    documents, rejects = found(read_csv, path)
    assert [document.id for document in documents] == ["1"]
    assert [row[:2] for row in rejects] == [(3, "rest")]


def test_a_file_that_ends_early_keeps_its_good_part(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n * 7919 % 10007}\n" for n in range(5000))
    path = written(tmp_path, f"id,text\n{rows}", "some.csv.gz")
    path.write_bytes(path.read_bytes()[:-8000])
    documents, rejects = found(read_csv, path)
    assert len(documents) > 100
    assert rejects[-1][1:] == ("rest", "the gzip file is damaged or ends early")


@pytest.mark.parametrize("content", ["", "\n", "id,body\n1,a\n", "text,text\n1,a\n"])
def test_columns_that_are_not_there_are_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(CorpusError) as caught:
        found(read_csv, written(tmp_path, content))
    assert caught.value.code == "BL641"


def test_a_long_text(tmp_path: Path) -> None:
    text = "zinc " * 100_000
    (document,), _ = found(read_csv, written(tmp_path, f"id,text\n1,{text}\n"))
    assert document.text == text


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    table = {"text": ["a", None, "c"], "mesh": [["x", "y"], [], None], "year": [2001, 2002, None]}
    parquet.write_table(pa.table(table), path)
    assert format_of(path).name == "parquet"
    documents, rejects = found(read_parquet, path)
    assert documents == [
        Document("some-1", (Passage("", 0, "a"),), meta={"mesh": ("x", "y"), "year": ("2001",)}),
        Document("some-3", (Passage("", 0, "c"),)),
    ]
    assert rejects == [(2, "document", "the document has no text")]


def test_damaged_parquet(tmp_path: Path) -> None:
    path = tmp_path / "some.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(CorpusError) as caught:
        found(read_parquet, path)
    assert caught.value.code == "BL642"
    values = [str(n * 7919 % 10007) * 9 for n in range(3000)]
    parquet.write_table(pa.table({"text": values}), path, row_group_size=500, compression="gzip")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 50] = b"\xff" * 50
    path.write_bytes(data)
    documents, rejects = found(read_parquet, path)
    assert 0 < len(documents) < 3000
    assert len(documents) % 500 == 0
    ((line, lost, reason),) = rejects
    assert (line, lost) == (len(documents) + 1, "rest")
    assert "damaged" in reason


cells = st.text("aé\",;'\t \n", min_size=1, max_size=8).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(cells, min_size=1, max_size=5))
def test_texts_in_csv_come_back(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    rows = "".join(f"{number},{text}\n" for number, text in enumerate(quoted))
    path = written(tmp_path_factory.mktemp("x"), f"id,text\n{rows}")
    documents, rejects = found(read_csv, path)
    assert [document.text for document in documents] == texts
    assert rejects == []
