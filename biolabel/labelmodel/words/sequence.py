"""A linear chain over the words that rules spoke about: neighbors tell each other's labels.

A chain is a run of neighboring words with votes, within a sentence; words without votes end it, since no
match is no vote for `outside`. Its labels have start shares and transitions, its words what their own
votes say, as a likelihood up to a factor a word:

    P(labels, votes) = start(y_1) * l_1(y_1) * prod over i > 1 of step(y_(i-1), y_i) * l_i(y_i).

Chains of one length are worked on as one tensor (Rabiner 1989, "A tutorial on hidden Markov models",
sections III A to C), in log space.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from biolabel.labelmodel.params import Transitions
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats, Ints

_PSEUDO = 1.0
"""Starts, and steps from each label, that are believed to go where labels are as common as on all words."""

_LEAST = 1e-12
"""Least probability of a label, so that certain votes cannot make a chain impossible."""


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of words by their length.

    words: for each length that occurs, int64[c, length], the rows of the words of each chain.
    """

    words: tuple[Ints, ...]


def chains(covered: Flags, follows: Flags) -> Chains:
    """Return the runs of covered words of which each follows the one before.

    covered: bool[n]; follows: bool[n], whether a word stands right after the one before it, in its
    sentence.
    """
    joined = covered & follows & np.r_[False, covered[:-1]]
    first = np.flatnonzero(covered & ~joined)
    length = np.diff(np.append(np.flatnonzero(~joined), len(covered)))
    length = length[covered[np.flatnonzero(~joined)]]
    return Chains(
        tuple(
            first[length == size][:, None] + np.arange(size) for size in np.unique(length).tolist()
        )
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """Expected labels of words in chains; counts of shards add up.

    words, starts: float64[k], of all words and of first ones; steps: float64[k, k], of a word and the next.
    """

    words: Floats
    starts: Floats
    steps: Floats

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of both."""
        return Counts(
            self.words + other.words, self.starts + other.starts, self.steps + other.steps
        )


def count(found: Chains, soft: Floats) -> Counts:
    """Return the labels that the words of chains are expected to have, each taken alone.

    soft: float64[n, k], P(label | a word's own votes).
    """
    k = soft.shape[1]
    every, starts, steps = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for words in found.words:
        own = soft[words]
        every += own.sum(axis=(0, 1))
        starts += own[:, 0].sum(axis=0)
        steps += np.einsum("cia,cib->ab", own[:, :-1], own[:, 1:])
    return Counts(every, starts, steps)


def learn(counts: Counts) -> Transitions:
    """Return the shares of counts, with a Dirichlet prior of `_PSEUDO` at those of all words.

    The labels of a step are counted as if independent, so words whose own votes say little teach little.
    To count on with the posteriors of the chains (Baum-Welch) drifts: strict F1 of the mentions of the
    training parts is .821 then on NCBI-disease, against .853 of each word alone and .854 of this.
    """
    k = len(counts.words)
    share = (counts.words + _PSEUDO / k) / (counts.words.sum() + _PSEUDO)
    return Transitions(
        share,
        (counts.starts + _PSEUDO * share) / (counts.starts.sum() + _PSEUDO),
        (counts.steps + _PSEUDO * share) / (counts.steps.sum(axis=1, keepdims=True) + _PSEUDO),
    )


def log_likelihood(soft: Floats, prior: Floats) -> Floats:
    """Return what the votes of words say of their labels, log and up to a constant: float64[n, k].

    soft: float64[n, k], P(label | votes) under the class prior, float64[k].
    """
    return np.log(np.maximum(soft, _LEAST)) - np.log(prior)


def smoothed(found: Chains, likelihood: Floats, fitted: Transitions) -> Floats:
    """Return P(label of a word | votes of its chain), float64[n, k]; NaN for words in none."""
    result = np.full(likelihood.shape, np.nan)
    start, step = np.log(fitted.start), np.log(fitted.step)
    for words in found.words:
        own = likelihood[words]
        length = own.shape[1]
        forward, backward = [start + own[:, 0]], [np.zeros_like(own[:, 0])]
        for at in range(1, length):
            forward.append(logsumexp(forward[-1][:, :, None] + step, axis=1) + own[:, at])
        for at in range(length - 1, 0, -1):
            following = (own[:, at] + backward[-1])[:, None, :]
            backward.append(logsumexp(step + following, axis=2))
        both = np.stack(forward, axis=1) + np.stack(backward[::-1], axis=1)
        whole = logsumexp(forward[-1], axis=1)[:, None, None]
        result[words] = np.exp(both - whole)
    return result
