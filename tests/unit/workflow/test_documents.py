import numpy as np
import pytest

from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.labels import LabelMatrix, SoftLabels, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.endmodel.checks import check_document
from biolabel.text.build import corpus_of
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.documents import (
    bare_documents,
    gold_labels_as_soft,
    labeled_documents,
)
from biolabel.workflow.fit import fit, open_fitted, soft_labels

NAMES = Task("names", "entity", ("Drug", "none"))
CAUSES = Task("causes", "relation", ("causes", "none"))
KIND = Task("kind", "document", ("harm", "other"))
CORPUS = corpus_of(
    [
        Document("a", (Passage("title", 0, "Zinc and rash"),)),
        Document("b", (Passage("title", 0, "Zinc"),)),
    ]
)
MENTIONS = MentionTable(
    doc=np.array([0, 0, 1], dtype=np.int32),
    start=np.array([0, 9, 0], dtype=np.int32),
    end=np.array([4, 13, 4], dtype=np.int32),
    first_row=np.array([0, 2, 3], dtype=np.int32),
    end_row=np.array([1, 3, 4], dtype=np.int32),
    type=np.array([0, 1, 0], dtype=np.int32),
    types=("Drug", "Harm"),
    concepts=(("X:1",), ("X:2",), ("X:1",)),
)


def votes_of(task: Task, documents: list[int], *pairs: tuple[str, str]) -> TaskVotes:
    """Return votes of no rule over candidates in these documents."""
    none = np.empty(0, dtype=np.int32)
    matrix = LabelMatrix(
        task, (), len(documents), none, none.astype(np.int16), none.astype(np.int64)
    )
    subjects, objects = tuple(s for s, _ in pairs), tuple(o for _, o in pairs)
    where = np.array(documents, dtype=np.int32)
    return TaskVotes(matrix, none.reshape(0, 2), where, subjects, objects)


def soft_of(task: Task, rows: list[tuple[float, float]], covered: list[bool]) -> SoftLabels:
    """Return soft labels of a task with two labels."""
    return SoftLabels(task, np.array(rows, dtype=np.float32), np.array(covered))


VOTES = {
    "names": votes_of(NAMES, [0, 0, 0, 1]),
    "causes": votes_of(CAUSES, [0, 0, 1], ("X:1", "X:2"), ("X:1", "X:9"), ("X:1", "X:2")),
    "kind": votes_of(KIND, [0, 1]),
}
SOFT = {
    "names": soft_of(
        NAMES, [(0.9, 0.1), (0.5, 0.5), (0.2, 0.8), (0.7, 0.3)], [True, False, True, True]
    ),
    "causes": soft_of(CAUSES, [(0.8, 0.2), (0.6, 0.4), (0.5, 0.5)], [True, True, False]),
    "kind": soft_of(KIND, [(0.9, 0.1), (0.5, 0.5)], [True, False]),
}


def test_words_without_a_vote_are_outside_of_mentions() -> None:
    first, second = labeled_documents(CORPUS, VOTES, SOFT, MENTIONS, 0.25)
    words = first.entities["names"]
    assert words.probabilities == pytest.approx(
        np.array([[0.9, 0.1], [0.0, 1.0], [0.2, 0.8]], dtype=np.float32)
    )
    assert words.weight.tolist() == [1.0, 0.25, 1.0]
    assert words.probabilities.dtype == words.weight.dtype == np.float32
    assert second.entities["names"].weight.tolist() == [1.0]
    assert [first.words.tolist(), second.words.tolist()] == [
        [[0, 4], [5, 8], [9, 13]],
        [[0, 4]],
    ]


def test_words_without_a_vote_can_be_masked() -> None:
    first, _ = labeled_documents(CORPUS, VOTES, SOFT, MENTIONS, 0.0)
    assert first.entities["names"].weight.tolist() == [1.0, 0.0, 1.0]


