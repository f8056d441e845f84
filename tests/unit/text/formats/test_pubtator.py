import gzip
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats.pubtator import read, write
from biolabel.text.rejects import Rejects

SMALL = Path(__file__).parents[3] / "data" / "small.pubtator"


def parse(
    tmp_path: Path, content: str | bytes
) -> tuple[list[Document], list[tuple[int, str, str]]]:
    """Return documents, and line, loss and reason of what was rejected."""
    path = tmp_path / "test.pubtator"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.line, row.lost, row.reason) for row in rejects.rows]


def test_a_clean_file_is_read_without_rejects() -> None:
    rejects = Rejects()
    first, second, third = read(SMALL, rejects)
    assert rejects.rows == []
    assert [passage.kind for passage in first.passages] == ["title", "abstract"]
    assert first.text[198:203] == "cough"
    assert {mention.concepts for mention in first.mentions} == {
        ("MESH:C016837",), ("MESH:D006606",), ("MESH:D003371",),
    }  # fmt: skip
    assert first.relations == (Relation("CID", "MESH:C016837", "MESH:D006606", "CID"),)
    assert first.topics == {"topic": "harm"}
    assert second.mentions[0] == Mention(0, 10, "Chemical", ("MESH:D019207", "MESH:D002338"))
    assert second.mentions[1].concepts == ()
    assert second.topics == {}
    assert third.text == "A title without an abstract"
    assert third.topics == {"topic": "other"}


@pytest.mark.parametrize(
    ("ids", "concepts"),
    [
        ("D003000", ("MESH:D003000",)),
        ("mesh:C1|MESH:D2", ("MESH:C1", "MESH:D2")),
        ("D1+D2", ("MESH:D1", "MESH:D2")),
        (" OMIM:7 ", ("OMIM:7",)),
        ("-1", ()),
        ("-", ()),
        ("", ()),
        ("-1|D2", ("MESH:D2",)),
        ("D1\tpart one|part two", ("MESH:D1",)),
    ],
)
def test_concepts(tmp_path: Path, ids: str, concepts: tuple[str, ...]) -> None:
    (document,), rejected = parse(tmp_path, f"1|t|Zinc\n1|a|\n1\t0\t4\tZinc\tChemical\t{ids}\n")
    assert document.mentions == (Mention(0, 4, "Chemical", concepts),)
    assert rejected == []


@pytest.mark.parametrize(
    ("line", "lost", "said"),
    [
        ("1\t0\t4\tIron\tChemical\tD1", "mention", "'Zinc', not 'Iron'"),
        ("1\t1\t5\tZinc\tChemical\tD1", "mention", "'inc '"),
        ("1\t0\t99\tZinc\tChemical\tD1", "mention", "no span of the text, which has 10"),
        ("1\t4\t4\t\tChemical\tD1", "mention", "4-4 is no span"),
        ("1\t0\t4\tZinc\t\tD1", "mention", "no type"),
        ("1\t0\t4\tZinc", "line", "neither text nor mention"),
        ("1\t-3\t4\tZinc\tChemical\tD1", "line", "neither text nor mention"),
        ("1\tzero\t4\tZinc\tChemical\tD1", "line", "neither text nor mention"),
        ("1\t0\t4", "line", "neither text nor mention"),
        ("See the license.", "line", "neither text nor mention"),
        ("2\t0\t4\tZinc\tChemical\tD1", "line", "names document '2'"),
        ("1\tCID\tD1\t-1", "relation", "exactly one concept"),
        ("1\tCID\tD1|D2\tD3", "relation", "exactly one concept"),
        ("1\tCID\tD1\tD2\t1.7", "relation", "'1.7' is no probability"),
        ("1\tCID\tD1\tD2\tnan", "relation", "'nan' is no probability"),
        ("1\tCID\tD1\tD2\tmaybe", "relation", "'maybe' is no probability"),
    ],
)
def test_a_bad_line_costs_only_itself(tmp_path: Path, line: str, lost: str, said: str) -> None:
    good = "1\t5\t10\trusts\tDisease\tD9\n1\tCID\tD1\tD9\t0.25\n"
    (document,), rejected = parse(tmp_path, f"1|t|Zinc rusts\n1|a|\n{line}\n{good}")
    assert document.mentions == (Mention(5, 10, "Disease", ("MESH:D9",)),)
    assert document.relations == (Relation("CID", "MESH:D1", "MESH:D9", "CID", 0.25),)
    ((number, what, why),) = rejected
    assert (number, what) == (3, lost)
    assert said in why


