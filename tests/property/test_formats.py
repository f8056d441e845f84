"""Round trips through every format that is written: texts and offsets come back to the character.

What a format cannot hold is said by `missing`; whatever a document has besides must come back.
"""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document, Mention, Passage, Relation, place_of_key
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import missing
from biolabel.text.formats.known import FORMATS, format_named, read_documents
from biolabel.text.rejects import Rejects

WRITTEN = [known.name for known in FORMATS if known.write]
ENDINGS = {"brat": [".zip", ""], "pubtator": [".pubtator", ".txt", ".pubtator.gz"]}

texts = st.text("aB-|é中\U0001f600\u0301'\"<&];,. \t\n\u2028\x85", max_size=14)
names = st.text("aéB_", min_size=1, max_size=4)
curies = st.builds(lambda space, local: f"{space}:{local}", st.sampled_from(["MESH", "X"]), names)
items = st.text("aé |<&;\n", min_size=1, max_size=6)
probabilities = st.floats(0, 1)


@st.composite
def passages(draw: st.DrawFn) -> tuple[Passage, ...]:
    """Draw title and abstract, one of them, or anything else, with gaps of none to three blanks."""
    if draw(st.booleans()):
        title = draw(texts.filter(str.strip))
        both = Passage("title", 0, title), Passage("abstract", len(title) + 1, draw(texts))
        alone = (Passage("abstract", 1, title),)
        return draw(st.sampled_from([both, both[:1], alone]))
    found, at = [], 0
    for text in draw(st.lists(texts, min_size=1, max_size=4)):
        at += draw(st.integers(0, 3))
        found.append(
            Passage(draw(st.sampled_from(["", "methods"])), at, text, draw(names | st.just("")))
        )
        at += len(text)
    return tuple(found)


