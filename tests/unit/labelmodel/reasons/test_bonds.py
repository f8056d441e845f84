from dataclasses import replace

import numpy as np

from biolabel.data.labels import LabelingFunction
from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import Settings, TaskParams
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.reasons.bonds import Bond, bonds, sources


def declaring(*groups: set[str]) -> TaskParams:
    planted = single.two_sided(np.random.default_rng(1), 100, 0.5, m=len(groups))
    params = fit({"planted": planted.matrix}, planted.graph).tasks["planted"]
    lfs = [LabelingFunction(f"lf_{at}", groups=frozenset(it)) for at, it in enumerate(groups)]
    return replace(params, lfs=tuple(lfs))


def test_functions_that_share_a_declared_group_are_bound() -> None:
    params = declaring({"a"}, {"a", "b"}, {"b"}, set())
    assert bonds(params) == (
        Bond("lf_0", "lf_1", ("a",), False),
        Bond("lf_1", "lf_2", ("b",), False),
    )
    found = sources(params)
    assert found["lf_0"] == found["lf_1"] == found["lf_2"] != found["lf_3"]


def test_learned_sources_are_bonds_too() -> None:
    planted = copies.repeated(np.random.default_rng(101), 3000, 0.95)
    settings = Settings(method="emission")
    params = fit({"planted": planted.matrix}, planted.graph, settings).tasks["planted"]
    found = {(bond.first, bond.second) for bond in bonds(params) if bond.learned}
    assert {("lf_0", "lf_1"), ("lf_3", "lf_4"), ("lf_7", "lf_8")} <= found
