from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.pair_rows import PairRows, read_rows
from biolabel.kb.sources import Source

KB = Path(__file__).resolve().parents[2] / "data" / "kb"


def cited(rows: PairRows) -> list[tuple[int, str]]:
    return [
        (row, rows.documents[i])
        for row, i in zip(rows.cited_by.tolist(), rows.document.tolist(), strict=True)
    ]


def table(folder: Path, *lines: str) -> Source:
    path = folder / f"k{len(list(folder.iterdir()))}.tsv"
    path.write_text("\n".join(lines) + "\n")
    return Source("tsv", (str(path),), ids="X")


def test_rows_are_numbered() -> None:
    rows = read_rows(Source("catalog", ("tiny_causes",), catalog=KB))
    pairs = [
        tuple(rows.concepts[i] if i >= 0 else None for i in each)
        for each in zip(rows.subject.tolist(), rows.object.tolist(), strict=True)
    ]
    assert pairs[0] == pairs[1] == ("MESH:D001", "MESH:D103")
    assert pairs[4] == (None, "MESH:D103")
    assert [rows.subsets[i] for i in rows.subset.tolist()] == [
        "marker", "therapeutic", "marker", "marker", "marker", "Marker/Mechanism",
    ]  # fmt: skip
    assert rows.number.tolist() == [0, 0, 0, 1, 0, 0]
    assert cited(rows) == [
        (0, "11"), (0, "12"), (0, "13"), (1, "14"), (2, "12"), (4, "15"), (5, "99"), (5, "100"),
    ]  # fmt: skip


def test_documents_lose_their_prefix_and_repeats(tmp_path: Path) -> None:
    head = "subject\tobject\tevidence"
    source = table(tmp_path, head, "1\t2\tPMID: 12 | 12|PubMed:13||", "1\t3\tdoi:10.1/a b")
    assert cited(read_rows(source)) == [(0, "12"), (0, "13"), (1, "doi:10.1/a b")]


def test_tables_are_joined(tmp_path: Path) -> None:
    one = table(tmp_path, "subject\tobject\tevidence", "1\t2\t11|12")
    two = table(tmp_path, "subject\tobject\tcount", "2\t1\t4", "1\t2\t")
    rows = read_rows(Source("tsv", one.paths + two.paths, ids="X"))
    assert rows.concepts == ("X:1", "X:2")
    assert (rows.subject.tolist(), rows.object.tolist()) == ([0, 1, 0], [1, 0, 1])
    assert (rows.number.tolist(), cited(rows)) == ([0, 4, 0], [(0, "11"), (0, "12")])


def test_a_table_without_rows(tmp_path: Path) -> None:
    rows = read_rows(table(tmp_path, "subject\tobject\tevidence\tsubset"))
    assert (rows.concepts, rows.documents, len(rows.subject)) == ((), (), 0)


def test_counts_are_whole_numbers(tmp_path: Path) -> None:
    source = table(tmp_path, "subject\tobject\tcount", "1\t2\t3", "1\t3\t-1")
    with pytest.raises(KnowledgeError) as raised:
        read_rows(source)
    assert (raised.value.code, "`-1`" in raised.value.message) == ("BL715", True)


def test_citations_stay_in_the_order_of_long_tables(tmp_path: Path) -> None:
    lines = [f"MESH:C{i:06}\tMESH:D000001\t{900_000 + i}|{900_001 + i}" for i in range(70_000)]
    file = tmp_path / "long.tsv"
    file.write_text("\n".join(["subject\tobject\tevidence", *lines]) + "\n", encoding="utf-8")
    rows = read_rows(Source("tsv", (str(file),)))
    assert rows.cited_by.tolist() == [i for i in range(70_000) for _ in range(2)]