def test_the_text_column_may_differ_in_blanks_only(tmp_path: Path) -> None:
    lines = "1|t|Zinc  dust\n1\t0\t10\tZinc dust  \tChemical\tD1\n"
    (document,), rejected = parse(tmp_path, lines)
    assert (document.mentions[0].end, rejected) == (10, [])


def test_repeated_lines_are_noted(tmp_path: Path) -> None:
    line = "1\t0\t4\tZinc\tChemical\tD1\n"
    (document,), rejected = parse(tmp_path, f"1|t|Zinc\n{line}{line}")
    assert len(document.mentions) == 1
    assert rejected == [(3, "nothing", "the same line stood before")]


def test_blank_lines_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    lines = "\ufeff\r\n\r\n1|t|Zinc\r\n\r\n1|a|Dust.\r\n\r\n1\t5\t9\tDust\tX\tD1\r\n2|T|Tin\r\n2|A|x\r\n"
    documents, rejected = parse(tmp_path, lines)
    assert [document.text for document in documents] == ["Zinc Dust.", "Tin x"]
    assert documents[0].mentions == (Mention(5, 9, "X", ("MESH:D1",)),)
    assert rejected == []


def test_offsets_count_a_missing_title_as_empty(tmp_path: Path) -> None:
    documents, rejected = parse(
        tmp_path, "1|a|Zinc\n1\t1\t5\tZinc\tX\n\n2|t|\n2|a|Tin\n2\t1\t4\tTin\tX\n"
    )
    assert [document.passages for document in documents] == [
        (Passage("abstract", 1, "Zinc"),), (Passage("abstract", 1, "Tin"),),
    ]  # fmt: skip
    assert [len(document.mentions) for document in documents] == [1, 1]
    assert rejected == []


def test_the_first_of_repeated_documents_is_kept(tmp_path: Path) -> None:
    one, other = "1|t|Zinc\n1|a|Dust.\n\n", "1|t|Tin\n1|a|Dust.\n\n"
    documents, rejected = parse(tmp_path, one + "2|t|Iron\n\n" + one + other)
    assert [document.text for document in documents] == ["Zinc Dust.", "Iron"]
    assert [row[:2] for row in rejected] == [(6, "nothing"), (9, "document")]


def test_a_good_copy_of_a_bad_document_is_kept(tmp_path: Path) -> None:
    documents, rejected = parse(tmp_path, b"1|t|Zin\xff\n\n1|t|Zinc\n")
    assert [document.text for document in documents] == ["Zinc"]
    assert rejected == [(1, "document", "its title is not UTF-8")]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (b"1|t|\n1|a| \n", "neither a title nor an abstract"),
        (b"|t|Zinc\n", "no id"),
        (b"1|t|Zinc\rTin\n", "carriage return"),
        (b"1|t|Zinc\n1|a|caf\xe9\n", "its abstract is not UTF-8"),
    ],
)
def test_a_bad_document_costs_only_itself(tmp_path: Path, lines: bytes, said: str) -> None:
    documents, rejected = parse(tmp_path, lines + b"7|t|Good\n")
    assert [document.id for document in documents] == ["7"]
    ((_, lost, why),) = rejected
    assert lost == "document"
    assert said in why


def test_an_annotation_that_is_not_utf8_costs_only_itself(tmp_path: Path) -> None:
    (document,), rejected = parse(tmp_path, b"1|t|Zinc\n1\t0\t4\tZin\xff\tX\tD1\n")
    assert document.text == "Zinc"
    assert rejected == [(2, "line", "the line is not UTF-8")]


