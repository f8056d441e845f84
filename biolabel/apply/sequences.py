"""Parts of a sequence joined from the left: what matched so far, and the gap that is open behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from biolabel.apply.matches import (
    Matches,
    OpenGap,
    before_gap,
    behind_gap,
    follow,
    gap_stretches,
    union,
)
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

States = dict[OpenGap, Matches]


@dataclass(frozen=True, slots=True)
class Joined:
    """How far a sequence has matched.

    states: what matched, by the gap behind it; leads: the gaps with which nothing but a gap has matched
    so far, None for nothing at all.
    """

    states: States = field(default_factory=dict)
    leads: frozenset[OpenGap] = frozenset({None})


def past(joined: Joined, gap: tree.Gap) -> Joined:
    """Return a sequence with a gap more behind it."""
    states = merged([(_longer(open_, gap), found) for open_, found in joined.states.items()])
    return Joined(states, frozenset(_longer(open_, gap) for open_ in joined.leads))


def repeated(corpus: Corpus, joined: Joined, table: Matches, low: int, high: int) -> Joined:
    """Return a sequence with the matches of one more part, which stands there low to high times."""
    done = dict(joined.states) if low == 0 else {}
    reached, starts = joined.states, joined.leads
    for number in range(1, high + 1):
        steps: list[tuple[OpenGap, Matches]] = [
            (None, follow(corpus, found, table, gap)) for gap, found in reached.items()
        ]
        steps += [(None, behind_gap(corpus, table, gap)) for gap in starts]
        reached, starts = merged(steps), frozenset()
        if number >= low:
            done = merged([*done.items(), *reached.items()])
    return Joined(done, joined.leads if low == 0 else frozenset())


def ended(corpus: Corpus, joined: Joined) -> Matches:
    """Return the matches of a sequence to which nothing is added, open gaps included."""
    found = [before_gap(corpus, each, gap) for gap, each in joined.states.items()]
    return union([*found, *(gap_stretches(corpus, gap) for gap in joined.leads)])


def merged(states: Sequence[tuple[OpenGap, Matches]]) -> States:
    """Return states with one table for each gap that is open."""
    found: States = {}
    for gap, table in states:
        found[gap] = union([found[gap], table]) if gap in found else table
    return found


def _longer(gap: OpenGap, more: tree.Gap) -> tuple[int, int | None]:
    low, high = gap or (0, 0)
    return low + more.low, None if high is None or more.high is None else high + more.high
