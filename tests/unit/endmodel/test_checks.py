"""Documents and tasks that do not fit together are refused by name."""

from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.documents import Mention
from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels
from biolabel.endmodel.checks import check_document, check_tasks
from biolabel.errors import ModelError

ONE = np.ones(1, dtype=np.float32)
HALVES = np.full((1, 2), 0.5, dtype=np.float32)


def test_good_documents_pass(documents: list[LabeledDocument], tasks: tuple[Task, ...]) -> None:
    for document in documents:
        check_document(document, tasks)


def test_labels_of_other_tasks_are_not_looked_at(documents: list[LabeledDocument]) -> None:
    check_document(documents[0], [Task("other", "entity", ("x", "none"))])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words": np.zeros(4, np.int32)}, "words of shape"),
        ({"words": np.array([[0, 999]], np.int32)}, "span 0 to 999"),
        ({"mentions": (Mention(5, 5, "Chemical", ("C:aspirin",)),)}, "span 5 to 5"),
        ({"mentions": ()}, "which no mention names"),
        ({"entities": {"names": WordLabels(HALVES, ONE)}}, "labels of 'names' of shape (1, 2)"),
        ({"relations": {"causes": PairLabels((), HALVES, ONE)}}, "labels of 'causes'"),
        ({"topics": {"kind": TopicLabels(HALVES[0] * np.nan, 1.0)}}, "no probabilities"),
        ({"topics": {"kind": TopicLabels(HALVES[0], -1.0)}}, "weights of 'kind' below 0"),
        ({"topics": {"kind": TopicLabels(HALVES[0], float("inf"))}}, "not finite"),
    ],
)
def test_what_does_not_fit_is_named(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    changes: dict[str, object],
    words: str,
) -> None:
    with pytest.raises(ModelError) as caught:
        check_document(replace(documents[0], **changes), tasks)  # type: ignore[arg-type]
    assert caught.value.code == "BL825"
    assert documents[0].id in caught.value.message
    assert words in caught.value.message


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [Task("a", "entity", ("x",))],
        [Task("a", "entity", ("x", "none")), Task("a", "document", ("y", "z"))],
    ],
)
def test_impossible_tasks(wrong: list[Task]) -> None:
    with pytest.raises(ModelError) as caught:
        check_tasks(wrong)
    assert caught.value.code == "BL824"
