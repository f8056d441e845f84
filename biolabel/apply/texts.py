"""What the regions of a frame's rows hold: matches of patterns, and where that is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply import measures
from biolabel.apply.columns import Column, where_known
from biolabel.apply.matches import Matches, union
from biolabel.apply.metadata import meta_texts
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import Ranges, inside, listed, region_ranges, touching
from biolabel.apply.scene import Frame, Scene
from biolabel.compile.expand import swap_arguments
from biolabel.data.corpus import Corpus
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
_WHOLE = frozenset({"document", "title", "abstract", "section"})


@dataclass(frozen=True, eq=False)
class Found:
    """Where a pattern matches, the region of each row, and where both are known: bool[n].

    corpus: what the rows of the matches are rows of, which for metadata is no part of the text.
    """

    corpus: Corpus
    matches: Matches
    ranges: Ranges
    known: Bools

    def holds(self) -> Column:
        """Return whether a match lies inside the region."""
        return where_known(inside(self.matches, self.ranges), self.known)

    def touches(self, side: str) -> Column:
        """Return whether a match starts or ends with the region."""
        return where_known(touching(self.matches, self.ranges, side), self.known)

    def counts(self, *, different: bool = False) -> NDArray[np.int64]:
        """Return how many different places (or texts) match in each row's region: int64[n]."""
        found = self.matches
        which, index = listed(found, self.ranges)
        if different:
            texts = measures.span_texts(self.corpus, found.first, found.end)
            which = np.unique(np.stack([which, texts[index]]), axis=1)[0]
        elif (found.owner >= 0).any() and (found.owner < 0).any():
            # A place may match as an argument and as a text.
            places = np.stack([which, found.first[index], found.end[index]])
            which = np.unique(places, axis=1)[0]
        return np.bincount(which, minlength=len(self.known))


@dataclass(frozen=True, eq=False)
class Texts:
    """The regions of a frame with what finds patterns in them.

    near: an argument is itself; whole: it is every mention of its concept.
    """

    scene: Scene
    frame: Frame
    near: Matcher
    whole: Matcher

    def matcher(self, region: tree.Region) -> Matcher:
        """Return what finds patterns in a region, where an argument may be its whole concept."""
        if region.kind == "meta" and region.name is not None:
            return meta_texts(self.scene, region.name.text).matcher
        whole = region.kind in _WHOLE and self.frame.whole_concepts
        return self.whole if whole else self.near

    def ranges(self, region: tree.Region) -> Ranges:
        """Return where a region lies for each row."""
        if region.kind == "meta" and region.name is not None:
            return meta_texts(self.scene, region.name.text).ranges(self.frame)
        return region_ranges(self.scene, self.frame, region)

    def find(self, region: tree.Region, pattern: tree.Pattern, *, both_ways: bool = False) -> Found:
        """Look for a pattern, or also for the one with the two arguments swapped."""
        matcher, ranges = self.matcher(region), self.ranges(region)
        found = matcher.find(pattern)
        if both_ways:
            swapped = swap_arguments(pattern, *self.frame.sides)
            found = union([found, matcher.find(swapped)])
        sure = ranges.known & self._has_concepts(pattern, matcher)
        return Found(matcher.scene.corpus, found, ranges, sure)

    def _has_concepts(self, pattern: tree.Pattern, matcher: Matcher) -> Bools:
        """Return where a pattern can be looked for: an argument that means its concept must have one."""
        found = np.ones(len(self.frame), dtype=bool)
        if matcher is self.whole:
            for node in nodes(pattern):
                if isinstance(node, tree.Arg):
                    found &= self.frame.sides[node.name].concept >= 0
        return found
