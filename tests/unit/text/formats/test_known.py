import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from biolabel.errors import CorpusError
from biolabel.text.formats.known import (
    FORMATS,
    files_of,
    format_named,
    format_of,
    read_documents,
    source_of,
)
from biolabel.text.rejects import Rejects

CONTENT = "1|t|A title\n1|a|\n"
T = TypeVar("T")


def caught_code(path: Path, format: str = "", columns: dict[str, str] | None = None) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_documents(path, Rejects(), format, columns)
    return caught.value


@pytest.mark.parametrize("name", ["a.pubtator", "A.PubTator", "b.PubTator.txt", "c.x.pubtator"])
@pytest.mark.parametrize("ending", ["", ".gz", ".GZ"])
def test_the_name_tells_the_format(tmp_path: Path, name: str, ending: str) -> None:
    path = tmp_path / (name + ending)
    path.write_bytes(gzip.compress(CONTENT.encode()) if ending else CONTENT.encode())
    assert [document.id for document in read_documents(path, Rejects())] == ["1"]


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("project-1.json", '[{"id": 1, "data": {"text": "a"}, "annotations": []}]', "labelstudio"),
        ("x.json.gz", '\ufeff[\n {"predictions": [], "data": {"text": "a"}}]', "labelstudio"),
        ("pmc.json", '[{"documents": [{"annotations": [], "infons": {"data": 1}}]}]', "bioc-json"),
        ("x.json", '{"passages": []}', "bioc-json"),
        ("x.bioc.json", '[{"data": {}, "annotations": []}]', "labelstudio"),
        ("out.jsonl", '{"text": "a", "_input_hash": 1, "_task_hash": 2, "spans": []}', "prodigy"),
        ("out.jsonl", '{"text": "a", "spans": []}', "jsonl"),
        ("x.txt", '{"_input_hash": 1, "_task_hash": 2}', "plain"),
    ],
)
def test_exports_of_annotation_tools_are_told_by_their_content(
    tmp_path: Path, name: str, content: str, format: str
) -> None:
    path = tmp_path / name
    data = content.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert source_of(path).format.name == format


def test_a_named_format_is_taken_whatever_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    path.write_text(CONTENT)
    assert [document.id for document in read_documents(path, Rejects(), "pubtator")] == ["1"]


def test_names_and_endings_are_well_formed() -> None:
    names = [known.name for known in FORMATS]
    assert len(names) == len(set(names))
    for known in FORMATS:
        assert format_named(known.name) is known
        assert all(end == end.lower() and not end.endswith(".gz") for end in known.endings)


def test_other_names_are_refused_at_once_with_what_exists(tmp_path: Path) -> None:
    path = tmp_path / "a.dat"
    path.write_text("<x/>")
    error = caught_code(path)
    assert error.code == "BL603"
    assert "a.dat" in error.message
    assert ".pubtator" in error.hint


def test_an_unknown_format_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "a.pubtator"
    path.write_text(CONTENT)
    error = caught_code(path, "PubTater")
    assert error.code == "BL630"
    assert "did you mean pubtator?" in error.hint


@pytest.mark.parametrize("name", ["missing.pubtator", "missing/"])
def test_what_is_not_there_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "massing.pubtator").touch()
    error = caught_code(tmp_path / name)
    assert error.code == "BL601"
    assert ("massing.pubtator" in error.hint) == name.endswith("pubtator")


def test_columns_need_a_format_that_has_them(tmp_path: Path) -> None:
    path = tmp_path / "a.pubtator"
    path.write_text(CONTENT)
    error = caught_code(path, columns={"text": "abstract"})
    assert error.code == "BL633"
    assert "columns.text" in error.message


def test_a_folder_of_files_is_a_corpus_in_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "b.pubtator").write_text("2|t|Two\n1|t|Other\n")
    (tmp_path / "a.pubtator.gz").write_bytes(gzip.compress(CONTENT.encode()))
    (tmp_path / "inner" / "c.pubtator").write_text("3|t|Three\n2|t|Two\n")
    (tmp_path / "a.pubtator.gz.topics.tsv").write_text("1\ttopic\tx\n")
    (tmp_path / "a.pubtator.gz.md5").write_text("0")
    (tmp_path / ".hidden.pubtator").write_text("no")
    seen: list[tuple[str, int | None]] = []

    def progress(items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        seen.append((name, total))
        return iter(items)

    rejects = Rejects()
    documents = list(read_documents(tmp_path, rejects, progress=progress))
    assert [document.id for document in documents] == ["1", "2", "3"]
    assert documents[0].topics == {"topic": "x"}
    assert seen == [("reading PubTator files", 3)]
    assert [(row.file, row.doc, row.lost) for row in rejects.rows] == [
        ("a.pubtator.gz.md5", "", "nothing"),
        ("b.pubtator", "1", "document"),
        ("c.pubtator", "2", "nothing"),
    ]
    assert [file.name for file in files_of(tmp_path)] == [
        "a.pubtator.gz", "a.pubtator.gz.topics.tsv", "b.pubtator", "c.pubtator",
    ]  # fmt: skip


def test_a_folder_with_a_named_format_reads_its_files_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CONTENT)
    (tmp_path / "b.pubtator").write_text("2|t|Two\n")
    (tmp_path / "x_abstracts.tsv").write_text("3\ta\tb\n")
    ids = [document.id for document in read_documents(tmp_path, Rejects(), "pubtator")]
    assert ids == ["1", "2"]


def test_tables_beside_a_file_of_a_folder_are_not_read_twice(tmp_path: Path) -> None:
    for name in ("abstracts", "entities", "relations"):
        (tmp_path / f"x_{name}.tsv").touch()
    source = source_of(tmp_path)
    assert source.format.name == "drugprot"
    assert [file.name for file in source.parts] == ["x_abstracts.tsv"]
    assert source.strange == ()


def test_a_folder_of_several_formats_or_none_is_refused(tmp_path: Path) -> None:
    assert caught_code(tmp_path).code == "BL632"
    (tmp_path / "readme.md").touch()
    assert "has no corpus files" in caught_code(tmp_path).message
    (tmp_path / "a.pubtator").write_text(CONTENT)
    (tmp_path / "b_abstracts.tsv").touch()
    error = caught_code(tmp_path)
    assert error.code == "BL632"
    assert "pubtator (a.pubtator)" in error.message
    assert "drugprot (b_abstracts.tsv)" in error.message


def test_a_damaged_gzip_file_is_still_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.pubtator.gz"
    path.write_bytes(gzip.compress(CONTENT.encode() * 1000)[:40])
    assert format_of(path).name == "pubtator"


def test_a_bad_file_of_a_folder_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.bioc.json").write_text("no json")
    (tmp_path / "b.bioc.json").write_text('[{"id": "1", "passages": [{"offset": 0, "text": "a"}]}]')
    (tmp_path / "c.xml").write_text("<strange/>")
    rejects = Rejects()
    assert [document.id for document in read_documents(tmp_path, rejects)] == ["1"]
    assert [(row.file, row.lost) for row in rejects.rows] == [
        ("c.xml", "rest"),
        ("a.bioc.json", "rest"),
    ]
    assert "is of no known format" in rejects.rows[0].reason


def test_files_of_other_endings_are_told_when_a_format_is_named(tmp_path: Path) -> None:
    for name in ("a.conll", "b.pubtator", "c"):
        (tmp_path / name).write_text(CONTENT)
    source = source_of(tmp_path, "pubtator")
    assert [file.name for file in source.parts] == ["b.pubtator"]
    assert [each.file.name for each in source.strange] == ["a.conll", "c"]
