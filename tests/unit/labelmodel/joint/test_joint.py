from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest

from biolabel.data.labels import Constraint, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.joint.joint import infer
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

CID = Task("cid", "relation", ("none", "causes", "treats"))
TYPE = Task("type", "entity", ("none", "drug"))
TOPIC = Task("topic", "document", ("adverse", "therapy", "other"))
DESIGN = Task("design", "document", ("trial", "report"))
TASKS = (CID, TYPE, TOPIC, DESIGN)


def holds(term: Term, labels: list[int]) -> bool:
    allowed = [bool(term.mask >> label & 1) for label in labels]
    return any(allowed) if term.quantifier == "any" else all(allowed)


def enumerated(
    soft: Mapping[str, Floats], covered: Mapping[str, Flags], graph: TaskGraph
) -> dict[str, Floats]:
    """Add up every labeling of the rows that take part in each document."""
    kinds = {task.name: task.kind for task in graph.tasks}
    result = {name: values.copy() for name, values in soft.items()}
    for document in range(graph.n_documents):
        rows = [
            (name, row)
            for name in soft
            for row in np.flatnonzero(graph.documents[name] == document).tolist()
            if covered[name][row] or kinds[name] == "document"
        ]
        total = {at: np.zeros(soft[at[0]].shape[1]) for at in rows}
        for labels in product(*(range(soft[name].shape[1]) for name, _ in rows)):
            weight = float(
                np.prod([soft[name][row, y] for (name, row), y in zip(rows, labels, strict=True)])
            )
            own = {
                name: [y for (other, _), y in zip(rows, labels, strict=True) if other == name]
                for name in soft
            }
            for item in graph.constraints:
                fires = any(all(holds(t, own[t.task]) for t in c) for c in item.condition)
                follows = any(all(holds(t, own[t.task]) for t in c) for c in item.consequence)
                weight *= item.strength if follows or not fires else 1 - item.strength
            for at, y in zip(rows, labels, strict=True):
                total[at][y] += weight
        for (name, row), values in total.items():
            result[name][row] = values / values.sum()
    return result


def random_graph(
    generator: np.random.Generator,
) -> tuple[dict[str, Floats], dict[str, Flags], TaskGraph]:
    soft, covered, documents = {}, {}, {}
    for task in TASKS:
        counts = generator.integers(0, 4, size=3) if task.kind != "document" else np.ones(3, int)
        n, k = int(counts.sum()), len(task.labels)
        soft[task.name] = generator.dirichlet(np.full(k, 0.5), size=n)
        covered[task.name] = generator.random(n) < 0.8
        documents[task.name] = np.repeat(np.arange(3), counts).astype(np.int32)

    def term() -> Term:
        task = TASKS[generator.integers(len(TASKS))]
        mask = int(generator.integers(1, (1 << len(task.labels)) - 1))
        return Term(task.name, mask, "any" if generator.random() < 0.6 else "every")

    def conjunction() -> tuple[Term, ...]:
        return tuple(term() for _ in range(generator.integers(1, 3)))

    constraints = tuple(
        Constraint(
            f"c{at}",
            ((term(),), (term(),)) if generator.random() < 0.5 else (conjunction(),),
            (conjunction(),),
            float(generator.uniform(0.05, 0.95)),
        )
        for at in range(generator.integers(1, 3))
    )
    return soft, covered, TaskGraph(TASKS, constraints, 3, documents)


@pytest.mark.parametrize("seed", range(40))
def test_joint_inference_is_enumeration(seed: int) -> None:
    soft, covered, graph = random_graph(np.random.default_rng(seed))
    found = infer(soft, covered, graph)
    expected = enumerated(soft, covered, graph)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, atol=1e-6)


CAUSES = Term("cid", 0b010)
ADVERSE, OTHER = Term("topic", 0b001), Term("topic", 0b100)


