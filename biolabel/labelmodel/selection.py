"""The choice between estimators, without gold where there is none.

Each estimator is fitted to half of the candidates (of at most 2 x `_MOST`) and asked, on the other
half, what each source will vote, silence included, given the votes of all other sources: a held-out
pseudo-likelihood (Besag 1975). But likelihood alone can be won by another latent variable than the
label ("many patterns matched"), so an estimator must also be sound:

- `emission` explains everything by the label, so no two sources may depend on each other beyond it,
  the lifts of pairs may not spread around what it explains, and no tenth of all votes may come from
  functions that it finds worse than chance. Where rules state their precision, which `tempered` holds
  them to, its soft labels may not be others than those of `tempered`. On planted votes it passes; on
  the training votes of all our tasks it does not, and there it loses .03 to .3 of F1 against the
  majority vote (`python benchmarks/label_model_tempering.py`);
- an estimator that finds something else on half of the candidates than on all is not believed.

A sound `emission` is taken; else of `tempered` and the majority vote, which learns nothing, the one
with the better likelihood. Where fewer than three functions vote it is the majority vote. Where gold
rows are known, the likelihood of their labels decides instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.choice import Choice, Method, Trial
from biolabel.labelmodel.em.dependence import Pairs
from biolabel.labelmodel.em.mixture import posterior
from biolabel.labelmodel.em.sources import gather
from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.estimate import estimate, soft_labels
from biolabel.labelmodel.moments.moments import merged, moments
from biolabel.labelmodel.moments.structure import background
from biolabel.labelmodel.params import Estimate, Settings
from biolabel.labelmodel.pooling import Flags, allowed
from biolabel.labelmodel.tempered import units
from biolabel.labelmodel.votes import Floats, Ints, compress, row_starts, symbols

TRIED: tuple[Method, ...] = ("emission", "tempered", "majority")
"""The estimators, the one that explains most first."""

_MOST = 10_000
"""Candidates of a half at most: the standard error of a score is below .01 nats from there on."""

_CHUNK = 1 << 20
"""Votes looked at at a time."""

_MERGED = 100_000
"""Candidates up to which equal rows are looked for."""

_ASKED = 8
"""Sources whose votes are predicted, those with the most votes; each costs a prediction."""

_FEWEST, _ROWS = 3, 20
"""Functions and distinct candidates from which agreement can tell who is wrong."""

_BUSIEST = 0.999
"""The most that a function is taken to vote on rows of a label."""

_CHANCE = 0.75
"""Share of the class prior below which a function is worse than chance, and not just of little use."""

_WORSE, _MOVED = 0.1, 0.1
"""Share of votes below chance, and mean change of soft labels, at most."""

_SPREAD = 0.03
"""Variance of the log lifts of pairs of sources around those explained (`structure.background`).

