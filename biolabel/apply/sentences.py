"""The sentences of a corpus as regular expressions read them: as lines, and as words.

All documents count as one text. Places are its code points, which are bytes where all is ASCII.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.apply.vocabulary import Vocabulary
from biolabel.data.corpus import Corpus
from biolabel.data.words import SOFT

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NOT_PLAIN = r"[\n\v\x1c-\x1f]"
r"""Signs of which google-re2 and `re` think otherwise (`searching.plain`), and line ends."""
_TORN = f"[{''.join(sign for sign in SOFT if sign.isalnum())}]"
r"""Signs that are `\w`, and yet in no row."""


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """Texts as lines of one text: bytes with line ends, the number of each text and where it begins.

    numbers: int64[n]; starts: int64[n + 1].
    """

    text: bytes
    numbers: Longs
    starts: Longs


def lines_of(texts: pa.LargeStringArray, numbers: Longs) -> Lines:
    """Return some of many texts as lines; none of them has a line end in it."""
    blank, end = (pa.scalar(sign, pa.large_string()) for sign in ("", "\n"))
    ended = pc.binary_join_element_wise(texts.take(pa.array(numbers)), blank, end)
    _, offsets, data = ended.buffers()
    starts = np.frombuffer(offsets, np.int64)[: len(ended) + 1]
    text = data.to_pybytes()[: starts[-1]] if len(ended) else b""
    return Lines(text, numbers, starts)


@dataclass(frozen=True, eq=False)
class SentenceTexts:
    """The sentences of a corpus, with what searching in them needs, made when it is first needed.

    sentences: the texts, without the blanks around them; places, row_starts and row_ends: int64, where
    sentences and rows begin and where rows end; forms: the words as written; with_piece: which
    sentences have a word for a piece of an expression (`pieces`), as far as somebody asked.
    """

    corpus: Corpus
    forms: Vocabulary
    sentences: pa.LargeStringArray
    places: Longs
    row_starts: Longs
    row_ends: Longs
    with_piece: dict[str, Bools | None] = field(default_factory=dict)

    @cached_property
    def plain(self) -> Bools:
        """Which sentences google-re2 reads as `re` does, and can be lines."""
        odd = pc.match_substring_regex(self.sentences, _NOT_PLAIN)
        return _bools(pc.and_not(pc.string_is_ascii(self.sentences), odd))

    @cached_property
    def lines(self) -> Lines:
        """The plain sentences as lines."""
        return lines_of(self.sentences, np.flatnonzero(self.plain))

    def some_lines(self, chosen: Bools) -> Lines:
        """Return the chosen sentences, which are plain ones, as lines; all plain ones if most are."""
        numbers = np.flatnonzero(chosen)
        return self.lines if 2 * len(numbers) > len(chosen) else lines_of(self.sentences, numbers)

    def strings(self, chosen: Bools) -> list[tuple[int, str]]:
        """Return the number and text of each chosen sentence, the longest first.

        What takes too long shows soonest in the longest sentences.
        """
        if np.count_nonzero(chosen & self.plain):
            found = _numbered(self.sentences, np.flatnonzero(chosen))
        else:
            found = [pair for pair in self._not_plain if chosen[pair[0]]]
        return sorted(found, key=lambda pair: -len(pair[1]))

    @cached_property
    def _not_plain(self) -> list[tuple[int, str]]:
        return _numbered(self.sentences, np.flatnonzero(~self.plain))

    @cached_property
    def torn(self) -> Bools:
        r"""Which sentences have a row that is not all of what `\w+` matches there: "0.5mg" is two."""
        corpus = self.corpus
        words = corpus.row_is_word[1:] & corpus.row_is_word[:-1]
        glued = words & (self.row_starts[1:] == self.row_ends[:-1])
        found = _bools(pc.match_substring_regex(self.sentences, _TORN)).copy()
        found[corpus.row_sentence[1:][glued]] = True
        return found

    @cached_property
    def form_lines(self) -> Lines:
        """The different words of ASCII signs as lines."""
        return lines_of(self._entries, np.flatnonzero(self._ascii))

    @cached_property
    def other_forms(self) -> list[tuple[int, str]]:
        """The different words with other signs, and the number of each."""
        return _numbered(self._entries, np.flatnonzero(~self._ascii))

    @cached_property
    def _entries(self) -> pa.LargeStringArray:
        return pa.array(self.forms.entries, pa.large_string())

    @cached_property
    def _ascii(self) -> Bools:
        return _bools(pc.string_is_ascii(self._entries))


def sentence_texts(corpus: Corpus, forms: Vocabulary) -> SentenceTexts:
    """Return the sentences of a corpus as regular expressions read them; forms: its words as written."""
    texts = corpus.columns["documents"]["text"]
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    all_bytes = np.frombuffer(data or b"", np.uint8)[bounds[0] : bounds[-1]]
    later = np.flatnonzero((all_bytes & 0xC0) == 0x80)
    begins = bounds[:-1] - bounds[0]
    begins = begins - np.searchsorted(later, begins)
    # As many bytes that begin no code point stand before a code point as have fewer of these before them.
    before = later - np.arange(len(later))

    def byte_of(place: Longs) -> Longs:
        return place + np.searchsorted(before, place, side="right")

    places = begins[corpus.sentence_doc] + corpus.sentence_start
    ends = begins[corpus.sentence_doc] + corpus.sentence_end
    of_row = begins[corpus.row_doc]
    return SentenceTexts(
        corpus=corpus,
        forms=forms,
        sentences=_slices(all_bytes, byte_of(places), byte_of(ends)),
        places=places,
        row_starts=of_row + corpus.row_start,
        row_ends=of_row + corpus.row_end,
    )


def _slices(data: NDArray[np.uint8], first: Longs, end: Longs) -> pa.LargeStringArray:
    """Return the texts between bytes; both ascend, and none overlaps the next."""
    borders = np.empty(2 * len(first) + 1, np.int64)
    borders[0:-1:2], borders[1::2], borders[-1] = first, end, end[-1] if len(end) else 0
    buffers = pa.py_buffer(borders), pa.py_buffer(data)
    both = pa.LargeStringArray.from_buffers(2 * len(first), *buffers)
    # Every other element is what stands between two texts.
    return both.take(pa.array(np.arange(0, 2 * len(first), 2)))


def _numbered(texts: pa.LargeStringArray, numbers: Longs) -> list[tuple[int, str]]:
    strings = texts.take(pa.array(numbers)).to_pylist()
    return list(zip(numbers.tolist(), strings, strict=True))


def _bools(column: pa.BooleanArray) -> Bools:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)
