"""What models say."""

import numpy as np

from biolabel.data.models import answers_of


def test_answers() -> None:
    found = answers_of(["b", None, "a"], np.array([0.1, 0.2, 0.3]))
    assert found.labels == ("a", "b")
    assert (found.row.tolist(), found.label.tolist()) == ([0, 2], [1, 0])
    assert found.score.tolist() == [0.1, 0.3]


def test_silence() -> None:
    assert answers_of([None, None]).labels == ()
