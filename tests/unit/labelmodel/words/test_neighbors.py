from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import Task, TaskGraph
from biolabel.labelmodel.params import LabelModelParams, Settings, Transitions
from biolabel.labelmodel.votes import Floats
from biolabel.labelmodel.words.neighbors import chained, count_steps, smooth

WORDS = Task("words", "entity", ("none", "Chemical"))
MANY = Task("marks", "entity", ("none", "Chemical"), exclusive=False)
TOPICS = Task("topics", "document", ("yes", "no"))
PARAMS = LabelModelParams(Settings(), {})
EVEN = np.array([0.5, 0.5])
STICKY = replace(PARAMS, chains={"words": Transitions(EVEN, EVEN, np.array([[0.8, 0.2],
                                                                            [0.2, 0.8]]))})  # fmt: skip


def graph(follows: list[int], *tasks: Task) -> TaskGraph:
    n = len(follows)
    named = [task.name for task in tasks or (WORDS,)]
    return TaskGraph(
        tasks or (WORDS,),
        (),
        1,
        {name: np.zeros(n, np.int32) for name in named},
        follows={name: np.array(follows, np.bool_) for name in named},
    )


def soft(*chemical: float) -> dict[str, Floats]:
    own = np.array(chemical)
    return {"words": np.stack([1 - own, own], axis=1)}


def every(n: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    return {"words": np.ones(n, np.bool_)}


def test_steps_are_counted_between_neighbors() -> None:
    covered = {"words": np.array([True, True, True, False, True])}
    counted = count_steps(soft(1, 1, 0, 1, 1), covered, graph([0, 1, 1, 1, 1]))
    assert counted["words"].steps.tolist() == [[0, 0], [1, 1]]
    assert counted["words"].starts.tolist() == [0, 2]
    assert counted["words"].words.tolist() == [1, 3]


def test_only_tasks_on_words_with_one_label_and_votes_are_counted() -> None:
    both = graph([0, 1], WORDS, MANY)
    values = soft(0.3, 0.4)
    every_task = values | {"marks": values["words"]}
    covered = every(2) | {"marks": np.ones(2, np.bool_)}
    assert list(count_steps(every_task, covered, both)) == ["words"]
    assert count_steps({"marks": values["words"]}, covered, both) == {}
    assert count_steps(values, covered, replace(both, follows={})) == {}


def test_shards_add_up_to_the_whole() -> None:
    generator = np.random.default_rng(1)
    chemical, follows = generator.random(40), (generator.random(40) < 0.8).astype(int)
    follows[[0, 25]] = 0
    whole = count_steps(soft(*chemical), every(40), graph(follows.tolist()))
    parts = [
        count_steps(soft(*chemical[a:b]), every(b - a), graph(follows[a:b].tolist()))
        for a, b in ((0, 25), (25, 40))
    ]
    expected, found = (chained(PARAMS, each).chains["words"] for each in ([whole], parts))
    np.testing.assert_allclose(found.step, expected.step)
    np.testing.assert_allclose(found.start, expected.start)
    np.testing.assert_allclose(expected.step.sum(axis=1), 1)
    assert chained(PARAMS, []).chains == {}


def test_neighbors_speak_as_bayes_rule_has_it() -> None:
    found = smooth(STICKY, soft(0.9, 0.5), every(2), graph([0, 1]))["words"]
    assert found[1, 1] == pytest.approx(0.9 * 0.8 + 0.1 * 0.2)
    assert found[0, 1] == pytest.approx(0.9)  # a word whose votes say nothing tells nothing


def test_words_alone_and_without_votes_stay_as_they_are() -> None:
    values = soft(0.9, 0.4, 0.3, 0.2)
    covered = {"words": np.array([True, False, True, True])}
    found = smooth(STICKY, values, covered, graph([0, 1, 1, 0]))["words"]
    np.testing.assert_allclose(found, values["words"], atol=1e-9)
    assert found[1].tolist() == values["words"][1].tolist()


def test_tasks_without_transitions_or_order_are_returned_as_they_came() -> None:
    values = soft(0.9, 0.5)
    assert smooth(PARAMS, values, every(2), graph([0, 1]))["words"] is values["words"]
    apart = replace(graph([0, 1]), follows={})
    assert smooth(STICKY, values, every(2), apart)["words"] is values["words"]
    other = {"topics": values["words"]}
    assert list(smooth(STICKY, other, every(2), graph([0, 1], TOPICS))) == ["topics"]
