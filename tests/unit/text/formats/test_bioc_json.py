import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from biolabel.data.documents import Document, Mention, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats import objects
from biolabel.text.formats.bioc_json import FORMAT, read, write
from biolabel.text.formats.known import format_of
from biolabel.text.rejects import Rejects


def tree(id_: str, text: str = "Zinc") -> dict[str, Any]:
    return {"id": id_, "infons": {}, "passages": [{"offset": 0, "infons": {}, "text": text}]}


def parse(
    tmp_path: Path, content: str | bytes
) -> tuple[list[Document], list[tuple[int, str, str]]]:
    path = tmp_path / "a.bioc.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.line, row.lost, row.reason) for row in rejects.rows]


TREES = [tree("1", 'a "quoted\\" {[text'), tree("2", "}]\u00e9\U0001f600"), tree("3")]
COLLECTION = {"source": "x", "infons": {"documents": "no"}, "documents": TREES, "key": {"a": []}}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(COLLECTION),
        json.dumps(COLLECTION, indent=2, ensure_ascii=False),
        json.dumps([COLLECTION]),
        json.dumps({"PubTator3": TREES}),
        json.dumps(TREES),
        "\ufeff" + "\n".join(map(json.dumps, TREES)),
    ],
)
@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_the_shapes_that_occur(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, block: int
) -> None:
    monkeypatch.setattr(objects, "_BLOCK", block)
    documents, rejected = parse(tmp_path, content)
    assert [(d.id, d.text) for d in documents] == [
        (t["id"], t["passages"][0]["text"]) for t in TREES
    ]
    assert rejected == []


def test_a_broken_document_costs_only_itself(tmp_path: Path) -> None:
    pieces = [json.dumps(tree("1")), '{"id": "2", "passages": [1,]}', json.dumps(tree("3"))]
    pieces += ['{"id": "4"}', json.dumps(tree("3", "Iron")), json.dumps(tree("3"))]
    documents, rejected = parse(tmp_path, '{"documents": [\n' + ",\n".join(pieces) + "]}")
    assert [document.id for document in documents] == ["1", "3"]
    assert [(line, lost) for line, lost, _ in rejected] == [
        (3, "document"), (5, "document"), (6, "document"), (7, "nothing"),
    ]  # fmt: skip
    assert "no JSON" in rejected[0][2]


def test_bytes_that_are_not_utf8_cost_their_document(tmp_path: Path) -> None:
    good, bad = json.dumps(tree("1")).encode(), b'{"id": "2\xff", "passages": []}'
    documents, rejected = parse(tmp_path, b"[" + bad + b",\n" + good + b"]")
    assert [document.id for document in documents] == ["1"]
    assert [(line, lost) for line, lost, _ in rejected] == [(1, "document")]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_ends_early_gives_its_good_documents(tmp_path: Path, packed: bool) -> None:
    trees = [tree(str(n), f"Zinc {n**9}") for n in range(2000)]
    content = json.dumps({"documents": trees}).encode()
    cut = gzip.compress(content) if packed else content
    documents, rejected = parse(tmp_path, cut[: len(cut) * 2 // 3])
    assert 500 < len(documents) < 2000
    assert [lost for _, lost, _ in rejected] == ["rest"]


def test_what_never_ends_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_BLOCK", 1000)
    monkeypatch.setattr(objects, "_LARGEST", 5000)
    content = json.dumps([tree("1")])[:-1] + ', {"id": "' + "x" * 100_000
    documents, rejected = parse(tmp_path, content)
    assert [document.id for document in documents] == ["1"]
    assert rejected == [(1, "rest", "a document or text does not end within 64 MB")]


def test_deep_nesting_costs_its_document(tmp_path: Path) -> None:
    deep = '{"id": "1", "passages": ' + "[" * 100_000 + "]" * 100_000 + "}"
    documents, rejected = parse(tmp_path, f"[{deep}, {json.dumps(tree('2'))}]")
    assert [document.id for document in documents] == ["2"]
    assert [lost for _, lost, _ in rejected] == ["document"]


@pytest.mark.parametrize("content", ["", "[]", '{"documents": []}', "1|t|Zinc", '"a"', "}{"[:1]])
def test_what_has_no_documents_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CorpusError) as caught:
        parse(tmp_path, content)
    assert caught.value.code == "BL602"


def test_the_content_tells_the_format(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(COLLECTION))
    assert format_of(path) is FORMAT


def test_a_field_of_several_items_is_a_list(tmp_path: Path) -> None:
    path = tmp_path / "a.bioc.json"
    document = Document(
        "1", (Passage("title", 0, "Zinc"),), (Mention(0, 4, "X"),),
        meta={"mesh": ("a", "b"), "year": ("1999",)},
    )  # fmt: skip
    write(path, [document])
    whole = json.loads(path.read_text("utf-8"))
    assert whole["documents"][0]["infons"] == {"mesh": ["a", "b"], "year": "1999"}
    assert list(read(path, Rejects())) == [document]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        path = tmp_path / f"{number}.bioc.json.gz"
        passage = (Passage("abstract", 0, "Zinc harms. " * 1000),)
        tracemalloc.start()
        try:
            write(path, (Document(str(n), passage) for n in range(number)))
            assert sum(1 for _ in read(path, Rejects())) == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    # Of each document its id and a hash stay: some hundred bytes, where the text has 12,000.
    assert peak(400) - peak(200) < 200 * 1200
