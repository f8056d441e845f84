from dataclasses import replace

import numpy as np

from biolabel.data.labels import Constraint, LabelingFunction, Task, TaskGraph, Term
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.reasons.beside import Beside, beside
from biolabel.labelmodel.reasons.watch import watch


def test_votes_that_a_hard_constraint_overrules_are_counted() -> None:
    tasks = Task("cid", "document", ("none", "causes")), Task("topic", "document", ("no", "yes"))
    never = (Term("cid", 0b10), Term("topic", 0b10))
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(5))
    # Where all say `causes`, lf_0 and lf_1 say that the topic is `yes`, and lf_2 that it is not.
    votes = {
        "cid": np.array([[2] * 5] * 40 + [[1] * 5] * 80),
        "topic": np.array([[2, 2, 1, 0, 0]] * 40 + [[2, 2, 2, 0, 0], [1, 1, 1, 0, 0]] * 40),
    }
    matrices = {task.name: sparse(task, lfs, votes[task.name]) for task in tasks}
    documents = {task.name: np.arange(120, dtype=np.int32) for task in tasks}
    graph = TaskGraph(tasks, (Constraint("law", (never,)),), 120, documents)
    params = fit(matrices, graph, Settings(method="majority"))
    strict = predict(params, matrices, graph)
    alone = predict(params, matrices, replace(graph, constraints=()))
    apart = Beside(120, 0.9, ())
    concerns = watch(matrices["topic"], alone["topic"], strict["topic"], apart)
    assert [it.code for it in concerns] == ["BL816", "BL816"]
    assert "40 of 120 votes of `lf_0`" in concerns[0].message
    assert watch(matrices["cid"], alone["cid"], strict["cid"], apart) == ()
    assert watch(matrices["topic"], alone["topic"], alone["topic"], apart) == ()


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
    [concern] = watch(matrix, soft, soft, beside(matrix, soft, soft))
    assert concern.code == "BL817"
    assert watch(matrix, soft, soft, Beside(300, 0.98, ())) == ()
    assert watch(matrix, soft, soft, Beside(20, 1.0, ())) == ()
