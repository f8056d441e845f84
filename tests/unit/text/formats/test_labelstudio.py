"""Files of Label Studio as its users have them."""

import json
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Mention, Passage, Relation, mention_key
from biolabel.errors import CorpusError
from biolabel.text.formats import labelstudio
from biolabel.text.formats.known import format_of
from biolabel.text.rejects import Rejects

TEXT = "\N{PILE OF POO} Zinc eased \N{MICROSCOPE} pain."
REGION = {"from_name": "label", "to_name": "text", "type": "labels"}


def region(name: str, start: int, end: int, label: str, text: str | None) -> dict[str, object]:
    """Return one region of an annotation."""
    value = {"start": start, "end": end, "labels": [label], **({"text": text} if text else {})}
    return {"id": name, **REGION, "value": value}


def read(folder: Path, tasks: object, **columns: str) -> tuple[list[Document], Rejects]:
    """Return the documents of a file with these tasks."""
    path = folder / "project.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    rejects = Rejects()
    return list(labelstudio.read(path, rejects, columns)), rejects


def exported(*result: object, **more: object) -> list[object]:
    """Return an export of one task."""
    return [{"id": 7, "data": {"text": TEXT}, "annotations": [{"result": list(result)}], **more}]


@pytest.mark.parametrize("units", [0, 1])
def test_offsets_are_code_points_or_units_as_the_text_tells(tmp_path: Path, units: int) -> None:
    zinc = region("a", 2 + units, 6 + units, "Chemical", "Zinc")
    pain = region("b", 15 + 2 * units, 19 + 2 * units, "Disease", "pain")
    (found,), rejects = read(tmp_path, exported(zinc, pain))
    assert [found.text[m.start : m.end] for m in found.mentions] == ["Zinc", "pain"]
    assert (found.id, rejects.rows) == ("7", [])


def test_offsets_are_code_points_where_no_text_tells(tmp_path: Path) -> None:
    (found,), _ = read(tmp_path, exported(region("a", 2, 6, "Chemical", None)))
    assert found.mentions == (Mention(2, 6, "Chemical"),)


def test_what_is_written_counts_code_points(tmp_path: Path) -> None:
    document = Document("1", (Passage("", 0, TEXT),), (Mention(15, 19, "Disease", ("D:1",)),))
    for path in (tmp_path / "a.labelstudio.json", tmp_path / "a.predictions.labelstudio.json"):
        known = format_of(path)
        assert known.write
        known.write(path, [document])
        (task,) = json.loads(path.read_text("utf-8"))
        told = task["predictions" if "predictions" in path.name else "annotations"][0]
        assert told["result"][0]["value"] == {
            "start": 15, "end": 19, "text": "pain", "labels": ["Disease"],
        }  # fmt: skip
        assert list(labelstudio.read(path, Rejects(), {})) == [document]


def test_relations_and_choices(tmp_path: Path) -> None:
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "labels": ["treats"]}
    left = {**relation, "direction": "left", "labels": []}
    choice = {"from_name": "topic", "to_name": "text", "type": "choices"}
    (found,), rejects = read(
        tmp_path,
        exported(
            region("a", 2, 6, "Chemical", "Zinc"),
            region("b", 15, 19, "Disease", "pain"),
            relation,
            left,
            {**relation, "to_id": "c"},
            {**choice, "value": {"choices": ["therapy"]}},
        ),
    )
    zinc, pain = mention_key(2, 6, "Chemical"), mention_key(15, 19, "Disease")
    assert found.relations == (
        Relation("treats", zinc, pain, "treats"), Relation("related", pain, zinc, "related"),
    )  # fmt: skip
    assert found.topics == {"topic": "therapy"}
    assert rejects.counts() == {"relation": 1}


def test_the_annotation_that_counts(tmp_path: Path) -> None:
    def made(label: str, **more: object) -> dict[str, object]:
        return {"result": [region("a", 2, 6, label, "Zinc")], **more}

    told = [made("A", was_cancelled=True), made("B"), made("C", ground_truth=True)]
    tasks = [
        {"data": {"text": TEXT, "id": "x"}, "annotations": told, "predictions": [made("D")]},
        {"data": {"text": TEXT, "id": "y"}, "annotations": [], "predictions": [made("D")]},
        {"data": {"text": TEXT, "id": "z"}},
    ]
    found, rejects = read(tmp_path, tasks)
    assert [[m.type for m in d.mentions] for d in found] == [["C"], ["D"], []]
    assert [row.reason for row in rejects.rows] == ["1 more annotations of the task are not read"]
    assert not rejects.counts()


def test_keys_of_data_can_be_others(tmp_path: Path) -> None:
    tasks = [{"data": {"body": TEXT, "pmid": 5}}]
    assert read(tmp_path, tasks)[1].counts() == {"document": 1}
    (found,), _ = read(tmp_path, tasks, text="body", id="pmid")
    assert (found.id, found.text) == ("5", TEXT)


@pytest.mark.parametrize(
    ("task", "lost", "said"),
    [
        ({"text": "Zinc", "label": []}, "document", "JSON-MIN"),
        ({"data": {"image": "x.jpg"}}, "document", "no text, but image"),
        ({"data": {"text": "a\ud800"}}, "document", "no JSON"),
        ({"data": {"text": "a", "biolabel": {"passages": [3]}}}, "document", "no passages"),
        ({"data": {"text": "a", "biolabel": 3}}, "document", "no object"),
        (exported(region("a", 0, 99, "X", None))[0], "mention", "no span"),
        (exported(region("a", 2, 6, "X", "Iron"))[0], "mention", "not 'Iron'"),
        (exported(region("a", 2, 6, "", "Zinc"))[0], "mention", "no type"),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, task: object, lost: str, said: str) -> None:
    good = {"data": {"text": TEXT, "id": "good"}}
    found, rejects = read(tmp_path, [task, good])
    assert found[-1].id == "good"
    (row,) = rejects.rows
    assert row.lost == lost
    assert said in row.reason


def test_a_text_that_was_edited_is_one_passage(tmp_path: Path) -> None:
    path = tmp_path / "a.labelstudio.json"
    passages = (Passage("title", 0, "Zinc"), Passage("abstract", 5, "It helps."))
    labelstudio.write(path, [Document("1", passages)])
    tasks = json.loads(path.read_text("utf-8"))
    tasks[0]["data"]["text"] += " Much."
    (found,), _ = read(tmp_path, tasks)
    assert found.passages == (Passage("", 0, "Zinc It helps. Much."),)


def test_an_empty_export_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as raised:
        read(tmp_path, [])
    assert raised.value.code == "BL602"
