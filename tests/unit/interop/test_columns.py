import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.interop.columns import soft_table, votes_table


def test_a_row_a_vote(corpus: Corpus, mentions: MentionTable, pair_votes: TaskVotes) -> None:
    rows = votes_table(pair_votes, corpus, mentions, ("chemical", "disease")).to_pylist()
    assert rows[1] == {
        "candidate": 1, "doc": "d1",
        "chemical": "C:1", "chemical_start": 2, "chemical_end": 9, "chemical_text": "Aspirin",
        "disease": "D:1", "disease_start": 19, "disease_end": 23, "disease_text": "pain",
        "rule": "b", "labels": ["none"], "evidence_start": 2, "evidence_end": 23,
    }  # fmt: skip
    assert "subject_text" in votes_table(pair_votes, corpus, mentions).column_names


def test_documents_have_no_places(
    corpus: Corpus, mentions: MentionTable, topic_votes: TaskVotes
) -> None:
    table = votes_table(topic_votes, corpus, mentions)
    assert table["evidence_start"].null_count == 2
    assert "start" not in table.column_names


@pytest.mark.parametrize("everyone", [False, True])
def test_a_row_a_candidate(
    corpus: Corpus, mentions: MentionTable, topic_votes: TaskVotes, everyone: bool
) -> None:
    soft = SoftLabels(
        topic_votes.matrix.task,
        np.array([[0.25, 0.75], [0.5, 0.5]], np.float32),
        np.array([True, False]),
    )
    rows = soft_table(soft, topic_votes, corpus, mentions, everyone=everyone).to_pylist()
    assert rows[0] == {
        "candidate": 0, "doc": "d0", "label": "other", "p_harm": 0.25, "p_other": 0.75,
        "covered": True,
    }  # fmt: skip
    assert [row["covered"] for row in rows] == ([True, False] if everyone else [True])


def test_no_votes_are_an_empty_table(corpus: Corpus, mentions: MentionTable) -> None:
    from dataclasses import replace

    from biolabel.data.labels import LabelMatrix, Task

    empty = np.zeros(0)
    matrix = LabelMatrix(
        Task("t", "entity", ("x", "none")), (), 3,
        empty.astype(np.int32), empty.astype(np.int16), empty.astype(np.int64),
    )  # fmt: skip
    votes = TaskVotes(matrix, np.zeros((0, 2), np.int32), corpus.row_doc)
    assert votes_table(votes, corpus, mentions).num_rows == 0
    assert votes_table(replace(votes), corpus, mentions)["labels"].to_pylist() == []
