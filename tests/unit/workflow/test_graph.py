"""The tasks of a plan as the label model sees them."""

from pathlib import Path

import numpy as np

from biolabel.data.labels import LabelMatrix
from biolabel.data.votes import TaskVotes
from biolabel.workflow.graph import constraints_on, entities, task_graph, wants_given
from tests.unit.apply.world import PAIR, TOPIC, plan_of

MENTIONS = "entity m\n  labels: A, B\n  unit: word\n"
CONSTRAINT = "constraint c\n  if: any r is yes\n  then: t is yes\n  strength: 0.8\n"


def empty(name: str, folder: Path) -> TaskVotes:
    plan = plan_of(folder, MENTIONS + PAIR + TOPIC)
    [task] = [each.task for each in plan.tasks if each.task.name == name]
    none = np.empty(0, np.int32)
    matrix = LabelMatrix(task, (), 2, none, none.astype(np.int16), none.astype(np.int64))
    return TaskVotes(matrix, np.empty((0, 2), np.int32), np.array([0, 1], np.int32))


def test_entities_and_given_mentions(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MENTIONS + PAIR + TOPIC)
    assert entities(plan) == ("m",)
    assert [task.task.name for task in plan.tasks if wants_given(task)] == ["r"]
    own = plan_of(tmp_path, MENTIONS + PAIR.replace("mentions: given", "mentions: m"))
    assert not any(map(wants_given, own.tasks))


def test_constraints_speak_of_tasks_with_votes_only(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MENTIONS + PAIR + TOPIC + CONSTRAINT)
    own = len(constraints_on(plan, frozenset({"m", "r", "t"})))
    assert len(constraints_on(plan, frozenset({"r", "t"}))) >= 1
    assert len(constraints_on(plan, frozenset({"t"}))) == 0
    assert own >= 1


def test_the_graph_has_the_tasks_with_votes_in_the_order_of_the_plan(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MENTIONS + PAIR + TOPIC + CONSTRAINT)
    graph = task_graph(plan, {"t": empty("t", tmp_path), "r": empty("r", tmp_path)}, 2)
    assert [task.name for task in graph.tasks] == ["r", "t"]
    assert graph.n_documents == 2
    assert graph.documents["r"].tolist() == [0, 1]
    assert len(task_graph(plan, {"t": empty("t", tmp_path)}, 2).constraints) == 0
