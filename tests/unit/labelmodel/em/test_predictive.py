import numpy as np

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.labelmodel.em.predictive import Reading, predicted
from biolabel.labelmodel.emission import Mixture, SourceModel, Sources
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.votes import Floats, Ints, symbols

TASK = Task("cid", "relation", ("none", "causes"))
LFS = tuple(LabelingFunction(f"lf_{at}") for at in range(3))
PRIOR = np.array([0.7, 0.3])
# The first two functions are a group that was seen to affirm together, and the first alone.
JOINT = np.array([[0.1, 0.5], [0.05, 0.1]])  # given each label
ALONE = np.array([[0.3, 0.05], [0.1, 0.4]])  # the third: denies, affirms
TABLE = np.array([[0.2, 0.8], [0.3, 0.7], [0.9, 0.1], [0.4, 0.6]])  # P(label | symbol)


def model() -> SourceModel:
    silent = np.stack([1 - JOINT.sum(axis=0), 1 - ALONE.sum(axis=0)])
    weight = np.log(np.concatenate([JOINT / silent[0], ALONE / silent[1]]))
    sources = Sources(
        np.array([0, 0, 1]), np.array([0, 0, 1, 1]), np.array([0, 2, 3, 4, 5]),
        np.array([0, 1, 0, 2, 3]),
    )  # fmt: skip
    one = np.ones(1)
    return SourceModel(sources, Mixture(PRIOR, one, one, weight, (1 - silent) / silent))


def soft(matrix: LabelMatrix, lf: Ints) -> Floats:
    found = symbols(matrix)
    known = {(0, 2): 0, (1, 2): 1, (2, 1): 2, (2, 2): 3}
    pairs = zip(lf[found.lf].tolist(), found.mask.tolist(), strict=True)
    number = np.array([known.get(pair, 4 + at) for at, pair in enumerate(pairs)])
    table = np.full((len(number), 2), 0.5)
    table[number < 4] = TABLE[number[number < 4]]
    return predicted(matrix, Reading(found, lf, number, 4, table), model())


def normalized(likelihood: Floats) -> Floats:
    joint = PRIOR * likelihood
    return np.asarray(joint / joint.sum())


def test_votes_and_silence_are_evidence_by_source() -> None:
    votes = np.array([[2, 2, 0], [2, 0, 2], [0, 0, 1], [0, 0, 0]])
    found = soft(sparse(TASK, LFS, votes), np.arange(3))
    quiet = 1 - JOINT.sum(axis=0), 1 - ALONE.sum(axis=0)
    expected = (JOINT[0] * quiet[1], JOINT[1] * ALONE[1], quiet[0] * ALONE[0], quiet[0] * quiet[1])
    np.testing.assert_allclose(found, [normalized(each) for each in expected])


def test_what_a_group_never_said_is_the_mean_of_its_votes() -> None:
    votes = np.array([[0, 2, 0], [1, 2, 0]])  # the second alone; with a vote nobody has seen
    found = soft(sparse(TASK, LFS, votes), np.arange(3))
    quiet = 1 - ALONE.sum(axis=0)
    lift, unseen = TABLE[1] / PRIOR, 0.5 / PRIOR
    np.testing.assert_allclose(found[0], normalized(quiet * lift))
    np.testing.assert_allclose(found[1], normalized(quiet * np.sqrt(lift * unseen)))


def test_functions_that_are_left_out_are_not_silent() -> None:
    found = soft(sparse(TASK, LFS[:2], np.array([[2, 2]])), np.array([0, 1]))
    np.testing.assert_allclose(found[0], normalized(JOINT[0]))
