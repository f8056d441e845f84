from typing import get_args

import numpy as np
import pytest

from biolabel.labelmodel.choice import Method
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import single


@pytest.mark.parametrize("method", get_args(Method))
def test_every_method_can_be_fitted_and_only_auto_chooses(method: Method) -> None:
    planted = single.two_sided(np.random.default_rng(1), 200, 0.4, m=5)
    matrices = {"planted": planted.matrix}
    params = fit(matrices, planted.graph, Settings(method=method, max_iterations=20))
    choice = params.tasks["planted"].choice
    assert (choice is not None) == (method == "auto")
    if choice is not None:
        assert choice.chosen in [trial.name for trial in choice.tried]
        assert choice.why
    soft = predict(params, matrices, planted.graph)["planted"].probabilities
    np.testing.assert_allclose(soft.sum(axis=1), 1, atol=1e-5)
    assert np.mean(soft.argmax(axis=1) == planted.truth) > 0.7
