"""Imports, lists, knowledge, patterns, contexts and models as trees."""

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.parse import parse
from biolabel.lang.tree import Name


def declared(text: str) -> tree.Declaration:
    parsed, diagnostics = parse(SourceFile("f", f"biolabel 1\n{text}"))
    assert diagnostics == ()
    return parsed.declarations[0]


def codes(text: str) -> list[str]:
    return [d.code for d in parse(SourceFile("f", f"biolabel 1\n{text}"))[1]]


def test_imports() -> None:
    assert declared('import "a.rules"\n') == tree.ImportDecl(path="a.rules")
    assert declared('import "a.rules" as x only b, c\n') == tree.ImportDecl(
        path="a.rules", alias=Name("x"), only=(Name("b"), Name("c"))
    )


def test_project_pipeline_and_section() -> None:
    project = declared('project p\n  note: "n"\n  tags: a, b\n  cites: "x", "y"\n  since: "1"\n')
    meta = tree.Meta(note="n", tags=("a", "b"), cites=("x", "y"), since="1")
    assert project == tree.ProjectDecl(name=Name("p"), meta=meta)
    pipeline = declared('pipeline\n  tokens: scispacy\n  tagger: spacy "en"\n  abbreviations: on\n')
    assert isinstance(pipeline, tree.PipelineDecl)
    assert dict(pipeline.settings) == {
        "tokens": ("scispacy",), "tagger": ("spacy", "en"), "abbreviations": ("on",),
    }  # fmt: skip
    section = declared('section methods\n  headings: "Methods", "Materials"\n')
    assert section == tree.SectionDecl(name=Name("methods"), headings=("Methods", "Materials"))


def test_lists() -> None:
    found = declared(
        'list l\n  words: treat*, associated with, cause~, 5-HT, "no, not"\n  words: x\n'
        '  file: "a.txt"\n  file: "b.txt"\n  include: m, n\n  case: smart\n'
    )
    assert found == tree.ListDecl(
        name=Name("l"),
        words=("treat*", "associated with", "cause~", "5-HT", "no, not", "x"),
        files=("a.txt", "b.txt"),
        include=(Name("m"), Name("n")),
        case="smart",
    )


def test_ontologies() -> None:
    found = declared(
        'ontology o\n  from: umls "a", "b"\n  type: Disease\n  ids: "MESH"\n  columns: id = "I", name = "N"\n'
        '  under: "C", "F"\n  not_under: "C1"\n  case: exact\n  min_length: 3\n  stop: s, t\n'
        '  drop: "pain"\n  add: "term" = "D1"\n  via: exact, fuzzy 93%\n  where: a = "x" and b >= 2\n'
    )
    assert found == tree.OntologyDecl(
        name=Name("o"),
        source=tree.Source("umls", ("a", "b")),
        type=Name("Disease"),
        ids="MESH",
        columns=(("id", "I"), ("name", "N")),
        under=("C", "F"),
        not_under=("C1",),
        case="exact",
        min_length=3,
        stop=(Name("s"), Name("t")),
        drop=("pain",),
        add=(("term", "D1"),),
        via=(tree.Via("exact"), tree.Via("fuzzy", 0.93)),
        where=(tree.Where("a", "=", "x"), tree.Where("b", ">=", 2.0)),
    )


def test_knowledge_bases() -> None:
    found = declared(
        'kb k\n  from: catalog "ctd"\n  columns: subset = "S"\n  pairs: A -> B\n  ids: "MESH"\n'
        "  expand: subject ancestors 1\n  expand: object descendants\n  complete: yes\n"
    )
    assert found == tree.KbDecl(
        name=Name("k"),
        source=tree.Source("catalog", ("ctd",)),
        columns=(("subset", "S"),),
        pairs=(Name("A"), Name("B")),
        ids="MESH",
        expand=(tree.Expand("subject", "ancestors", 1), tree.Expand("object", "descendants")),
        complete=True,
    )


def test_values_that_fields_do_not_take() -> None:
    assert codes('kb k\n  from: tvs "x"\n') == ["BL012"]
    assert codes('model m\n  from: mesh "x"\n') == ["BL012"]
    assert codes('kb k\n  columns: subjet = "x"\n  complete: maybe\n') == ["BL012", "BL012"]
    assert codes('ontology o\n  columns: nam = "x"\n') == ["BL012"]
    assert codes('ontology o\n  columns: size = "x"\n  where: size > 2\n') == []
    assert codes('ontology o\n  columns: id = "x", name = "y", id = "z"\n') == ["BL011"]
    assert codes("kb k\n  expand: subjects up\n") == ["BL012", "BL012"]
    assert (
        codes("ontology o\n  via: exact 0.9, fuzy, fuzzy 2\n  min_length: 1.5\n") == ["BL012"] * 4
    )


def test_patterns_conditions_and_contexts() -> None:
    assert declared('pattern p(a, b)\n  is: a\n  matches: "x {y}"\n') == tree.PatternDecl(
        name=Name("p"),
        params=(Name("a"), Name("b")),
        pattern=tree.Ref(Name("a")),
        tests=tree.Tests((tree.Example("x {y}"),)),
    )
    assert declared("condition c for t\n  is: adjacent\n") == tree.ConditionDecl(
        name=Name("c"), task=Name("t"), condition=tree.Adjacent()
    )
    assert declared(
        'context c\n  cues_before: "a"\n  cues_after: "b"\n  pseudo: "c"\n  stop_at: "d"\n'
        "  reach: 2 sentences\n  applies_to: A, B\n"
    ) == tree.ContextDecl(
        name=Name("c"),
        cues_before=tree.Phrase("a"),
        cues_after=tree.Phrase("b"),
        pseudo=tree.Phrase("c"),
        stop_at=tree.Phrase("d"),
        reach=(2, "sentences"),
        applies_to=(Name("A"), Name("B")),
    )


def test_models() -> None:
    assert declared(
        'model m\n  from: spacy "en"\n  maps: CHEM -> Chemical, "B-D" -> Disease\n  min_score: 50%\n'
    ) == tree.ModelDecl(
        name=Name("m"),
        source=tree.Source("spacy", ("en",)),
        maps=(("CHEM", Name("Chemical")), ("B-D", Name("Disease"))),
        min_score=0.5,
    )
