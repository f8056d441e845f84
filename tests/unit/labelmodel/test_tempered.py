from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.tempered import (
    Believed,
    Tempered,
    Tempering,
    posterior,
    repeated,
    shares,
    tempered,
    units,
)
from biolabel.labelmodel.votes import Floats, Patterns, compress, group_weights, symbols

PRECISION = 0.7


def believed(matrix: LabelMatrix) -> Believed:
    found = symbols(matrix)
    given = [PRECISION if lf.precision is None else lf.precision for lf in matrix.lfs]
    return Believed(
        lf=found.lf,
        holds=allowed(found.mask, len(matrix.task.labels)),
        precision=np.array(given)[found.lf],
        stated=np.array([lf.precision is not None for lf in matrix.lfs])[found.lf],
        unit=units(matrix.lfs),
    )


def fitted(matrix: LabelMatrix, tempering: Tempering | None = None) -> tuple[Tempered, Floats]:
    tempering = tempering or Tempering()
    found, beliefs = symbols(matrix), believed(matrix)
    row = matrix.candidate.astype(np.int64)
    weight = repeated(row, matrix.mask, group_weights(matrix), tempering.repetition)
    patterns = compress(matrix, found, weight)
    tables, _, converged = tempered(patterns, beliefs, tempering, 1e-9, 9999)
    assert converged
    whole = Patterns(row, found.of_vote.astype(np.int64), weight, np.ones(matrix.n_candidates))
    return tables, posterior(whole, beliefs.unit[beliefs.lf], tables)


def truthful(planted: Planted) -> LabelMatrix:
    """State the precision that each function has, as a curator who looked at some votes would."""
    matrix = planted.matrix
    right = (matrix.mask >> planted.truth[matrix.candidate]) & 1
    share = np.bincount(matrix.lf, right) / np.bincount(matrix.lf)
    lfs = tuple(replace(lf, precision=float(p)) for lf, p in zip(matrix.lfs, share, strict=True))
    return replace(matrix, lfs=lfs)


@pytest.mark.parametrize("seed", [1, 2])
def test_stated_shares_of_right_votes_give_the_class_prior(seed: int) -> None:
    planted = single.one_sided(np.random.default_rng(seed), 3000, 0.05)
    tables, soft = fitted(truthful(planted))
    covered = np.bincount(planted.matrix.candidate, minlength=3000) > 0
    assert tables.prior[1] == pytest.approx((planted.truth[covered] == 1).mean(), abs=0.02)
    assert soft[covered, 1].mean() == pytest.approx((planted.truth[covered] == 1).mean(), abs=0.02)


def test_copies_that_nobody_declared_leave_it_less_sure() -> None:
    planted = copies.repeated_rules(np.random.default_rng(4), 2000, 0.6)
    covered = np.bincount(planted.matrix.candidate, minlength=2000) > 0

    def surprise(tempering: Tempering) -> float:
        soft = fitted(truthful(planted), tempering)[1]
        return float(-np.log(soft[np.arange(2000), planted.truth][covered]).mean())

    assert surprise(Tempering()) < surprise(Tempering(repetition=0.0)) - 0.1
    assert surprise(Tempering()) < surprise(Tempering(silence=0.0))


def test_a_silent_group_is_silent_once() -> None:
    planted = copies.copied(np.random.default_rng(5), 1000)
    alone = [at for at, lf in enumerate(planted.matrix.lfs) if not lf.groups]
    assert len(set(units(planted.matrix.lfs))) == len(alone) + 1
    tables, _ = fitted(planted.matrix)
    assert tables.silence.shape == (len(alone) + 1, 2)


def test_a_function_belongs_to_its_largest_group() -> None:
    lfs = (
        LabelingFunction("a", groups=frozenset({"kb", "list"})),
        LabelingFunction("b", groups=frozenset({"list"})),
        LabelingFunction("c", groups=frozenset({"list", "kb"})),
        LabelingFunction("d", groups=frozenset({"kb"})),
        LabelingFunction("e", groups=frozenset({"list"})),
    )
    assert units(lfs).tolist() == [0, 0, 0, 1, 0]


def test_n_votes_for_the_same_labels_weigh_as_their_square_root() -> None:
    row, mask = np.array([0, 0, 0, 0, 1]), np.array([1, 1, 1, 1, 1])
    assert repeated(row, mask, np.ones(5), 0.5).tolist() == [0.5, 0.5, 0.5, 0.5, 1.0]
    assert repeated(row, np.array([1, 2, 1, 2, 1]), np.ones(5), 0.0).tolist() == [1.0] * 5


def test_what_leaves_all_labels_possible_says_nothing() -> None:
    beliefs = Believed(
        lf=np.array([0, 1]),
        holds=np.array([[True, True, True], [True, False, False]]),
        precision=np.array([0.9, 0.9]),
        stated=np.array([True, True]),
        unit=np.array([0, 1]),
    )
    prior = np.array([0.2, 0.2, 0.6])
    assert shares(beliefs, prior).tolist() == [
        pytest.approx(prior),
        pytest.approx([0.9, 0.025, 0.075]),
    ]


def test_order_of_rows_and_labels_does_not_matter() -> None:
    planted = single.one_sided(np.random.default_rng(6), 500, 0.3)
    matrix = planted.matrix
    swapped = replace(matrix, mask=np.where(matrix.mask == 1, 2, 1).astype(np.int64))
    np.testing.assert_allclose(fitted(matrix)[1], fitted(swapped)[1][:, ::-1], atol=1e-6)
    order = np.random.default_rng(7).permutation(500)
    place = np.argsort(order)[matrix.candidate]
    by = np.lexsort((matrix.lf, place))
    moved = replace(
        matrix,
        candidate=place[by].astype(np.int32),
        lf=matrix.lf[by],
        mask=matrix.mask[by],
    )
    np.testing.assert_allclose(fitted(matrix)[1][order], fitted(moved)[1], atol=1e-6)


def test_no_votes_leave_even_shares() -> None:
    planted = single.one_sided(np.random.default_rng(8), 50, 0.3)
    nothing = replace(
        planted.matrix,
        candidate=planted.matrix.candidate[:0],
        lf=planted.matrix.lf[:0],
        mask=planted.matrix.mask[:0],
    )
    tables, soft = fitted(nothing)
    assert tables.prior.tolist() == [0.5, 0.5]
    assert np.all(soft == 0.5)
