"""Conditions that only arguments of one sentence, or mentions at the places of a pattern, can fulfil."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.atoms import Atoms, Levels, atoms
from biolabel.apply.attributes import unsure
from biolabel.apply.bound import bindable, bound_matches
from biolabel.apply.columns import COMPARE, known
from biolabel.apply.frames import Bools, Frame, Ints, Level
from biolabel.apply.matches import Matches, Placed, placed, take
from biolabel.apply.regions import inside, region_ranges
from biolabel.apply.regions import listed as listed_inside
from biolabel.apply.scene import Scene
from biolabel.apply.texts import WHOLE
from biolabel.apply.truths import Rows, Truth, listed, shared
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Whole = TypeVar("Whole", bound=np.integer[Any])

_INSIDE = frozenset({"sentence", "between"})


@dataclass(frozen=True, eq=False)
class Together:
    """Truths of a frame that are false in most of its rows; only pairs have any.

    single: single conditions over its levels.
    """

    scene: Scene
    frame: Frame
    single: Levels
    _mentions: dict[tuple[str, tree.Region | None], Placed] = field(default_factory=dict)

    @cached_property
    def mask(self) -> Bools:
        """Which rows have all arguments in one sentence: bool[n]."""
        sentence = self.scene.corpus.row_sentence
        columns = [
            sentence.take(level.frame.sides[name].first).take(level.of_row)
            for name, level in self.frame.by_mention.items()
        ]
        return np.logical_and.reduce([column == columns[0] for column in columns[1:]])

    @cached_property
    def rows(self) -> Ints:
        """The rows with all arguments in one sentence, ascending."""
        return np.flatnonzero(self.mask).astype(np.int32)

    @cached_property
    def _atoms(self) -> Atoms:
        return atoms(self.scene, self.frame.take(self.rows), self.single.voted)

    def truth(self, condition: tree.Condition) -> Truth | None:
        """Return the truth of a positive condition, None if other rows may fulfil it too."""
        match condition:
            case tree.Same(what) if what.text == "sentence":
                return Rows(self.rows)
            case tree.Adjacent():
                return listed(self._atoms.column(condition), self.rows)
            case tree.Has(region, pattern, None, _, False) if not unsure(self.scene, pattern):
                found = self._held(region, pattern)
                if found is not None:
                    return Rows(found)
                return self._inside(region, condition)
            case tree.Has(region, _, count) if count is None or _needs_some(count):
                return self._inside(region, condition)
            case tree.Borders(region):
                return self._inside(region, condition)
            case tree.Compare(tree.Measure("shared_sentences"), operator, tree.Quantity(number)):
                return self._sharing(operator, number)
        return None

    def _inside(self, region: tree.Region, condition: tree.Condition) -> Truth | None:
        if region.kind not in _INSIDE:
            return None
        return listed(self._atoms.column(condition), self.rows)

    def _sharing(self, operator: tree.Operator, number: float) -> Truth | None:
        """Compare the number of sentences that a pair of concepts shares; without one it is 0."""
        frame = self.frame
        nameless = any(
            (level.frame.sides[n].concept < 0).any() for n, level in frame.by_concept.items()
        )
        if not frame.pairs_of_concepts or not frame.whole_concepts or nameless:
            return None
        return shared(frame.whole, known(COMPARE[operator](self._shared_sentences, number)))

    @cached_property
    def _shared_sentences(self) -> NDArray[np.float64]:
        """How many sentences have all arguments of a candidate: float64[n_candidates]."""
        frame = self._atoms.frame
        side = next(iter(frame.sides.values()))
        sentence = self.scene.corpus.row_sentence.take(side.first)
        stride = len(self.scene.corpus.sentence_doc)
        keys = _distinct(frame.candidate.astype(np.int64) * stride + sentence)
        return np.bincount(keys // stride, minlength=frame.n_candidates).astype(np.float64)

    def _held(self, region: tree.Region, pattern: tree.Pattern) -> Ints | None:
        """Return the rows in whose region a pattern matches, None if they are not told by its matches."""
        whole = region.kind in WHOLE
        if not whole and region.kind not in _INSIDE:
            return None
        if whole and not self._known(region):
            return None
        names = list(dict.fromkeys(n.name for n in nodes(pattern) if isinstance(n, tree.Arg)))
        levels = self._levels(whole=True) if whole else self._shared_levels
        if not names:
            return self._of_sentences(pattern) if region.kind == "sentence" else None
        if len(names) == 1:
            level = levels[names[0]]
            texts = self.single.at(level).texts
            found = (texts.whole if whole and self.frame.whole_concepts else texts.near).find(
                pattern
            )
            if (found.owner < 0).any():  # an option without the argument
                return None
            which, rows = level.listed(found.owner)
        elif bindable(pattern) and isinstance(pattern, tree.Seq):
            mentions = {name: self._places(name, region) for name in names}
            bound = bound_matches(self._atoms.texts.near, pattern, mentions)
            found = bound.matches
            one, two = (levels[name] for name in bound.names)
            which, rows = _rows_of_pairs(
                one, two, bound.ids[0][found.owner], bound.ids[1][found.owner]
            )
        else:
            return None
        if not whole:
            rows = self.rows[rows]
        if region.kind == "sentence":
            # A match begins in the sentence of the arguments in it.
            corpus = self.scene.corpus
            ends = corpus.sentence_end_row[corpus.row_sentence[found.first]]
            return _distinct(rows[(found.end <= ends)[which]])
        frame = self.frame.of_documents if whole else self.frame
        ranges = region_ranges(self.scene, frame.take(rows), region)
        return _distinct(rows[inside(_own(found, which), ranges)])

    def _known(self, region: tree.Region) -> bool:
        """Return whether all documents say where a region is and all arguments are concepts."""
        named = all((side.concept >= 0).all() for side in self.frame.sides.values())
        document = self.frame.document.frame
        return named and bool(region_ranges(self.scene, document, region).known.all())

    def _levels(self, *, whole: bool) -> Mapping[str, Level]:
        by_concept = whole and self.frame.whole_concepts
        return self.frame.by_concept if by_concept else self.frame.by_mention

    @cached_property
    def _shared_levels(self) -> Mapping[str, Level]:
        """The levels of mentions, whose rows are places in `rows`."""
        return {
            name: Level(level.frame, level.of_row[self.rows], None)
            for name, level in self.frame.by_mention.items()
        }

    def _places(self, name: str, region: tree.Region) -> Placed:
        """Return where an argument may stand in a region; owners are rows of its level."""
        kept = region if region.kind in WHOLE else None
        if (name, kept) not in self._mentions:
            level = self._levels(whole=kept is not None)[name]
            texts = self.single.at(level).texts
            if kept is None:
                shares = np.zeros(len(level), dtype=bool)
                shares[self._shared_levels[name].of_row] = True
                found = texts.near.find(tree.Arg(name))
                found = take(found, np.flatnonzero(shares[found.owner]))
            else:
                found = texts.matcher(region).find(tree.Arg(name))
                _, index = listed_inside(found, texts.ranges(region))
                found = take(found, _distinct(index))
            self._mentions[name, kept] = placed(self.scene.corpus, found)
        return self._mentions[name, kept]

    def _of_sentences(self, pattern: tree.Pattern) -> Ints:
        """Return the rows in whose sentence a pattern matches that names no argument."""
        corpus = self.scene.corpus
        found = self._atoms.texts.near.find(pattern)
        holding = np.zeros(len(corpus.sentence_doc), dtype=bool)
        sentence = corpus.row_sentence[found.first]
        holding[sentence[found.end <= corpus.sentence_end_row[sentence]]] = True
        side = next(iter(self._atoms.frame.sides.values()))
        return self.rows[holding.take(corpus.row_sentence.take(side.first))]


def _needs_some(count: tree.Count) -> bool:
    return count.bound == "at least" and count.number > 0


def _own(found: Matches, which: NDArray[np.int64]) -> Matches:
    """Return some matches, each the owner of itself by its place."""
    none = np.full(len(which), -1, dtype=np.int32)
    owner = np.arange(len(which), dtype=np.int32)
    return Matches(found.first[which], found.end[which], owner, none, none)


def _rows_of_pairs(
    one: Level, two: Level, first: Ints, second: Ints
) -> tuple[NDArray[np.int64], Ints]:
    """Return which pairs of rows of two levels are rows of the frame, and which: int[k] each."""
    which, rows = one.listed(first)
    held = two.of_row[rows] == second[which]
    return which[held], rows[held]


def _distinct(values: NDArray[Whole]) -> NDArray[Whole]:
    """Return each value once, ascending."""
    # They come in runs that ascend, which a stable sort merges; `np.unique` compares them all.
    ordered = np.sort(values, kind="stable")
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)]]
