"""One exclusive task: from its label matrix to what its votes amount to, and to soft labels."""

import numpy as np
import torch

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.em import refine
from biolabel.labelmodel.majority import majority
from biolabel.labelmodel.params import Estimate, Settings
from biolabel.labelmodel.pooling import Flags, Pooled, allowed, anchors, evidence, logits
from biolabel.labelmodel.votes import (
    Floats,
    Ints,
    Patterns,
    Symbols,
    compress,
    group_weights,
    symbols,
)


def estimate(matrix: LabelMatrix, settings: Settings) -> Estimate:
    """Return what the votes of an exclusive task amount to, by the method of the settings."""
    found = symbols(matrix)
    patterns = compress(matrix, found, group_weights(matrix))
    holds = allowed(found.mask, len(matrix.task.labels))
    precision = stated(matrix, settings)[found.lf]
    state = majority(patterns, holds, precision)
    steps, converged = 0, True
    if settings.method == "em" and len(patterns.count):
        state, steps, converged = refine(patterns, holds, precision, state, settings)
    return _summary(patterns, found, state, steps, converged)


def soft_labels(matrix: LabelMatrix, fitted: Estimate, lf: Ints, settings: Settings) -> Floats:
    """Return P(label) of each candidate of an exclusive task, float64[n, k].

    Candidates without votes get the class prior. lf: int64[m], the number that each labeling
    function of the matrix has in the estimate. A vote that the estimate has not seen counts with
    its believed precision.
    """
    found = symbols(matrix)
    known = {
        (int(function), int(mask)): seen
        for seen, (function, mask) in enumerate(
            zip(fitted.symbol_lf, fitted.symbol_mask, strict=True)
        )
    }
    holds = allowed(found.mask, len(matrix.task.labels))
    table = anchors(holds, stated(matrix, settings)[found.lf], fitted.reference)
    for at, (function, mask) in enumerate(zip(found.lf, found.mask, strict=True)):
        seen = known.get((int(lf[function]), int(mask)))
        if seen is not None:
            table[at] = fitted.table[seen]
    votes = evidence(found.of_vote, group_weights(matrix), table, fitted.reference)
    row = matrix.candidate.astype(np.int64)
    soft = torch.softmax(logits(matrix.n_candidates, row, votes, fitted.reference), dim=1).numpy()
    covered = np.bincount(row, minlength=matrix.n_candidates) > 0
    return np.where(covered[:, None], soft, fitted.prior)


def stated(matrix: LabelMatrix, settings: Settings) -> Floats:
    """Return float64[m], the precision that each labeling function is believed to have."""
    given = [function.precision for function in matrix.lfs]
    values = [settings.precision if value is None else value for value in given]
    return np.array(values, dtype=np.float64)


def _summary(
    patterns: Patterns, found: Symbols, state: Pooled, steps: int, converged: bool
) -> Estimate:
    s, k = state.table.shape
    size = np.bincount(patterns.row, minlength=len(patterns.count))[patterns.row]
    times = patterns.count[patterns.row]
    votes = np.bincount(patterns.symbol, weights=times, minlength=s)
    alone = np.bincount(patterns.symbol, weights=np.where(size == 1, times, 0.0), minlength=s)
    rows = patterns.count.sum()
    expected = patterns.count @ state.soft.numpy()
    return Estimate(
        symbol_lf=found.lf,
        symbol_mask=found.mask,
        votes=votes.astype(np.int64),
        alone=alone.astype(np.int64),
        table=state.table,
        agreement=_agreement(patterns, allowed(found.mask, k), state, size),
        reference=state.reference,
        # Half a pseudo-row a label (Jeffreys' prior) keeps labels possible that no vote supports.
        prior=(expected + 0.5) / (rows + 0.5 * k),
        rows=int(rows),
        iterations=steps,
        converged=converged,
    )


def _agreement(patterns: Patterns, holds: Flags, state: Pooled, size: Ints) -> Floats:
    """Return what the other votes on a symbol's rows give to its labels, float64[s] or NaN."""
    votes = evidence(patterns.symbol, patterns.weight, state.table, state.reference)
    whole = logits(len(patterns.count), patterns.row, votes, state.reference)
    others = torch.softmax(whole[torch.from_numpy(patterns.row)] - votes, dim=1).numpy()
    times = np.where(size > 1, patterns.count[patterns.row], 0.0)
    right = times * (others * holds[patterns.symbol]).sum(1)
    seen = np.bincount(patterns.symbol, weights=times, minlength=len(holds))
    mass = np.bincount(patterns.symbol, weights=right, minlength=len(holds))
    return np.divide(mass, seen, out=np.full(len(holds), np.nan), where=seen > 0)
