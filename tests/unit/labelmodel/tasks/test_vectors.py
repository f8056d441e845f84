from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import Arguments, Constraint, Task, TaskGraph, Term
from biolabel.labelmodel.joint.feasible import linked
from biolabel.labelmodel.tasks.vectors import Shared, shared

FINE = Task("fine", "document", ("a", "b", "c"))
COARSE = Task("coarse", "document", ("low", "high"))
IMPLIED = Constraint("low", ((Term("fine", 0b011),),), ((Term("coarse", 0b01),),))
LIKELY = Constraint("high", ((Term("fine", 0b100),),), ((Term("coarse", 0b10),),), 0.8)


def of(graph: TaskGraph) -> Shared | None:
    (links,) = linked(graph)
    return shared(links, graph)


def documents(fine: list[int], coarse: list[int]) -> TaskGraph:
    places = {"fine": np.array(fine, np.int32), "coarse": np.array(coarse, np.int32)}
    return TaskGraph((FINE, COARSE), (IMPLIED, LIKELY), 3, places)


def test_vectors_of_documents_with_one_row_each() -> None:
    found = of(documents([0, 1, 2], [2, 0, 1]))
    assert found is not None
    assert {name: rows.tolist() for name, rows in found.rows.items()} == {
        "coarse": [1, 2, 0],
        "fine": [0, 1, 2],
    }
    assert found.labels.tolist() == [[0, 0], [0, 1], [0, 2], [1, 2]]
    np.testing.assert_allclose(np.exp(found.log_weight), [0.8, 0.8, 0.2, 0.8])


@pytest.mark.parametrize(
    ("fine", "coarse"), [([0, 0, 1], [0, 1]), ([0, 0, 1], [0, 0, 1]), ([0, 1], [0, 1, 2])]
)
def test_rows_that_do_not_pair_off_are_not_shared(fine: list[int], coarse: list[int]) -> None:
    assert of(documents(fine, coarse)) is None


def test_pairs_share_rows_by_their_arguments() -> None:
    causes, cures = (
        Task("causes", "relation", ("none", "yes")),
        Task("cures", "relation", ("none", "yes")),
    )
    both = tuple(Term(name, 0b10, arguments=("c", "d")) for name in ("causes", "cures"))
    places = {"causes": np.array([0, 0, 1], np.int32), "cures": np.array([1, 0, 0], np.int32)}
    rows = np.arange(3)
    arguments = {
        "causes": Arguments(rows, np.array([[0, 1], [0, 2], [0, 1]])),
        "cures": Arguments(rows, np.array([[0, 1], [0, 2], [0, 1]])),
    }
    graph = TaskGraph((causes, cures), (Constraint("either", (both,)),), 2, places, arguments)
    found = of(graph)
    assert found is not None
    assert {name: rows.tolist() for name, rows in found.rows.items()} == {
        "causes": [0, 1, 2],
        "cures": [2, 1, 0],
    }
    assert found.labels.tolist() == [[0, 0], [0, 1], [1, 0]]
    twice = {"causes": Arguments(np.array([0, 1, 1]), arguments["causes"].names)}
    assert of(replace(graph, arguments=arguments | twice)) is None


def test_one_task_and_tasks_with_too_many_vectors_share_nothing() -> None:
    only = Constraint("c", ((Term("fine", 0b100),),))
    assert of(replace(documents([0], [0]), constraints=(only,))) is None
    wide = Task("wide", "document", tuple(map(str, range(60))))
    wider = replace(wide, name="wider")
    both = Constraint("c", ((Term("wide", 1), Term("wider", 1)),))
    places = {name: np.zeros(1, np.int32) for name in ("wide", "wider")}
    assert of(TaskGraph((wide, wider), (both,), 1, places)) is None