def test_a_cut_gzip_file_gives_the_documents_before_the_cut(tmp_path: Path) -> None:
    lines = "".join(f"{n}|t|Title {n * n * n}\n{n}|a|Text {n * n}\n\n" for n in range(20_000))
    packed = gzip.compress(lines.encode())
    documents, rejected = parse(tmp_path, packed[: len(packed) // 2])
    assert len(documents) > 1000
    last = documents[-1]
    n = int(last.id)
    assert last.text == f"Title {n * n * n} Text {n * n}"
    assert [lost for _, lost, _ in rejected] == ["rest", "document"]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"<xml/>\n", bytes(range(256)), b"a\tb\tc\td\n" * 3000]
)
def test_what_is_no_pubtator_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CorpusError, match="is no PubTator file") as caught:
        parse(tmp_path, content)
    assert caught.value.code == "BL602"


def test_topics_of_unread_documents_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "test.pubtator.topics.tsv").write_text("1\ttopic\tx\n9\ttopic\ty\n")
    (document,), rejected = parse(tmp_path, "1|t|Zinc\n")
    assert document.topics == {"topic": "x"}
    assert [row[:2] for row in rejected] == [(2, "topic")]


word = st.text("aB-|é中\U0001f600\u0301'\" \t\r\n\u2028\x85", max_size=12)
name = st.text("aé_", min_size=1, max_size=4)
curie = st.builds(lambda space, local: f"{space}:{local}", st.sampled_from(["MESH", "X"]), name)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    title, abstract = draw(word), draw(word) + "."
    passages = (Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract))
    length = len(title) + 1 + len(abstract)
    spans = draw(st.lists(st.tuples(st.integers(0, length - 1), st.integers(1, 5)), max_size=4))
    mentions = (
        Mention(
            start, min(start + n, length), draw(name), tuple(draw(st.lists(curie, unique=True)))
        )
        for start, n in spans
    )
    pairs = draw(st.lists(st.tuples(name, curie, curie, st.floats(0, 1)), max_size=3))
    relations = (Relation(kind, one, two, kind, p) for kind, one, two, p in pairs)
    return Document(
        draw(st.from_regex(r"[1-9][0-9]{0,6}", fullmatch=True)),
        passages if title else passages[1:],
        tuple(dict.fromkeys(mentions)),
        tuple(dict.fromkeys(relations)),
        topics=draw(st.dictionaries(name, name, max_size=2)),
    )


def flat(document: Document) -> Document:
    """Return a document as PubTator can hold it, with blanks for line ends."""
    passages = tuple(
        Passage(p.kind, p.offset, p.text.replace("\r", " ").replace("\n", " "))
        for p in document.passages
    )
    return Document(
        document.id, passages, document.mentions, document.relations, {}, document.topics
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4, unique_by=lambda d: d.id), st.booleans())
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, given_: list[Document], zipped: bool
) -> None:
    path = tmp_path_factory.mktemp("trip") / ("a.pubtator.gz" if zipped else "a.pubtator")
    write(path, given_)
    rejects = Rejects()
    assert list(read(path, rejects)) == [flat(document) for document in given_]
    assert rejects.rows == []


def test_gzip_files_are_the_same_each_time(tmp_path: Path) -> None:
    for name_ in ("a", "b"):
        write(tmp_path / f"{name_}.pubtator.gz", read(SMALL, Rejects()))
    first, second = (tmp_path / f"{name_}.pubtator.gz" for name_ in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_topics_are_written_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "small.pubtator"
    write(path, read(SMALL, Rejects()))
    beside = SMALL.with_name("small.pubtator.topics.tsv").read_text()
    assert (tmp_path / "small.pubtator.topics.tsv").read_text() == beside


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (Document("a|b", (Passage("title", 0, "x"),)), "document id"),
        (Document("", (Passage("title", 0, "x"),)), "document id"),
        (Document("1", (Passage("title", 0, "x"), Passage("abstract", 1, "y"))), "one blank"),
    ],
)
def test_what_pubtator_cannot_hold_is_refused(
    tmp_path: Path, document: Document, said: str
) -> None:
    with pytest.raises(CorpusError, match=said) as caught:
        write(tmp_path / "a.pubtator", [document])
    assert caught.value.code == "BL610"
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot write") as caught:
        write(tmp_path / "file" / "a.pubtator", [])
    assert caught.value.code == "BL604"


