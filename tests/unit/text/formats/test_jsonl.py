"""JSON Lines: everything of a document, and what others write a line."""

import gzip
import json
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats.jsonl import read, unfit, write
from biolabel.text.formats.known import format_of
from biolabel.text.rejects import Rejects

FULL = Document(
    "d 1",
    (
        Passage("title", 0, "Zinc\nβ"),
        Passage("", 8, ""),
        Passage("results", 8, "slept", "A > B"),
    ),
    (
        Mention(0, 4, "Chemical", ("MESH:D015032",)),
        Mention(0, 13, "State", (), "rules", 0.25, ((0, 4), (8, 13))),
    ),
    (
        Relation("cid", "MESH:D015032", "X:1", "yes", 0.5),
        Relation("r", "@0-4:Chemical", "@0-13:State", "r"),
    ),
    {"year": ("2001",), "none": (), "empty": ("",)},
    {"topic": "yes"},
)


def found(
    path: Path, columns: Mapping[str, str] | None = None
) -> tuple[list[Document], list[tuple[int, str, str, str]]]:
    rejects = Rejects()
    documents = list(read(path, rejects, columns or {}))
    return documents, [(row.line, row.doc, row.lost, row.reason) for row in rejects.rows]


def lines(folder: Path, *values: object) -> Path:
    path = folder / "some.jsonl"
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_everything_comes_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write(path, [FULL, Document("2", ())])
    assert found(path) == ([FULL, Document("2", ())], [])
    assert format_of(path).name == "jsonl"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_line_says_only_what_is_not_usual(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write(path, [Document("1", (Passage("title", 0, "Zinc"),), (Mention(0, 4, "Chemical"),))])
    assert path.read_text() == (
        '{"id": "1", "passages": [{"kind": "title", "offset": 0, "text": "Zinc"}],'
        ' "mentions": [{"start": 0, "end": 4, "type": "Chemical", "text": "Zinc"}]}\n'
    )


def test_lines_of_others(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        {"id": 1, "text": "Zinc slept.", "year": 2001, "tags": ["a", "b"]},
        {"title": "Zinc", "abstract": "Slept."},
        {"pmid": "3", "passages": [{"text": "Zinc"}, {"text": "slept", "heading": "R"}]},
        {
            "id": "4",
            "text": "Zinc",
            "mentions": [{"start": 0, "end": 4, "type": "C"}],
            "meta": {"a": "b"},
        },
    )
    documents, rejects = found(path)
    assert rejects == []
    assert documents == [
        Document(
            "1", (Passage("", 0, "Zinc slept."),), meta={"year": ("2001",), "tags": ("a", "b")}
        ),
        Document("some-2", (Passage("title", 0, "Zinc"), Passage("abstract", 5, "Slept."))),
        Document("3", (Passage("", 0, "Zinc"), Passage("", 5, "slept", "R"))),
        Document("4", (Passage("", 0, "Zinc"),), (Mention(0, 4, "C"),), meta={"a": ("b",)}),
    ]


def test_columns_say_what_holds_the_text(tmp_path: Path) -> None:
    path = lines(tmp_path, {"key": 7, "body": "Zinc", "label": "yes", "by": "me"})
    columns = {"id": "key", "text": "body", "topics": "relevant=label", "meta": ""}
    (document,), _ = found(path, columns)
    assert document == Document("7", (Passage("", 0, "Zinc"),), topics={"relevant": "yes"})


def test_a_first_line_without_a_text_is_an_error_a_later_one_a_reject(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        found(lines(tmp_path, {"id": 1, "txt": "a"}))
    assert caught.value.code == "BL641"
    documents, rejects = found(lines(tmp_path, {"id": 1, "text": "a"}, {"id": 2, "txt": "a"}))
    assert len(documents) == 1
    assert rejects == [(2, "", "document", "line 2 of some.jsonl has no column for the text")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 2, "text": "a"', "the line is no JSON"),
        ("[" * 100_000, "the line is no JSON"),
        ('{"id": ' + "9" * 5000 + "}", "the line is no JSON"),
        ('["a"]', "no object of JSON"),
        ('{"id": "2", "text": "\\ud800"}', "half a character"),
        ('{"id": "", "text": "a"}', "no id"),
        ('{"id": "2", "text": ""}', "no text"),
        ('{"id": "1", "text": "b"}', "repeated, with other content"),
        ('{"id": "2", "passages": {}}', "passages is no list"),
        ('{"id": "2", "passages": ["a"]}', "is no object"),
        ('{"id": "2", "passages": [{"kind": "title"}]}', "text: Field required"),
        ('{"id": "2", "passages": [{"offset": -1, "text": "a"}]}', "a passage starts at -1"),
        ('{"id": "2", "passages": [{"text": "ab"}, {"offset": 1, "text": "a"}]}', "starts at 1"),
        (
            '{"id": "2", "passages": [{"offset": 2000000000000, "text": "a"}]}',
            "more than 1000 signs behind 0",
        ),
        ('{"id": "2", "text": "a", "mentions": 3}', "mentions is no list"),
        ('{"id": "2", "text": "a", "meta": []}', "is no object"),
    ],
)
def test_lines_that_cannot_be_used(tmp_path: Path, line: str, reason: str) -> None:
    good = [{"id": "1", "text": "a"}, line, {"id": "9", "text": "z"}]
    documents, ((number, _, lost, why),) = found(lines(tmp_path, *good))
    assert [document.id for document in documents] == ["1", "9"]
    assert (number, lost) == (2, "document")
    assert reason in why


@pytest.mark.parametrize(
    ("lost", "piece", "reason"),
    [
        ("mention", {"start": 0, "end": 5, "type": "C"}, "0-5 is no span of the text"),
        ("mention", {"start": 2, "end": 2, "type": "C"}, "2-2 is no span"),
        ("mention", {"start": 0, "end": 4}, "type: Field required"),
        ("mention", {"start": 0, "end": 4, "type": " "}, "no type"),
        ("mention", {"start": 0, "end": 4, "type": "C", "text": "Tin!"}, "is 'Zinc', not 'Tin!'"),
        ("mention", {"start": 0, "end": 4, "type": "C", "probability": 2}, "no probability"),
        ("mention", {"start": 0, "end": 4, "type": "C", "parts": [[0, 1], [1, 4]]}, "its parts"),
        ("mention", {"start": 0, "end": 4, "type": "C", "parts": [[0, 1], [2, 3]]}, "its parts"),
        ("mention", 3, "no object"),
        ("relation", {"task": "t", "subject": "A:1", "object": "B:1"}, "label: Field required"),
        (
            "relation",
            {"task": "t", "subject": "@0-3:C", "object": "B:1", "label": "l"},
            "no mention @0-3:C",
        ),
        (
            "relation",
            {"task": "t", "subject": "A:1", "object": "B:1", "label": "l", "probability": -1},
            "-1.0 is no probability",
        ),
    ],
)
def test_pieces_that_cannot_be_used(tmp_path: Path, lost: str, piece: object, reason: str) -> None:
    value = {"id": "1", "text": "Zinc", f"{lost}s": [piece]}
    (document,), ((number, doc, what, why),) = found(lines(tmp_path, value))
    assert document == Document("1", (Passage("", 0, "Zinc"),))
    assert (number, doc, what) == (1, "1", lost)
    assert reason in why


def test_labels_that_are_no_texts_are_rejected(tmp_path: Path) -> None:
    value = {"id": "1", "text": "Zinc", "topics": {"a": 1, "b": "yes"}}
    (document,), rejects = found(lines(tmp_path, value))
    assert document.topics == {"b": "yes"}
    assert rejects == [(1, "1", "topic", "the label of a is no text")]


def test_a_file_that_ends_early_keeps_its_good_part(tmp_path: Path) -> None:
    texts = "".join(f'{{"id": "{n}", "text": "{n * 7919 % 10007}"}}\n' for n in range(3000))
    packed = gzip.compress(texts.encode())
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    documents, rejects = found(path)
    assert len(documents) > 100
    assert [row[2:] for row in rejects][-1] == ("rest", "the gzip file is damaged or ends early")


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    for wrong in (Document(" ", ()), Document("1", (Passage("", 0, "\ud800"),))):
        assert unfit(wrong)
        with pytest.raises(CorpusError) as caught:
            write(tmp_path / "a.jsonl", [FULL, wrong])
        assert caught.value.code == "BL610"
    assert list(tmp_path.iterdir()) == []


texts = st.text(max_size=9)
chance = st.floats(0, 1)
pairs = st.tuples(texts, st.lists(texts, max_size=2).map(tuple))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    parts = draw(st.lists(st.tuples(texts, texts, texts, st.integers(0, 3)), max_size=4))
    starts = accumulate((gap + len(text) for _, text, _, gap in parts), initial=0)
    passages = tuple(
        Passage(kind, start + gap, text, heading)
        for start, (kind, text, heading, gap) in zip(starts, parts, strict=False)
    )
    bare = Document(draw(texts.filter(str.strip)), passages)
    mentions = []
    for _ in range(draw(st.integers(0, 3)) if len(bare.text) > 3 else 0):
        ends = sorted(draw(st.sets(st.integers(0, len(bare.text)), min_size=2, max_size=4)))
        some = tuple(zip(ends[::2], ends[1::2], strict=False)) if len(ends) == 4 else ()
        end = ends[-1] if some else ends[1]
        concepts = tuple(draw(st.lists(texts, max_size=2)))
        kind = draw(texts.filter(str.strip))
        mentions.append(Mention(ends[0], end, kind, concepts, draw(texts), draw(chance), some))
    return Document(
        bare.id,
        passages,
        tuple(mentions),
        tuple(draw(st.lists(st.builds(Relation, texts, texts, texts, texts, chance), max_size=2))),
        dict(draw(st.lists(pairs, max_size=3))),
        draw(st.dictionaries(texts, texts, max_size=2)),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4, unique_by=lambda found: found.id))
def test_every_document_comes_back(given_: list[Document]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        write(path, given_)
        assert found(path) == (given_, [])
