"""What votes of 31 functions are worth to somebody who has gold: the ceiling of `label_model.py --only real`.

As they are, and lifted to pairs of concepts.
Logistic regression and boosted trees learn from the gold labels of the training part what its votes mean,
and are scored on dev as the label model is, which learns from the same votes without gold. The strength of
the regression is chosen by cross-validation on the training part; all else is scikit-learn's default.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from frame import Row, write
from label_model_real import TARGETS, measures, own_soft
from label_model_votes import FUNCTIONS, LIFTED, Part, RealVotes, real_votes
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegressionCV

from biolabel.labelmodel.params import Settings


def dense(part: Part) -> NDArray[np.float64]:
    """Return whether each function votes for each label on each candidate, 0 or 1: float64[n, 2 m]."""
    matrix = part.matrix
    shown = np.zeros((matrix.n_candidates, 2 * len(matrix.lfs)))
    shown[matrix.candidate, 2 * matrix.lf + (matrix.mask == 2)] = 1.0
    return shown


def taught() -> Mapping[str, ClassifierMixin]:
    """Return what learns from gold."""
    return {
        "logistic regression on gold": LogisticRegressionCV(
            Cs=np.logspace(-3, 1, 9), l1_ratios=(0,), scoring="neg_log_loss", max_iter=2000,
            use_legacy_attributes=False,
        ),
        "boosted trees on gold": HistGradientBoostingClassifier(random_state=0),
    }  # fmt: skip


def rows(votes: RealVotes) -> Iterator[Row]:
    """Yield the figures of the label model and of those who have gold, on one set of votes."""
    train, dev, gold = dense(votes.train), dense(votes.dev), votes.train.gold == 2
    found = {"label model, no gold": measures(votes, own_soft(votes, Settings()))}
    for name, model in taught().items():
        found[name] = measures(votes, model.fit(train, gold).predict_proba(dev))
    for name, figures in found.items():
        for measure, value in figures.items():
            asked = TARGETS.get((votes.name, measure))
            if asked is not None:
                yield Row(f"{votes.name}: {name}", value, unit=f"{measure}, asked for {asked}")


def main() -> None:
    """Fit, score and write."""
    found = [votes for votes in real_votes() if votes.name in (FUNCTIONS, LIFTED)]
    write("label_model_ceiling", [row for votes in found for row in rows(votes)])


if __name__ == "__main__":
    main()
