from pathlib import Path
from typing import Any

import pytest

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.formats.bioc import LINE, document_of
from biolabel.text.rejects import Rejects

FILE = Path("x.bioc.json")


def annotation(id_: str, start: int, text: str, **infons: Any) -> dict[str, Any]:
    place = {"offset": start, "length": len(text)}
    return {"id": id_, "infons": {"type": "X"} | infons, "text": text, "locations": [place]}


def tree(*annotations: Any, **more: Any) -> dict[str, Any]:
    title = {"offset": 0, "infons": {"type": "title"}, "text": "Zinc and iron harm."}
    return {"id": "1", "passages": [title | {"annotations": list(annotations)}]} | more


def parse(whole: object) -> tuple[Document | None, list[tuple[int, str, str]]]:
    rejects = Rejects()
    document = document_of(whole, FILE, 7, rejects)
    return document, [(row.line, row.lost, row.reason) for row in rejects.rows]


def good(whole: object) -> Document:
    document, rejected = parse(whole)
    assert document is not None
    assert rejected == []
    return document


def test_identifiers_stand_under_vocabularies_or_as_identifier() -> None:
    given = annotation("a", 0, "Zinc", MESH="D1|D2", OMIM="3", identifier="CHEBI:4", note="E5")
    (mention,) = good(tree(given)).mentions
    assert mention == Mention(0, 4, "X", ("MESH:D1", "MESH:D2", "OMIM:3", "CHEBI:4"))


def test_a_score_is_a_probability_if_it_can_be_one() -> None:
    assert good(tree(annotation("a", 0, "Zinc", score=0.25))).mentions[0].probability == 0.25
    for score in ("7.5", "high"):
        document, rejected = parse(tree(annotation("a", 0, "Zinc", score=score)))
        assert document is not None
        assert document.mentions == (Mention(0, 4, "X"),)
        assert [(lost, score in reason) for _, lost, reason in rejected] == [("nothing", True)]


def test_relations_name_annotations_or_concepts() -> None:
    nodes = [{"refid": "b", "role": "Arg2"}, {"refid": "a", "role": "Arg1"}]
    relations = [
        {"id": "R1", "infons": {"type": "with"}, "nodes": nodes},
        {"id": "R2", "infons": {"relation": "CID", "Chemical": "D1", "Disease": "D2", "score": "0.5"}},
        {"id": "R3", "infons": {"type": "Bind", "role1": "Gene|NCBI:5", "role2": "Gene|NCBI:6"}},
    ]  # fmt: skip
    document = good(
        tree(annotation("a", 0, "Zinc"), annotation("b", 9, "iron"), relations=relations)
    )
    assert document.relations == (
        Relation("with", "@0-4:X", "@9-13:X", "with"),
        Relation("CID", "MESH:D1", "MESH:D2", "CID", 0.5),
        Relation("Bind", "NCBI:5", "NCBI:6", "Bind"),
    )


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        ({"infons": {}, "nodes": []}, "no type"),
        ({"infons": {"type": "x"}, "nodes": [{"refid": "a"}] * 3}, "3 nodes, not two"),
        ({"infons": {"type": "x"}, "nodes": [{"refid": "a"}, {"refid": "z"}]}, "called 'z'"),
        ({"infons": {"type": "x"}, "nodes": [{"role": "a"}] * 2}, "refid: Field required"),
        ({"infons": {"type": "x", "A": "D1", "B": "D1|D2"}}, "exactly one concept"),
        ({"infons": {"type": "x", "A": "D1"}}, "exactly one concept"),
        ({"infons": {"type": "x", "A": "D1", "B": "D2", "C": "D3"}}, "exactly one concept"),
        ({"infons": {"type": "x", "A": "D1", "B": "-1"}}, "exactly one concept"),
        ("x", "the relation is not as it should be"),
    ],
)
def test_a_wrong_relation_costs_only_itself(relation: object, said: str) -> None:
    document, rejected = parse(tree(annotation("a", 0, "Zinc"), relations=[relation]))
    assert document is not None
    assert (len(document.mentions), document.relations) == (1, ())
    ((_, lost, reason),) = rejected
    assert lost == "relation"
    assert said in reason


@pytest.mark.parametrize(
    ("wrong", "lost", "said"),
    [
        ({"id": "a", "locations": [{"offset": "x", "length": 1}]}, "mention", "locations.0.offset"),
        ({"id": "a", "infons": {"type": "X"}, "text": "Zinc"}, "mention", "nothing is no span"),
        (annotation("a", 1, "Zinc"), "mention", "the text at 1-5 is 'inc ', not 'Zinc'"),
        (annotation("a", 15, "harm!!"), "mention", "15-21 is no span"),
        (annotation("a", 0, "Zinc", type=""), "mention", "no type"),
        (annotation("a", 0, "Zinc") | {"infons": [1]}, "mention", "infons are no map"),
        (annotation("b", 0, "Zinc"), "nothing", "stood before"),
        (annotation("a", 9, "iron", MESH="D 1"), "concept", "'D 1' is no identifier"),
        (None, "mention", "the annotation is not as it should be"),
    ],
)
def test_a_wrong_annotation_costs_only_itself(wrong: object, lost: str, said: str) -> None:
    document, rejected = parse(tree(annotation("z", 0, "Zinc"), wrong))
    assert document is not None
    assert document.mentions[0] == Mention(0, 4, "X")
    assert len(document.mentions) == 1 + (lost == "concept")
    ((line, found, reason),) = rejected
    assert (line, found) == (7, lost)
    assert said in reason


