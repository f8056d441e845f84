from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.types import with_prefixes, with_types

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


def test_numbers_are_those_of_the_vocabulary_of_the_type() -> None:
    document = Document(
        "1",
        TITLE,
        (Mention(0, 3, "Chemical", ("MESH:D1", "MESH:7")), Mention(8, 11, "Gene", ("MESH:1956",))),
        (Relation("X", "MESH:D1", "MESH:1956", "X"),),
    )
    (found,) = with_prefixes([document], {"Gene": "NCBIGENE"})
    assert [m.concepts for m in found.mentions] == [("MESH:D1", "MESH:7"), ("NCBIGENE:1956",)]
    assert found.relations == (Relation("X", "MESH:D1", "NCBIGENE:1956", "X"),)
    assert list(with_prefixes([document], {"Species": "NCBITAXON"})) == [document]
