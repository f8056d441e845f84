"""Votes on two small texts, for every kind of task."""

from collections.abc import Sequence

import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.text.build import corpus_of

TEXTS = ("Lithium caused tremor. Rest helped.", "\N{MICROSCOPE} Aspirin relieved pain.")
ENTITY = Task("mentions", "entity", ("Chemical", "Disease", "none"))
RELATION = Task("cid", "relation", ("causes", "none"))
TOPIC = Task("topic", "document", ("harm", "other"))


def _mention(text: str, word: str, type_: str, concept: str) -> Mention:
    start = text.index(word)
    return Mention(start, start + len(word), type_, (concept,))


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Return two documents with a chemical and a disease each; the second begins with an astral sign."""
    names = (("Lithium", "tremor"), ("Aspirin", "pain"))
    documents = [
        Document(
            f"d{at}",
            (Passage("", 0, text),),
            (
                _mention(text, chemical, "Chemical", f"C:{at}"),
                _mention(text, disease, "Disease", f"D:{at}"),
            ),
        )
        for at, (text, (chemical, disease)) in enumerate(zip(TEXTS, names, strict=True))
    ]
    return corpus_of(documents)


@pytest.fixture(scope="session")
def mentions(corpus: Corpus) -> MentionTable:
    """Return the mentions of both documents."""
    return given_mentions(corpus)


def matrix_of(
    task: Task, n: int, votes: Sequence[tuple[int, int, int]], rules: Sequence[str] = ("a", "b")
) -> LabelMatrix:
    """Return a label matrix of votes: candidate, rule, mask."""
    table = np.array(sorted(votes), dtype=np.int64).reshape(-1, 3)
    return LabelMatrix(
        task,
        tuple(LabelingFunction(name) for name in rules),
        n,
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int16),
        table[:, 2],
    )


@pytest.fixture(scope="session")
def word_votes(corpus: Corpus) -> TaskVotes:
    """Return votes on the words `Lithium` (both rules) and `pain` (one rule, not a chemical)."""
    texts = [
        corpus.texts[doc][start:end]
        for doc, start, end in zip(corpus.row_doc, corpus.row_start, corpus.row_end, strict=True)
    ]
    first, last = texts.index("Lithium"), texts.index("pain")
    matrix = matrix_of(ENTITY, len(texts), [(first, 0, 1), (first, 1, 1), (last, 1, 6)])
    rows = matrix.candidate
    return TaskVotes(matrix, np.stack([rows, rows + 1], axis=1), corpus.row_doc)


@pytest.fixture(scope="session")
def pair_votes(mentions: MentionTable) -> TaskVotes:
    """Return a vote on the pair of each document; evidence is from the one mention to the other."""
    matrix = matrix_of(RELATION, 2, [(0, 0, 1), (1, 1, 2)])
    evidence = np.array(
        [[mentions.first_row[2 * at], mentions.end_row[2 * at + 1]] for at in (0, 1)], np.int32
    )
    documents = np.arange(2, dtype=np.int32)
    return TaskVotes(matrix, evidence, documents, ("C:0", "C:1"), ("D:0", "D:1"))


@pytest.fixture(scope="session")
def topic_votes() -> TaskVotes:
    """Return votes of both rules on the first document, that disagree."""
    matrix = matrix_of(TOPIC, 2, [(0, 0, 1), (0, 1, 2)])
    return TaskVotes(matrix, np.zeros((2, 2), np.int32), np.arange(2, dtype=np.int32))


@pytest.fixture(scope="session")
def sentence_votes(corpus: Corpus) -> TaskVotes:
    """Return a vote on the second sentence of the first document."""
    matrix = matrix_of(TOPIC, len(corpus.sentence_doc), [(1, 0, 2)])
    evidence = np.array([[corpus.sentence_first_row[1], corpus.sentence_end_row[1]]], np.int32)
    return TaskVotes(matrix, evidence, corpus.sentence_doc)
