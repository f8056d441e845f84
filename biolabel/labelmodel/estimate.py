"""One exclusive task: from its label matrix to what its votes amount to, and to soft labels."""

from dataclasses import replace

import numpy as np
from scipy.special import softmax

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.em.emissions import Anchor
from biolabel.labelmodel.em.generative import Learned, learn
from biolabel.labelmodel.em.predictive import Reading, predicted
from biolabel.labelmodel.em.search import Votes
from biolabel.labelmodel.emission import Quiet
from biolabel.labelmodel.majority import majority
from biolabel.labelmodel.params import Estimate, Settings
from biolabel.labelmodel.pooling import Flags, Pooled, allowed, anchors, evidence, logits
from biolabel.labelmodel.tempered import (
    Believed,
    Tempered,
    Tempering,
    posterior,
    repeated,
    tempered,
    units,
)
from biolabel.labelmodel.votes import (
    Floats,
    Ints,
    Patterns,
    Sample,
    Symbols,
    Tally,
    compress,
    group_weights,
    row_starts,
    symbols,
    tally,
)


def estimate(
    matrix: LabelMatrix,
    settings: Settings,
    generator: np.random.Generator | None = None,
    gold: Ints | None = None,
) -> Estimate:
    """Return what the votes of an exclusive task amount to, by the method of the settings, not `auto`.

    generator: for the sample of distinct rows where there are more than `settings.rows` (`emission`
    alone), default_rng(0) where None; gold: int64[n], the label of each candidate or -1 where it is
    not known, to which `emission` and `tempered` keep.
    """
    found, k = symbols(matrix), len(matrix.task.labels)
    holds, precision = allowed(found.mask, k), stated(matrix, settings)[found.lf]
    if settings.method == "emission":
        sample = Sample(settings.rows, generator or np.random.default_rng(0))
        patterns = compress(matrix, found, gold=gold, sample=sample)
        votes = Votes(patterns, found, holds, precision, matrix.lfs, Anchor(settings.belief))
        counted = tally(matrix, found)
        part = patterns.count.sum() / max(counted.rows, 1)
        return _explained(found, learn(votes, part * _silent(matrix, gold), settings), counted)
    if settings.method == "completion" or settings.method == "triplets":
        # Torch takes a second and 200 MB, and other methods need none.
        from biolabel.labelmodel.moments.by_moments import as_learned

        patterns = compress(matrix, found)
        votes = Votes(patterns, found, holds, precision, matrix.lfs, Anchor(settings.belief))
        learned = as_learned(votes, _silent(matrix, None), settings.method)
        return _explained(found, learned, tally(matrix, found))
    if settings.method == "tempered":
        return _tempered(matrix, found, holds, precision, settings, gold)
    patterns = compress(matrix, found, group_weights(matrix), gold)
    even = np.full(len(found.lf), settings.precision)  # whatever rules say of theirs
    return summary(patterns, found, majority(patterns, holds, even), 0, True)


def _explained(found: Symbols, learned: Learned, counted: Tally) -> Estimate:
    """Return the estimate of a source model."""
    return replace(
        summary(learned.patterns, found, learned.pooled, learned.iterations, learned.converged),
        prior=learned.model.mixture.prior,
        unvoted=learned.unvoted,
        model=learned.model,
        votes=counted.votes,
        alone=counted.alone,
        rows=counted.rows,
    )


def soft_labels(matrix: LabelMatrix, fitted: Estimate, lf: Ints, settings: Settings) -> Floats:
    """Return P(label) of each candidate of an exclusive task, float64[n, k].

    Candidates without votes get what the estimate says of such. lf: int64[m], the number that each labeling
    function of the matrix has in the estimate. A vote that the estimate has not seen counts with
    its believed precision.
    """
    found = symbols(matrix)
    reading = _read(matrix, found, fitted, lf, settings)
    covered = np.diff(row_starts(matrix)) > 0
    if fitted.model is not None:
        soft = predicted(matrix, reading, fitted.model)
    elif fitted.quiet is not None:
        soft = _with_quiet(matrix, reading, fitted, fitted.quiet)
    else:
        votes = evidence(
            found.of_vote.astype(np.int64), group_weights(matrix), reading.table, fitted.reference
        )
        row = matrix.candidate.astype(np.int64)
        whole = logits(matrix.n_candidates, row, votes, fitted.reference)
        soft = np.asarray(softmax(whole, axis=1))
    soft[~covered] = fitted.unvoted
    return soft


def _read(
    matrix: LabelMatrix, found: Symbols, fitted: Estimate, lf: Ints, settings: Settings
) -> Reading:
    """Return the symbols of a matrix as the estimate knows them."""
    pairs = zip(fitted.symbol_lf.tolist(), fitted.symbol_mask.tolist(), strict=True)
    known = {pair: seen for seen, pair in enumerate(pairs)}
    holds = allowed(found.mask, len(matrix.task.labels))
    table = anchors(holds, stated(matrix, settings)[found.lf], fitted.reference)
    own = zip(lf[found.lf].tolist(), found.mask.tolist(), strict=True)
    number = np.array([known.get(pair, len(known) + at) for at, pair in enumerate(own)], np.int64)
    seen = number < len(known)
    table[seen] = fitted.table[number[seen]]
    return Reading(found, lf, number, len(known), table)


