from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.types import with_types

TITLE = (Passage("title", 0, "Tin and ABC"),)


def test_types_are_renamed_and_relations_follow() -> None:
    document = Document(
        "1",
        TITLE,
        (Mention(0, 3, "CHEMICAL"), Mention(8, 11, "GENE-Y"), Mention(8, 11, "GENE-N")),
        (
            Relation("X", "@0-3:CHEMICAL", "@8-11:GENE-Y", "X"),
            Relation("X", "@0-3:CHEMICAL", "@8-11:GENE-N", "X"),
            Relation("Y", "MESH:D1", "MESH:D2", "Y"),
        ),
    )
    (found,) = with_types([document], {"GENE-Y": "GENE", "GENE-N": "GENE"})
    assert found.mentions == (Mention(0, 3, "CHEMICAL"), Mention(8, 11, "GENE"))
    assert found.relations == (
        Relation("X", "@0-3:CHEMICAL", "@8-11:GENE", "X"),
        Relation("Y", "MESH:D1", "MESH:D2", "Y"),
    )
    assert found.text == document.text


def test_without_names_nothing_changes() -> None:
    document = Document("1", TITLE, (Mention(0, 3, "CHEMICAL"),))
    assert list(with_types([document], {})) == [document]
