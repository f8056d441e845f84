"""The sentences of a corpus as regular expressions read them: as lines, and as words.

All documents count as one text. Places are its code points, which are bytes where all is ASCII.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.apply.searching import MARKS, SINGULAR, stand_ins
from biolabel.apply.vocabulary import Vocabulary
from biolabel.data.corpus import Corpus
from biolabel.data.words import SOFT

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

_ODD = np.isin(np.arange(256), np.frombuffer(b"\n\v\x1c\x1d\x1e\x1f\x02\x03", np.uint8))
"""The bytes of which google-re2 and `re` think otherwise (`searching.plain`), line ends and `MARKS`."""
_LATER = (np.arange(256) & 0xC0) == 0x80
"""The bytes that begin no code point."""
_TORN = f"[{''.join(sign for sign in SOFT if sign.isalnum())}]"
r"""Signs that are `\w`, and yet in no row."""


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """Texts of ASCII, all at once, and the number of each: int64[n]."""

    texts: pa.LargeStringArray
    numbers: Longs


def lines_of(texts: pa.LargeStringArray, numbers: Longs) -> Lines:
    """Return some of many texts as lines."""
    return Lines(texts.take(pa.array(numbers)), numbers)


def joined(one: Lines, other: Lines) -> Lines:
    """Return lines and behind them other lines."""
    return Lines(pa.concat_arrays([one.texts, other.texts]), np.r_[one.numbers, other.numbers])


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Some sentences, ready for searching: those that can be lines, and the number and text of the rest.

    The longest come first, as what takes too long shows soonest in these.
    """

    lines: Lines
    strings: list[tuple[int, str]]


@dataclass(frozen=True, eq=False)
class SentenceTexts:
    """The sentences of a corpus, with what searching in them needs, made when it is first needed.

    sentences: the texts, without the blanks around them; places, row_starts and row_ends: int64, where
    sentences and rows begin and where rows end; plain: bool, which sentences google-re2 reads as `re`
    does, and can be lines; forms: the words as written; with_piece: which of these a piece of an
    expression (`pieces`) matches in, as far as somebody asked.
    """

    corpus: Corpus
    forms: Vocabulary
    sentences: pa.LargeStringArray
    places: Longs
    row_starts: Longs
    row_ends: Longs
    plain: Bools
    with_piece: dict[str, Ints] = field(default_factory=dict)

    @cached_property
    def everywhere(self) -> Part:
        """All sentences, those with other signs than ASCII's as strings."""
        return Part(lines_of(self.sentences, np.flatnonzero(self.plain)), self._strange)

    @cached_property
    def standing(self) -> Part:
        """All sentences, those with other signs as lines with stand-ins, where there are any."""
        lines = joined(self.everywhere.lines, self._stand_ins)
        return Part(lines, [pair for pair in self._strange if SINGULAR.search(pair[1])])

    def part(self, chosen: Bools, *, standing: bool = False) -> Part:
        """Return the chosen sentences; all that can be lines if most are chosen."""
        whole = self.standing if standing else self.everywhere
        strings = [pair for pair in whole.strings if chosen[pair[0]]]
        numbers = np.flatnonzero(chosen & self.plain)
        if 2 * len(numbers) > len(chosen):
            return Part(whole.lines, strings)
        lines = lines_of(self.sentences, numbers)
        if standing:
            which = pa.array(np.flatnonzero(chosen[self._stand_ins.numbers]))
            more = Lines(self._stand_ins.texts.take(which), self._stand_ins.numbers[which])
            lines = joined(lines, more)
        return Part(lines, strings)

    @cached_property
    def _strange(self) -> list[tuple[int, str]]:
        return _numbered(self.sentences, ~self.plain)

    @cached_property
    def _stand_ins(self) -> Lines:
        """The sentences with other signs as lines of stand-ins."""
        pairs = [pair for pair in self._strange if not SINGULAR.search(pair[1])]
        texts = stand_ins("\n".join(string for _, string in pairs)).split("\n")
        numbers = np.array([number for number, _ in pairs], np.int64)
        return Lines(pa.array(texts[: len(pairs)], pa.large_string()), numbers)

    @cached_property
    def torn_part(self) -> Part:
        """The sentences that are `torn`."""
        return self.part(self.torn)

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
    def form_lines(self) -> tuple[pa.LargeStringArray, Longs, Longs]:
        """The different words of ASCII signs as lines of one text: it, their numbers and beginnings."""
        numbers = np.flatnonzero(self._ascii)
        chosen = self._entries.take(pa.array(numbers))
        one = pa.LargeListArray.from_arrays([0, len(chosen)], chosen)
        sizes = pc.binary_length(chosen).to_numpy() + 1
        text = pc.binary_join(one, pa.scalar("\n", pa.large_string()))
        return text, numbers, np.concatenate([[0], np.cumsum(sizes)])

    @cached_property
    def other_forms(self) -> list[tuple[int, str]]:
        """The different words with other signs, and the number of each."""
        return _numbered(self._entries, ~self._ascii)

    @cached_property
    def _entries(self) -> pa.LargeStringArray:
        return pa.array(self.forms.entries, pa.large_string())

    @cached_property
    def _ascii(self) -> Bools:
        found = _bools(pc.string_is_ascii(self._entries)).copy()
        found[self.forms.numbers(MARKS)] = False
        return found