On halves of ten planted sets of 1,000 to 10,000 rows it is below .001 in 88 of 89 draws; on halves of
the training votes of 31 functions on CDR pairs, which `emission` takes for other labels, .1 to .14.
"""

_GOLD = 30
"""Gold rows from which they decide: their mean log likelihood then has a standard error near .1."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """An estimator on one half, how well it predicts the other, and what speaks against it.

    scores, times: float64[n], of each row of the other half, and how often it occurs.
    """

    method: Method
    scores: Floats
    times: Floats
    objection: str

    def trial(self) -> Trial:
        rows = max(float(self.times.sum()), 1.0)
        mean = float(self.times @ self.scores) / rows
        spread = np.sqrt(float(self.times @ (self.scores - mean) ** 2)) / rows
        return Trial(self.method, mean, spread, self.objection)


def select(
    matrix: LabelMatrix,
    settings: Settings,
    generator: np.random.Generator,
    gold: Ints | None = None,
) -> tuple[Estimate, Choice]:
    """Return the estimate of an exclusive task by the estimator that suits its votes, and why it does.

    gold: int64[n], the label of each candidate, -1 where it is not known.
    """

    def fitted(method: Method, votes: LabelMatrix, known: Ints | None = None) -> Estimate:
        return estimate(votes, replace(settings, method=method), generator, known)

    voting = _voting(matrix)
    rows = int(_times(matrix)[np.diff(row_starts(matrix)) > 0].sum())
    if voting < _FEWEST or rows < _ROWS:
        stated = any(lf.precision is not None for lf in matrix.lfs)
        method: Method = "tempered" if stated else "majority"
        why = f"{voting} labeling functions voted on {rows} rows: too few to tell who is wrong"
        return fitted(method, matrix, gold), Choice((), method, why)
    if gold is not None and np.count_nonzero(gold >= 0) >= _GOLD:
        return _by_gold(matrix, settings, gold, fitted)
    first, second = _halves(matrix, generator)
    halves = {method: fitted(method, first) for method in TRIED}
    objections = {method: _unsound(first, half) for method, half in halves.items()}
    objections["emission"] = objections["emission"] or _against_rules(second, settings, halves)
    source = units(matrix.lfs)
    model = halves["emission"].model
    if model is not None and not objections["emission"]:
        source = model.sources.of_lf
    tried = [
        _Tried(
            method,
            _scores(second, settings, half, _rows(first), source),
            _times(second),
            objections[method],
        )
        for method, half in halves.items()
    ]
    while True:  # the majority vote has no objection, and what learns nothing cannot be unstable
        sound = [it for it in tried if not it.objection]
        explaining = [it for it in sound if it.method == "emission"]
        best = max(explaining or sound, key=lambda it: it.trial().score)
        whole = fitted(best.method, matrix, gold)
        moved = _moved(second, settings, whole, halves[best.method])
        if moved <= _MOVED or best.method == "majority":
            trials = tuple(it.trial() for it in tried)
            return whole, Choice(trials, best.method, _reason(best.method, trials))
        objection = f"half of the candidates change its soft labels by {moved:.2f}"
        tried[tried.index(best)] = replace(best, objection=objection)


def by_label(choices: Mapping[str, Choice]) -> Choice:
    """Return the choices for the labels of a task that picks many as one, trials named by label."""
    tried = tuple(
        replace(trial, name=f"{label}: {trial.name}")
        for label, choice in choices.items()
        for trial in choice.tried
    )
    chosen = ", ".join(sorted({choice.chosen for choice in choices.values()}))
    why = "; ".join(f"{label}: {choice.chosen}, {choice.why}" for label, choice in choices.items())
    return Choice(tried, chosen, why)


def _by_gold(
    matrix: LabelMatrix,
    settings: Settings,
    gold: Ints,
    fitted: Callable[..., Estimate],
) -> tuple[Estimate, Choice]:
    """Return the estimator under which known labels are likeliest; they are not shown to it before."""
    known = np.flatnonzero(gold >= 0)
    tried = []
    for method in TRIED:
        soft = soft_labels(matrix, fitted(method, matrix), _own(matrix), settings)
        likelihood = np.log(np.maximum(soft[known, gold[known]], np.finfo(np.float32).tiny))
        tried.append(_Tried(method, likelihood, np.ones(len(known)), ""))
    best = max(tried, key=lambda it: it.trial().score)
    why = f"the labels of {len(known):,} gold rows are likeliest under it"
    trials = tuple(it.trial() for it in tried)
    return fitted(best.method, matrix, gold), Choice(trials, best.method, why)


def _reason(best: Method, trials: Sequence[Trial]) -> str:
    if best == "emission":
        return "the label explains which functions vote together, and which are silent"
    unsound = ", ".join(it.name for it in trials if it.note)
    return f"it predicts held-out votes best, and {unsound or 'nothing'} is unsound"


def _voting(matrix: LabelMatrix) -> int:
    """Return how many labeling functions voted, without a copy of all votes."""
    seen = np.zeros(len(matrix.lfs), dtype=np.bool_)
    for start in range(0, len(matrix.lf), _CHUNK):
        seen[matrix.lf[start : start + _CHUNK]] = True
    return int(seen.sum())


def _halves(matrix: LabelMatrix, generator: np.random.Generator) -> tuple[LabelMatrix, LabelMatrix]:
    """Return the distinct rows of two halves of the candidates, or of a sample of them."""
    # Equal rows are one where there are few, so that it does not matter how they are given.
    whole = merged([matrix]) if matrix.n_candidates <= _MERGED else matrix
    left = np.rint(_times(whole)).astype(np.int64)
    half = min(_MOST, int(left.sum()) // 2)
    parts = []
    for _ in range(2):
        drawn = generator.multivariate_hypergeometric(left, half, method="marginals")
        parts.append(_part(whole, drawn))
        left = left - drawn
    return parts[0], parts[1]


def _part(matrix: LabelMatrix, times: Ints) -> LabelMatrix:
    """Return the label matrix of the candidates that stand for some others, int64[n]."""
    chosen = np.flatnonzero(times)
    starts = row_starts(matrix)
    size = np.diff(starts)[chosen]
    row = np.repeat(np.arange(len(chosen)), size)
    kept = np.arange(len(row)) + np.repeat(starts[chosen] - np.cumsum(size) + size, size)
    return replace(
        matrix,
        n_candidates=len(chosen),
        candidate=row.astype(np.int32),
        lf=matrix.lf[kept],
        mask=matrix.mask[kept],
        times=times[chosen].astype(np.float64),
    )


def _unsound(matrix: LabelMatrix, fitted: Estimate) -> str:
    """Return what speaks against an estimate that explains all votes by the label, or nothing."""
    model = fitted.model
    if model is None:
        return ""
    found, of_lf = symbols(matrix), model.sources.of_lf
    patterns = compress(matrix, found)
    silent = _rows(matrix) - patterns.count.sum()
    patterns = replace(patterns, count=np.append(patterns.count, silent))
    shown = gather(patterns, found, of_lf)[1]
    gains = Pairs.of(patterns, found, len(of_lf)).gains(posterior(model.mixture, shown).joint)
    apart = np.triu(of_lf[:, None] != of_lf, 1)
    # As many pairs are looked at, some gain a little by chance (Bonferroni, in nats).
    linked = int(np.count_nonzero(apart & (gains > np.log(max(apart.sum(), 1)))))
    if linked:
        return f"{linked} pairs of functions depend on each other beyond the label"
    counted = moments(patterns, found, _rows(matrix))
    emission = Emission(fitted.prior, fitted.table / fitted.prior, abstains=True)
    spread = background(replace(counted, lf=of_lf[counted.lf]), emission).spread
    if spread > _SPREAD:
        return (
            f"the log lifts of pairs of sources spread by {spread**0.5:.2f} around what it explains"
        )
    holds = allowed(fitted.symbol_mask, len(fitted.prior))
    right, share = (fitted.table * holds).sum(axis=1), fitted.votes / max(fitted.votes.sum(), 1)
    worse = float(share @ (right < _CHANCE * (holds @ fitted.prior)))
    if worse > _WORSE:
        return f"{worse:.0%} of the votes are from functions that it finds worse than chance"
    return ""


def _against_rules(
    matrix: LabelMatrix, settings: Settings, halves: Mapping[Method, Estimate]
) -> str:
    """Return how far `emission` is from what rules state of themselves, or nothing."""
    if not any(lf.precision is not None for lf in matrix.lfs):
        return ""
    apart = _moved(matrix, settings, halves["emission"], halves["tempered"])
    if apart <= _MOVED:
        return ""
    return f"its soft labels differ by {apart:.2f} from what the rules state of themselves"


def _scores(
    matrix: LabelMatrix, settings: Settings, fitted: Estimate, rows: float, source: Ints
) -> Floats:
    """Return how likely the votes of sources are given those of the others, in nats: float64[n].

    It is the mean over the sources that are asked. rows: how many candidates the estimate is of;
    source: int64[m], the source of each function, the same for all estimators.
    """
    voted = np.bincount(source[matrix.lf], minlength=source.max(initial=-1) + 1)
    asked = np.argsort(-voted, kind="stable")[: min(_ASKED, np.count_nonzero(voted))]
    emitted = _Emitted.of(matrix, fitted, rows)
    total = np.zeros(matrix.n_candidates)
    for unit in asked.tolist():
        inside = source == unit
        others = _left(matrix, ~inside)
        soft = soft_labels(others, fitted, np.flatnonzero(~inside), settings)
        log = np.log(np.maximum(soft, np.finfo(np.float64).tiny))
        log += emitted.silent[inside].sum(axis=0)
        own = inside[matrix.lf]
        votes = emitted.votes[emitted.of_vote[own]]
        for label, column in enumerate(votes.T):
            log[:, label] += np.bincount(matrix.candidate[own], column, matrix.n_candidates)
        total += np.logaddexp.reduce(log, axis=1)
    return total / max(len(asked), 1)


@dataclass(frozen=True, slots=True)
class _Emitted:
    """How likely functions do what they do given the label, in nats.

    silent: float64[m, k], to say nothing; votes: float64[s, k], how much likelier each symbol of a
    matrix is than saying nothing; of_vote: the symbol of each of its votes.
    """

    silent: Floats
    votes: Floats
    of_vote: Ints

    @classmethod
    def of(cls, matrix: LabelMatrix, fitted: Estimate, rows: float) -> "_Emitted":
        """Return what an estimate of so many candidates says; a symbol that it has not seen is rare."""
        known = zip(fitted.symbol_lf.tolist(), fitted.symbol_mask.tolist(), strict=True)
        number = {pair: at for at, pair in enumerate(known)}
        share = (fitted.votes / max(rows, 1))[:, None] * fitted.table / fitted.prior
        speaks = np.zeros((len(matrix.lfs), share.shape[1]))
        np.add.at(speaks, fitted.symbol_lf, share)
        most = np.maximum(speaks / _BUSIEST, 1.0)
        silent = np.log1p(-speaks / most)
        found = symbols(matrix)
        pairs = zip(found.lf.tolist(), found.mask.tolist(), strict=True)
        seen = np.array([number.get(pair, -1) for pair in pairs], dtype=np.int64)
        rare = np.full(share.shape, 0.5 / max(rows, 1))
        rate = np.vstack([share / most[fitted.symbol_lf], rare[:1]]) if len(share) else rare
        each = np.log(np.maximum(rate[seen], 0.5 / max(rows, 1)))
        return cls(silent, each - silent[found.lf], found.of_vote.astype(np.int64))


def _left(matrix: LabelMatrix, functions: Flags) -> LabelMatrix:
    """Return the label matrix of some functions alone."""
    number = np.cumsum(functions) - 1
    kept = functions[matrix.lf]
    return replace(
        matrix,
        lfs=tuple(lf for lf, own in zip(matrix.lfs, functions, strict=True) if own),
        candidate=matrix.candidate[kept],
        lf=number[matrix.lf[kept]].astype(np.int16),
        mask=matrix.mask[kept],
    )


def _own(matrix: LabelMatrix) -> Ints:
    return np.arange(len(matrix.lfs))


def _moved(matrix: LabelMatrix, settings: Settings, one: Estimate, other: Estimate) -> float:
    """Return the mean total variation between the soft labels of two estimates on rows with votes."""
    own = _own(matrix)
    difference = soft_labels(matrix, one, own, settings) - soft_labels(matrix, other, own, settings)
    covered = np.bincount(matrix.candidate, minlength=matrix.n_candidates) > 0
    weight = np.where(covered, _times(matrix), 0.0)
    return float(weight @ np.abs(difference).sum(axis=1)) / (2 * max(weight.sum(), 1.0))


def _times(matrix: LabelMatrix) -> Floats:
    """Return how many candidates each one stands for, float64[n]."""
    return np.ones(matrix.n_candidates) if matrix.times is None else matrix.times


def _rows(matrix: LabelMatrix) -> float:
    return float(_times(matrix).sum())
