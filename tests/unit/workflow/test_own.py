from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.documents import Document, Passage
from biolabel.data.labels import SoftLabels, Task
from biolabel.data.mentions import joined, mentions_of_rows
from biolabel.endmodel.predict import DocumentScores
from biolabel.text.build import corpus_of
from biolabel.workflow.own import fused_words

TASK = Task("mentions", "entity", ("Drug", "none"))
CORPUS = corpus_of([Document("1", (Passage("title", 0, "Aspirin relieved pain"),))])
TEXT = DocumentScores(
    "1",
    {"mentions": np.array([[0.2, 0.8], [0.1, 0.9], [0.6, 0.4]], dtype=np.float32)},
    {"mentions": np.array([0.4, 0.1, 0.9], dtype=np.float32)},
    {},
    {},
)


def fuse(share: float, covered: list[bool]) -> DocumentScores:
    rows = np.array([[0.9, 0.1], [0.5, 0.5], [0.5, 0.5]], dtype=np.float32)
    soft = SoftLabels(TASK, rows, np.array(covered))
    first, end = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    found = mentions_of_rows(CORPUS, first, end, ["Drug"], [()]) if any(covered) else joined([])
    return next(fused_words(CORPUS, [TEXT], [soft], found, share))


def test_beginnings_outside_of_found_mentions_are_the_texts_alone() -> None:
    fused = fuse(0.5, [True, False, False])
    np.testing.assert_allclose(fused.begins["mentions"][1:], TEXT.begins["mentions"][1:], 1e-5)


def test_the_class_prior_speaks_on_words_without_a_vote() -> None:
    fused = fuse(0.5, [True, False, False])
    odds = np.sqrt(0.5 / 0.5 * 0.6 / 0.4)
    assert fused.entities["mentions"][2, 0] == pytest.approx(odds / (1 + odds), abs=1e-5)


def test_rules_and_text_speak_together_on_words_with_votes() -> None:
    fused = fuse(0.5, [True, False, False])
    odds = np.sqrt(0.9 / 0.1 * 0.2 / 0.8)
    assert fused.entities["mentions"][0, 0] == pytest.approx(odds / (1 + odds), abs=1e-5)
    assert fused.begins["mentions"][0] == pytest.approx(0.5 * 1.0 + 0.5 * 0.4)


@pytest.mark.parametrize(("share", "drug", "begin"), [(0.0, 0.9, 1.0), (1.0, 0.2, 0.4)])
def test_the_share_goes_from_rules_to_text(share: float, drug: float, begin: float) -> None:
    fused = fuse(share, [True, False, False])
    assert fused.entities["mentions"][0, 0] == pytest.approx(drug, abs=1e-5)
    assert fused.begins["mentions"][0] == pytest.approx(begin, abs=1e-5)


def test_only_the_words_change() -> None:
    fused = fuse(0.5, [False, False, False])
    assert replace(fused, entities={}, begins={}) == replace(TEXT, entities={}, begins={})


def test_a_task_that_the_text_has_not_learned_is_the_rules_alone() -> None:
    unlearned = replace(TEXT, entities={}, begins={})
    rows = np.array([[0.9, 0.1], [0.5, 0.5], [0.5, 0.5]], dtype=np.float32)
    soft = SoftLabels(TASK, rows, np.array([True, False, False]))
    first, end = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    found = mentions_of_rows(CORPUS, first, end, ["Drug"], [()])
    (fused,) = fused_words(CORPUS, [unlearned], [soft], found, 0.5)
    np.testing.assert_array_equal(fused.entities["mentions"], rows)
    assert fused.begins["mentions"].tolist() == [1, 0, 0]
