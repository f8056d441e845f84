"""EM in which silence is evidence: P(joint symbol | label) of each source, class prior and pace.

Every table has a Dirichlet prior, so nothing is clipped and nothing is zero. For a function alone the
prior is votes as its author would expect them: right with its stated precision, in the same number of
rows as it voted on, scaled down (`Anchor`); so rare functions are held as firmly as common ones. For
a group it is its tree (`backoff`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.special import gammaln, softmax

from biolabel.labelmodel.em import backoff
from biolabel.labelmodel.em.mixture import Posterior, one_pace, posterior
from biolabel.labelmodel.emission import Mixture, Sources
from biolabel.labelmodel.pooling import Flags, anchors
from biolabel.labelmodel.votes import Floats, Ints, Symbols

_KINDS = 0.5
"""Pseudo-votes of a group for each kind of joint symbol that it emits: Jeffreys' prior."""

_PACES = 2
"""Paces where rows differ in it; a third changed nothing on planted paces."""

_NEWTON = 3
"""Newton steps for odds and factors an iteration; EM repeats them, so they need not converge."""


_SLACK = 1.0
"""Nats of all rows that an extrapolation may cost, since EM climbs the prior as well."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """How many votes of the prior there are for each vote, and on top of that for each function.

    With shares from .002 to .02 and 1 to 4 votes, the mean loss of macro-F1 against the true
    parameters on 18 planted sets (seeds 109 to 112) is .0028 to .0031; weak votes for a label of 5 %
    of the rows lose .04 at .02 and nothing at .005 (seed 106).
    """

    share: float = 0.005
    votes: float = 4.0


@dataclass(frozen=True)
class Rows:
    """Rows of joint symbols as EM reads them.

    shown: float64[p, j] and count: float64[p], the distinct rows, those without votes included;
    holds: bool[j, k] and precision: float64[j], the labels that the votes of a function alone name
    and what is stated of it (anything for joint symbols of groups); gold: see `mixture.posterior`.
    """

    found: Symbols
    sources: Sources
    shown: sparse.csr_matrix
    count: Floats
    holds: Flags
    precision: Floats
    anchor: Anchor
    gold: Floats | None = None

    @cached_property
    def groups(self) -> Ints:
        """The groups that voted, among all sources: int64[t]."""
        speaking = np.unique(self.sources.source)
        return speaking[self.sources.size[speaking] > 1]

    @cached_property
    def trees(self) -> backoff.Forest:
        """The joint symbols of these groups."""
        rows = float(self.count.sum())
        found = (self.sources, self.found)
        return backoff.forest(
            [backoff.alphabet(*found, int(at), self.votes, rows) for at in self.groups]
        )

    @cached_property
    def votes(self) -> Floats:
        """On how many rows each joint symbol is: float64[j]."""
        return np.asarray(self.shown.T @ self.count)


@dataclass(frozen=True, slots=True)
class Counts:
    """Expected counts: all that an iteration of EM needs of the rows.

    mass: float64[j, k], of each joint symbol and label; rows: float64[k, l], of each label and pace;
    said: float64[l], of the joint symbols at each pace.
    """

    mass: Floats
    rows: Floats
    said: Floats


@dataclass(frozen=True, slots=True)
class Tables:
    """P(joint symbol | label) as expected counts and priors make it.

    mass: float64[j, k], expected counts; rows: float64[k]; table: float64[j, k]; silent: float64[g,
    k], the share of rows where a source says nothing; penalty: the cost in nats of the parameters of
    all trees.
    """

    mass: Floats
    rows: Floats
    table: Floats
    silent: Floats
    penalty: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Where EM ended: the mixture, the posterior of its rows, their tables; and how it got there."""

    mixture: Mixture
    posterior: Posterior
    tables: Tables
    iterations: int
    converged: bool


def begin(rows: Rows, soft: Floats, paces: bool) -> Floats:
    """Return first expectations of label and pace, float64[p, k, l], of soft labels: float64[p, k].

    paces: whether rows may differ in pace. Rows with many symbols are likelier fast ones.
    """
    if not paces:
        return soft[:, :, None]
    symbols = np.diff(rows.shown.indptr)
    mean = float(rows.count @ symbols) / max(rows.count.sum(), 1.0)
    rates = max(mean, 1e-12) * np.exp(np.linspace(-0.7, 0.7, _PACES))
    poisson = softmax(symbols[:, None] * np.log(rates) - rates, axis=1)
    return np.asarray(soft[:, :, None] * poisson[:, None])