@pytest.mark.data
@pytest.mark.parametrize(
    ("part", "documents", "mentions", "relations", "notes"),
    [
        ("cdr/train", 500, 9385, 1038, 0),
        ("cdr/dev", 500, 9591, 1012, 0),
        ("ncbi_disease/train", 592, 5134, 0, 1),
        ("ncbi_disease/dev", 100, 787, 0, 0),
    ],
)
def test_public_corpora(
    data_root: Path, part: str, documents: int, mentions: int, relations: int, notes: int
) -> None:
    rejects = Rejects()
    found = list(read(data_root / "corpora" / f"{part}.pubtator.gz", rejects))
    assert len(found) == documents
    assert sum(len(document.mentions) for document in found) == mentions
    assert sum(len(document.relations) for document in found) == relations
    assert len(rejects.rows) == notes
    assert rejects.counts() == {}


@pytest.mark.data
def test_the_scorer_reads_what_is_written(data_root: Path, scorer: Path, tmp_path: Path) -> None:
    gold = data_root / "corpora" / "cdr_sample" / "gold.pubtator.gz"
    write(tmp_path / "copy.pubtator", read(gold, Rejects()))
    score = runpy.run_path(str(scorer))["score"]
    for task, items in (("ner", 934), ("norm", 364), ("cid", 123)):
        results, notes, _ = score(task, str(gold), str(tmp_path / "copy.pubtator"))
        assert (results["micro"]["tp"], results["micro"]["f1"]) == (items, 1.0)
        assert not [note for note in notes if "differs" in note]


def test_a_malformed_id_costs_the_concept_not_the_mention(tmp_path: Path) -> None:
    path = tmp_path / "ids.pubtator"
    path.write_text(
        "1|t|Aspirin hurts\n1|a|Much.\n1\t0\t7\tAspirin\tChemical\tnot an id!|D001241\n"
        "1\tCID\tD001241\twhat?\n1\tCID\tD001241\tOMIM:12\n"
    )
    rejects = Rejects()
    (document,) = read(path, rejects)
    assert [m.concepts for m in document.mentions] == [("MESH:D001241",)]
    assert [r.object for r in document.relations] == ["OMIM:12"]
    assert [(row.lost, row.line) for row in rejects.rows] == [("concept", 3), ("relation", 4)]


BETWEEN_MENTIONS = (
    "1|t|Zinc binds ABC\n1|a|It does.\n"
    "1\tPART\t@0-4:Chemical\t@11-14:Gene B\t0.5\n"
    "1\t0\t4\tZinc\tChemical\t-1\n1\t11\t14\tABC\tGene B\t-1\n"
)


def test_relations_between_mentions(tmp_path: Path) -> None:
    file = tmp_path / "a.pubtator"
    file.write_text(BETWEEN_MENTIONS, encoding="utf-8")
    rejects = Rejects()
    (found,) = read(file, rejects)
    assert rejects.rows == []
    assert found.relations == (
        Relation("PART", "@0-4:Chemical", "@11-14:Gene B", "PART", probability=0.5),
    )
    write(file, [found])
    assert list(read(file, rejects)) == [found]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1\tR\t@0-4:Chemical\t@11-15:Gene B", "the document has no mention @11-15:Gene B"),
        ("1\tR\t@0-4:Gene\t@11-14:Gene B", "the document has no mention @0-4:Gene"),
        ("1\tR\t@0-4:Chemical\tMESH:D1", "one side is a mention and the other a concept"),
        ("1\tR\t@0-4\t@11-14:Gene B", "'@0-4' is no identifier"),
    ],
)
def test_relations_between_no_mentions_are_rejected(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "a.pubtator"
    file.write_text(f"{BETWEEN_MENTIONS}{line}\n", encoding="utf-8")
    rejects = Rejects()
    (found,) = read(file, rejects)
    assert len(found.relations) == 1
    assert [(row.lost, row.reason) for row in rejects.rows] == [("relation", reason)]
