"""Frames: the rows on which conditions are evaluated, and what several rows have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """One argument of all candidates: rows, mention and concept, each int32[n].

    mention is an index into the scene's mentions, -1 for a span of an entity rule; concept is an
    index into `Frame.concepts`, -1 where none is known.
    """

    first: Ints
    end: Ints
    mention: Ints
    concept: Ints
    types: tuple[str, ...] = ()

    def take(self, rows: Ints | Bools) -> "Side":
        """Return the argument in some rows only."""
        at = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        columns = (self.first, self.end, self.mention, self.concept)
        first, end, mention, concept = (column.take(at) for column in columns)
        return Side(first, end, mention, concept, self.types)


@dataclass(frozen=True, eq=False)
class Frame:
    """The rows on which conditions are evaluated and the candidate that each belongs to.

    doc: int32[n]; candidate: int32[n], with n_candidates in all: at concept level several pairs of
    mentions are one candidate; at mention level a pair has a row for each of its pairs of concepts.
    whole_concepts: whether an argument stands for all mentions of its concept where a condition
    speaks of the document or a part of it (LANGUAGE.md 8), else for itself. pairs_of_concepts:
    whether no two candidates of a document have the same concepts. sentence: first and
    end row of the sentence that each row of the frame is, each int32[n]; None if it is none.
    """

    doc: Ints
    candidate: Ints
    n_candidates: int
    sides: Mapping[str, Side]
    concepts: tuple[str, ...] = ()
    whole_concepts: bool = True
    pairs_of_concepts: bool = True
    sentence: tuple[Ints, Ints] | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.doc)

    def take(self, rows: Ints | Bools) -> "Frame":
        """Return a frame of some rows only, of the same candidates."""
        at = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        return replace(
            self,
            doc=self.doc.take(at),
            candidate=self.candidate.take(at),
            sides={name: side.take(at) for name, side in self.sides.items()},
            sentence=self.sentence and (self.sentence[0].take(at), self.sentence[1].take(at)),
        )

    @cached_property
    def of_documents(self) -> "Frame":
        """The same rows without what they are about, for questions about their documents."""
        return replace(self, sides={}, sentence=None)

    @cached_property
    def first_row(self) -> Ints:
        """The first row of each candidate: int32[n_candidates], -1 for one without rows."""
        first = np.full(self.n_candidates, -1, dtype=np.int32)
        first[self.candidate[::-1]] = np.arange(len(self) - 1, -1, -1, dtype=np.int32)
        return first

    @cached_property
    def stretch(self) -> Ints:
        """The rows of the text from one argument to the other: int32[n, 2], half-open, or the sentence."""
        found = np.zeros((len(self), 2), dtype=np.int32)
        sides = self.sides.values()
        if self.sentence is not None:
            found[:, 0], found[:, 1] = self.sentence
        elif sides:
            found[:, 0] = reduce(np.minimum, [side.first for side in sides])
            found[:, 1] = reduce(np.maximum, [side.end for side in sides])
        return found

    @cached_property
    def document(self) -> "Level":
        """The rows of each document together."""
        return self._level([self.doc], ())

    @cached_property
    def whole(self) -> "Level":
        """The rows of each candidate together; what differs between them is that of the first one."""
        same = np.arange(self.n_candidates, dtype=np.int32)
        return Level(self.take(self.first_row), self.candidate, same)

    @cached_property
    def by_mention(self) -> Mapping[str, "Level"]:
        """For each argument the rows with the same mention and concept together."""
        return {
            name: self._level([self.doc, side.mention, side.concept], (name,))
            for name, side in self.sides.items()
        }

    @cached_property
    def by_concept(self) -> Mapping[str, "Level"]:
        """For each argument the rows of a document with the same concept together."""
        return {
            name: self._level([self.doc, side.concept], (name,))
            for name, side in self.sides.items()
        }

    @cached_property
    def of_concepts(self) -> bool:
        """Whether all rows of a candidate have the same concepts."""
        return all(
            bool((side.concept == side.concept[self.first_row][self.candidate]).all())
            for side in self.sides.values()
        )

    def _level(self, columns: Sequence[Ints], names: Sequence[str]) -> "Level":
        """Take the rows together that agree in all columns."""
        _, of_row = numbered(columns)
        rows = np.full(int(of_row.max(initial=-1)) + 1, -1, dtype=np.int32)
        rows[of_row[::-1]] = np.arange(len(self) - 1, -1, -1, dtype=np.int32)
        frame = replace(
            self,
            doc=self.doc[rows],
            candidate=np.arange(len(rows), dtype=np.int32),
            n_candidates=len(rows),
            sides={name: self.sides[name].take(rows) for name in names},
            sentence=None,
        )
        of_candidate = of_row[self.first_row]
        one_each = bool((of_candidate[self.candidate] == of_row).all())
        return Level(frame, of_row, of_candidate if one_each else None)


def numbered(columns: Sequence[Ints]) -> tuple[list[Ints], Ints]:
    """Return the different rows of some columns from -1 on, in order, and the number of each row."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    first, number = key[:1], key
    for column in columns:
        # What was numbered so far is smaller than the number of rows, so that no key overflows.
        key = number * (int(column.max(initial=0)) + 2) + (column + 1)
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
    return [column[first] for column in columns], number.astype(np.int32)


@dataclass(frozen=True, eq=False)
class Level:
    """Rows of a frame that a condition cannot tell apart, taken together.

    frame: one row for each; of_row: int32[n], which of them each row of the frame is; of_candidate:
    the same for candidates, None where a candidate can have several.
    """

    frame: Frame
    of_row: Ints
    of_candidate: Ints | None

    def __len__(self) -> int:
        """Return the number of rows that were taken together."""
        return len(self.frame)

    @cached_property
    def _rows(self) -> tuple[NDArray[np.int64], Ints]:
        """Return where the rows of each begin, and the rows, ascending within each."""
        starts = np.zeros(len(self) + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.of_row, minlength=len(self)), out=starts[1:])
        return starts, np.argsort(self.of_row, kind="stable").astype(np.int32)

    def rows(self, chosen: Bools) -> Ints:
        """Return the rows of the frame that some of them are, ascending."""
        starts, rows = self._rows
        which = np.flatnonzero(chosen)
        if (starts[which + 1] - starts[which]).sum() * 8 > len(rows):
            return np.flatnonzero(chosen.take(self.of_row)).astype(np.int32)
        return np.sort(self.listed(which)[1], kind="stable")

    def listed(self, which: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int64], Ints]:
        """Return, for some of them, every (place in `which`, row of the frame) that they are."""
        starts, rows = self._rows
        low, sizes = starts[which], starts[which + 1] - starts[which]
        place = np.repeat(np.arange(len(which)), sizes)
        at = np.arange(len(place)) + np.repeat(low - (np.cumsum(sizes) - sizes), sizes)
        return place, rows.take(at)