def _tempered(
    matrix: LabelMatrix,
    found: Symbols,
    holds: Flags,
    precision: Floats,
    settings: Settings,
    gold: Ints | None,
) -> Estimate:
    """Return the estimate of `tempered.tempered`, with the class prior among all candidates."""
    tempering, unit = Tempering(), units(matrix.lfs)
    own = np.array([lf.precision is not None for lf in matrix.lfs], dtype=np.bool_)
    believed = Believed(found.lf, holds, precision, own[found.lf], unit)
    weight = repeated(
        matrix.candidate.astype(np.int64), matrix.mask, group_weights(matrix), tempering.repetition
    )
    patterns = compress(matrix, found, weight, gold)
    tables, steps, converged = tempered(
        patterns, believed, tempering, settings.tolerance, settings.max_iterations
    )
    soft = posterior(patterns, unit[found.lf], tables)
    fitted = summary(patterns, found, Pooled(tables.table, tables.prior, soft), steps, converged)
    silent = np.exp(np.log(tables.prior) + tables.silence.sum(axis=0))
    unvoted, without = silent / silent.sum(), _silent(matrix, gold).sum()
    prior = (fitted.prior * fitted.rows + unvoted * without) / max(fitted.rows + without, 1)
    return replace(
        fitted,
        prior=prior if fitted.rows + without else unvoted,
        unvoted=unvoted,
        quiet=Quiet(unit, tables.silence, tempering.repetition),
    )


def _with_quiet(matrix: LabelMatrix, reading: Reading, fitted: Estimate, quiet: Quiet) -> Floats:
    """Return P(label | votes) of candidates; units without a function in the matrix say nothing."""
    row = matrix.candidate.astype(np.int64)
    weight = repeated(row, matrix.mask, group_weights(matrix), quiet.repetition)
    count = np.ones(matrix.n_candidates)
    rows = Patterns(row, reading.found.of_vote.astype(np.int64), weight, count)
    present = np.isin(np.arange(len(quiet.silence)), quiet.unit[reading.lf])
    silence = np.where(present[:, None], quiet.silence, 0.0)
    tables = Tempered(fitted.reference, reading.table, silence)
    unit = quiet.unit[reading.lf[reading.found.lf]]
    return posterior(rows, unit, tables)


def _silent(matrix: LabelMatrix, gold: Ints | None) -> Floats:
    """Return how many candidates have no votes, by known label, those without one last."""
    k = len(matrix.task.labels)
    rows = np.flatnonzero(np.diff(row_starts(matrix)) == 0)
    label = np.full(len(rows), k) if gold is None else np.where(gold[rows] < 0, k, gold[rows])
    times = None if matrix.times is None else matrix.times[rows]
    return np.bincount(label, times, k + 1).astype(np.float64)


def stated(matrix: LabelMatrix, settings: Settings) -> Floats:
    """Return float64[m], the precision that each labeling function is believed to have."""
    given = [function.precision for function in matrix.lfs]
    values = [settings.precision if value is None else value for value in given]
    return np.array(values, dtype=np.float64)


def summary(
    patterns: Patterns, found: Symbols, state: Pooled, steps: int, converged: bool
) -> Estimate:
    """Return an estimate as reports read it: what is worth knowing of each symbol, from a fit's end."""
    s, k = state.table.shape
    size = np.bincount(patterns.row, minlength=len(patterns.count))[patterns.row]
    times = patterns.count[patterns.row]
    votes = np.bincount(patterns.symbol, weights=times, minlength=s)
    alone = np.bincount(patterns.symbol, weights=np.where(size == 1, times, 0.0), minlength=s)
    rows = patterns.count.sum()
    expected = patterns.count @ state.soft
    # Half a pseudo-row a label (Jeffreys' prior) keeps labels possible that no vote supports.
    prior = (expected + 0.5) / (rows + 0.5 * k)
    return Estimate(
        symbol_lf=found.lf,
        symbol_mask=found.mask,
        votes=votes.astype(np.int64),
        alone=alone.astype(np.int64),
        table=state.table,
        agreement=_agreement(patterns, allowed(found.mask, k), state, size),
        reference=state.reference,
        prior=prior,
        unvoted=prior,
        rows=int(rows),
        iterations=steps,
        converged=converged,
    )


def _agreement(patterns: Patterns, holds: Flags, state: Pooled, size: Ints) -> Floats:
    """Return what the other votes on a symbol's rows give to its labels, float64[s] or NaN."""
    votes = evidence(patterns.symbol, patterns.weight, state.table, state.reference)
    whole = logits(len(patterns.count), patterns.row, votes, state.reference)
    others = softmax(whole[patterns.row] - votes, axis=1)
    times = np.where(size > 1, patterns.count[patterns.row], 0.0)
    right = times * (others * holds[patterns.symbol]).sum(1)
    seen = np.bincount(patterns.symbol, weights=times, minlength=len(holds))
    mass = np.bincount(patterns.symbol, weights=right, minlength=len(holds))
    return np.divide(mass, seen, out=np.full(len(holds), np.nan), where=seen > 0)
