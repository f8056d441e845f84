"""Parsing: the tree, the places, recovery after mistakes, and that no input crashes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.load import load
from biolabel.lang.parse import parse
from biolabel.lang.program import Checked
from biolabel.lang.walk import nodes

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "language"
SMALL = ["mini", "kitchen_sink", "bad", "bad2", "shared_context"]
PIECES = [
    "biolabel 1\n", "rule r for cid\n", "list names\n", "relation cid(a: B, c: D)\n", "  votes:",
    "  when: ", " sentence has ", '"causes"', "{chemical}", " ..8 ", " | ", "(", ")", "[", "]", "/a",
    "/", "\n", " and ", " not ", '"', "“", "\u00a0", "\x00", "\t", "=>", "*", "{2,", "#", "99999",
    " at least 2 of (", "é", "\r\n", "\x0c", "keep(", ":", ",", "\\",
]  # fmt: skip


def parsed(text: str) -> tuple[tree.FileTree, list[str]]:
    found, diagnostics = parse(SourceFile("f.rules", text))
    return found, [diagnostic.code for diagnostic in diagnostics]


def test_all_node_types_have_their_span() -> None:
    text = (GOLDEN / "kitchen_sink.rules").read_text(encoding="utf-8")
    found, codes = parsed(text)
    assert codes == []
    spans = {
        text[node.span.start : node.span.end]
        for node in nodes(found)
        if not isinstance(node, tree.FileTree | tree.Meta | tree.Tests)
    }
    assert {
        "chemical is not shared.negated",
        "within 3 words",
        ">(dobj|obl)",
        "2 sentences",
    } <= spans
    for node in nodes(found):
        if isinstance(node, tree.Name) and node.span.file:
            assert text[node.span.start : node.span.end] == node.text


def test_spans_count_from_the_start_of_the_file() -> None:
    text = 'biolabel 1\n\n# µ comment\npattern p\n  is: "naïve" ..3 [lemma=cause]\n'
    found, _ = parsed(text)
    pattern = found.declarations[0]
    assert isinstance(pattern, tree.PatternDecl)
    assert isinstance(pattern.pattern, tree.Seq)
    shown = [text[item.span.start : item.span.end] for item in pattern.pattern.items]
    assert shown == ['"naïve"', "..3", "[lemma=cause]"]


def test_a_broken_field_leaves_the_rest() -> None:
    found, codes = parsed("biolabel 1\nrule r for cid\n  votes: a\n  wen: x\n  when: adjacent\n")
    rule = found.declarations[0]
    assert codes == ["BL007"]
    assert isinstance(rule, tree.RuleDecl)
    assert rule.votes == tree.Vote("label", (tree.Name("a"),))
    assert rule.when == tree.Adjacent()
    assert [span.start for span in found.skipped] == [37]


def test_three_mistakes_in_one_declaration_are_three_findings() -> None:
    text = (
        'biolabel 1\nrule r for cid\n  vots: a\n  when: (adjacent\n  note: "x\n  precision: 0.5\n'
    )
    found, codes = parsed(text)
    assert codes == ["BL007", "BL005", "BL004"]
    assert isinstance(found.declarations[0], tree.RuleDecl)
    assert found.declarations[0].precision == 0.5


def test_an_indented_declaration_is_still_read() -> None:
    found, codes = parsed(
        "biolabel 1\nrule r for cid\n  votes: a\n  rule s for cid\n  votes: b\n  whn: adjacent\n"
    )
    assert codes == ["BL013", "BL007"]
    assert [d.name.text for d in found.declarations if isinstance(d, tree.RuleDecl)] == ["r", "s"]


def test_arguments_over_several_lines_are_no_fields() -> None:
    found, codes = parsed(
        "biolabel 1\nrelation cid(chemical: Chemical,\n  disease: Disease)\n  labls: causes\n"
    )
    assert codes == ["BL007"]
    relation = found.declarations[0]
    assert isinstance(relation, tree.RelationDecl)
    assert len(relation.arguments) == 2


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("", "BL009"), ("biolabel 2\n", "BL009"), ("biolabel\n", "BL008"), ("biolabel one\n", "BL006"),
        ("Biolabel 1\n", "BL001"), ("list names\n  words: a\nbiolabel 1\n", "BL009"),
        ("biolabel 1\nbiolabel 1\n", "BL009"),
    ],
)  # fmt: skip
def test_version_is_checked_once(first: str, code: str) -> None:
    assert parsed(first)[1] == [code]


def test_long_lists_and_conditions_are_no_problem() -> None:
    words = ", ".join(f"w{i}" for i in range(3000))
    condition = " or ".join(["adjacent"] * 1000)
    found, codes = parsed(
        f"biolabel 1\nlist l\n  words: {words}\nrule r for cid\n  votes: a\n  when: {condition}\n"
    )
    assert codes == []
    rule = found.declarations[1]
    assert isinstance(rule, tree.RuleDecl)
    assert isinstance(rule.when, tree.Or)
    assert len(rule.when.parts) == 1000


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_text_crashes_the_parser(text: str) -> None:
    found, diagnostics = parse(SourceFile("f.rules", text))
    for diagnostic in diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
    assert found.version == 1 or diagnostics


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_changed_file_crashes_the_checks(data: st.DataObject, tmp_path: Path) -> None:
    text = (GOLDEN / f"{data.draw(st.sampled_from(SMALL))}.rules").read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        inserted = data.draw(
            st.sampled_from(["", *PIECES]) | st.text('ab{}()[]|:"/*. \n', max_size=8)
        )
        text = text[:start] + inserted + text[end:]
    path = tmp_path / "main.rules"
    path.write_text(text, encoding="utf-8")
    result = load(path)
    failed = any(diagnostic.severity == "error" for diagnostic in result.diagnostics)
    assert (result.program is None) == failed


def test_forms_of_evidence_about_concepts(checked: Callable[[str], Checked]) -> None:
    program = checked(
        "rule r for cid\n  votes: causes\n"
        "  when: title has {chemical} and abstract has no {disease}\n"
        "    and count({chemical}) in document >= 3\n"
        "    and count({chemical}) in document > count({disease}) in document\n"
        "    and chemical is most_mentioned and disease is not first_mentioned\n"
        "    and chemical is only_one and shared_sentences >= 2\n"
    ).program
    assert program is not None
    when = program.rules["r"].when
    assert isinstance(when, tree.And)
    title, abstract, count, counts, most, first, _, shared = when.parts
    assert title == tree.Has(tree.Region("title"), tree.Arg("chemical"))
    assert abstract == tree.Has(tree.Region("abstract"), tree.Arg("disease"), negated=True)
    document = tree.Region("document")
    of_chemical = tree.CountOf(tree.Arg("chemical"), document)
    assert count == tree.Compare(of_chemical, ">=", tree.Quantity(3))
    assert counts == tree.Compare(of_chemical, ">", tree.CountOf(tree.Arg("disease"), document))
    assert most == tree.Is(tree.Name("chemical"), tree.Name("most_mentioned"))
    assert first == tree.Is(tree.Name("disease"), tree.Name("first_mentioned"), negated=True)
    assert shared == tree.Compare(tree.Measure("shared_sentences"), ">=", tree.Quantity(2))
