from collections.abc import Sequence

import numpy as np

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.mentions import decode_mentions, link, mentions_of_spans, word_labels
from biolabel.apply.terms import TermFinder
from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelingFunction, LabelMatrix, SoftLabels, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from tests.unit.apply.world import corpus, ontology

TASK = Task("e", "entity", ("A", "B", "none"))
KNOWLEDGE = Knowledge(
    {
        "drugs": ontology({"X:1": ["iron"], "X:2": ["iron salt"], "X:3": ["salt"]}, "A"),
        "ills": ontology({"Y:1": ["iron lung"], "Y:2": ["lung"]}, "B"),
        "more": ontology({"Z:1": ["iron", "big iron salt"], "Z:2": ["tin"]}, "A"),
        "both": ontology({"W:2": ["lead"], "W:1": ["lead"]}, "A"),
    },
    {},
)


def finder(text: str) -> TermFinder:
    return TermFinder(corpus(text), KNOWLEDGE)


def decoded(text: str, labels: str, spans: Sequence[tuple[int, int, str]]) -> MentionTable:
    """Decode words labeled A, B, - (none) or ? (not covered), given spans of labeling functions."""
    found = finder(text)
    n = len(found.corpus.row_start)
    probabilities = np.zeros((n, 3), dtype=np.float32)
    probabilities[np.arange(n), ["AB-?".index(s) % 3 for s in labels]] = 1
    rows = [
        (row, i, 1 << "AB-".index(x), f, e)
        for i, (f, e, x) in enumerate(spans)
        for row in range(f, e)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    matrix = LabelMatrix(
        TASK,
        tuple(LabelingFunction(str(i)) for i in range(len(spans))),
        n,
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int16),
        table[:, 2],
    )
    votes = TaskVotes(matrix, table[:, 3:].astype(np.int32), found.corpus.row_doc)
    covered = np.array([s != "?" for s in labels])
    return decode_mentions(found, SoftLabels(TASK, probabilities, covered), votes)


def shown(table: MentionTable, over: Corpus) -> list[str]:
    return [
        f"{over.texts[table.doc[i]][table.start[i] : table.end[i]]}:{table.types[table.type[i]]}"
        for i in range(len(table))
    ]


