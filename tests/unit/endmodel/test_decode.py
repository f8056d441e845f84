"""Mentions from word probabilities."""

import numpy as np
import pytest

from biolabel.data.labels import Task
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.decode import decode

TASK = Task("names", "entity", ("Chemical", "Disease", "none"))
MANY = Task("names", "entity", ("Chemical", "Disease", "none"), exclusive=False)


def found(text: str, tags: str, begins: str = "", task: Task = TASK) -> list[tuple[str, str]]:
    """Decode a text whose rows are tagged C, D, B (both) or a dot; `begins` has b where one begins."""
    words, _ = rows_of(text)
    assert len(tags) == len(words)
    rows = {"C": (0.8, 0.1, 0.1), "D": (0.1, 0.8, 0.1), ".": (0.1, 0.1, 0.8), "B": (0.7, 0.6, 0.1)}
    probabilities = np.array([rows[tag] for tag in tags], dtype=np.float32).reshape(-1, 3)
    edges = np.array([sign == "b" for sign in begins.ljust(len(tags))], dtype=np.float32)
    document = LabeledDocument("d", text, words, ())
    mentions = decode(document, task, probabilities, edges)
    return [(text[m.start : m.end], m.type) for m in mentions]


def test_runs_of_a_label() -> None:
    assert found("acute renal failure after lithium", "DDD.C") == [
        ("acute renal failure", "Disease"),
        ("lithium", "Chemical"),
    ]


def test_neighbors_with_other_labels_part() -> None:
    assert found("lithium tremor", "CD") == [("lithium", "Chemical"), ("tremor", "Disease")]


def test_a_begin_cuts_a_run() -> None:
    assert found("tremor nausea", "DD", "bb") == [("tremor", "Disease"), ("nausea", "Disease")]
    assert found("tremor nausea", "DD", "b ") == [("tremor nausea", "Disease")]


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("tremor, nausea.", "DDDD", "tremor, nausea"),
        ("(tremor) x", "DDD.", "(tremor)"),
        ("(tremor x", "DD.", "tremor"),
        ("tremor) x", "DD.", "tremor"),
        ("tremor (x", "DD.", "tremor"),
        ("calcium(2) x", "CCCC.", "calcium(2)"),
        ("Ca2+ x", "CC.", "Ca2+"),
    ],
)
def test_punctuation_at_the_edges_is_stripped(text: str, tags: str, expected: str) -> None:
    assert [name for name, _ in found(text, tags)] == [expected]


def test_punctuation_alone_is_no_mention() -> None:
    assert found("x ), (", ".DDD") == []


def test_labels_that_need_not_exclude_each_other() -> None:
    assert found("heparin x", "B.", task=MANY) == [("heparin", "Chemical"), ("heparin", "Disease")]


def test_the_probability_is_the_mean_of_the_words() -> None:
    words, _ = rows_of("renal failure")
    probabilities = np.array([[0.1, 0.6, 0.3], [0, 1, 0]], dtype=np.float32)
    document = LabeledDocument("d", "renal failure", words, ())
    (mention,) = decode(document, TASK, probabilities, np.zeros(2, dtype=np.float32))
    assert mention.probability == pytest.approx(0.8)
    assert mention.source == "end model"


def test_no_words_no_mentions() -> None:
    assert found("", "") == []
