"""What the regions of a frame's rows hold: matches of patterns, and where that is known."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biolabel.apply import measures
from biolabel.apply.attributes import unsure
from biolabel.apply.columns import Column, Counts, where_known
from biolabel.apply.frames import Frame
from biolabel.apply.matches import Matches, union
from biolabel.apply.metadata import meta_texts
from biolabel.apply.paths import outermost, path_ranges, standing
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import Ranges, inside, listed, region_ranges, touching
from biolabel.apply.scene import Scene
from biolabel.compile.expand import swap_arguments
from biolabel.data.corpus import Corpus
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
WHOLE = frozenset({"document", "title", "abstract", "section"})
"""The regions in which an argument may stand for its whole concept."""


@dataclass(frozen=True, eq=False)
class Found:
    """Where a pattern matches, the region of each row, and where both are known: bool[n].

    corpus: what the rows of the matches are rows of, which for metadata is no part of the text;
    possible: the matches, and those that words without an attribute could make; path: whether the
    region is a dependency path, whose ends are those of the whole.
    """

    corpus: Corpus
    matches: Matches
    possible: Matches
    ranges: Ranges
    known: Bools
    path: bool = False

    def holds(self) -> Column:
        """Return whether a match lies inside the region."""
        return self._judged(lambda found: inside(found, self.ranges))

    def touches(self, side: str) -> Column:
        """Return whether a match starts or ends with the region."""
        ranges = outermost(self.ranges, side) if self.path else self.ranges
        return self._judged(lambda found: touching(found, ranges, side))

    def counts(self, *, different: bool = False) -> tuple[Counts, Counts]:
        """Return how many different places (or texts) match in each row's region: int64[n].

        The second number counts also those that words without an attribute could make.
        """
        least = self._count(self.matches, different=different)
        if self.possible is self.matches:
            return least, least
        return least, self._count(self.possible, different=different)

    def _judged(self, judge: Callable[[Matches], Bools]) -> Column:
        true = judge(self.matches)
        if self.possible is self.matches:
            return where_known(true, self.known)
        return where_known(true, self.known & (true | ~judge(self.possible)))

    def _count(self, found: Matches, *, different: bool) -> Counts:
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

    near: an argument is itself; whole: it is every mention of its concept; known: where the regions
    lie that were asked for.
    """

    scene: Scene
    frame: Frame
    near: Matcher
    whole: Matcher
    known: dict[tree.Region, Ranges] = field(default_factory=dict)

    def matcher(self, region: tree.Region) -> Matcher:
        """Return what finds patterns in a region, where an argument may be its whole concept."""
        if region.kind == "meta" and region.name is not None:
            return meta_texts(self.scene, region.name.text).matcher
        whole = region.kind in WHOLE and self.frame.whole_concepts
        return self.whole if whole else self.near

    def ranges(self, region: tree.Region) -> Ranges:
        """Return where a region lies for each row."""
        if region not in self.known:
            self.known[region] = self._ranges(region)
        return self.known[region]

    def _ranges(self, region: tree.Region) -> Ranges:
        if region.kind == "meta" and region.name is not None:
            return meta_texts(self.scene, region.name.text).ranges(self.frame)
        if region.kind == "path":
            return path_ranges(self.scene.trees, self.frame)
        return region_ranges(self.scene, self.frame, region)

    def find(self, region: tree.Region, pattern: tree.Pattern, *, both_ways: bool = False) -> Found:
        """Look for a pattern, or also for the one with the two arguments swapped."""
        matcher, ranges = self.matcher(region), self.ranges(region)
        patterns = [pattern]
        if both_ways:
            patterns.append(swap_arguments(pattern, *self.frame.sides))
        found = possible = union([matcher.find(each) for each in patterns])
        if unsure(matcher.scene, pattern):
            possible = union([matcher.possible(each) for each in patterns])
        if region.kind == "path":
            trees, same = self.scene.trees, possible is found
            found = standing(trees, found)
            possible = found if same else standing(trees, possible)
        sure = ranges.known & self._has_concepts(tuple(patterns), matcher)
        corpus, path = matcher.scene.corpus, region.kind == "path"
        return Found(corpus, found, possible, ranges, sure, path)

    def _has_concepts(self, patterns: tuple[tree.Pattern, ...], matcher: Matcher) -> Bools:
        """Return where patterns can be looked for: an argument that means its concept must have one."""
        found = np.ones(len(self.frame), dtype=bool)
        if matcher is self.whole:
            for node in nodes(patterns):
                if isinstance(node, tree.Arg):
                    found &= self.frame.sides[node.name].concept >= 0
        return found
