"""Matrix completion: tables that explain how often symbols of independent functions meet.

With q_a(y) = P(y | symbol a) and the class prior p, two symbols that are independent given the
label meet with the lift

    P(a, b) / (P(a) P(b)) = g * sum over y of q_a(y) q_b(y) / p(y),

and three with the same of three factors over p(y)^2. So the matrix of lifts has the rank of the
label set; its entries for dependent functions, which the formula does not hold for, are completed
from the others: the idea of Ratner et al. ("Training Complex Models with Multi-Task Weak
Supervision", AAAI 2019, section 4), here with

- one row a distinct symbol that occurs, where a vote for a set of labels is one symbol, so that
  nothing is counted twice, nothing is singular, and no matrix is inverted;
- counts weighed by their own chance (Poisson deviance), so that rare symbols are neither dropped
  nor flattened;
- third moments of some symbols, because second ones do not tell the class prior, nor, with three
  labels or more, labels from their mixtures;
- a loss that saturates (Geman and McClure 1987), so that functions that copy each other stay
  outliers instead of becoming the label;
- a factor g for rows on which all functions vote more often, whatever the label.

Tasks that share rows are fitted together: the label y is then one of the task graph's feasible label
vectors, and each symbol depends on the label of its own task in it.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch

from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.moments.deviance import FLOOR, SLACK, Counts, minimize
from biolabel.labelmodel.moments.moments import Moments, thrice
from biolabel.labelmodel.pooling import Flags, anchors
from biolabel.labelmodel.votes import Floats, Ints, Patterns

TRIPLED = 32
"""How many symbols are counted in triples: 32 make 4,960, more than any label set needs."""

_ANCHORS = (100.0, 2.0)
"""Pseudo-votes a symbol for its stated precision: first many, to find the way, then few."""

_LOOK = 40
"""Iterations from each start, after which the best one goes on."""

_DOUBT = 30.0
"""Further pseudo-votes per unit of variance: what fits badly is believed less than its author.

