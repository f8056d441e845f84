"""What makes an assertion worth a curator's time: uncertainty, novelty, disagreement of rules."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence

NOVELTY: Mapping[str, int] = {"new": 4, "contradicts": 3, "refines": 2, "unchecked": 1, "known": 0}
"""What each status counts; assertions of one status are ordered by their probability."""


@dataclass(frozen=True, slots=True)
class RuleVotes:
    """In how many rows of evidence a rule voted for an assertion, and in how many against it."""

    rule: str
    votes_for: int
    votes_against: int


@dataclass(frozen=True, slots=True)
class Priority:
    """Numbers to order assertions by, each the larger the more urgent.

    uncertainty: 1 at a probability of one half, 0 at certainty. novelty: `NOVELTY` of the status plus
    the probability. disagreement: the entropy of the rules' votes, in bits.
    """

    uncertainty: float
    novelty: float
    disagreement: float


def rule_votes(evidence: Sequence[Evidence]) -> tuple[RuleVotes, ...]:
    """Return how often each rule voted, in the order of their names."""
    votes_for = Counter(chain.from_iterable(row.rules_for for row in evidence))
    against = Counter(chain.from_iterable(row.rules_against for row in evidence))
    return tuple(
        RuleVotes(rule, votes_for[rule], against[rule])
        for rule in sorted(votes_for.keys() | against.keys())
    )


def priority(assertion: Assertion, votes: Sequence[RuleVotes]) -> Priority:
    """Return how urgent an assertion is.

    Source of the disagreement: the vote entropy of Dagan and Engelson, "Committee-based sampling for
    training probabilistic classifiers", ICML 1995, section 4, here over rules, each of which has one
    vote that its rows of evidence share.
    """
    support = sum(vote.votes_for / (vote.votes_for + vote.votes_against) for vote in votes)
    return Priority(
        uncertainty=1 - abs(2 * assertion.probability - 1),
        novelty=NOVELTY[assertion.status] + assertion.probability,
        disagreement=_entropy(support / len(votes)) if votes else 0.0,
    )


def _entropy(share: float) -> float:
    return -sum(p * math.log2(p) for p in (share, 1 - share) if 0 < p < 1)
