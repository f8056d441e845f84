"""Sentences of a corpus read by a tagger and a parser when rules need them, into its columns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus, Ints
from biolabel.data.documents import Document, Passage
from biolabel.data.executor import HERE, Executor
from biolabel.data.progress import Progress, silent
from biolabel.text.pipeline import Pipeline, annotation_stream, kept_annotations
from biolabel.text.projection import Tokens, told

Bools = NDArray[np.bool_]


def with_sentences_read(
    corpus: Corpus,
    sentences: Bools,
    pipeline: Pipeline,
    executor: Executor = HERE,
    progress: Progress = silent,
) -> Corpus:
    """Return a corpus with what the tagger and parser of a pipeline say of some sentences: bool[s].

    Equal sentences are read once, and what is said of them is kept by their text.

    Raises:
        CorpusError, RunError: as `annotation_stream`.
    """
    texts = list(_texts(corpus, np.flatnonzero(sentences)))
    different = [Document("", (Passage("", 0, text),)) for text in dict.fromkeys(texts)]
    said: dict[str, tuple[Tokens, ...]] = {}
    if different:
        reader = pipeline.by_sentence()
        found = annotation_stream(reader, executor, kept_annotations(reader))(different)
        said = {
            document.text: annotation.tokens
            for document, annotation in progress(
                found, name="reading sentences", total=len(different)
            )
        }
    return with_grammar(corpus, sentences, [said[text] for text in texts])


def with_grammar(corpus: Corpus, sentences: Bools, said: Sequence[tuple[Tokens, ...]]) -> Corpus:
    """Return a corpus with what is said of some sentences, and nothing of all others.

    sentences: bool[s]; said: for each of them what each pipeline says, at places of its text.
    """
    chosen = np.flatnonzero(sentences)
    rows = np.flatnonzero(sentences[corpus.row_sentence])
    start, end = corpus.sentence_start[chosen], corpus.sentence_end[chosen]
    # The sentences on one line, a place between two of them.
    base = np.cumsum(end - start + 1, dtype=np.int64) - (end - start + 1)
    of_row = (np.cumsum(sentences) - 1)[corpus.row_sentence[rows]]
    moved = (base - start)[of_row]
    names = corpus.columns["rows"]
    columns, head = told(
        [list(zip(base.tolist(), found, strict=True)) for found in zip(*said, strict=True)],
        corpus.row_start[rows] + moved,
        corpus.row_end[rows] + moved,
        corpus.row_is_word[rows],
        corpus.row_sentence[rows],
        names["lower"].take(pa.array(corpus.row_lower[rows])),
    )

    def everywhere(numbers: NDArray[np.integer[Any]]) -> Ints:
        column = np.full(len(corpus.row_sentence), -1, dtype=np.int32)
        column[rows] = numbers
        column.flags.writeable = False
        return column

    lemma, pos, tag, dep = (column.dictionary_encode() for column in columns)
    return replace(
        corpus,
        columns={**corpus.columns, "rows": {**names, "lemma": lemma.dictionary}},
        row_lemma=everywhere(_codes(lemma)),
        row_pos=everywhere(_codes(pos)),
        row_tag=everywhere(_codes(tag)),
        row_dep=everywhere(_codes(dep)),
        row_head=everywhere(np.where(head < 0, -1, rows[head]) if len(rows) else head),
        poses=tuple(pos.dictionary.to_pylist()),
        tags=tuple(tag.dictionary.to_pylist()),
        deps=tuple(dep.dictionary.to_pylist()),
    )


def _codes(column: pa.DictionaryArray) -> Ints:
    numbers: Ints = column.indices.fill_null(-1).to_numpy()
    return numbers


def _texts(corpus: Corpus, sentences: NDArray[np.int64]) -> Iterator[str]:
    """Yield the texts of sentences, one document after the other."""
    places = zip(
        corpus.sentence_doc[sentences].tolist(),
        corpus.sentence_start[sentences].tolist(),
        corpus.sentence_end[sentences].tolist(),
        strict=True,
    )
    for doc, mine in groupby(places, key=lambda place: place[0]):
        text = corpus.texts[doc]
        yield from (text[start:end] for _, start, end in mine)
