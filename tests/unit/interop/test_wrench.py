"""What WRENCH gets, and what comes back from it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.labels import Task
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


def example(**changes: object) -> str:
    """Return a split with one example, some of which is changed."""
    return json.dumps({"a": {"data": {"text": "t"}, "weak_labels": [0, -1], "label": 1} | changes})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("[]", "train.json holds a list of JSON, not an object"),
        ("{", "train.json is no JSON: Expecting property name"),
        ('{"a": 3}', "example 'a' of .*train.json is no object"),
        (example(weak_labels=[5, 0]), "example 'a' of .*train.json: 5 is no number from -1 to 1"),
        (example(weak_labels=["x", 0]), "example 'a' of .*: \"x\" is no number from -1 to 1"),
        (example(weak_labels=[True, 0]), "example 'a' of .*: true is no number from -1 to 1"),
        (example(label=2), "example 'a' of .*train.json: 2 is no number from -1 to 1"),
        (example(label="y" * 90), "yyy… is no number"),
        (example(weak_labels=None), "example 'a' of .*train.json has no `weak_labels`, a list"),
        (example(data=[]), "example 'a' of .*train.json has no `data`, an object"),
        (example(weak_labels=[0]), "example 'a' of .* has 1 votes, and there are 2 rules"),
    ],
)
def test_files_that_hold_something_else_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    (tmp_path / "label.json").write_text('{"0": "x", "1": "y"}')
    (tmp_path / "meta.json").write_text('{"lf": ["one", "two"]}')
    (tmp_path / "train.json").write_text(rows)
    with pytest.raises(RunError, match=said) as raised:
        read_wrench(tmp_path)
    assert raised.value.code == "BL968"


@pytest.mark.parametrize(
    ("rows", "meta"),
    [
        ({}, {}),
        ({"0": {"data": {}, "weak_labels": []}}, {"lf": []}),
        ({"0": {"data": {}, "weak_labels": [], "label": []}}, {"entity_types": ["C"]}),
        ({"0": {"data": {}, "weak_labels": [[]], "label": ["O"]}}, {"entity_types": ["C"]}),
    ],
)
def test_a_split_without_examples_or_rules_has_no_votes(
    tmp_path: Path, rows: dict[str, object], meta: dict[str, object]
) -> None:
    (tmp_path / "label.json").write_text('{"0": "x"}')
    (tmp_path / "train.json").write_text(json.dumps(rows))
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    matrix = read_wrench(tmp_path).matrix
    assert (len(matrix.lf), matrix.lfs) == (0, ())


def test_more_labels_than_a_vote_can_hold_are_refused(tmp_path: Path) -> None:
    (tmp_path / "train.json").write_text(example())
    (tmp_path / "label.json").write_text(json.dumps({str(n): f"l{n}" for n in range(63)}))
    with pytest.raises(RunError, match="wrench has 63 labels; biolabel holds up to 62") as raised:
        read_wrench(tmp_path)
    assert raised.value.code == "BL968"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("train.json", None, "train.json is not there"),
        ("train.json", b"\xff\xfe{", "train.json is no JSON: 'utf-8' codec"),
        ("label.json", None, "label.json is not there"),
        ("label.json", b'{"1": "x", "2": "y"}', "label.json names no labels"),
        ("label.json", b'{"0": "x", "1": "z"}', "label.json: topic has no label z"),
        ("label.json", b'{"0": "x", "1": "x"}', "label.json names a label twice"),
        ("label.json", b'{"0": "x", "1": "\\udfff"}', "label.json holds half a character"),
        ("meta.json", b'{"lf": "one"}', "`lf` of .*meta.json is no list of names"),
        ("meta.json", b'{"lf": ["one", "one"]}', "two rules have the same name"),
    ],
)
def test_the_file_that_is_wrong_is_named(
    tmp_path: Path, file: str, content: bytes | None, said: str
) -> None:
    (tmp_path / "label.json").write_text('{"0": "x", "1": "y"}')
    (tmp_path / "train.json").write_text(example())
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(RunError, match=said) as raised:
        read_wrench(tmp_path, task=Task("topic", "document", ("x", "y")))
    assert raised.value.code == "BL968"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"weak_labels": [["B-C"]]}, "no `label` with a tag for each of its 1 words"),
        ({"weak_labels": [["B-X"]], "label": ["O"]}, '"B-X" is no tag'),
        ({"weak_labels": [["O"]], "label": [["O"]]}, r'\["O"\] is no tag'),
        ({"weak_labels": ["O"], "label": ["O"]}, "a word without votes of the 1 rules"),
    ],
)
def test_wrong_tags_are_named(tmp_path: Path, row: dict[str, object], said: str) -> None:
    (tmp_path / "meta.json").write_text('{"lf": ["one"], "entity_types": ["C"]}')
    (tmp_path / "train.json").write_text(json.dumps({"7": {"data": {}, **row}}))
    with pytest.raises(RunError, match=f"example '7' of .*{said}") as raised:
        read_wrench(tmp_path)
    assert raised.value.code == "BL968"
