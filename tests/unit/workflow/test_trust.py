from pathlib import Path

import numpy as np

from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import single
from biolabel.workflow.trust import Trust, read_trust, trust, write_trust


def planted_trust(n: int) -> Trust:
    planted = single.one_sided(np.random.default_rng(1), n, 0.2)
    matrices = {"planted": planted.matrix}
    model, majority = (
        fit(matrices, planted.graph, settings)
        for settings in (Settings(method="emission"), Settings(method="majority"))
    )
    return trust(model, majority, matrices, planted.graph)["planted"]


def test_every_function_and_every_difference_has_its_reasons(tmp_path: Path) -> None:
    found = planted_trust(1500)
    assert [it.lf for it in found.worth] == [f"lf_{at}" for at in range(10)]
    shown = [it.candidate for it in found.compared.differences]
    assert [row.candidate for row in found.rows] == shown
    assert 0 < len(shown) <= 10
    write_trust(tmp_path / "trust.json", {"planted": found})
    assert read_trust(tmp_path / "trust.json") == {"planted": found}


def test_no_candidates_are_trusted_without_a_word(tmp_path: Path) -> None:
    found = planted_trust(0)
    assert found.worth == ()
    assert found.compared.agreement == 1
    write_trust(tmp_path / "trust.json", {"planted": found})
    assert read_trust(tmp_path / "trust.json") == {"planted": found}
