"""What WRENCH gets, and what comes back from it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.interop.wrench import read_wrench, write_wrench


def test_pairs_have_their_entities(
    tmp_path: Path, corpus: Corpus, mentions: MentionTable, pair_votes: TaskVotes
) -> None:
    gold = np.array([0, -1])
    files = write_wrench(tmp_path, pair_votes, corpus, mentions, gold)
    assert {file.name for file in files} == {"train.json", "label.json", "meta.json"}
    rows = json.loads((tmp_path / "train.json").read_text("utf-8"))
    assert rows["1"] == {
        "label": -1,
        "weak_labels": [-1, 1],
        "data": {
            "text": corpus.texts[1],
            "entity1": "Aspirin", "span1": [2, 9], "entity2": "pain", "span2": [19, 23],
        },
    }  # fmt: skip
    found = read_wrench(tmp_path, task=pair_votes.matrix.task)
    assert found.gold.tolist() == [0, -1]
    assert found.matrix.mask.tolist() == pair_votes.matrix.mask.tolist()
    assert [lf.name for lf in found.matrix.lfs] == ["a", "b"]


def test_documents_and_sentences_are_texts(
    tmp_path: Path,
    corpus: Corpus,
    mentions: MentionTable,
    topic_votes: TaskVotes,
    sentence_votes: TaskVotes,
) -> None:
    write_wrench(tmp_path, topic_votes, corpus, mentions)
    found = read_wrench(tmp_path)
    assert [data["text"] for data in found.data] == list(corpus.texts)
    assert found.matrix.task.labels == ("harm", "other")
    assert found.matrix.candidate.tolist() == [0, 0]
    write_wrench(tmp_path, sentence_votes, corpus, mentions, split="valid")
    assert read_wrench(tmp_path, "valid").data[1]["text"] == "Rest helped."


def test_words_are_sequences(
    tmp_path: Path, corpus: Corpus, mentions: MentionTable, word_votes: TaskVotes
) -> None:
    write_wrench(tmp_path, word_votes, corpus, mentions, leave_out=True)
    rows = json.loads((tmp_path / "train.json").read_text("utf-8"))
    assert rows["0"]["weak_labels"][0] == ["B-Chemical", "B-Chemical"]
    assert rows["0"]["weak_labels"][1] == ["O", "O"]
    assert rows["0"]["data"]["text"][:2] == ["Lithium", "caused"]
    meta = json.loads((tmp_path / "meta.json").read_text("utf-8"))
    assert meta == {"lf": ["a", "b"], "num_lf": 2, "entity_types": ["Chemical", "Disease"]}
    found = read_wrench(tmp_path)
    assert found.matrix.n_candidates == word_votes.matrix.n_candidates
    assert found.matrix.candidate.tolist() == [0, 0]


def test_a_span_of_several_words_begins_once(
    tmp_path: Path, corpus: Corpus, mentions: MentionTable, word_votes: TaskVotes
) -> None:
    matrix = replace(
        word_votes.matrix,
        candidate=np.array([0, 1], np.int32),
        lf=np.array([0, 0], np.int16),
        mask=np.array([1, 1]),
    )
    votes = replace(word_votes, matrix=matrix, evidence=np.array([[0, 2], [0, 2]], np.int32))
    write_wrench(tmp_path, votes, corpus, mentions)
    rows = json.loads((tmp_path / "train.json").read_text("utf-8"))
    assert [tags[0] for tags in rows["0"]["weak_labels"][:3]] == ["B-Chemical", "I-Chemical", "O"]


def test_what_is_too_large_or_cannot_be_written_is_refused(
    tmp_path: Path, corpus: Corpus, mentions: MentionTable, word_votes: TaskVotes
) -> None:
    with pytest.raises(RunError) as raised:
        write_wrench(tmp_path, word_votes, corpus, mentions, memory=8)
    assert raised.value.code == "BL966"
    with pytest.raises(RunError) as raised:
        write_wrench(tmp_path, word_votes, corpus, mentions)
    assert raised.value.code == "BL967"
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError) as raised:
        write_wrench(tmp_path / "file", word_votes, corpus, mentions, leave_out=True)
    assert raised.value.code == "BL906"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("[]", "no object of JSON"),
        ("{", "is no JSON"),
        ('{"0": {"weak_labels": [5], "data": {}}}', "numbers from -1 to 1"),
        ('{"0": {"weak_labels": ["x"], "data": {}}}', "numbers from -1 to 1"),
        ('{"0": {"weak_labels": [0]}}', "no data of WRENCH"),
        (
            '{"0": {"weak_labels": [0], "data": {}}, "1": {"weak_labels": [0, 1], "data": {}}}',
            "WRENCH",
        ),
        ('{"0": 3}', "no data of WRENCH"),
    ],
)
def test_files_that_hold_something_else_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "label.json").write_text('{"0": "x", "1": "y"}')
    (tmp_path / "train.json").write_text(rows)
    with pytest.raises(RunError, match=said) as raised:
        read_wrench(tmp_path)
    assert raised.value.code == "BL968"
