from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.evaluation.marked import (
    Marks,
    marked_document,
    marks_of,
    rows_of_marks,
    sections_asked,
    text_to_mark,
)
from biolabel.lang import tree
from biolabel.lang.examples import marked_text
from biolabel.lang.load import load
from biolabel.text.build import corpus_of
from tests.unit.evaluation.stand import PAIRS, stand

MARKS = Marks({"chemical": "Chemical", "disease": "Disease"}, {"Disease": "OMIM"})


def document(text: str, *meta: tuple[str, tuple[str, ...]]) -> object:
    example = tree.Example(text, meta)
    return marked_document(example, marked_text(example), "1", "abstract", MARKS)


def test_marks_become_mentions_with_concepts() -> None:
    text = "{chemical=D1|D2: A b} {disease=100: c} {other Chemical: a-B} {disease=-: d} {e}"
    example = tree.Example(text)
    found = marked_document(example, marked_text(example), "1", "abstract", MARKS)
    assert found.document.text == "A b c a-B d e"
    assert [(m.type, m.concepts) for m in found.document.mentions] == [
        ("Chemical", ("MESH:D1", "MESH:D2")),
        ("Disease", ("OMIM:100",)),
        ("Chemical", ("EXAMPLE:a b",)),
        ("Disease", ()),
    ]
    assert [found.document.text[m.start : m.end] for m in found.spans] == ["e"]


def test_title_and_section_are_said_beside_the_text() -> None:
    meta = (("title", ("The {other Chemical: x}",)), ("section", ("results",)), ("year", ("2001",)))
    example = tree.Example("{chemical: y} here", meta)
    found = marked_document(example, marked_text(example), "1", "abstract", MARKS)
    assert [(p.kind, p.text) for p in found.document.passages] == [
        ("title", "The x"), ("results", "y here"),
    ]  # fmt: skip
    assert found.document.meta == {"year": ("2001",)}
    assert [found.document.text[m.start : m.end] for m in found.document.mentions] == ["x", "y"]


def test_an_unknown_argument_is_an_error() -> None:
    with pytest.raises(RunError) as raised:
        document("{chemcal: x}")
    assert (raised.value.code, raised.value.hint) == ("BL921", "did you mean `chemical`?")


@pytest.mark.parametrize("text", ["a {b", "a b}", "{a {b}}", "a { } b"])
def test_braces_need_partners_and_text(text: str) -> None:
    with pytest.raises(RunError) as raised:
        text_to_mark(text)
    assert raised.value.code == "BL920"


def test_marks_of_a_task_come_from_its_declaration(tmp_path: Path) -> None:
    kb = 'kb k\n  from: catalog "demo_indications"\n  pairs: Chemical -> Disease\n  ids: "OMIM"\n'
    program = stand(tmp_path, f"{PAIRS}{kb}").program
    found = marks_of(program, "cid")
    assert found.arguments == {"chemical": "Chemical", "disease": "Disease"}
    assert found.prefixes == {"Chemical": "OMIM", "Disease": "OMIM"}
    assert marks_of(program, "mentions").arguments == {}
    assert marks_of(program, "").arguments == found.arguments


@pytest.mark.parametrize(
    ("source", "prefix"),
    [
        ('catalog "genes"', "NCBIGENE"),
        ('catalog "mesh_chemicals"', "MESH"),
        ('hgnc "hgnc_complete_set.txt"', "HGNC"),
        ('tsv "genes.tsv"\n  ids: "ncbi_gene"', "NCBIGENE"),
        ('catalog "no_such"', None),
        ('tsv "genes.tsv"', None),
    ],
)
def test_bare_identifiers_are_those_of_the_ontology_of_their_type(
    tmp_path: Path, source: str, prefix: str | None
) -> None:
    rules = f"entity g\n  labels: Gene\nontology o\n  from: {source}\n  type: Gene\n"
    (tmp_path / "a.rules").write_text(f"biolabel 1\n{rules}")
    program = load(tmp_path / "a.rules").program
    assert program is not None
    assert marks_of(program, "").prefixes == ({"Gene": prefix} if prefix else {})


def test_rows_of_marks_count_from_the_corpus() -> None:
    texts = ("one two", "{three-four} five")
    found = [
        marked_document(tree.Example(t), marked_text(tree.Example(t)), t, "abstract", MARKS)
        for t in texts
    ]
    corpus = corpus_of(each.document for each in found)
    assert rows_of_marks(corpus, 1, found[1].spans) == [(2, 4)]


def test_sections_are_those_that_conditions_name() -> None:
    nodes = (
        tree.Region("title"),
        tree.Region("section", tree.Name("results")),
        tree.SectionIs((tree.Name("abstract"), tree.Name("methods"))),
        tree.Region("document"),
    )
    assert sections_asked(nodes) == ("title", "results", "methods")
