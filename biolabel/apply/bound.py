"""Patterns that name two arguments, joined at the mentions of each instead of at every pair of them.

A candidate pair has a row for each pair of its mentions, but a pattern like `{a} ..6 "causes" ..4 {b}`
matches few of them. So mentions are looked for as text is, and what matched says which ones they were:
the time goes with the mentions and matches, not with the pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, OpenGap, Placed, expand_ranges, rows_behind
from biolabel.apply.patterns import Matcher, bounds
from biolabel.apply.sequences import Joined, States, ended, past, repeated
from biolabel.data.corpus import Corpus
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Bound:
    """Matches and the mentions in them: owner is the number of a pair of `ids`, int32[2, pairs].

    names: the arguments that the two rows of `ids` are about.
    """

    matches: Matches
    names: tuple[str, str]
    ids: Ints


def bindable(pattern: tree.Pattern) -> bool:
    """Return whether a pattern is a sequence in which two arguments stand, once each."""
    if not isinstance(pattern, tree.Seq):
        return False
    own = [item.name for item in pattern.items if isinstance(item, tree.Arg)]
    every = [node for node in nodes(pattern) if isinstance(node, tree.Arg)]
    kept = any(isinstance(node, tree.Keep) for node in nodes(pattern))
    return len(own) == len(every) == len(set(own)) == 2 and not kept


def bound_matches(matcher: Matcher, pattern: tree.Seq, mentions: Mapping[str, Placed]) -> Bound:
    """Return the matches of a bindable pattern.

    mentions: for each argument where it may stand; the owner says which of its mentions that is.
    """
    corpus = matcher.scene.corpus
    joined = Joined()
    names: list[str] = []
    ids = np.empty((2, 0), dtype=np.int32)
    tables = iter(matcher.tables(pattern.items, mentions))
    for item in pattern.items:
        if isinstance(item, tree.Gap):
            joined = past(joined, item)
            continue
        table = next(tables)
        if isinstance(item, tree.Arg) and names:
            pairs = [_paired(corpus, m, table, gap) for gap, m in joined.states.items()]
            states, ids = _numbered(pairs)
            joined = replace(joined, states=states)
        else:
            _, low, high = bounds(item)
            joined = repeated(corpus, joined, table, low, high)
        names += [item.name] if isinstance(item, tree.Arg) else []
    found = ended(corpus, joined)
    return Bound(found, (names[0], names[1]), ids)


def _paired(
    corpus: Corpus, left: Matches, right: Matches, gap: OpenGap
) -> tuple[Matches, Ints, Ints]:
    """Return what `follow` finds, with the owners on both sides apart."""
    low, high = rows_behind(corpus, left, gap)
    a, b = expand_ranges(np.searchsorted(right.first, low), np.searchsorted(right.first, high))
    none = np.full(len(a), -1, dtype=np.int32)
    found = Matches(left.first.take(a), right.end.take(b), none, none, none)
    return found, left.owner.take(a), right.owner.take(b)


def _numbered(pairs: list[tuple[Matches, Ints, Ints]]) -> tuple[States, Ints]:
    """Return matches of pairs with the number of each pair as owner, and the pairs."""
    first, end, one, two = (
        np.concatenate([np.empty(0, np.int32), *parts])
        for parts in (
            [found.first for found, _, _ in pairs],
            [found.end for found, _, _ in pairs],
            [one for _, one, _ in pairs],
            [two for _, _, two in pairs],
        )
    )
    order = np.lexsort((end, first))
    owner = np.arange(len(first), dtype=np.int32)
    none = np.full(len(first), -1, dtype=np.int32)
    found = Matches(first.take(order), end.take(order), owner, none, none)
    return ({None: found} if len(found) else {}), np.stack([one.take(order), two.take(order)])
