from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.formats.bioc_trees import tree_of


def test_trees_hold_mentions_in_the_passage_where_they_begin() -> None:
    document = Document(
        "1",
        (Passage("title", 0, "Zinc"), Passage("abstract", 5, "harms.")),
        (Mention(5, 10, "X"), Mention(0, 10, "X", parts=((0, 4), (5, 10)))),
        (Relation("r", "@5-10:X", "@0-10:X", "r"),),
    )
    found = tree_of(document)
    assert [[a["id"] for a in p["annotations"]] for p in found["passages"]] == [["1"], ["0"]]
    assert found["passages"][0]["annotations"][0]["text"] == "Zinc harms"
    assert [node["refid"] for node in found["relations"][0]["nodes"]] == ["0", "1"]


def test_what_is_usual_is_not_written() -> None:
    document = Document(
        "1",
        (Passage("", 0, "Zinc"),),
        (Mention(0, 4, "X"), Mention(0, 4, "Y", ("MESH:1", "MESH:2"), "rules", 0.5)),
        (Relation("r", "MESH:1", "MESH:2", "r"), Relation("t", "MESH:1", "@9-9:X", "r", 0.5)),
        {"mesh": ("a", "b"), "year": ("1999",)},
    )
    found = tree_of(document)
    (passage,) = found["passages"]
    assert passage["infons"] == {}
    assert [annotation["infons"] for annotation in passage["annotations"]] == [
        {"type": "X"},
        {"type": "Y", "identifier": "MESH:1|MESH:2", "source": "rules", "score": "0.5"},
    ]
    sides = {"subject": "MESH:1", "object": "MESH:2"}
    assert [relation["infons"] for relation in found["relations"]] == [
        {"relation": "r", **sides},
        {"relation": "r", "task": "t", "score": "0.5", "subject": "MESH:1", "object": "@9-9:X"},
    ]
    assert found["infons"] == {"mesh": ["a", "b"], "year": "1999"}
