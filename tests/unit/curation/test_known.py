import numpy as np

from biolabel.curation.known import Known, Statement
from biolabel.kb.pairs import Citations, PairIndex

PAIR = ("X:1", "X:2")


def test_bases_that_have_a_pair_are_cited() -> None:
    cited = Citations(np.array([0, 2]), np.array([0, 1], dtype=np.int32), ("11", "12"))
    bases = {
        "ctd": PairIndex({"": {PAIR: 2}}, citations={"": cited}),
        "labels": PairIndex({"": {PAIR: 1}}),
        "other": PairIndex({"": {PAIR[::-1]: 1}}),
    }
    assert Known(bases).of(PAIR) == (Statement("ctd", ("11", "12")), Statement("labels"))
    assert Known(bases).of(("X:1", "X:1")) == ()
