"""What readers hold does not grow with the file."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects

TEXT = "Zinc was given to nine sailors and then they slept. " * 80
COUNT = 2000


def lines(head: str, row: Callable[[int], str], tail: str = "") -> Iterator[str]:
    yield head
    yield from (row(number) for number in range(COUNT))
    yield tail


def article(number: int) -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><Abstract><AbstractText>"
        f"{TEXT}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n"
    )


FILES = {
    "medline": ("a.xml", "<PubmedArticleSet>\n", article, "</PubmedArticleSet>"),
    "jats": (
        "a.nxml",
        "<pmc-articleset>",
        lambda _: f"<article><body><p>{TEXT}</p></body></article>\n",
        "</pmc-articleset>",
    ),
    "jsonl": ("a.jsonl", "", lambda number: f'{{"id": {number}, "text": "{TEXT}"}}\n', ""),
    "csv": ("a.csv", "id,text\n", lambda number: f"{number},{TEXT}\n", ""),
    "tsv": ("a.tsv", "id\ttext\n", lambda number: f"{number}\t{TEXT}\n", ""),
    "lines": ("a.txt", "", lambda _: f"{TEXT}\n", ""),
}


def peak(path: Path, name: str) -> int:
    """Return how much more memory than before the reader needs at most, in bytes."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_documents(path, Rejects(), name))
        assert count == COUNT
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", FILES)
def test_documents_are_not_kept(tmp_path: Path, name: str) -> None:
    file, head, row, tail = FILES[name]
    path = tmp_path / file
    with path.open("w") as stream:
        stream.writelines(lines(head, row, tail))
    assert path.stat().st_size > 8e6
    # XML is read in blocks of a megabyte, of which three may be there at a time.
    assert peak(path, name) < (4.5e6 if "xml" in file else 1e6)


def test_rows_of_parquet_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"{TEXT}{number}" for number in range(COUNT)]
    parquet.write_table(pa.table({"text": texts}), path, row_group_size=1000)
    assert peak(path, "parquet") < 6e6