On planted votes the variance comes out as 0, so that this costs nothing. On the training votes of
31 functions on CDR pairs it is 2: 20 to 100 give the same soft labels there, and 0 lets completion
drift to "many patterns matched".
"""

_EVEN = 50.0
"""How much the lifts of busy rows are drawn to none: as 50 squared errors of a log lift."""

_OUT = -1e4
"""Log odds of labels that another task has and this one lacks."""


@dataclass(frozen=True, slots=True)
class Space:
    """The label vectors that tasks on the same rows can have, and which symbol is of which task.

    vectors: int64[v, t], the label of each task in each vector; task: int64[s]; labels: the number
    of labels of each task. A single task of k labels has k vectors of one label.
    """

    vectors: Ints
    task: Ints
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Triples:
    """How many candidates show three symbols of different functions: int64[t, 3], float64[t]."""

    symbol: Ints
    count: Floats


@dataclass(frozen=True, slots=True)
class Completion:
    """What completion found.

    emissions: one a task; share: float64[v], of the label vectors; pairs, triples: the factors by
    which two and three votes meet more often whatever the label; loss: what was minimized.
    """

    emissions: tuple[Emission, ...]
    share: Floats
    pairs: float
    triples: float
    loss: float
    converged: bool


def single(k: int, s: int) -> Space:
    """Return the space of one task of k labels with s symbols."""
    return Space(np.arange(k)[:, None], np.zeros(s, dtype=np.int64), (k,))


def triples(patterns: Patterns, moments: Moments, holds: Flags, most: int = TRIPLED) -> Triples:
    """Return the counts of all triples of the symbols that tell labels apart best.

    Of each label in turn (and each task) the most frequent symbol that names the fewest labels.
    holds: bool[s, k], the labels of each symbol.
    """
    s = len(moments.lf)
    order = np.lexsort((-moments.once, holds.sum(axis=1)))
    rank = np.full(holds.shape, s)
    for label in range(holds.shape[1]):
        own = order[holds[order, label]]
        rank[own, label] = np.arange(len(own))
    best = rank.min(axis=1, initial=s)
    chosen = np.sort(np.argsort(best, kind="stable")[:most])
    every = np.array(list(combinations(range(len(chosen)), 3)), dtype=np.int64).reshape(-1, 3)
    lf = np.sort(moments.lf[chosen][every], axis=1)
    every = every[(np.diff(lf, axis=1) > 0).all(axis=1)]
    return Triples(chosen[every], thrice(patterns, chosen, s)[tuple(every.T)])


def complete(
    moments: Moments,
    counted: Triples,
    space: Space,
    holds: Flags,
    precision: Floats,
    apart: Flags,
    *,
    slack: float = SLACK,
    busy: bool = True,
    max_iterations: int = 500,
) -> Completion:
    """Return the tables and shares that best explain how often symbols meet that are independent.

    holds: bool[s, k], the labels of each symbol among those of its task (k is the largest number of
    labels); precision: float64[s], what symbols are believed to be right in; apart: bool[s, s],
    which pairs are of functions that are independent given the label; slack: the variance of the
    logarithms of lifts that is error of the model and not chance (`structure.background` tells it
    of an emission); busy: whether there may be rows on which all functions vote more often. The
    search starts at equal shares, with two vectors also at unequal ones, and goes on from where the
    loss is least.
    """
    v = len(space.vectors)
    starts = [np.full(v, 1 / v)]
    if v == 2:
        starts += [np.array([0.8, 0.2]), np.array([0.2, 0.8])]
    problem = _Problem(moments, counted, space, holds, precision, apart, slack)
    tried = [
        _refine(problem, _begin(problem, start), _ANCHORS[0], busy, min(_LOOK, max_iterations))
        for start in starts
    ]
    final = _ANCHORS[1] + _DOUBT * slack
    best = min(tried, key=lambda state: state.loss)
    return _answer(problem, _refine(problem, best, final, busy, max_iterations))


class _Problem:
    """The counts and the loss as tensors; all that is fixed while tables and shares move."""

    def __init__(
        self,
        moments: Moments,
        counted: Triples,
        space: Space,
        holds: Flags,
        precision: Floats,
        apart: Flags,
        slack: float,
    ) -> None:
        self.space, self.holds, self.precision = space, holds, precision
        self.rows = max(moments.rows, 1.0)
        used = apart & (moments.lf[:, None] != moments.lf)
        linked = ~apart[counted.symbol[:, [0, 0, 1]], counted.symbol[:, [1, 2, 2]]].all(axis=1)
        symbol = counted.symbol[~linked]
        self.triples = torch.from_numpy(np.ascontiguousarray(symbol.T))
        rate = moments.once / self.rows
        self.rate = torch.from_numpy(rate)
        half = np.where(used, 0.5, 0.0)  # each pair stands in the matrix twice
        self.two = Counts.of(moments.twice, self.rows * np.outer(rate, rate), half, slack)
        chance = self.rows * rate[symbol].prod(axis=1)
        self.three = Counts.of(counted.count[~linked], chance, np.ones(len(symbol)), slack)
        self.terms = max(1, used.sum() // 2 + len(symbol))
        self.lf = torch.from_numpy(moments.lf)
        self.functions = int(moments.lf.max(initial=-1)) + 1
        tasks, k = len(space.labels), holds.shape[1]
        possible = np.arange(k) < np.array(space.labels)[:, None]
        self.out = torch.from_numpy(np.where(possible, 0.0, _OUT)[space.task])
        self.lacking = torch.from_numpy((~possible).astype(np.float64))
        self.task = torch.from_numpy(space.task)
        self.label = torch.from_numpy(np.ascontiguousarray(space.vectors[:, space.task].T))
        view = np.zeros((tasks, len(space.vectors), k))
        for task in range(tasks):
            view[task, np.arange(len(space.vectors)), space.vectors[:, task]] = 1
        self.view = torch.from_numpy(view)

    def priors(self, share: torch.Tensor) -> torch.Tensor:
        """Return the class prior of each task, float64[t, k], 1 where a task lacks a label."""
        return torch.einsum("tvk,v->tk", self.view, share) + self.lacking

    def believed(self, share: torch.Tensor) -> torch.Tensor:
        """Return the tables that are believed before any data, float64[s, k]."""
        result = np.zeros(self.holds.shape)
        for task, (labels, prior) in enumerate(
            zip(self.space.labels, self.priors(share).numpy(), strict=True)
        ):
            own = self.space.task == task
            result[own, :labels] = anchors(
                self.holds[own, :labels], self.precision[own], prior[:labels]
            )
        return torch.from_numpy(result)

    def loss(self, log_q: torch.Tensor, share: torch.Tensor, lifts: torch.Tensor) -> torch.Tensor:
        """Return the bent deviance of all counts, and what tables cost that are no probabilities."""
        ratio = log_q.exp() / self.priors(share)[self.task]
        by_vector = ratio.gather(1, self.label)
        total = self.two.deviance((by_vector * share) @ by_vector.T * lifts[0].exp())
        one, other, third = (by_vector[at] for at in self.triples)
        total = total + self.three.deviance((one * other * third) @ share * lifts[1].exp())
        given = torch.zeros(self.functions, ratio.shape[1], dtype=torch.float64)
        given = given.index_add(0, self.lf, ratio * self.rate[:, None])
        total = total + self.rows * (torch.relu(given - 1) ** 2).sum()
        return total - 0.5 * share.log().sum() + _EVEN * (lifts**2).sum()


@dataclass(frozen=True, slots=True)
class _State:
    """Where the search stands: log odds of the tables and shares, log lifts, and the loss there."""

    q: torch.Tensor
    share: torch.Tensor
    lifts: torch.Tensor
    loss: float = np.inf
    converged: bool = False

    def shares(self) -> torch.Tensor:
        return (1 - FLOOR) * torch.softmax(self.share, 0) + FLOOR / len(self.share)


def _begin(problem: _Problem, start: Floats) -> _State:
    share = torch.from_numpy(start)
    believed = problem.believed(share).clamp(min=FLOOR).log()
    return _State(believed, share.log(), torch.zeros(2, dtype=torch.float64))


def _refine(
    problem: _Problem, state: _State, anchor: float, busy: bool, max_iterations: int
) -> _State:
    """Return the least loss near a state, with tables drawn to the believed ones by the anchor."""
    q, share, lifts = (one.clone().requires_grad_() for one in (state.q, state.share, state.lifts))
    free = _State(q, share, lifts)
    believed = problem.believed(state.shares())

    def objective() -> torch.Tensor:
        log_q = torch.log_softmax(q + problem.out, 1)
        loss = problem.loss(log_q, free.shares(), lifts) - anchor * (believed * log_q).sum()
        return loss / problem.terms

    moving = [q, share, *([lifts] if busy else [])]
    loss, converged = minimize(objective, moving, max_iterations)
    return _State(q.detach(), share.detach(), lifts.detach(), loss * problem.terms, converged)


def _answer(problem: _Problem, state: _State) -> Completion:
    q, share = torch.softmax(state.q + problem.out, 1), state.shares()
    priors = problem.priors(share)
    table = (q / priors[problem.task] * problem.rate[:, None]).numpy()
    emissions = tuple(
        Emission(priors[task, :labels].numpy(), table[problem.space.task == task][:, :labels], True)
        for task, labels in enumerate(problem.space.labels)
    )
    pairs, triples = state.lifts.exp().tolist()
    return Completion(emissions, share.numpy(), pairs, triples, state.loss, state.converged)
