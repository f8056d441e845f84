"""Conditions on dependency paths (LANGUAGE.md 2.5): `path like`, `path_length` and the region `path`.

A pattern stands on a row of the tree if that row is the head of one of its matches; an argument
stands on the head of its mention. All is unknown where an argument has no parse. Between sentences,
parsed or not, and between the trees of a sentence that fell apart, there is no path: `path like` is
false if it names both arguments, the region empty, `path_length` unknown.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column
from biolabel.apply.matches import Matches, expand_ranges, matches
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import Ranges
from biolabel.apply.scene import Frame
from biolabel.apply.trees import Keys, Paths, Trees
from biolabel.lang import tree

Bools = NDArray[np.bool_]
STEPS = 4
"""How many edges `*` and `+` follow at most (LANGUAGE.md 5)."""


def path_like(trees: Trees, frame: Frame, matcher: Matcher, condition: tree.PathLike) -> Column:
    """Return whether a walk through the tree follows the parts of a path.

    A walk may come back to a row. A path that does not begin with an argument begins at any row of
    the sentences of the candidate.
    """
    true = _walks(trees, frame, matcher, condition, possible=False)
    possible = _walks(trees, frame, matcher, condition, possible=True)
    named = {part.name for part in condition.parts if isinstance(part, tree.Arg)}
    asked = _parsed(trees, frame) | _apart(trees, frame) & (len(named) > 1)
    return Column(true, (true | ~possible) & (true | asked))


def path_length(trees: Trees, frame: Frame) -> NDArray[np.float64]:
    """Return the edges between the heads of the two arguments, NaN where unknown: float64[n]."""
    return shortest_paths(trees, frame).length


def shortest_paths(trees: Trees, frame: Frame) -> Paths:
    """Return the paths between the heads of the first two arguments."""
    a, b = list(frame.sides.values())[:2]
    return trees.shortest(trees.heads(a.first, a.end), trees.heads(b.first, b.end))


def path_ranges(trees: Trees, frame: Frame) -> Ranges:
    """Return the rows between the ends of each path, one range each, from the first argument on."""
    paths = shortest_paths(trees, frame)
    row, owner = paths.row[paths.between], paths.owner[paths.between]
    return Ranges(row, row + 1, owner, _parsed(trees, frame) | _apart(trees, frame))


def outermost(ranges: Ranges, side: str) -> Ranges:
    """Return the first range of each owner for `starts`, the last one for `ends`."""
    change = ranges.owner[1:] != ranges.owner[:-1]
    held = np.r_[True, change] if side == "starts" else np.r_[change, True]
    held = held[: len(ranges.owner)]
    return Ranges(ranges.first[held], ranges.end[held], ranges.owner[held], ranges.known)


def standing(trees: Trees, found: Matches) -> Matches:
    """Return matches as the rows on which they stand."""
    head = trees.heads(found.first, found.end)
    return matches(head, head + 1, found.owner)


def _parsed(trees: Trees, frame: Frame) -> Bools:
    """Return whether all arguments of each row of a frame stand in a tree."""
    heads = (trees.heads(side.first, side.end) for side in frame.sides.values())
    return np.logical_and.reduce([trees.parsed(head) for head in heads])


def _apart(trees: Trees, frame: Frame) -> Bools:
    """Return whether two arguments, if there are just two, share no sentence even in part."""
    if len(frame.sides) != 2:
        return np.zeros(len(frame), dtype=bool)
    sentence = trees.corpus.row_sentence
    a, b = ((sentence[side.first], sentence[side.end - 1]) for side in frame.sides.values())
    return (a[1] < b[0]) | (b[1] < a[0])


def _walks(
    trees: Trees, frame: Frame, matcher: Matcher, condition: tree.PathLike, *, possible: bool
) -> Bools:
    """Return bool[n]: whether a walk of each row's own reaches the end of the path."""
    walk: Keys | None = None
    for part in condition.parts:
        if isinstance(part, tree.Edge):
            walk = _steps(trees, _anywhere(trees, frame) if walk is None else walk, part)
            continue
        found = standing(trees, matcher.possible(part) if possible else matcher.find(part))
        own = found.owner >= 0
        owned = trees.keys(found.owner[own], found.first[own])
        if walk is None:
            walk = owned if own.any() else _anywhere(trees, frame)
        free = np.zeros(len(trees.corpus.row_head), dtype=bool)
        free[found.first[~own]] = True
        walk = walk[free[trees.places(walk)[1]] | np.isin(walk, owned)]
    reached = np.zeros(len(frame), dtype=bool)
    if walk is not None:
        reached[trees.places(walk)[0]] = True
    return reached


def _anywhere(trees: Trees, frame: Frame) -> Keys:
    """Return all rows of the sentences in which the arguments begin."""
    corpus, keys = trees.corpus, [np.empty(0, dtype=np.int64)]
    for side in frame.sides.values():
        sentence = corpus.row_sentence[side.first]
        bounds = corpus.sentence_first_row[sentence], corpus.sentence_end_row[sentence]
        keys.append(trees.keys(*expand_ranges(*bounds)))
    return np.unique(np.concatenate(keys))


def _steps(trees: Trees, walk: Keys, edge: tree.Edge) -> Keys:
    """Follow an edge as often as its quantifier says."""
    move = trees.up if edge.text.startswith("<") else trees.down
    labels = edge_labels(edge)
    high = max(STEPS, edge.low) if edge.high is None else edge.high
    reached = [walk] if edge.low == 0 else [walk[:0]]
    for number in range(1, high + 1):
        walk = move(walk, labels)
        if number >= edge.low:
            reached.append(walk)
        if not len(walk):
            break
    return np.unique(np.concatenate(reached))


def edge_labels(edge: tree.Edge) -> Collection[str] | None:
    """Return the labels that an edge may have, None for `<<` and `>>`, which may have any."""
    if edge.text in ("<<", ">>"):
        return None
    return edge.text[1:].strip("()").split("|")