def converge(rows: Rows, joint: Floats, tolerance: float, most: int) -> Fit:
    """Return what EM makes of rows from first expectations on, float64[p, k, l].

    It has converged when no soft label moves by more than `tolerance` in an iteration; at least one
    and at most `most` iterations are made. Each two are followed by a step as far as their direction
    held (squared extrapolation: Varadhan and Roland, Scand. J. Statist. 2008, scheme S3), of expected
    counts here, and from where that leads only where the rows are not less probable there.
    """
    state, mixture, iterations = Posterior(joint, np.zeros(len(rows.count))), None, 0
    passed = [_counts(rows, joint)]
    while True:
        before = state
        tables = tabulate(rows, passed[-1])
        mixture = _maximize(rows, passed[-1], tables, mixture)
        state = posterior(mixture, rows.shown, rows.gold)
        iterations += 1
        change = float(np.abs(state.soft - before.soft).max(initial=0.0))
        if change <= tolerance or iterations >= most:
            return Fit(mixture, state, tables, iterations, change <= tolerance)
        passed.append(_counts(rows, state.joint))
        if len(passed) == 3 and iterations + 1 < most:
            far = _extrapolated(passed)
            tried = _maximize(rows, far, tabulate(rows, far), mixture)
            there = posterior(tried, rows.shown, rows.gold)
            iterations += 1
            gain = float(rows.count @ (there.evidence - state.evidence))
            if gain > -_SLACK:
                mixture, state = tried, there
            passed = [_counts(rows, state.joint)]


def _counts(rows: Rows, joint: Floats) -> Counts:
    """Return the expected counts of P(label, pace | row)."""
    expected = one_pace(joint) * rows.count[:, None]
    return Counts(
        np.asarray(rows.shown.T @ expected),
        np.einsum("pkl,p->kl", joint, rows.count),
        np.einsum("pkl,p->l", joint, np.diff(rows.shown.indptr) * rows.count),
    )


def _extrapolated(passed: Sequence[Counts]) -> Counts:
    """Return where two steps lead, as counts with the sums of the last ones and none too small."""
    first, second, third = (
        np.concatenate([it.mass.ravel(), it.rows.ravel(), it.said]) for it in passed
    )
    step, bend = second - first, third - 2 * second + first
    length = float(np.linalg.norm(bend))
    far = max(1.0, float(np.linalg.norm(step)) / length) if length > 0 else 1.0
    target = np.maximum(first + 2 * far * step + far**2 * bend, 0.1 * third)
    last = passed[-1]
    mass, rows, said = np.split(target, np.cumsum([last.mass.size, last.rows.size]))
    mass, rows = mass.reshape(last.mass.shape), rows.reshape(last.rows.shape)
    return Counts(
        mass * (last.mass.sum(axis=1) / mass.sum(axis=1))[:, None],
        rows * (last.rows.sum() / max(rows.sum(), 1e-300)),
        said * (last.said.sum() / max(said.sum(), 1e-300)),
    )


def tabulate(rows: Rows, counts: Counts) -> Tables:
    """Return the tables that expected counts imply."""
    mass, total = counts.mass, counts.rows.sum(axis=1)
    source, number = rows.sources.source, rows.sources.number
    believed, around = _believed(rows, _prior(total))
    room = np.maximum(total, _by_source(source, mass, number))  # extrapolated counts may not fit
    table = (mass + believed) / (room + around)[source]
    silent = 1 - _by_source(source, table, number)
    trees, groups = rows.trees, len(rows.groups)
    if groups:
        own = mass[trees.joint]
        among = trees.group[trees.voiced]
        seen = _stacked(trees, own, total - _by_source(among, own, groups))
        pseudo = _KINDS * trees.kinds[:, None]
        smooth = seen + pseudo[trees.group] * backoff.believed(trees, seen)
        smooth /= (_by_source(trees.group, seen, groups) + pseudo)[trees.group]
        table[trees.joint], silent[rows.groups] = smooth[trees.voiced], smooth[~trees.voiced]
    penalty = 0.5 * trees.parameters * float(np.log1p(total).sum())
    return Tables(mass, total, table, silent, penalty)


