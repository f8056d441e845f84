"""What votes of 31 functions are worth to somebody who has gold: the ceiling of `label_model.py --only real`.

As they are, and lifted to pairs of concepts.
Logistic regression and boosted trees learn from the gold labels of the training part what its votes mean,
and are scored on dev as the label model is, which learns from the same votes without gold; on lifted votes
also regression that sees on which share of a pair's mentions each function votes; and the label model's
log odds are moved until their mean on the training part is gold's. The strength of the regression is
chosen by cross-validation on the training part; all else is scikit-learn's default.
Of samples of the documents of dev, drawn with replacement, it says in how many all figures hold that are
asked for together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from frame import Row, write
from label_model_real import SMALL, TARGETS, measures, own_soft
from label_model_votes import FUNCTIONS, LIFTED, Part, RealVotes, real_votes, relations_of
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import softmax
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegressionCV

from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.draw import sparse

SAMPLES = 500
Floats = NDArray[np.float64]


def dense(part: Part) -> Floats:
    """Return whether each function votes for each label on each candidate, 0 or 1: float64[n, 2 m]."""
    matrix = part.matrix
    shown = np.zeros((matrix.n_candidates, 2 * len(matrix.lfs)))
    shown[matrix.candidate, 2 * matrix.lf + (matrix.mask == 2)] = 1.0
    return shown


def shares(part: Part) -> Floats:
    """Return on which share of the candidates of its relations each function votes: float64[n, 2 m]."""
    relation = relations_of(part)
    sums = np.zeros((relation.max() + 1, 2 * len(part.matrix.lfs)))
    np.add.at(sums, relation, dense(part))
    return (sums / np.bincount(relation)[:, None])[relation]


def regression() -> ClassifierMixin:
    """Return logistic regression that chooses its strength."""
    return LogisticRegressionCV(
        Cs=np.logspace(-3, 1, 9), l1_ratios=(0,), scoring="neg_log_loss", max_iter=2000,
        use_legacy_attributes=False,
    )  # fmt: skip


def answers(votes: RealVotes, alone: RealVotes) -> Iterator[tuple[str, Floats]]:
    """Yield the soft labels of the label model and of those who have gold; alone: votes not lifted."""
    train, dev, gold = dense(votes.train), dense(votes.dev), votes.train.gold == 2
    found = own_soft(votes, Settings())
    yield "label model, no gold", found
    taught = own_soft(replace(votes, dev=votes.train), Settings())
    yield "label model, balance of gold", moved(found, balance(taught, float(gold.mean())))
    yield "logistic regression on gold", regression().fit(train, gold).predict_proba(dev)
    trees = HistGradientBoostingClassifier(random_state=0).fit(train, gold)
    yield "boosted trees on gold", trees.predict_proba(dev)
    if votes.name == LIFTED:
        train, dev = np.hstack([train, shares(alone.train)]), np.hstack([dev, shares(alone.dev)])
        taught = regression().fit(train, gold)
        yield "logistic regression on gold, with shares", taught.predict_proba(dev)


def balance(soft: Floats, share: float) -> float:
    """Return by how much the log odds of soft labels are to move for their mean to be a share."""
    found = brentq(lambda by: float(moved(soft, by)[:, 1].mean()) - share, -10.0, 10.0)
    return float(found)


def moved(soft: Floats, by: float) -> Floats:
    """Return soft labels, float64[n, 2], with their log odds moved."""
    odds = np.log(soft) + np.array([0.0, by])
    return np.asarray(softmax(odds, axis=1))


def rows(votes: RealVotes, alone: RealVotes) -> Iterator[Row]:
    """Yield the figures of each on one set of votes."""
    asked = {measure: value for (name, measure), value in TARGETS.items() if name == votes.name}
    for name, soft in answers(votes, alone):
        figures = measures(votes, soft)
        for measure, target in asked.items():
            unit = f"{measure}, asked for {target}"
            yield Row(f"{votes.name}: {name}", figures[measure], unit=unit)
        share = float(np.mean([holds(measures(*it), asked) for it in samples(votes, soft)]))
        yield Row(f"{votes.name}: {name}", share, unit="share of samples in which all four hold")


def samples(votes: RealVotes, soft: Floats) -> Iterator[tuple[RealVotes, Floats]]:
    """Yield dev and its soft labels with documents drawn anew."""
    part, generator = votes.dev, np.random.default_rng(0)
    masks = np.zeros((part.matrix.n_candidates, len(part.matrix.lfs)), dtype=np.int64)
    masks[part.matrix.candidate, part.matrix.lf] = part.matrix.mask
    of = [np.flatnonzero(part.documents == it) for it in np.unique(part.documents)]
    for _ in range(SAMPLES):
        drawn = np.concatenate([of[it] for it in generator.integers(len(of), size=len(of))])
        matrix = sparse(part.matrix.task, part.matrix.lfs, masks[drawn])
        dev = replace(part, matrix=matrix, gold=part.gold[drawn], pairs=())
        yield replace(votes, dev=dev, relations=frozenset()), soft[drawn]


def holds(figures: Mapping[str, float], asked: Mapping[str, float]) -> bool:
    """Return whether all figures are what is asked for."""
    return all(
        figures[it] <= value if it in SMALL else figures[it] >= value for it, value in asked.items()
    )


def main() -> None:
    """Fit, score and write."""
    found = {votes.name: votes for votes in real_votes() if votes.name in (FUNCTIONS, LIFTED)}
    alone = found[FUNCTIONS]
    write("label_model_ceiling", [row for it in found.values() for row in rows(it, alone)])


if __name__ == "__main__":
    main()
