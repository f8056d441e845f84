"""Regular expressions over characters, as rows."""

import re
from dataclasses import dataclass

import numpy as np
import re2
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, matches
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

_QUIET = re2.Options()
_QUIET.log_errors = False
# What lets a sentence alone match where the sentence among others would not.
_BEGINNING = re.compile(r"\\A|\(\?[a-z]*-")


@dataclass(frozen=True, slots=True)
class SentenceTexts:
    """The sentences of a corpus, and the ASCII ones among them as lines of one text.

    lines: the text; numbers: int64[n], the sentence of each line; starts: int64[n + 1], where each
    line begins; others: int64[m], the sentences with other characters. places, row_starts and
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
    plain = np.array([text.isascii() for text in sentences], dtype=bool)
    numbers = np.flatnonzero(plain)
    lines = [f"{sentences[number]}\n" for number in numbers]
    starts = np.concatenate([[0], np.cumsum([len(line) for line in lines], dtype=np.int64)])
    stride = np.int64(corpus.row_end.max(initial=0)) + 2
    of_row = corpus.row_doc.astype(np.int64) * stride
    return SentenceTexts(
        sentences=sentences,
        lines="".join(lines).encode(),
        numbers=numbers,
        starts=starts,
        others=np.flatnonzero(~plain),
        places=corpus.sentence_doc.astype(np.int64) * stride + corpus.sentence_start,
        row_starts=of_row + corpus.row_start,
        row_ends=of_row + corpus.row_end,
    )


def regex_matches(texts: SentenceTexts, regex: tree.Regex) -> Matches:
    """Return the rows that a regular expression touches, looked for within each sentence.

    google-re2 finds in linear time which sentences can match, `re` says what matches in these.
    """
    flags = "".join(flag for flag in "is" if flag in regex.flags)
    source = f"(?{flags}){regex.pattern}" if flags else regex.pattern
    compiled = re.compile(source)
    found = [
        (sentence, hit.start(), hit.end())
        for sentence in _possible(texts, source).tolist()
        for hit in compiled.finditer(texts.sentences[sentence])
    ]
    sentence, start, end = np.array(found, dtype=np.int64).reshape(-1, 3).T
    first = np.searchsorted(texts.row_ends, texts.places[sentence] + start, side="right")
    last = np.searchsorted(texts.row_starts, texts.places[sentence] + end)
    return matches(first[first < last], last[first < last])


def _possible(texts: SentenceTexts, source: str) -> NDArray[np.int64]:
    """Return the sentences in which an expression can have a match, ascending.

    re2 agrees with `re` on ASCII texts. Each match of a sentence alone either is one among the other
    lines too, or begins within an earlier match that reaches into its line.
    """
    everything = np.arange(len(texts.sentences))
    if _BEGINNING.search(source):
        return everything
    try:
        quick = re2.compile(f"(?m){source}".encode(), _QUIET)
    except re2.error:
        return everything
    spans = np.array([hit.span() for hit in quick.finditer(texts.lines)], dtype=np.int64)
    first, end = spans.reshape(-1, 2).T
    change = np.zeros(len(texts.numbers) + 2, dtype=np.int64)
    np.add.at(change, np.searchsorted(texts.starts, first, side="right") - 1, 1)
    np.add.at(change, np.searchsorted(texts.starts, np.maximum(end, first + 1)), -1)
    hit = texts.numbers[np.cumsum(change[:-2]) > 0]
    return np.sort(np.concatenate([hit, texts.others]))