def sentence_texts(corpus: Corpus, forms: Vocabulary) -> SentenceTexts:
    """Return the sentences of a corpus as regular expressions read them; forms: its words as written."""
    texts = corpus.columns["documents"]["text"]
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    all_bytes = np.frombuffer(data or b"", np.uint8)[bounds[0] : bounds[-1]]
    # Comparing is quicker than looking each byte up, and leaves few.
    odd = np.flatnonzero((all_bytes > 127) | (all_bytes < 32))
    odd = odd[(_ODD | (np.arange(256) > 127))[all_bytes[odd]]]
    later = odd[_LATER[all_bytes[odd]]]
    begins = bounds[:-1] - bounds[0]
    begins = begins - np.searchsorted(later, begins)
    # As many bytes that begin no code point stand before a code point as have fewer of these before them.
    before = later - np.arange(len(later))

    def byte_of(place: Longs) -> Longs:
        return place + np.searchsorted(before, place, side="right")

    places = begins[corpus.sentence_doc] + corpus.sentence_start
    ends = begins[corpus.sentence_doc] + corpus.sentence_end
    first, end = byte_of(places), byte_of(ends)
    plain = np.searchsorted(odd, first) == np.searchsorted(odd, end)
    of_row = np.repeat(begins, np.diff(corpus.doc_rows))
    return SentenceTexts(
        corpus=corpus,
        forms=forms,
        sentences=_slices(all_bytes, first, end),
        places=places,
        row_starts=of_row + corpus.row_start,
        row_ends=of_row + corpus.row_end,
        plain=plain,
    )


def _slices(data: NDArray[np.uint8], first: Longs, end: Longs) -> pa.LargeStringArray:
    """Return the texts between bytes; both ascend, and none overlaps the next."""
    borders = np.empty(2 * len(first) + 1, np.int64)
    borders[0:-1:2], borders[1::2], borders[-1] = first, end, end[-1] if len(end) else 0
    buffers = pa.py_buffer(borders), pa.py_buffer(data)
    both = pa.LargeStringArray.from_buffers(2 * len(first), *buffers)
    # Every other element is what stands between two texts.
    return both.take(pa.array(np.arange(0, 2 * len(first), 2)))


def _numbered(texts: pa.LargeStringArray, chosen: Bools) -> list[tuple[int, str]]:
    """Return the number and text of each chosen text, the longest first."""
    numbers = np.flatnonzero(chosen)
    strings = texts.take(pa.array(numbers)).to_pylist()
    return sorted(zip(numbers.tolist(), strings, strict=True), key=lambda pair: -len(pair[1]))


def _bools(column: pa.BooleanArray) -> Bools:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)
