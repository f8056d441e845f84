import numpy as np

from biolabel.data.labels import Constraint, LabelingFunction, SoftLabels, Task, TaskGraph, Term
from biolabel.labelmodel.beside import Beside, beside
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.watch import watch


def test_votes_that_a_hard_constraint_forbids_are_counted() -> None:
    tasks = Task("cid", "document", ("none", "causes")), Task("topic", "document", ("no", "yes"))
    never = ((Term("cid", 0b10),), (Term("topic", 0b10),))
    law = Constraint("law", (never[0] + never[1],))
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(3))
    votes = {
        "cid": np.array([[2, 2, 2], [1, 1, 1], [2, 2, 2]] * 40),
        "topic": np.array([[1, 1, 1], [2, 2, 2], [1, 1, 1]] * 40),
    }
    votes["topic"][0] = [1, 1, 2]
    matrices = {task.name: sparse(task, lfs, votes[task.name]) for task in tasks}
    documents = {task.name: np.arange(120, dtype=np.int32) for task in tasks}
    graph = TaskGraph(tasks, (law,), 120, documents)
    found = predict(fit(matrices, graph), matrices, graph)["topic"]
    probabilities = found.probabilities.copy()
    probabilities[0] = [1, 0]
    forbidden = SoftLabels(tasks[1], probabilities, found.covered)
    concerns = watch(matrices["topic"], forbidden, Beside(120, 0.9, ()))
    assert [it.code for it in concerns] == ["BL816"]
    assert "1 of 120 votes of `lf_2`" in concerns[0].message
    assert watch(matrices["cid"], found, Beside(120, 0.9, ())) == ()


def test_a_model_that_decides_as_the_majority_vote_does_is_named() -> None:
    task = Task("t", "relation", ("a", "b"))
    generator = np.random.default_rng(1)
    truth = generator.integers(0, 2, 300)
    wrong = generator.random((300, 5)) < 0.2
    votes = 1 << (truth[:, None] ^ wrong)
    matrix = sparse(task, tuple(LabelingFunction(f"lf_{at}") for at in range(5)), votes)
    graph = TaskGraph((task,), (), 300, {"t": np.arange(300, dtype=np.int32)})
    settings = Settings(method="majority")
    soft = predict(fit({"t": matrix}, graph, settings), {"t": matrix}, graph)["t"]
    [concern] = watch(matrix, soft, beside(matrix, soft, soft))
    assert concern.code == "BL817"
    assert watch(matrix, soft, Beside(300, 0.98, ())) == ()
    assert watch(matrix, soft, Beside(20, 1.0, ())) == ()