@st.composite
def spans(draw: st.DrawFn, length: int) -> tuple[tuple[int, int], ...]:
    """Draw the parts of a mention: ascending, none of them touching the next."""
    ends = draw(st.lists(st.integers(0, length), min_size=2, max_size=6, unique=True))
    pairs = sorted(ends)[: len(ends) // 2 * 2]
    return tuple(zip(pairs[::2], pairs[1::2], strict=True))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    given_ = draw(passages().filter(lambda found: Document("", found).text.strip()))
    text = Document("", given_).text
    mentions = []
    for parts in draw(st.lists(spans(len(text)), max_size=4)):
        if all(text[start:end] == text[start:end].strip() for start, end in parts):
            kept = parts if len(parts) > 1 else ()
            concepts = tuple(draw(st.lists(curies, max_size=3, unique=True)))
            source = draw(st.sampled_from(["given", "rules"]))
            mentions.append(
                Mention(
                    parts[0][0], parts[-1][1], draw(names), concepts, source, draw(probabilities),
                    kept,
                )
            )  # fmt: skip
    keys = [mention.names[-1] for mention in mentions]
    pairs = st.tuples(curies, curies)
    if keys:
        pairs |= st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    relations = [
        Relation(draw(names), *pair, draw(names), draw(probabilities))
        for pair in draw(st.lists(pairs, max_size=3))
    ]
    return Document(
        draw(st.from_regex(r"[1-9a-z][0-9]{0,6}", fullmatch=True)),
        given_,
        tuple(dict.fromkeys(mentions)),
        tuple(dict.fromkeys(relations)),
        draw(
            st.dictionaries(names, st.lists(items, min_size=1, max_size=2).map(tuple), max_size=2)
        ),
        draw(st.dictionaries(names, names, max_size=2)),
    )


def through(name: str, ending: str, given_: list[Document]) -> tuple[list[Document], Rejects]:
    """Return documents written and read again."""
    known = format_named(name)
    assert known.write
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"corpus{ending}"
        known.write(path, given_)
        rejects = Rejects()
        return list(read_documents(path, rejects, name)), rejects


def ordered(document: Document) -> Document:
    """Return a document with its mentions and relations in an order of their own."""
    return replace(
        document,
        mentions=tuple(sorted(document.mentions, key=repr)),
        relations=tuple(sorted(document.relations, key=repr)),
    )


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_a_format_holds_comes_back(name: str, data: st.DataObject) -> None:
    known = format_named(name)
    unique = st.lists(documents(), min_size=1, max_size=3, unique_by=lambda d: d.id.casefold())
    fitting = [d for d in data.draw(unique) if not known.unfit(d)]
    if not fitting:
        return
    ending = data.draw(st.sampled_from(ENDINGS.get(name, [known.endings[0]])))
    found, rejects = through(name, ending, fitting)
    found.sort(key=lambda d: d.id)
    assert {row.lost for row in rejects.rows} <= {"nothing"}
    assert [d.id for d in found] == sorted(d.id for d in fitting)
    assert [d.topics for d in found] == [d.topics for d in sorted(fitting, key=lambda d: d.id)]
    for before, after in zip(sorted(fitting, key=lambda d: d.id), found, strict=True):
        lost = missing(before, known.holds)
        if not lost:
            assert ordered(after) == ordered(before)
        if "documents' exact white space" in known.holds:
            blank = " " if lost["line ends inside passages"] else "\n"
            texts_of = [after.text.rstrip(), before.text.replace("\n", blank).rstrip()]
            if lost["other passages"]:
                # PubTator takes any white space for the blank after the first passage.
                texts_of = [re.sub(r"\s", " ", text) for text in texts_of]
            assert texts_of[0] == texts_of[1]
            places = {(m.start, m.end, m.type) for m in before.mentions}
            assert {(m.start, m.end, m.type) for m in after.mentions} == places
        else:
            assert "".join(after.text.split()) == "".join(before.text.split())
        if not lost["probabilities of relations"] and not lost["tasks of relations"]:
            between = {r for r in before.relations if place_of_key(r.subject)}
            concepts = {*before.relations} - between
            kept = set()
            kept |= between if "relations between mentions" in known.holds else set()
            kept |= concepts if "relations between concepts" in known.holds else set()
            assert set(after.relations) == kept


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_second_trip_changes_nothing(name: str, data: st.DataObject) -> None:
    known = format_named(name)
    document = data.draw(documents())
    if known.unfit(document):
        with pytest.raises(CorpusError) as caught:
            through(name, known.endings[0], [document])
        assert caught.value.code == "BL610"
        return
    once, _ = through(name, known.endings[0], [document])
    again, rejects = through(name, known.endings[0], once)
    assert rejects.rows == []
    if "documents' exact white space" not in known.holds:
        # Blanks between tokens may make a capital after a stop begin a sentence.
        once, again = ([replace(d, passages=()) for d in found] for found in (once, again))
    assert again == once


@pytest.mark.parametrize("name", ["bioc-xml", "bioc-json"])
@settings(max_examples=60, deadline=None)
@given(documents())
def test_bioc_holds_everything(name: str, document: Document) -> None:
    known = format_named(name)
    assert not missing(document, known.holds)
    (found,), rejects = through(name, known.endings[0], [document])
    assert ordered(found) == ordered(document)
    assert rejects.rows == []


def read(path: Path) -> tuple[dict[str, Document], Rejects]:
    rejects = Rejects()
    return {document.id: document for document in read_documents(path, rejects)}, rejects


@pytest.mark.data
def test_the_same_documents_come_from_bioc_as_from_pubtator(data_root: Path) -> None:
    folder = data_root / "corpora" / "cdr_sample"
    expected, _ = read(folder / "gold.pubtator.gz")
    found, rejects = read(folder / "gold.bioc.xml.gz")
    assert len(found) == 50
    assert found == expected
    moved = [(row.doc, row.reason) for row in rejects.rows if "offset" in row.reason]
    assert [doc for doc, _ in moved] == ["2224762", "4027862", "8649546", "17466854", "19803309"]
    assert moved[0][1] == "the passage's offset is 102, but its text stands at 97"
    individual = [row for row in rejects.rows if "composite" in row.reason]
    assert (len(individual), {row.lost for row in individual}) == (10, {"nothing"})
    # One location of the file is wrong by a character; all other mentions are good.
    assert [(row.line, row.doc) for row in rejects.rows if row.lost != "nothing"] == [
        (3800, "11587867")
    ]


@pytest.mark.data
def test_predictions_come_from_bioc_with_their_scores(data_root: Path) -> None:
    folder = data_root / "corpora" / "cdr_sample"
    expected, _ = read(folder / "pred_cid.pubtator.gz")
    found, rejects = read(folder / "pred_cid.bioc.xml.gz")
    relations = [
        {(d.id, r) for d in each.values() for r in d.relations} for each in (expected, found)
    ]
    assert relations[0] < relations[1]
    # PubTator's reader refuses relations whose probability is none, BioC's leaves the score out.
    assert {(doc, r.object) for doc, r in relations[1] - relations[0]} == {
        ("9869257", "MESH:D003072"), ("9869257", "MESH:D000647"),
    }  # fmt: skip
    assert [row.lost for row in rejects.rows if "1.01557" in row.reason] == ["nothing"] * 2


@pytest.mark.data
def test_the_same_documents_come_from_brat_as_from_pubtator(data_root: Path) -> None:
    folder = data_root / "corpora" / "ncbi_disease"
    expected, _ = read(folder / "dev.pubtator.gz")
    found, rejects = read(folder / "dev_brat.zip")
    assert len(found) == 100
    assert {id_: ordered(d) for id_, d in found.items()} == {
        id_: ordered(d) for id_, d in expected.items()
    }
    assert rejects.rows == []


@pytest.mark.data
def test_the_same_mentions_come_from_conll_as_from_pubtator(data_root: Path) -> None:
    folder = data_root / "corpora" / "ncbi_disease"
    expected, _ = read(folder / "dev.pubtator.gz")
    found, rejects = read(folder / "dev.conll.gz")
    texts_of = [
        Counter("".join(d.text[m.start : m.end].split()) for d in each.values() for m in d.mentions)
        for each in (expected, found)
    ]
    assert texts_of[0] == texts_of[1]
    assert (len(found), sum(texts_of[1].values()), rejects.rows) == (923, 787, [])


@pytest.mark.data
@pytest.mark.parametrize("name", ["bioc-xml", "bioc-json", "brat", "pubtator"])
def test_real_documents_come_back(data_root: Path, name: str) -> None:
    # Texts that are not ASCII, mentions that nest, relations between mentions.
    path = data_root / "corpora" / "chemprot" / "dev_abstracts.tsv.gz"
    before, _ = read(path)
    assert not sum((missing(d, format_named(name).holds) for d in before.values()), Counter())
    found, rejects = through(name, format_named(name).endings[0], list(before.values()))
    assert {document.id: document for document in found} == before
    assert rejects.rows == []
