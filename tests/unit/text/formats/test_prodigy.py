"""Files of Prodigy as its recipes write them."""

import json
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Mention, Passage, Relation, mention_key
from biolabel.text.formats import prodigy
from biolabel.text.rejects import Rejects

TEXT = "\N{MICROSCOPE} Zinc eased pain."
ZINC = {"start": 2, "end": 6, "token_start": 1, "token_end": 1, "label": "Chemical"}
PAIN = {"start": 13, "end": 17, "token_start": 3, "token_end": 3, "label": "Disease"}


def read(folder: Path, *examples: object) -> tuple[list[Document], Rejects]:
    """Return the documents of a file with these examples."""
    path = folder / "x.prodigy.jsonl"
    path.write_text("\n".join(map(json.dumps, examples)), encoding="utf-8")
    rejects = Rejects()
    return list(prodigy.read(path, rejects)), rejects


def test_spans_and_relations(tmp_path: Path) -> None:
    relation = {"head": 1, "child": 3, "label": "treats", "head_span": ZINC, "child_span": PAIN}
    bare = {name: value for name, value in ZINC.items() if name != "label"}
    example = {
        "text": TEXT, "spans": [ZINC, PAIN], "relations": [relation, {**relation, "head_span": bare}],
        "answer": "accept", "_input_hash": 1,
    }  # fmt: skip
    (found,), rejects = read(tmp_path, example)
    assert found.mentions == (Mention(2, 6, "Chemical"), Mention(13, 17, "Disease"))
    pair = mention_key(2, 6, "Chemical"), mention_key(13, 17, "Disease")
    assert found.relations == (Relation("treats", *pair, "treats"),) * 2
    assert (found.id, rejects.rows) == ("x-1", [])


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_what_was_not_accepted_is_no_gold(tmp_path: Path, answer: str) -> None:
    found, rejects = read(tmp_path, {"text": TEXT, "answer": answer}, {"text": TEXT + "!"})
    assert [each.id for each in found] == ["x-2"]
    assert f"its answer is {answer}" in rejects.rows[0].reason


def test_choices_are_labels_of_the_document(tmp_path: Path) -> None:
    options = [{"id": "harm", "text": "Harm"}]
    choice = {"text": TEXT, "options": options, "accept": ["harm"], "meta": {"task": "topic"}}
    found, _ = read(tmp_path, choice, {"text": "Tea.", "label": "harm", "answer": "accept"})
    assert [each.topics for each in found] == [{"topic": "harm"}, {"label": "harm"}]


def test_what_is_written_has_tokens_at_the_borders_of_spans(tmp_path: Path) -> None:
    mentions = (Mention(2, 6, "Chemical", ("C:1",)), Mention(13, 16, "Disease"))
    pair = mention_key(2, 6, "Chemical"), mention_key(13, 16, "Disease")
    relations = (Relation("treats", *pair, "treats"), Relation("cid", "C:1", "D:1", "CID"))
    document = Document("1", (Passage("", 0, TEXT),), mentions, relations)
    prodigy.write(tmp_path / "a.prodigy.jsonl", [document])
    value = json.loads((tmp_path / "a.prodigy.jsonl").read_text("utf-8"))
    tokens = value["tokens"]
    assert [token["text"] for token in tokens] == [
        "\N{MICROSCOPE}",
        "Zinc",
        "eased",
        "pai",
        "n",
        ".",
    ]
    assert [TEXT[t["start"] : t["end"]] for t in tokens] == [t["text"] for t in tokens]
    assert [t["ws"] for t in tokens] == [True, True, True, False, False, False]
    for span in value["spans"]:
        first, last = tokens[span["token_start"]], tokens[span["token_end"]]
        assert (first["start"], last["end"]) == (span["start"], span["end"])
    assert [(r["head"], r["child"]) for r in value["relations"]] == [(1, 3)]
    (found,) = prodigy.read(tmp_path / "a.prodigy.jsonl", Rejects())
    assert found.mentions == mentions
    assert set(found.relations) == set(relations)


@pytest.mark.parametrize(
    ("example", "lost", "said"),
    [
        ({"html": "<b>"}, "document", "no text"),
        ([1], "document", "no object"),
        ({"text": TEXT, "spans": [{**ZINC, "end": 99}]}, "mention", "no span"),
        ({"text": TEXT, "spans": [{"start": "a"}]}, "mention", "start"),
        ({"text": TEXT, "relations": [{"label": "x"}]}, "relation", "no mention"),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, example: object, lost: str, said: str) -> None:
    found, rejects = read(tmp_path, example, {"text": "Good.", "meta": {"id": "good"}})
    assert found[-1].id == "good"
    assert [row.lost for row in rejects.rows] == [lost]
    assert said in rejects.rows[0].reason