def score(rows: Rows, fit: Fit) -> float:
    """Return the log probability of the rows with the parameters integrated out, in nats.

    It compares models of different sources. Cheeseman and Stutz's approximation ("Bayesian
    classification (AutoClass)", 1996): the evidence of the expected complete rows, exact for
    Dirichlet priors, corrected by how much likelier the rows are than the expected complete ones.
    Functions alone count with Jeffreys' prior, the parameters of trees cost half the logarithm of
    the rows each (Schwarz 1978).
    """
    tables, source = fit.tables, rows.sources.source
    rest = np.maximum(tables.rows - _by_source(source, tables.mass, rows.sources.number), 0)
    complete = (tables.mass * np.log(tables.table)).sum() + (rest * np.log(tables.silent)).sum()
    whole = float(rows.count @ fit.posterior.evidence) - complete
    alpha, none = np.full_like(tables.mass, 0.5), np.full_like(rest, 0.5)
    trees = rows.trees
    if len(rows.groups):
        counts = _stacked(trees, tables.mass[trees.joint], rest[rows.groups])
        prior = np.maximum(backoff.believed(trees, counts), 1e-12)
        prior *= _KINDS * trees.kinds[trees.group, None]
        alpha[trees.joint], none[rows.groups] = prior[trees.voiced], prior[~trees.voiced]
    total = none + _by_source(source, alpha, rows.sources.number)
    gain = (gammaln(alpha + tables.mass) - gammaln(alpha)).sum()
    gain += (gammaln(none + rest) - gammaln(none)).sum()
    gain += (gammaln(total) - gammaln(total + tables.rows)).sum()
    return float(whole + gain - tables.penalty)


def _stacked(trees: backoff.Forest, own: Floats, silent: Floats) -> Floats:
    """Return counts of the joint symbols of groups, float64[t, k], with silence, float64[g, k]."""
    found = np.empty((len(trees.group), own.shape[1]))
    found[trees.voiced], found[~trees.voiced] = own, np.maximum(silent, 0)
    return found


def _believed(rows: Rows, prior: Floats) -> tuple[Floats, Floats]:
    """Return the votes of the prior, float64[j, k], and the rows that they are among, float64[g, k].

    A function votes among the rows of the prior as often as among the real ones. Where its stated
    precision needs more rows of a label than there are, there are as many more.
    """
    source, number = rows.sources.source, rows.sources.number
    voted = np.bincount(source, rows.votes, number)
    strength = rows.anchor.share + rows.anchor.votes / np.maximum(voted, 1)
    single = rows.sources.single
    believed = np.zeros((len(source), len(prior)))
    right = anchors(rows.holds[single], rows.precision[single], prior)
    believed[single] = (strength[source] * rows.votes)[single, None] * right
    among = strength[:, None] * rows.count.sum() * prior
    least = _by_source(source, believed, number) + 0.5 * strength[:, None]
    return believed, np.maximum(among, least)


def _prior(total: Floats) -> Floats:
    """Return the class prior of expected counts: one pseudo-row a label keeps labels possible."""
    return (total + 1) / (total.sum() + len(total))


def _maximize(rows: Rows, counts: Counts, tables: Tables, before: Mixture | None) -> Mixture:
    """Return the mixture that expected counts and their tables imply."""
    speak, weighed, said = 1 - tables.silent, counts.rows, counts.said
    share = _prior(weighed.sum(axis=0))
    odds, factor = speak / tables.silent, np.ones(len(share))
    if len(share) > 1 and said.sum() > 0:
        if before is None:
            pace = (said + 1e-6 * said.sum()) / np.maximum(weighed.sum(axis=0), 1.0)
            start = odds, pace / float(share @ pace)
        else:
            start = before.odds, before.factor
        odds, factor = _calibrate(speak, weighed, said, *start)
        mean = float(share @ factor)
        odds, factor = odds * mean, factor / mean
    relative = np.log(np.maximum(odds, 1e-300)) - np.log(np.maximum(speak, 1e-300))
    weight = np.log(tables.table) + relative[rows.sources.source]
    return Mixture(_prior(tables.rows), share, factor, weight, odds)


def _calibrate(
    speak: Floats, weighed: Floats, said: Floats, odds: Floats, factor: Floats
) -> tuple[Floats, Floats]:
    """Return odds and factors under which sources speak as often as they should.

    speak: float64[g, k], how often for each label; said: float64[l], how many symbols there are at
    each pace; weighed: float64[k, l], the rows of each label and pace.
    """
    share = (weighed + 1e-9) / (weighed + 1e-9).sum(axis=1, keepdims=True)
    for _ in range(_NEWTON):
        rate = factor * odds[..., None] / (1 + factor * odds[..., None])
        slope = np.maximum((share * rate * (1 - rate)).sum(axis=-1), 1e-12)
        step = (speak - (share * rate).sum(axis=-1)) / slope
        odds = odds * np.exp(np.clip(step, -1, 1))
        rate = factor * odds[..., None] / (1 + factor * odds[..., None])
        slope = np.maximum((weighed * (rate * (1 - rate)).sum(axis=0)).sum(axis=0), 1e-12)
        step = (said - (weighed * rate.sum(axis=0)).sum(axis=0)) / slope
        factor = factor * np.exp(np.clip(step, -1, 1))
    return odds, factor


def _by_source(source: Ints, table: Floats, g: int) -> Floats:
    return np.stack([np.bincount(source, column, g) for column in table.T], axis=1)