def linked(*constraints: Constraint, rows: int = 2) -> TaskGraph:
    documents = {
        "cid": np.zeros(rows, dtype=np.int32),
        "topic": np.zeros(1, dtype=np.int32),
    }
    return TaskGraph((CID, TOPIC), constraints, 1, documents)


def both(rows: int = 2) -> dict[str, Flags]:
    return {"cid": np.ones(rows, dtype=np.bool_), "topic": np.ones(1, dtype=np.bool_)}


def test_hard_constraints_leave_exactly_nothing() -> None:
    soft = {
        "cid": np.array([[0.1, 0.8, 0.1], [0.7, 0.2, 0.1]]),
        "topic": np.array([[1e-12, 0.5, 0.5]]),
    }
    never_other = Constraint("a", ((OTHER, CAUSES),))
    only_other = Constraint("b", ((CAUSES,),), ((Term("topic", 0b110),),))
    found = infer(soft, both(), linked(never_other, only_other))
    assert found["topic"][0, 1] == pytest.approx(1 / (1 + 0.2 * 0.8), abs=1e-6)
    certain = {"cid": np.array([[0, 1, 0], [0.7, 0.2, 0.1]]), "topic": np.array([[0, 0, 1.0]])}
    torn = infer(certain, both(), linked(never_other))
    assert np.all(np.isfinite(torn["topic"]))
    banned = infer(soft, both(), linked(Constraint("c", ((CAUSES,),))))
    assert np.all(banned["cid"][:, 1] == 0)
    np.testing.assert_allclose(banned["cid"].sum(axis=1), 1)


def test_a_soft_constraint_multiplies_odds() -> None:
    soft = {"cid": np.zeros((0, 3)), "topic": np.array([[0.5, 0.25, 0.25]])}
    graph = linked(Constraint("c", ((ADVERSE,),), strength=0.9), rows=0)
    found = infer(soft, both(0), graph)["topic"][0]
    assert found[0] / (1 - found[0]) == pytest.approx(0.1 / 0.9)


def test_rows_without_votes_say_nothing_and_stay() -> None:
    soft = {"cid": np.full((50, 3), 1 / 3), "topic": np.full((1, 3), 1 / 3)}
    covered = {"cid": np.zeros(50, dtype=np.bool_), "topic": np.zeros(1, dtype=np.bool_)}
    graph = linked(Constraint("c", ((CAUSES,),), ((ADVERSE,),)), rows=50)
    found = infer(soft, covered, graph)
    for name, values in soft.items():
        np.testing.assert_allclose(found[name], values)


def test_many_confident_rows_neither_overflow_nor_vanish() -> None:
    rows = 5000
    soft = {"cid": np.tile([0.0, 1.0, 0.0], (rows, 1)), "topic": np.array([[0.0, 0.0, 1.0]])}
    graph = linked(Constraint("c", ((OTHER, CAUSES),)), rows=rows)
    found = infer(soft, both(rows), graph)
    assert found["topic"][0, 2] == 0
    assert found["cid"][:, 1].min() > 0.99
    banned = infer(soft, both(rows), linked(Constraint("c", ((CAUSES,),)), rows=rows))
    assert np.all(banned["cid"][:, 1] == 0)


def test_a_document_that_cannot_be_is_an_error() -> None:
    soft = {"cid": np.zeros((0, 3)), "topic": np.full((1, 3), 1 / 3)}
    every_document = Constraint("c", ((Term("topic", 0b011),), (OTHER,)), ((CAUSES,),))
    with pytest.raises(ModelError, match="admit no labels") as caught:
        infer(soft, both(0), linked(every_document, rows=0))
    assert caught.value.code == "BL808"


def test_a_constraint_on_a_task_without_votes_is_an_error() -> None:
    with pytest.raises(ModelError, match="`topic`") as caught:
        infer({"cid": np.zeros((0, 3))}, {}, linked(Constraint("c", ((CAUSES, ADVERSE),)), rows=0))
    assert caught.value.code == "BL804"
