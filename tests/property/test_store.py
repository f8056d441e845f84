"""Stores of random documents: what goes in comes out, however it is cut, added and replaced."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document
from biolabel.text import store_changes
from biolabel.text.build import Abbreviation, Annotation
from biolabel.text.documents import corpus_documents
from biolabel.text.pipeline import Pipeline
from biolabel.text.projection import Tokens
from biolabel.text.store import Store, open_store, write
from biolabel.text.store_tables import joined_tables
from tests.unit.text.test_documents import documents

NAIVE = Pipeline(sentences="naive", abbreviations=False)
several = st.lists(documents(), min_size=1, max_size=5, unique_by=lambda document: document.id)
sizes = st.integers(1, 4)


def annotate(document: Document) -> Annotation:
    """Return some annotation that depends on nothing but the text."""
    n = len(document.text)
    starts = tuple(range(1, n, 5))
    shorts = (Abbreviation(0, 1, 1, n),) if n > 2 else ()
    start = tuple(range(0, n - 1, 3))
    tokens = Tokens(
        start,
        tuple(at + 2 for at in start),
        tuple("" if at % 2 else "x" for at in start),
        tuple("N" for _ in start),
        tuple("" for _ in start),
        tuple("" if at % 4 else "d" for at in start),
        tuple(range(-1, len(start) - 1)),
    )
    return Annotation(starts, shorts, (tokens,) if n % 2 else ())


def stream(given_: Iterable[Document]) -> Iterator[tuple[Document, Annotation]]:
    """Annotate documents one by one."""
    return ((document, annotate(document)) for document in given_)


def made(folder: Path, given_: Sequence[Document], size: int) -> Store:
    """Return a store of documents in shards of a size."""
    return write(folder, given_, NAIVE, stream=stream, shard_documents=size)


def same(one: Store, other: Store) -> None:
    """Check that two stores hold the same, but for the borders of their shards."""
    assert one.content_hash == other.content_hash
    assert one.ids == other.ids
    left, right = joined_tables(one.tables), joined_tables(other.tables)
    for name, table in left.items():
        assert table.equals(right[name]), name
    for name in ("row_form", "row_lower", "row_lemma", "row_head", "mention_type"):
        np.testing.assert_array_equal(getattr(one.whole(), name), getattr(other.whole(), name))


def by_id(given_: Sequence[Document]) -> list[Document]:
    """Return documents as a store gives them back: mentions by their place."""
    return [
        replace(d, mentions=tuple(sorted(d.mentions, key=lambda m: (m.start, m.end))))
        for d in given_
    ]


@settings(max_examples=25, deadline=None)
@given(several, sizes)
def test_documents_come_back_from_shards_of_any_size(given_: list[Document], size: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = made(Path(name) / "store", given_, size)
        found = [d for i in range(len(store.shards)) for d in corpus_documents(store.corpus(i))]
        assert found == by_id(given_)
        assert list(corpus_documents(store.whole())) == found
        same(store, made(Path(name) / "one", given_, 9))


@settings(max_examples=25, deadline=None)
@given(several, sizes, st.integers(1, 4), st.data())
def test_changes_equal_writing_anew(
    given_: list[Document], size: int, first: int, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        made(folder, given_[:first], size)
        if given_[first:]:
            store_changes.add(folder, given_[first:], stream=stream)
        same(open_store(folder), made(Path(name) / "added", given_, size))
        others = data.draw(st.lists(documents(), min_size=len(given_), max_size=len(given_)))
        chosen = data.draw(st.lists(st.booleans(), min_size=len(given_), max_size=len(given_)))
        if any(chosen):
            fresh = [replace(new, id=old.id) for old, new in zip(given_, others, strict=True)]
            new = [document for document, taken in zip(fresh, chosen, strict=True) if taken]
            store_changes.replace(folder, data.draw(st.permutations(new)), stream=stream)
            given_ = [
                new if taken else old for old, new, taken in zip(given_, fresh, chosen, strict=True)
            ]
            same(open_store(folder), made(Path(name) / "replaced", given_, size))
        gone = data.draw(st.sets(st.sampled_from([d.id for d in given_]), max_size=len(given_) - 1))
        store_changes.remove(folder, gone)
        left = [document for document in given_ if document.id not in gone]
        same(open_store(folder), made(Path(name) / "left", left, size))
        names = {shard.folder.name for shard in open_store(folder).shards}
        assert {path.name for path in (folder / "shards").iterdir()} == names
