"""Texts with their short forms written out: "VHL disease" is looked up as "von Hippel-Lindau disease"."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.kb.terms import Terms

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class WrittenOut:
    """A corpus whose short forms are written out, those behind their long forms in parentheses left out.

    source: int32[k], the row of the corpus whose word each row here is; first, end: int32[k], the
    half-open rows of the corpus for which it stands; begins: where sentences begin here.
    """

    corpus: Corpus
    source: Ints
    first: Ints
    end: Ints
    begins: Ints

    def find(self, terms: Terms) -> tuple[Ints, Ints, Ints]:
        """Return where names stand: first and end row of the corpus, and the name, each int32[h].

        What begins or ends inside of a short form is left out.
        """
        corpus = self.corpus
        parts = (
            terms.folded.find(corpus.lowers, corpus.row_lower[self.source], self.begins),
            terms.spelled.find(corpus.forms, corpus.row_form[self.source], self.begins),
        )
        first, end, term = (np.concatenate(column) for column in zip(*parts, strict=True))
        fresh = np.r_[True, self.first[1:] != self.first[:-1], True]
        whole = fresh[first] & fresh[end]
        return self.first[first[whole]], self.end[end[whole] - 1], term[whole]


def written_out(corpus: Corpus) -> WrittenOut:
    """Return a corpus with its short forms written out; of those that overlap, the first."""
    pieces = list(_pieces(corpus))
    source, first, end = (
        np.concatenate(column).astype(np.int32) for column in zip(*pieces, strict=True)
    )
    begins = np.searchsorted(first, corpus.sentence_first_row).astype(np.int32)
    return WrittenOut(corpus, source, first, end, np.unique(begins[begins < len(first)]))


def _pieces(corpus: Corpus) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield stretches of rows as they are and short forms written out: `source`, `first` and `end`."""
    columns = (
        *(corpus.short_first_row, corpus.short_end_row),
        *(corpus.long_first_row, corpus.long_end_row),
    )
    at = 0
    for first, end, long, stop in sorted(zip(*(c.tolist() for c in columns), strict=True)):
        # Right behind its long form a short one defines it, and is left out with its parentheses.
        defines = _is_sign(corpus, first - 1, "(") and stop == first - 1
        defines = defines and _is_sign(corpus, end, ")")
        begin, behind = (first - 1, end + 1) if defines else (first, end)
        if begin < at or first == end or long == stop:
            continue
        yield _as_they_are(at, begin)
        if not defines:
            rows = np.arange(long, stop)
            yield rows, np.full(len(rows), first), np.full(len(rows), end)
        at = behind
    yield _as_they_are(at, len(corpus.row_form))


def _as_they_are(first: int, end: int) -> tuple[Ints, Ints, Ints]:
    rows = np.arange(first, end, dtype=np.int32)
    return rows, rows, rows + 1


def _is_sign(corpus: Corpus, row: int, sign: str) -> bool:
    return 0 <= row < len(corpus.row_form) and corpus.forms[int(corpus.row_form[row])] == sign