def test_the_line_of_a_tree_is_told() -> None:
    _, rejected = parse(tree(annotation("a", 1, "Zinc") | {LINE: 12}))
    assert [line for line, _, _ in rejected] == [12]


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ([], "the document is not as it should be"),
        ({"id": "1"}, "passages: Field required"),
        ({"id": " ", "passages": []}, "no id"),
        ({"id": "1", "passages": []}, "no text"),
        ({"id": "1", "passages": [{"offset": 0, "text": " "}]}, "no text"),
        ({"id": "1", "passages": [{"offset": "no", "text": "a"}]}, "offset"),
        ({"id": "1", "passages": [{"offset": 0, "text": ["a"]}]}, "text"),
    ],
)
def test_what_is_no_document_is_rejected(whole: object, said: str) -> None:
    document, rejected = parse(whole)
    assert document is None
    ((line, lost, reason),) = rejected
    assert (line, lost) == (7, "document")
    assert said in reason


def test_passages_stand_where_the_annotations_say() -> None:
    def whole(offset: int, start: int) -> dict[str, Any]:
        first = {"offset": 0, "text": "Zinc."}
        second = {"offset": offset, "text": "Iron", "annotations": [annotation("a", start, "Iron")]}
        return {"id": "1", "passages": [first, second]}

    for offset, start in ((6, 6), (5, 5), (9, 9)):
        assert good(whole(offset, start)).passages[1].offset == offset
    for offset, start in ((9, 6), (2, 6), (10**15, 6), (-3, 6)):
        document, rejected = parse(whole(offset, start))
        assert document is not None
        assert (document.passages[1].offset, document.mentions[0].start) == (6, 6)
        (row,) = rejected
        assert row == (7, "nothing", f"the passage's offset is {offset}, but its text stands at 6")


def test_sentences_make_a_passage() -> None:
    sentences = [
        {"offset": 5, "text": "Zinc.", "annotations": [annotation("a", 5, "Zinc")]},
        {"offset": 12, "text": "Iron.", "annotations": [annotation("b", 12, "Iron")]},
    ]
    document = good({"id": "1", "passages": [{"offset": 5, "sentences": sentences}]})
    assert document.passages == (Passage("", 5, "Zinc.  Iron."),)
    assert [(m.start, m.end) for m in document.mentions] == [(5, 9), (12, 16)]
    sentences[1]["offset"] = 6
    assert parse({"id": "1", "passages": [{"offset": 5, "sentences": sentences}]})[0] is None


def test_full_texts_say_sections_and_their_titles() -> None:
    def passage(offset: int, section: str, type_: str, text: str) -> dict[str, Any]:
        return {"offset": offset, "infons": {"section_type": section, "type": type_}, "text": text}

    document = good(
        {
            "id": "1",
            "passages": [
                passage(0, "TITLE", "front", "Zinc"),
                passage(5, "ABSTRACT", "abstract", "It harms."),
                passage(15, "INTRO", "title_1", "Background"),
                passage(26, "INTRO", "paragraph", "Zinc."),
                passage(32, "DISCUSS", "title_1", "Discussion"),
            ],
        }
    )
    assert [(p.kind, p.heading) for p in document.passages] == [
        ("title", ""), ("abstract", ""), ("introduction", "Background"),
        ("introduction", "Background"), ("discussion", "Discussion"),
    ]  # fmt: skip


def test_metadata_come_from_the_document_and_its_first_passage() -> None:
    whole = tree(infons={"mesh": ["Zinc", "Iron"], "kwd": "metal", "doi": "10/1"})
    whole["passages"][0]["infons"] |= {"journal": "Cell", "year": 1999, "authors": "A"}
    assert good(whole).meta == {
        "mesh": ("Zinc", "Iron"), "keywords": ("metal",), "doi": ("10/1",),
        "journal": ("Cell",), "year": ("1999",),
    }  # fmt: skip


def test_individual_mentions_are_left_out_if_the_whole_has_their_concepts() -> None:
    whole = annotation("c", 0, "Zinc and iron", MESH="D1|D2", CompositeRole="CompositeMention")
    part = annotation("d", 0, "Zinc", MESH="D1", CompositeRole="IndividualMention")
    document, rejected = parse(tree(whole, part))
    assert document is not None
    assert document.mentions == (Mention(0, 13, "X", ("MESH:D1", "MESH:D2")),)
    assert [lost for _, lost, _ in rejected] == ["nothing"]
    for other in (part | {"infons": part["infons"] | {"MESH": "D3"}}, annotation("e", 14, "harm")):
        assert len(good(tree(whole, other)).mentions) == 2