def spans_of(labels: str, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    text = "iron salt lung tin"
    return shown(decoded(text, labels, spans), corpus(text))


def test_neighbors_join_under_a_span_of_their_label() -> None:
    assert spans_of("AA--", [(0, 2, "A")]) == ["iron salt:A"]
    assert spans_of("AA--", [(0, 1, "A"), (1, 2, "A")]) == ["iron:A", "salt:A"]
    assert spans_of("AA--", [(0, 2, "B")]) == ["iron:A", "salt:A"]
    assert spans_of("AAAA", [(0, 3, "A"), (2, 4, "A")]) == ["iron salt lung tin:A"]
    assert spans_of("AAAA", [(0, 2, "A"), (2, 4, "A")]) == ["iron salt:A", "lung tin:A"]


def test_labels_part_what_a_span_joins() -> None:
    assert spans_of("ABB-", [(0, 4, "A"), (1, 3, "B")]) == ["iron:A", "salt lung:B"]
    assert spans_of("A-A-", [(0, 3, "A")]) == ["iron:A", "lung:A"]
    assert spans_of("A?A-", [(0, 3, "A")]) == ["iron:A", "lung:A"]
    assert spans_of("----", [(0, 3, "A")]) == []
    assert spans_of("????", []) == []


def test_the_last_word_may_be_a_mention() -> None:
    assert spans_of("---A", [(3, 4, "A")]) == ["tin:A"]
    assert spans_of("A--A", [(0, 4, "A")]) == ["iron:A", "tin:A"]


def test_decoded_mentions_are_linked() -> None:
    table = decoded("iron salt lung tin", "AAB-", [(0, 2, "A"), (2, 3, "B")])
    assert table.concepts == (("X:2",), ("Y:2",))


def linked(text: str, *spans: tuple[int, int, str]) -> list[tuple[str, ...]]:
    first, end, types = zip(*spans, strict=True)
    return link(finder(text), np.array(first, np.int32), np.array(end, np.int32), types)


def test_links_to_the_whole_name_else_the_longest_inside() -> None:
    assert linked("big iron salt x", (1, 3, "A"), (0, 3, "A"), (0, 4, "A"), (0, 2, "A")) == [
        ("X:2",), ("Z:1",), ("Z:1",), ("X:1",),
    ]  # fmt: skip


def test_links_within_the_type_and_to_one_concept() -> None:
    assert linked("iron lung lead", (0, 2, "B"), (0, 2, "A"), (2, 3, "A"), (2, 3, "B")) == [
        ("Y:1",), ("X:1",), ("W:2",), (),
    ]  # fmt: skip


def test_the_first_of_equally_long_names_is_taken() -> None:
    assert linked("salt iron", (0, 2, "A")) == [("X:3",)]


def test_mentions_of_spans() -> None:
    found = finder("iron salt. Lung")
    table = mentions_of_spans(found, [(3, 4, "B"), (0, 2, "A")])
    assert shown(table, found.corpus) == ["iron salt:A", "Lung:B"]
    assert table.concepts == (("X:2",), ("Y:2",))
    assert len(mentions_of_spans(found, [])) == 0


def of_spans(
    text: str, spans: Sequence[tuple[int, int]], rows: Sequence[Sequence[float]], task: Task
) -> tuple[TermFinder, SoftLabels, TaskVotes]:
    found = finder(text)
    table = np.array(spans, dtype=np.int32)
    none = np.empty(0, dtype=np.int64)
    matrix = LabelMatrix(task, (), len(spans), none.astype(np.int32), none.astype(np.int16), none)
    votes = TaskVotes(
        matrix, np.empty((0, 2), np.int32), found.corpus.row_doc[table[:, 0]], spans=table
    )
    probabilities = np.array(rows, dtype=np.float32)
    covered = probabilities.max(axis=1) > 0
    return found, SoftLabels(task, probabilities, covered), votes


def test_of_spans_that_overlap_the_most_probable_is_a_mention() -> None:
    spans = [(0, 2), (1, 3), (3, 4), (3, 5), (5, 6)]
    rows = [[0.6, 0.1, 0.3], [0.9, 0, 0.1], [0.8, 0, 0.2], [0.8, 0, 0.2], [0.2, 0, 0.8]]
    found, soft, votes = of_spans("big iron salt and tin lead", spans, rows, TASK)
    assert shown(decode_mentions(found, soft, votes), found.corpus) == ["iron salt:A", "and tin:A"]
    words = word_labels(soft, votes, 6)
    assert words.probabilities.argmax(axis=1).tolist() == [0, 0, 0, 0, 0, 2]
    assert words.probabilities[1].tolist() == np.array([0.9, 0, 0.1], dtype=np.float32).tolist()
    assert words.covered.all()


def test_words_outside_of_spans_are_nothing() -> None:
    found, soft, votes = of_spans("big iron salt", [(1, 2)], [[0.6, 0.1, 0.3]], TASK)
    words = word_labels(soft, votes, 3)
    assert words.covered.tolist() == [False, True, False]
    assert words.probabilities[0].tolist() == [0, 0, 1]
    assert shown(decode_mentions(found, soft, votes), found.corpus) == ["iron:A"]


def test_where_several_labels_may_hold_each_makes_mentions() -> None:
    many = Task("e", "entity", ("A", "B", "none"), exclusive=False)
    rows = [[0.6, 0.7, 0.1], [0.4, 0.9, 0.1]]
    found, soft, votes = of_spans("big iron salt", [(1, 2), (1, 3)], rows, many)
    assert sorted(shown(decode_mentions(found, soft, votes), found.corpus)) == [
        "iron salt:B", "iron:A",
    ]  # fmt: skip
    matrix = LabelMatrix(
        many,
        (LabelingFunction("k"), LabelingFunction("d", draft=True)),
        3,
        np.array([0, 1, 1, 2], dtype=np.int32),
        np.array([0, 0, 1, 1], dtype=np.int16),
        np.array([1, 1, 2, 2]),
    )
    evidence = np.array([[0, 2], [0, 2], [1, 3], [1, 3]], dtype=np.int32)
    on_words = TaskVotes(matrix, evidence, found.corpus.row_doc)
    labels = SoftLabels(many, np.full((3, 3), 0.5, dtype=np.float32), np.ones(3, dtype=bool))
    assert sorted(shown(decode_mentions(found, labels, on_words), found.corpus)) == [
        "big iron:A", "big:B", "iron:B", "salt:A", "salt:B",
    ]  # fmt: skip


def test_a_tie_with_none_is_no_mention() -> None:
    found = finder("iron salt")
    tie = np.array([[0.5, 0.0, 0.5], [0.6, 0.0, 0.4]], dtype=np.float32)
    soft = SoftLabels(TASK, tie, np.ones(2, dtype=bool))
    empty = np.empty(0, dtype=np.int32)
    matrix = LabelMatrix(TASK, (), 2, empty, empty.astype(np.int16), empty.astype(np.int64))
    votes = TaskVotes(matrix, np.empty((0, 2), dtype=np.int32), found.corpus.row_doc)
    assert shown(decode_mentions(found, soft, votes), found.corpus) == ["salt:A"]
