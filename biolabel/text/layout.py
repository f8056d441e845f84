"""Where the passages, sentences and rows of many documents stand, as arrays.

Documents stand on one line, one behind the other, so that one search finds places in all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.data.documents import Document
from biolabel.data.rows import Ints, Rows, rows_of_all

Places = NDArray[np.int64]
"""Code points on the line of all documents."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """d documents, c sections, s sentences, r rows, in order.

    base: int64[d], where each document starts on the line; section_doc: int32[c]; rows: as cut from
    the sections; row_section, row_sentence: int32[r]; start, end: int64[r] places of the rows;
    sentence_section: int32[s]; sentence_start, sentence_end: int32[s], code points of the document;
    sentence_first_row: int32[s + 1], the last one is the number of rows.
    """

    base: Places
    section_doc: Ints
    rows: Rows
    row_section: Ints
    row_sentence: Ints
    start: Places
    end: Places
    sentence_section: Ints
    sentence_start: Ints
    sentence_end: Ints
    sentence_first_row: Ints

    def places(self, docs: Ints, offsets: Ints) -> Places:
        """Return the places of code points of documents."""
        return self.base[docs] + offsets

    def offsets(self, docs: Ints, places: Places) -> Ints:
        """Return the code points of documents at some places."""
        return (places - self.base[docs]).astype(np.int32)

    def rows_over(self, docs: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the half-open ranges of the rows that overlap spans of documents."""
        return rows_over(self.start, self.end, self.places(docs, start), self.places(docs, end))


def rows_over(
    row_start: NDArray[np.integer[Any]],
    row_end: NDArray[np.integer[Any]],
    start: NDArray[np.integer[Any]],
    end: NDArray[np.integer[Any]],
) -> tuple[Ints, Ints]:
    """Return the half-open ranges of the rows that overlap spans.

    row_start, row_end: int[n], ascending; start, end: int[s] on the same line, half-open. Returns
    first int32[s] and end int32[s] row; both are the same where a span holds only soft signs or
    blanks.
    """
    first = np.searchsorted(row_end, start, side="right").astype(np.int32)
    last = np.searchsorted(row_start, end, side="left").astype(np.int32)
    return first, np.maximum(first, last)


def layout_of(documents: Sequence[Document], starts: Iterable[Sequence[int]]) -> Layout:
    """Return where everything stands; starts: the ascending starts of sentences of each document.

    A start inside a row is moved behind it, and a sentence without rows joins the one before it (or
    the next, at the start of a section), so that sentences partition the rows.
    """
    passages = [passage for document in documents for passage in document.passages]
    counts = [len(document.passages) for document in documents]
    section_doc = np.repeat(np.arange(len(documents), dtype=np.int32), counts)
    lengths = np.array([_length(document) for document in documents], np.int64)
    # A place between two documents keeps what ends one apart from what starts the next.
    base = np.cumsum(lengths + 1) - lengths - 1
    rows = rows_of_all([passage.text for passage in passages])
    row_section = np.repeat(np.arange(len(passages), dtype=np.int32), np.diff(rows.first))
    section_start = np.array([passage.offset for passage in passages], np.int64)
    section_start += base[section_doc]
    row_base = section_start[row_section]
    start, end = rows.start + row_base, rows.end + row_base

    begins = _begins(starts, base, lengths)
    number = np.searchsorted(begins, start, side="right")
    opens = np.ones(len(start), np.bool_)
    opens[1:] = row_section[1:] != row_section[:-1]
    new = opens.copy()
    new[1:] |= number[1:] != number[:-1]
    first = np.flatnonzero(new)
    section = row_section[first]
    behind = np.maximum(begins[number[first] - 1], end[first - 1]) if len(begins) else 0
    border = np.where(opens[first], section_start[section], behind)
    section_end = section_start + [len(passage.text) for passage in passages]
    last = np.append(opens[first[1:]], True)[: len(first)]
    stop = np.where(last, section_end[section], np.append(border[1:], 0)[: len(first)])
    # Blanks around sentences are none of them.
    inside = zip(section.tolist(), border - section_start[section], stop - border, strict=True)
    texts = [passages[i].text[int(at) : int(at + n)] for i, at, n in inside]
    sentence_start = border + [len(text) - len(text.lstrip()) for text in texts]
    sentence_end = sentence_start + [len(text.strip()) for text in texts]
    own = base[section_doc[section]]
    return Layout(
        base=base,
        section_doc=section_doc,
        rows=rows,
        row_section=row_section,
        row_sentence=(np.cumsum(new) - 1).astype(np.int32),
        start=start,
        end=end,
        sentence_section=section,
        sentence_start=(sentence_start - own).astype(np.int32),
        sentence_end=(sentence_end - own).astype(np.int32),
        sentence_first_row=np.append(first, len(start)).astype(np.int32),
    )


def _begins(starts: Iterable[Sequence[int]], base: Places, lengths: Places) -> Places:
    """Return the places where sentences start; what lies behind a document is left out."""
    given = list(starts)
    counts = [len(found) for found in given]
    offsets = np.fromiter(chain.from_iterable(given), np.int64, sum(counts))
    doc = np.repeat(np.arange(len(given)), counts)
    inside = offsets < lengths[doc]
    return (base[doc] + offsets)[inside]


def _length(document: Document) -> int:
    """Return the number of code points of a document."""
    if not document.passages:
        return 0
    last = document.passages[-1]
    return last.offset + len(last.text)
