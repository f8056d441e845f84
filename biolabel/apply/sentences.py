"""The sentences of a corpus as regular expressions read them: as signs of ASCII, and as words.

All documents count as one text, and places are those of its signs.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.apply.searching import SINGULAR
from biolabel.apply.signs import Signs, signs_of
from biolabel.apply.vocabulary import Vocabulary
from biolabel.data.corpus import Corpus
from biolabel.data.words import SOFT

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

_TORN = frozenset(sign for sign in SOFT if sign.isalnum())
r"""Signs that are `\w`, and yet in no row."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Different words as lines of one text; starts, ends: where they stand in it, int64[words]."""

    signs: Signs
    starts: Longs
    ends: Longs

    @cached_property
    def text(self) -> pa.LargeStringArray:
        """The text, as the only one of an array."""
        return self.signs.cut(np.array([0]), np.array([len(self.signs.codes)]))

    @cached_property
    def read(self) -> str:
        """The signs of the text."""
        return self.signs.codes.tobytes().decode("ascii")

    @cached_property
    def of_sign(self) -> Ints:
        """The number of the word in which each sign is, or behind which a line end: int32[signs]."""
        numbers = np.arange(len(self.starts), dtype=np.int32)
        return np.repeat(numbers, np.diff(np.append(self.starts, len(self.signs.codes))))

    @cached_property
    def odd(self) -> Bools:
        """Which words have stand-ins."""
        return holding(self.signs.odd, self.starts, self.ends)

    @cached_property
    def singular(self) -> Bools:
        """Which words have such as never read alike."""
        return holding(self.signs.places(SINGULAR.match), self.starts, self.ends)


@dataclass(frozen=True, eq=False)
class SentenceTexts:
    """The sentences of a corpus, with what searching in them needs, made when it is first needed.

    forms: the words as written; signs: all documents as one text; shift: int64, where the document of
    each sentence begins in it; places, ends: int64, where sentences begin and end in it, without the
    blanks around them; with_piece: the words that a piece of an expression (`pieces`) matches in, as far
    as somebody asked.
    """

    corpus: Corpus
    forms: Vocabulary
    signs: Signs
    shift: Longs
    places: Longs
    ends: Longs
    with_piece: dict[str, Ints] = field(default_factory=dict)

    @cached_property
    def plain(self) -> Bools:
        """Which sentences have no stand-ins."""
        return ~holding(self.signs.odd, self.places, self.ends)

    @cached_property
    def alike(self) -> Bools:
        """Which sentences have none but those that read alike if an expression does not `tells_apart`."""
        return ~holding(self.signs.places(SINGULAR.match), self.places, self.ends)

    @cached_property
    def torn(self) -> Bools:
        r"""Which sentences have a row that is not all of what `\w+` matches there: "0.5mg" is two."""
        corpus = self.corpus
        words = corpus.row_is_word[1:] & corpus.row_is_word[:-1]
        glued = words & (corpus.row_start[1:] == corpus.row_end[:-1])
        found = holding(self.signs.places(_TORN.__contains__), self.places, self.ends)
        found[corpus.row_sentence[1:][glued]] = True
        return found

    @cached_property
    def lines(self) -> Lines:
        """The different words."""
        entries = self.corpus.columns["rows"]["form"].cast(pa.large_string())
        one = pa.LargeListArray.from_arrays([0, len(entries)], entries)
        text = pc.binary_join(one, pa.scalar("\n", pa.large_string()))
        size = pc.binary_length(text)[0].as_py()
        written = np.frombuffer(text.buffers()[2] or b"", np.uint8)[:size]
        signs, _ = signs_of(written, np.array([0]))
        ends = np.r_[np.flatnonzero(signs.codes == ord("\n")), len(signs.codes)]
        return Lines(signs, np.r_[0, ends[:-1] + 1], ends)


def sentence_texts(corpus: Corpus, forms: Vocabulary) -> SentenceTexts:
    """Return the sentences of a corpus as regular expressions read them; forms: its words as written."""
    texts = corpus.columns["documents"]["text"]
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    written = np.frombuffer(data or b"", np.uint8)[bounds[0] : bounds[-1]]
    signs, begins = signs_of(written, bounds[:-1] - bounds[0])
    shift = begins[corpus.sentence_doc]
    return SentenceTexts(
        corpus=corpus,
        forms=forms,
        signs=signs,
        shift=shift,
        places=shift + corpus.sentence_start,
        ends=shift + corpus.sentence_end,
    )


def holding(places: Longs, starts: Longs, ends: Longs) -> Bools:
    """Return which of some stretches, which ascend and are apart, have one of the places in them."""
    which = np.searchsorted(ends, places, side="right")
    inside = np.r_[starts, np.iinfo(np.int64).max][which] <= places
    found = np.zeros(len(ends), dtype=bool)
    found[which[inside]] = True
    return found
