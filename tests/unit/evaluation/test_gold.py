from collections.abc import Mapping

import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.data.labels import LabelMatrix, Task, TaskKind
from biolabel.data.votes import TaskVotes
from biolabel.errors import ModelError
from biolabel.evaluation.gold import gold_labels
from biolabel.text.build import corpus_of

TEXT = "Acute renal failure followed lithium."


def document(
    name: str,
    mentions: tuple[Mention, ...] = (),
    relations: tuple[Relation, ...] = (),
    topics: Mapping[str, str] | None = None,
) -> Document:
    return Document(name, (Passage("title", 0, TEXT),), mentions, relations, topics=topics or {})


def votes(
    kind: TaskKind, labels: tuple[str, ...], documents: list[int], *pairs: tuple[str, str]
) -> TaskVotes:
    empty = np.empty(0, dtype=np.int32)
    matrix = LabelMatrix(
        Task("task", kind, labels),
        (),
        len(documents),
        empty,
        empty.astype(np.int16),
        empty.astype(np.int64),
    )
    return TaskVotes(
        matrix,
        empty.reshape(-1, 2),
        np.array(documents, dtype=np.int32),
        tuple(subject for subject, _ in pairs),
        tuple(target for _, target in pairs),
    )


def words(corpus: Corpus) -> list[int]:
    found = votes("entity", ("none", "Chemical", "Disease"), corpus.row_doc.tolist())
    return gold_labels(found, corpus, {}).tolist()


PAIRS = votes("relation", ("none", "causes"), [0, 0, 1], ("a", "b"), ("a", "c"), ("a", "b"))
CID = {"task": {"CID": "causes"}}


def test_pairs() -> None:
    relations = (Relation("CID", "a", "b", "CID"), Relation("PPI", "a", "c", "PPI"))
    corpus = corpus_of([document("1", relations=relations), document("2")])
    found = gold_labels(PAIRS, corpus, CID)
    assert found.tolist() == [0b10, 0b1, 0b1]
    assert found.dtype == np.int64


def test_a_pair_may_have_several_labels() -> None:
    found = votes("relation", ("up", "down", "none"), [0, 0, 0], ("a", "b"), ("a", "c"), ("b", "c"))
    names = ("UP", "DOWN", "FALL", "OTHER")
    relations = [Relation(name, "a", "b", name) for name in names[:2]]
    relations += [Relation(name, "a", "c", name) for name in names[2:]]
    corpus = corpus_of([document("1", relations=tuple(relations))])
    means = {"task": {"UP": "up", "DOWN": "down", "FALL": "down"}}
    assert gold_labels(found, corpus, means).tolist() == [0b11, 0b10, 0b100]


def test_pairs_of_mentions() -> None:
    found = votes("relation", ("yes", "none"), [0, 0], ("@0-1:A", "@2-3:B"), ("@0-1:A", "@4-5:B"))
    relations = (Relation("R", "@0-1:A", "@4-5:B", "R"),)
    corpus = corpus_of([document("1", relations=relations)])
    assert gold_labels(found, corpus, {"task": {"R": "yes"}}).tolist() == [0b10, 0b1]


def test_gold_of_another_level_is_refused() -> None:
    corpus = corpus_of([document("1", relations=(Relation("CID", "@0-1:A", "@4-5:B", "CID"),))])
    with pytest.raises(ModelError, match="between mentions, the rules between concepts") as caught:
        gold_labels(PAIRS, corpus, CID)
    assert (caught.value.code, caught.value.hint) == (
        "BL882",
        "write `level: mention` in the relation",
    )


def test_pairs_are_unknown_where_no_document_has_the_relation() -> None:
    other = document("1", relations=(Relation("PPI", "a", "b", "PPI"),))
    assert gold_labels(PAIRS, corpus_of([other, document("2")]), CID).tolist() == [-1] * 3
    assert gold_labels(PAIRS, corpus_of([other, document("2")]), {}).tolist() == [-1] * 3


def test_a_label_that_the_task_lacks_is_refused() -> None:
    with pytest.raises(ModelError, match="none, causes") as caught:
        gold_labels(PAIRS, corpus_of([document("1")]), {"task": {"CID": "cause"}})
    assert caught.value.code == "BL881"


def test_words() -> None:
    mentions = (
        Mention(0, 19, "Disease"),
        Mention(6, 11, "Chemical"),
        Mention(20, 28, "Gene"),
        Mention(29, 36, "Chemical"),
    )
    corpus = corpus_of([document("1", mentions), document("2")])
    assert words(corpus) == [4, 4, 4, 1, 2, 1, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "mentions",
    [(), (Mention(0, 5, "Gene"),), (Mention(0, 5, "Disease", source="rules"),)],
    ids=["none", "other type", "not given"],
)
def test_words_are_unknown_where_nobody_looked(mentions: tuple[Mention, ...]) -> None:
    assert words(corpus_of([document("1", mentions)])) == [-1] * 6


def test_documents() -> None:
    topics = [{"task": "harm"}, {}, {"task": "cure"}, {"task": "other"}, {"topic": "harm"}]
    corpus = corpus_of([document(str(i), topics=t) for i, t in enumerate(topics)])
    found = votes("document", ("harm", "cure"), [0, 1, 2, 3, 4])
    assert gold_labels(found, corpus, {}).tolist() == [1, -1, 2, -1, -1]
