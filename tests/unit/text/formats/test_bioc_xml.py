import gzip
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Mention, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.bioc_xml import FORMAT, read, write
from biolabel.text.formats.known import format_of
from biolabel.text.rejects import Rejects

HEAD = "<?xml version='1.0'?><!DOCTYPE collection SYSTEM 'BioC.dtd'>\n<collection>\n<source>x</source>\n"


def document(id_: str, text: str = "Zinc", inside: str = "") -> str:
    passage = f"<passage>\n<offset>0</offset>\n<text>{text}</text>\n{inside}</passage>"
    return f"<document><id>{id_}</id>\n{passage}\n</document>\n"


def annotation(id_: str, start: int, text: str) -> str:
    infons = "<infon key='type'>X</infon>\n"
    place = f"<location offset='{start}' length='{len(text)}'/>"
    return f"<annotation id='{id_}'>{infons}{place}<text>{text}</text></annotation>\n"


def parse(
    tmp_path: Path, content: str | bytes
) -> tuple[list[Document], list[tuple[int, str, str]]]:
    path = tmp_path / "a.bioc.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.line, row.lost, row.reason) for row in rejects.rows]


def test_documents_are_read_without_their_dtd(tmp_path: Path) -> None:
    text = "Zinc &amp; <![CDATA[<iron>]]> \u00e9\U0001f600&#233;"
    (found,), rejected = parse(tmp_path, HEAD + document("1", text) + "</collection>")
    assert found.text == "Zinc & <iron> \u00e9\U0001f600\u00e9"
    assert rejected == []


def test_offsets_count_code_points(tmp_path: Path) -> None:
    body = document("1", "\U0001f600\u00e9 Zinc", annotation("a", 3, "Zinc"))
    (found,), rejected = parse(tmp_path, HEAD + body + "</collection>")
    assert found.mentions == (Mention(3, 7, "X"),)
    assert rejected == []


def test_rejects_have_the_lines_of_their_pieces(tmp_path: Path) -> None:
    content = HEAD + document("1", "Zinc", annotation("a", 0, "Iron")) + document("2")
    documents, rejected = parse(tmp_path, content + document("2", "Iron") + "</collection>")
    assert [found.id for found in documents] == ["1", "2"]
    assert rejected == [
        (8, "mention", "the text at 0-4 is 'Zinc', not 'Iron'"),
        (18, "document", "the document is repeated, with other content"),
    ]


def test_a_broken_document_costs_only_itself(tmp_path: Path) -> None:
    broken = document("2").replace("</text>", "")
    content = HEAD + document("1") + broken + document("3") + "</collection>"
    documents, rejected = parse(tmp_path, content)
    assert [found.id for found in documents] == ["1", "3"]
    ((line, lost, reason),) = rejected
    assert (line, lost) == (10, "document")
    assert "well-formed" in reason


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_ends_early_gives_its_good_documents(tmp_path: Path, packed: bool) -> None:
    content = (HEAD + "".join(document(str(n), f"Zinc {n**9}") for n in range(2000))).encode()
    cut = gzip.compress(content) if packed else content
    documents, rejected = parse(tmp_path, cut[: len(cut) * 2 // 3])
    assert 500 < len(documents) < 2000
    assert [lost for _, lost, _ in rejected] == ["rest"]


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    names = "abcdefghij"
    entities = "".join(
        f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in pairwise(names)
    )
    laughs = f"<?xml version='1.0'?><!DOCTYPE collection [<!ENTITY a 'ha'>{entities}]><collection>"
    external = document("3", "&file;")
    content = laughs + document("1", "&j;") + document("2") + external + "</collection>"
    documents, rejected = parse(tmp_path, content)
    assert [found.text for found in documents] == ["Zinc"]
    assert [lost for _, lost, _ in rejected] == ["document", "document"]
    assert "&j;" in rejected[0][2] or "'j'" in rejected[0][2]


def test_other_encodings_are_read_if_they_are_said(tmp_path: Path) -> None:
    content = HEAD.replace("?>", " encoding='ISO-8859-1'?>", 1) + document("1", "Zinc\u00e9")
    (found,), rejected = parse(tmp_path, (content + "</collection>").encode("latin-1"))
    assert (found.text, rejected) == ("Zinc\u00e9", [])
    content = HEAD + document("1", "Zinc\u00e9") + document("2") + "</collection>"
    documents, rejected = parse(tmp_path, content.encode("latin-1"))
    assert [found.id for found in documents] == ["2"]
    assert [lost for _, lost, _ in rejected] == ["document"]


@pytest.mark.parametrize("content", ["", "<collection></collection>", "1|t|Zinc", "\x00\xff"])
def test_what_is_no_bioc_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CorpusError) as caught:
        parse(tmp_path, content)
    assert caught.value.code == "BL640"


def test_the_root_tells_the_format(tmp_path: Path) -> None:
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress((HEAD + document("1")).encode()))
    assert format_of(path) is FORMAT
    path.write_bytes(gzip.compress(b"<other/>"))
    with pytest.raises(CorpusError) as caught:
        format_of(path)
    assert caught.value.code == "BL631"


def test_characters_that_xml_lacks_are_refused(tmp_path: Path) -> None:
    for wrong in (
        Document("1", (Passage("", 0, "a\x00b"),)),
        Document("1", (Passage("", 0, "ab"),), meta={"k": ("\ufffe",)}),
    ):
        assert "cannot hold the character U+" in FORMAT.unfit(wrong)
        with pytest.raises(CorpusError) as caught:
            write(tmp_path / "a.xml", [wrong])
        assert caught.value.code == "BL610"
    assert not (tmp_path / "a.xml").exists()


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def many(number: int) -> Iterator[Document]:
        passage = (Passage("abstract", 0, "Zinc harms. " * 1000),)
        return (Document(str(n), passage, (Mention(0, 4, "X"),)) for n in range(number))

    def peak(number: int) -> int:
        path = tmp_path / f"{number}.bioc.xml.gz"
        tracemalloc.start()
        try:
            write(path, many(number))
            assert sum(1 for _ in read(path, Rejects())) == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    # Of each document its id and a hash stay: some hundred bytes, where the text has 12,000.
    assert peak(400) - peak(200) < 200 * 1200
