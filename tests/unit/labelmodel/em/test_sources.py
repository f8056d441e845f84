import numpy as np

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.em.sources import counted_once, gather
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.votes import compress, symbols

TASK = Task("cid", "relation", ("none", "causes"))
LFS = tuple(LabelingFunction(f"lf_{at}") for at in range(3))
VOTES = sparse(TASK, LFS, np.array([[2, 2, 1], [2, 0, 0], [2, 2, 0], [0, 1, 1], [2, 2, 1]]))


def test_functions_alone_emit_their_votes() -> None:
    found = symbols(VOTES)
    sources, shown = gather(compress(VOTES, found), found, np.arange(3))
    assert sources.source.tolist() == found.lf.tolist()
    assert sources.member.tolist() == [0, 1, 2, 3]
    assert sources.single.tolist() == [0, 1, 2, 3]
    assert shown.shape == (4, 4)


def test_a_group_emits_what_its_members_say_together() -> None:
    found = symbols(VOTES)
    patterns = compress(VOTES, found)
    sources, shown = gather(patterns, found, np.array([0, 0, 1]))
    assert sources.number == 2
    assert sources.size.tolist() == [2, 1]
    emitted = {
        tuple(sorted(sources.member[sources.start[j] : sources.start[j + 1]].tolist()))
        for j in np.flatnonzero(sources.source == 0)
    }
    assert emitted == {(0, 2), (0,), (1,)}  # both affirm, the first alone, the second denies
    assert np.all(shown.toarray().sum(axis=1) <= 2)
    counts = shown.T @ patterns.count
    assert sorted(counts[sources.source == 0]) == [1, 1, 3]


def test_the_votes_of_a_source_weigh_one_together() -> None:
    found = symbols(VOTES)
    patterns = compress(VOTES, found)
    weight = counted_once(patterns, found, np.array([0, 0, 1]))
    total = np.bincount(patterns.row, weight)
    speaking = [len({0 if found.lf[s] < 2 else 1 for s in patterns.symbol[patterns.row == at]})
                for at in range(4)]  # fmt: skip
    np.testing.assert_allclose(total, speaking)
