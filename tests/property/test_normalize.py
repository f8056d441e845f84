"""Concepts of mentions: documents do not change each other, rankings are in order, floors on real data."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.norm.book import book_of
from biolabel.apply.norm.normalize import normalize
from biolabel.apply.norm.search import MOST
from biolabel.data.concepts import Readings, best_of
from biolabel.data.documents import Document, Mention
from biolabel.data.executor import HERE
from biolabel.data.mentions import given_mentions
from biolabel.kb.ontology import Ontology
from biolabel.kb.sources import Source, read_ontology
from biolabel.resources import data_root
from biolabel.text.build import Annotation, corpus_of, naive
from biolabel.text.formats import pubtator
from biolabel.text.pipeline import Pipeline, annotation_stream, kept_annotations
from biolabel.text.rejects import Rejects
from tests.unit.apply.world import document

WORDS = [
    "renal",
    "hepatic",
    "failure",
    "failures",
    "acute",
    "MS",
    "cold",
    "colds",
    "psychotic",
    "psychosis",
]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
ONTOLOGIES = st.dictionaries(
    st.sampled_from([f"X:{i}" for i in range(5)]),
    st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple),
    min_size=1,
)
MENTIONS = st.lists(st.sampled_from([*WORDS, "and", "or"]), min_size=1, max_size=4).map(
    lambda words: f"{{D: {' '.join(words)}}}"
)
TEXTS = st.lists(MENTIONS, min_size=1, max_size=4).map(" is. ".join)


def read(texts: list[str], names: dict[str, tuple[str, ...]]) -> dict[str, list[Readings]]:
    """Return the readings of the mentions of each text; a text is its document's id."""
    documents = [replace(document(text), id=text) for text in texts]
    corpus = corpus_of(documents, lambda found: Annotation(naive(found).sentence_starts))
    mentions = given_mentions(corpus)
    books = {"D": book_of([Ontology(names, parents={"X:0": ("X:1",)})])}
    found: dict[str, list[Readings]] = {text: [] for text in texts}
    for doc, readings in zip(mentions.doc, normalize(corpus, mentions, books), strict=True):
        found[texts[doc]].append(readings)
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4, unique=True), ONTOLOGIES, st.randoms())
def test_other_documents_and_their_order_change_nothing(
    texts: list[str], names: dict[str, tuple[str, ...]], random: Random
) -> None:
    together = read(texts, names)
    mixed = list(texts)
    random.shuffle(mixed)
    assert read(mixed, names) == together
    assert {text: read([text], names)[text] for text in texts} == together


@settings(max_examples=150, deadline=None)
@given(TEXTS, ONTOLOGIES)
def test_rankings_are_in_order_without_repeats(
    text: str, names: dict[str, tuple[str, ...]]
) -> None:
    for readings in read([text], names)[text]:
        assert readings
        for reading in readings:
            scores = [each.score for each in reading.ranked]
            assert scores == sorted(scores, reverse=True)
            assert all(0 < score <= 1 for score in scores)
            concepts = [each.concept for each in reading.ranked]
            assert len(set(concepts)) == len(concepts) <= MOST
            assert all(each.name in names[each.concept] for each in reading.ranked)
        assert set(best_of(readings, 0.9)) <= set(best_of(readings))


@pytest.mark.data
@pytest.mark.parametrize(
    ("corpus", "table", "type_", "floor"),
    [
        ("cdr", "mesh_diseases", "Disease", 0.66),
        ("cdr", "mesh_chemicals", "Chemical", 0.75),
        ("ncbi_disease", "medic_diseases", "", 0.74),
    ],
)
def test_accuracy_on_given_mentions(corpus: str, table: str, type_: str, floor: float) -> None:
    """The first 150 documents of the training part; what is measured is some points above the floor."""
    path = data_root() / "corpora" / corpus / "train.pubtator.gz"
    every = {each.id: each for each in pubtator.read(path, Rejects())}
    documents = [_with_one_type(each, type_) for each in list(every.values())[:150]]
    pipeline = Pipeline()
    stream = annotation_stream(pipeline, HERE, kept_annotations(pipeline))
    known = {found.id: annotation for found, annotation in stream(documents)}
    held = corpus_of(documents, lambda found: known[found.id])
    mentions = given_mentions(held)
    books = {"D": book_of([read_ontology(Source("catalog", (table,)))])}
    pairs = zip(mentions.concepts, normalize(held, mentions, books), strict=True)
    right = [set(gold) == set(best_of(readings)) for gold, readings in pairs if gold]
    assert len(right) > 1000
    assert sum(right) / len(right) >= floor


def _with_one_type(found: Document, type_: str) -> Document:
    """Return a document with the mentions of a type, of all types if it is empty, under the name of one."""

    def wanted(mention: Mention) -> bool:
        return not type_ or mention.type == type_

    kept = [replace(mention, type="D") for mention in found.mentions if wanted(mention)]
    return replace(found, mentions=tuple(dict.fromkeys(kept)))