def test_pairs_keep_to_mentioned_concepts() -> None:
    first, second = labeled_documents(CORPUS, VOTES, SOFT, MENTIONS, 0.5)
    assert first.relations["causes"].pairs == (("X:1", "X:2"),)
    assert first.relations["causes"].probabilities == pytest.approx(np.array([[0.8, 0.2]]))
    assert first.relations["causes"].weight.tolist() == [1.0]
    assert second.relations["causes"].pairs == ()
    assert second.relations["causes"].probabilities.shape == (0, 2)


def test_documents_without_a_vote_are_masked() -> None:
    first, second = labeled_documents(CORPUS, VOTES, SOFT, MENTIONS, 0.5)
    assert (first.topics["kind"].weight, second.topics["kind"].weight) == (1.0, 0.0)
    assert first.topics["kind"].probabilities == pytest.approx(np.array([0.9, 0.1]))


def test_documents_to_predict_have_pairs_without_labels() -> None:
    first, second = bare_documents(CORPUS, VOTES, MENTIONS)
    assert first.relations["causes"].pairs == (("X:1", "X:2"), ("X:1", "X:9"))
    assert not first.relations["causes"].weight.any()
    assert not first.entities
    assert not first.topics
    assert [m.concepts for m in second.mentions] == [("X:1",)]
    assert second.relations["causes"].probabilities.shape == (1, 2)


def test_a_run_gives_documents_that_the_end_model_takes(bench: Bench) -> None:
    applied = open_applied(apply(bench, "corpus"))
    soft = soft_labels(bench, open_fitted(fit(bench)).model, applied.votes, "corpus")
    tasks = [task.task for task in bench.plan.tasks]
    corpus = bench.corpus("corpus")
    documents = labeled_documents(corpus, applied.votes, soft, applied.mentions, 0.5)
    assert [document.id for document in documents] == list(corpus.ids)
    for document in documents:
        check_document(document, tasks)
        named = {concept for mention in document.mentions for concept in mention.concepts}
        for pair in document.relations["cid"].pairs:
            assert set(pair) <= named
    pairs = sum(len(document.relations["cid"].pairs) for document in documents)
    assert pairs == applied.votes["cid"].matrix.n_candidates > 0


def test_given_mentions_come_along_where_pairs_need_them() -> None:
    given = (Mention(0, 4, "Drug"), Mention(5, 8, "Other"), Mention(9, 13, "Harm", ("X:9",)))
    title = (Passage("title", 0, "Zinc and rash"),)
    over = corpus_of([Document("a", title, given), Document("b", title)])
    pairs = (("@0-4:Drug", "@5-8:Other"), ("X:1", "X:9"))
    votes = {"causes": votes_of(CAUSES, [0, 0], *pairs)}
    found, _ = bare_documents(over, votes, MENTIONS)
    named = [(m.start, m.type, m.concepts, m.source) for m in found.mentions]
    assert named == [
        (0, "Drug", ("X:1",), "rules"),
        (9, "Harm", ("X:2",), "rules"),
        (5, "Other", (), "given"),
        (9, "Harm", ("X:9",), "given"),
    ]
    check_document(found, [CAUSES])


def test_gold_is_labels_that_are_sure(bench: Bench) -> None:
    corpus = bench.corpus("dev")
    found = open_applied(given_apart(bench, "dev") or apply(bench, "dev"))
    soft = gold_labels_as_soft(corpus, found.votes, {"cid": {"CID": "causes"}})
    for name, labels in soft.items():
        assert labels.covered.all(), name
        np.testing.assert_array_equal(labels.probabilities.sum(axis=1), 1)
        assert set(np.unique(labels.probabilities)) == {0, 1}
    causes = soft["cid"].probabilities[:, 0].sum()
    assert 0 < causes <= sum(len(relations) for relations in corpus.relations)
    unknown = gold_labels_as_soft(corpus, found.votes, {})["cid"]
    assert not unknown.covered.any()
    assert not unknown.probabilities.any()
    documents = labeled_documents(corpus, found.votes, soft, found.mentions, 0.0)
    for document in documents:
        check_document(document, [labels.task for labels in soft.values()])
