"""Regular expressions over characters, as rows."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, matches
from biolabel.apply.searching import Searcher, linear, plain
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

# What a line among others does not match, though it would alone.
_BEGINNING = re.compile(r"\\A|\(\?[a-z]*-")


@dataclass(frozen=True, slots=True)
class SentenceTexts:
    """The sentences of a corpus, and the plain ones among them as lines of one text.

    lines: the text; numbers: int64[n], the sentence of each line; starts: int64[n + 1], where each
    line begins; others: int64[m], the sentences with line ends, odd blanks or characters that are
    not ASCII. places, row_starts and
    row_ends: int64[s] and int64[r], offsets of sentences and rows as if all documents were one text.
    """

    sentences: tuple[str, ...]
    lines: bytes
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    others: NDArray[np.int64]
    places: NDArray[np.int64]
    row_starts: NDArray[np.int64]
    row_ends: NDArray[np.int64]


def sentence_texts(corpus: Corpus) -> SentenceTexts:
    """Return the sentences of a corpus as regular expressions read them."""
    sentences = tuple(map(corpus.sentence_text, range(len(corpus.sentence_doc))))
    lined = np.array([plain(text) and "\n" not in text for text in sentences], dtype=bool)
    numbers = np.flatnonzero(lined)
    lines = [f"{sentences[number]}\n" for number in numbers]
    starts = np.concatenate([[0], np.cumsum([len(line) for line in lines], dtype=np.int64)])
    stride = np.int64(corpus.row_end.max(initial=0)) + 2
    of_row = corpus.row_doc.astype(np.int64) * stride
    return SentenceTexts(
        sentences=sentences,
        lines="".join(lines).encode(),
        numbers=numbers,
        starts=starts,
        others=np.flatnonzero(~lined),
        places=corpus.sentence_doc.astype(np.int64) * stride + corpus.sentence_start,
        row_starts=of_row + corpus.row_start,
        row_ends=of_row + corpus.row_end,
    )


def regex_matches(texts: SentenceTexts, regex: tree.Regex) -> Matches:
    """Return the rows that a regular expression touches, looked for within each sentence.

    `re` says what matches. google-re2 finds the same in linear time in all plain sentences at once,
    where it knows the expression.

    Raises:
        Runaway: if one sentence takes longer than `searching.SECONDS`.
    """
    searcher = Searcher(regex)
    alone = _BEGINNING.search(searcher.source)
    quick = None if alone else linear(searcher.source, lines=True)
    if quick is None:
        parts, rest = [], np.arange(len(texts.sentences))
    else:
        parts, rest = [_in_lines(texts, quick)], texts.others
    found = []
    # What takes too long shows soonest in the longest sentences.
    for number in sorted(rest.tolist(), key=lambda number: -len(texts.sentences[number])):
        found.extend([(number, *span) for span in searcher.spans(texts.sentences[number])])
    parts.append(np.array(found, dtype=np.int64).reshape(-1, 3))
    sentence, start, end = np.concatenate(parts).T
    first = np.searchsorted(texts.row_ends, texts.places[sentence] + start, side="right")
    last = np.searchsorted(texts.row_starts, texts.places[sentence] + end)
    return matches(first[first < last], last[first < last])


def _in_lines(texts: SentenceTexts, quick: Any) -> NDArray[np.int64]:
    """Return sentence, start and end of what google-re2 finds in the lines: int64[matches, 3]."""
    spans = np.array([hit.span() for hit in quick.finditer(texts.lines)], dtype=np.int64)
    start, end = spans.reshape(-1, 2).T
    line = np.searchsorted(texts.starts, start, side="right") - 1
    begins = texts.starts[line]
    return np.stack([texts.numbers[line], start - begins, end - begins], axis=1)
