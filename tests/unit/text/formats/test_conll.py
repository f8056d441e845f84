import gzip
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Mention, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.conll import FORMAT, read, write
from biolabel.text.rejects import Rejects


def parse(
    tmp_path: Path, content: str | bytes
) -> tuple[list[Document], list[tuple[int, str, str]]]:
    path = tmp_path / "dev.conll"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.line, row.lost, row.reason) for row in rejects.rows]


def test_tokens_make_texts_and_tags_mentions(tmp_path: Path) -> None:
    content = (
        "-DOCSTART- (12)\tO\n\nZinc\tB-X\noxide\tI-X\niron\tB-X\nand\tO\n\n\u00e9\tO\ntin\tB-Y\n\n"
        "-DOCSTART- -X- O O\n\na NN O\nb NN B-X\n"
    )
    (first, second), rejected = parse(tmp_path, content)
    assert first == Document(
        "12",
        (Passage("", 0, "Zinc oxide iron and"), Passage("", 20, "\u00e9 tin")),
        (Mention(0, 10, "X"), Mention(11, 15, "X"), Mention(22, 25, "Y")),
    )
    assert second == Document("dev-2", (Passage("", 0, "a b"),), (Mention(2, 3, "X"),))
    assert rejected == []


def test_without_documents_each_sentence_is_one(tmp_path: Path) -> None:
    documents, rejected = parse(tmp_path, "\n# a comment\nZinc\tB-X\n\n\n\niron\tO\r\n#\tO\r\n\r\n")
    assert [(document.id, document.text) for document in documents] == [
        ("dev-1", "Zinc"), ("dev-2", "iron #"),
    ]  # fmt: skip
    assert rejected == []


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("B-X I-X O", [(0, 3)]),
        ("B-X B-X I-X", [(0, 1), (2, 5)]),
        ("B-X I-Y I-Y", [(0, 1), (2, 5)]),
        ("B-X I-X E-X", [(0, 5)]),
        ("B-X L-X U-X", [(0, 3), (4, 5)]),
        ("S-X S-X E-X", [(0, 1), (2, 3), (4, 5)]),
        ("B I O", [(0, 3)]),
    ],
)
def test_schemes_of_tags(tmp_path: Path, tags: str, spans: list[tuple[int, int]]) -> None:
    lines = [f"{token}\t{tag}" for token, tag in zip("abc", tags.split(), strict=True)]
    (found,), _ = parse(tmp_path, "\n".join(lines))
    assert [(mention.start, mention.end) for mention in found.mentions] == spans


def test_odd_tags_are_told(tmp_path: Path) -> None:
    (found,), rejected = parse(tmp_path, "a\tB-X\nb\tX\nc\tI-X\nd\tI-Y\n")
    assert [(m.start, m.end, m.type) for m in found.mentions] == [
        (0, 1, "X"),
        (4, 5, "X"),
        (6, 7, "Y"),
    ]
    assert rejected == [
        (2, "mention", "'X' is no tag such as B-Disease; the token is taken as outside"),
        (3, "nothing", "I-X follows no B-X; a mention begins here"),
        (4, "nothing", "I-Y follows no B-Y; a mention begins here"),
    ]


def test_mentions_end_with_their_sentence(tmp_path: Path) -> None:
    (found,), rejected = parse(tmp_path, "-DOCSTART- (1)\n\na\tB-X\n\nb\tI-X\n")
    assert [(m.start, m.end) for m in found.mentions] == [(0, 1), (2, 3)]
    assert [line for line, _, _ in rejected] == [5]


def test_wrong_lines_cost_only_themselves(tmp_path: Path) -> None:
    (found,), rejected = parse(tmp_path, b"a\tO\nalone\n\tO\nx\xff\tO\nb\tO\n")
    assert found.text == "a b"
    assert rejected == [
        (2, "line", "the line is not a token and a tag"),
        (3, "line", "the line is not a token and a tag"),
        (4, "line", "the line is not UTF-8"),
    ]


def test_wrong_documents_cost_only_themselves(tmp_path: Path) -> None:
    content = "-DOCSTART- (1)\na\tO\n-DOCSTART- (2)\n\n-DOCSTART- (1)\nb\tO\n-DOCSTART- (3)\nc\tO\n"
    documents, rejected = parse(tmp_path, content)
    assert [document.id for document in documents] == ["1", "3"]
    assert rejected == [
        (3, "document", "the document has no token with a tag such as O"),
        (5, "document", "the document is repeated, with other content"),
    ]


def test_a_cut_gzip_file_gives_what_is_before_the_cut(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"a{n**5}\tO\n\n" for n in range(20_000)).encode())
    documents, rejected = parse(tmp_path, packed[: len(packed) // 2])
    assert len(documents) > 1000
    assert [lost for _, lost, _ in rejected] == ["rest"]


@pytest.mark.parametrize("content", ["", "\n\n", "words without tags\n", "-DOCSTART- (1)\n"])
def test_what_is_no_conll_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CorpusError) as caught:
        parse(tmp_path, content)
    assert caught.value.code == "BL602"


def test_written_tokens_are_words_signs_and_mentions(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    text = "Anti-zinc (1.5 mg). It"
    mentions = (Mention(5, 9, "X"), Mention(5, 7, "Y"), Mention(11, 17, "X"))
    write(path, [Document("1", (Passage("title", 0, text), Passage("", 22, "s.")), mentions)])
    assert path.read_text() == (
        "-DOCSTART- (1)\tO\n\nAnti\tO\n-\tO\nzinc\tB-X\n(\tO\n1\tB-X\n.\tI-X\n5\tI-X\nmg\tI-X\n)\tO\n"
        ".\tO\n\nIt\tO\n\ns\tO\n.\tO\n\n"
    )


def test_borders_of_mentions_cut_words_and_keep_sentences_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    text = "Zincoxide of St. Mary. Yes"
    mentions = (Mention(0, 4, "X"), Mention(4, 9, "X"), Mention(13, 21, "Y"))
    write(path, [Document("1", (Passage("", 0, text),), mentions)])
    (found,), _ = parse(tmp_path, path.read_bytes())
    assert [passage.text for passage in found.passages] == ["Zinc oxide of St . Mary .", "Yes"]
    assert [found.text[m.start : m.end] for m in found.mentions] == ["Zinc", "oxide", "St . Mary"]


@pytest.mark.parametrize(
    "document",
    [
        Document("a b", (Passage("", 0, "Zinc"),)),
        Document("", (Passage("", 0, "Zinc"),)),
        Document("1", (Passage("", 0, "Zinc"),), (Mention(0, 4, "a\tb"),)),
        Document("1", (Passage("", 0, " "),)),
    ],
)
def test_what_conll_cannot_hold_is_refused(tmp_path: Path, document: Document) -> None:
    with pytest.raises(CorpusError) as caught:
        write(tmp_path / "a.conll", [document])
    assert caught.value.code == "BL610"
    assert FORMAT.unfit(document) == caught.value.message
