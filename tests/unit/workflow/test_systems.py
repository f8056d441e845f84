from dataclasses import replace
from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from biolabel.data.documents import Document, Passage, Relation
from biolabel.data.labels import LabelMatrix, SoftLabels, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.endmodel.predict import DocumentScores
from biolabel.text.build import corpus_of
from biolabel.workflow.settings import Gold
from biolabel.workflow.systems import (
    Scored,
    documents_of,
    fused,
    of_end_model,
    of_soft_labels,
)

CAUSES = Task("cid", "relation", ("causes", "treats", "none"))
TAGS = Task("tags", "document", ("harm", "trial", "none"), exclusive=False)
KIND = Task("kind", "document", ("harm", "other"))
NAMES = Task("names", "entity", ("Drug", "none"))
CORPUS = corpus_of(
    [
        Document("a", (Passage("title", 0, "Zinc and rash"),)),
        Document("b", (Passage("title", 0, "Zinc"),)),
    ]
)
MENTIONS = MentionTable(
    doc=np.array([0, 0], dtype=np.int32),
    start=np.array([0, 9], dtype=np.int32),
    end=np.array([4, 13], dtype=np.int32),
    first_row=np.array([0, 2], dtype=np.int32),
    end_row=np.array([1, 3], dtype=np.int32),
    type=np.array([0, 1], dtype=np.int32),
    types=("Drug", "Harm"),
    concepts=(("X:1",), ("X:2",)),
)
PAIRS = (("X:1", "X:2"), ("X:1", "X:3"), ("X:1", "X:2"))
GOLD = {"cid": Gold(relation="CID", label="causes")}


def rows(*lines: tuple[float, ...]) -> NDArray[np.float32]:
    """Return probabilities as systems have them."""
    return np.array(lines, dtype=np.float32)


def votes_of(task: Task, documents: list[int]) -> TaskVotes:
    """Return votes of no rule over candidates in these documents."""
    none = np.empty(0, dtype=np.int32)
    matrix = LabelMatrix(
        task, (), len(documents), none, none.astype(np.int16), none.astype(np.int64)
    )
    pairs = PAIRS if task.kind == "relation" else ()
    sides = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
    return TaskVotes(matrix, none.reshape(0, 2), np.array(documents, dtype=np.int32), *sides)


VOTES = {
    "cid": votes_of(CAUSES, [0, 0, 1]),
    "tags": votes_of(TAGS, [0, 1]),
    "kind": votes_of(KIND, [0, 1]),
}


def scored(probabilities: dict[str, NDArray[np.float32]]) -> Scored:
    """Return one system over the pairs and documents above."""
    return Scored(MENTIONS, {name: VOTES[name] for name in probabilities}, probabilities)


def soft_of(task: Task, *covered: bool) -> SoftLabels:
    """Return soft labels of which only the coverage matters."""
    n, k = len(covered), len(task.labels)
    return SoftLabels(task, np.zeros((n, k), dtype=np.float32), np.array(covered))


def test_soft_labels_of_entities_are_no_candidates() -> None:
    kind, names = soft_of(KIND, True, True), soft_of(NAMES, True)
    found = of_soft_labels(MENTIONS, VOTES, {"names": names, "kind": kind})
    assert list(found.probabilities) == ["kind"]
    assert found.probabilities["kind"] is kind.probabilities


def test_the_end_models_documents_become_rows() -> None:
    nothing: dict[str, NDArray[np.float32]] = {}
    first = DocumentScores(
        "a",
        nothing,
        nothing,
        {"cid": rows((0.5, 0.3, 0.2), (0.1, 0.1, 0.8))},
        {"kind": rows((0.9, 0.1))[0]},
    )
    second = DocumentScores(
        "b", nothing, nothing, {"cid": rows((0.2, 0.2, 0.6))}, {"kind": rows((0.4, 0.6))[0]}
    )
    votes = {name: VOTES[name] for name in ("cid", "kind")}
    found = of_end_model(MENTIONS, votes, [first, second])
    assert (
        found.probabilities["cid"].tolist()
        == rows((0.5, 0.3, 0.2), (0.1, 0.1, 0.8), (0.2, 0.2, 0.6)).tolist()
    )
    assert found.probabilities["kind"].tolist() == rows((0.9, 0.1), (0.4, 0.6)).tolist()


def test_the_end_model_may_see_no_pairs() -> None:
    nothing: dict[str, NDArray[np.float32]] = {}
    empty = DocumentScores(
        "a", nothing, nothing, {"cid": np.zeros((0, 3), dtype=np.float32)}, nothing
    )
    found = of_end_model(MENTIONS, {"cid": VOTES["cid"]}, [empty])
    assert found.probabilities["cid"].shape == (0, 3)


def test_fusion_is_the_weighted_mean_of_log_probabilities() -> None:
    ours = rows((0.6, 0.3, 0.1), (0.2, 0.2, 0.6), (0.1, 0.1, 0.8))
    theirs = rows((0.2, 0.7, 0.1), (0.2, 0.2, 0.6), (0.7, 0.2, 0.1))
    found = fused(scored({"cid": ours}), scored({"cid": theirs}), {"relation": 0.25})
    raw = [0.6**0.75 * 0.2**0.25, 0.3**0.75 * 0.7**0.25, 0.1]
    assert found.probabilities["cid"][0] == pytest.approx([r / sum(raw) for r in raw], abs=1e-6)
    assert found.probabilities["cid"][1] == pytest.approx([0.2, 0.2, 0.6], abs=1e-6)
    assert found.probabilities["cid"].dtype == np.float32


def test_fusion_of_many_labels_is_the_weighted_mean_of_log_odds() -> None:
    ours, theirs = rows((0.8, 0.5), (0.9, 0.9)), rows((0.4, 0.5), (0.3, 0.2))
    found = fused(scored({"tags": ours}), scored({"tags": theirs}), {"document": 0.5})
    odds = (log(0.8 / 0.2) + log(0.4 / 0.6)) / 2
    first = found.probabilities["tags"][0]
    assert first == pytest.approx([1 / (1 + np.exp(-odds)), 0.5], abs=1e-6)


@pytest.mark.parametrize(("share", "expected"), [(0.0, (0.6, 0.3, 0.1)), (1.0, (0.2, 0.7, 0.1))])
def test_one_system_may_have_all_the_weight(
    share: float, expected: tuple[float, float, float]
) -> None:
    ours = rows((0.6, 0.3, 0.1), (1, 0, 0), (1, 0, 0))
    theirs = rows((0.2, 0.7, 0.1), (1, 0, 0), (1, 0, 0))
    found = fused(scored({"cid": ours}), scored({"cid": theirs}), {"relation": share})
    assert found.probabilities["cid"][0] == pytest.approx(expected, abs=1e-6)


def test_certain_systems_that_disagree_give_numbers() -> None:
    ours = rows((1, 0, 0), (1, 0, 0), (1, 0, 0))
    theirs = rows((0, 1, 0), (0, 1, 0), (0, 1, 0))
    found = fused(scored({"cid": ours}), scored({"cid": theirs}), {"relation": 0.5})
    assert found.probabilities["cid"][0] == pytest.approx([0.5, 0.5, 0.0], abs=1e-6)


def test_pairs_get_their_most_probable_label_above_its_threshold() -> None:
    # Expected F1 of `causes` is highest with the first pair alone, 2 * 0.6 / 1.65, so half of it.
    probabilities = rows((0.6, 0.3, 0.1), (0.04, 0.05, 0.91), (0.01, 0.9, 0.09))
    first, second = documents_of(CORPUS, scored({"cid": probabilities}), GOLD, "us")
    (one,), (two,) = first.relations, second.relations
    assert one == Relation("CID", "X:1", "X:2", "CID", one.probability)
    assert two == Relation("cid.treats", "X:1", "X:2", "cid.treats", two.probability)
    assert (one.probability, two.probability) == pytest.approx((0.6, 0.9))


def test_pairs_below_the_threshold_get_nothing() -> None:
    # Two pairs of 0.9 make 2 * 1.8 / 4.1 the highest expected F1, so 0.4 is below its half.
    probabilities = rows((0.9, 0.0, 0.1), (0.9, 0.0, 0.1), (0.3, 0.0, 0.7))
    first, second = documents_of(CORPUS, scored({"cid": probabilities}), GOLD, "us")
    assert [r.object for r in first.relations] == ["X:2", "X:3"]
    assert second.relations == ()


def test_a_threshold_of_the_settings_takes_the_place_of_the_expected_one() -> None:
    probabilities = rows((0.9, 0.0, 0.1), (0.6, 0.0, 0.4), (0.3, 0.5, 0.2))

    def said(**thresholds: float) -> list[str]:
        named = {name.replace("_", "."): value for name, value in thresholds.items()}
        found = documents_of(CORPUS, scored({"cid": probabilities}), GOLD, "us", named)
        return [r.label for document in found for r in document.relations]

    assert said(cid=0.7) == ["CID"]
    assert said(cid=0.55) == ["CID", "CID"]
    assert said(cid=0.7, cid_treats=0.4) == ["CID", "cid.treats"]
    assert said(other=0.7) == said()


def test_documents_get_mentions_and_their_most_probable_topic() -> None:
    first, second = documents_of(CORPUS, scored({"kind": rows((0.4, 0.6), (0.5, 0.5))}), {}, "us")
    assert [(m.start, m.end, m.type, m.concepts, m.source) for m in first.mentions] == [
        (0, 4, "Drug", ("X:1",), "us"), (9, 13, "Harm", ("X:2",), "us"),
    ]  # fmt: skip
    assert second.mentions == ()
    assert (first.topics, second.topics) == ({"kind": "other"}, {"kind": "harm"})
    assert (first.id, first.text) == ("a", "Zinc and rash")


def test_documents_that_may_have_several_labels_may_have_none() -> None:
    tags = {"tags": rows((0.4, 0.7, 0.8), (0.4, 0.3, 0.2))}
    first, second = documents_of(CORPUS, scored(tags), {}, "us")
    assert (first.topics, second.topics) == ({"tags": "trial"}, {"tags": "none"})


def test_relations_between_mentions_need_both_of_them() -> None:
    keys = ("@0-4:Drug", "@9-13:Harm", "@5-8:Harm")
    none = votes_of(NAMES, [0, 0])
    matrix = replace(none.matrix, task=CAUSES)
    votes = replace(none, matrix=matrix, subjects=(keys[0],) * 2, objects=keys[1:])
    scored = Scored(MENTIONS, {"cid": votes}, {"cid": rows((0.9, 0.0, 0.1), (0.9, 0.0, 0.1))})
    first, _ = documents_of(CORPUS, scored, GOLD, "end_model")
    assert [(r.subject, r.object) for r in first.relations] == [keys[:2]]
