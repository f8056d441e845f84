"""Which names declarations use."""

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.parse import parse
from biolabel.lang.references import references


def used(declaration: str) -> dict[str, str]:
    """Return the used names with what each must be."""
    parsed, diagnostics = parse(SourceFile("f", f"biolabel 1\n{declaration}"))
    assert diagnostics == ()
    return {r.name.text: r.needed for r in references(parsed.declarations[0])}


def test_a_rule_uses_what_its_conditions_name() -> None:
    assert used(
        "rule r for cid\n  votes: causes\n"
        "  when: between has words_a and disease is negated and chemical in mesh\n"
        "    and pair in ctd.marker and (near or other fires or third votes causes)\n"
        "    and any topic voted bad and model llm says causes and section is results\n"
        "    and between has [text in words_b] use by(words_c)\n"
    ) == {
        "cid": "task", "words_a": "pattern", "negated": "context", "mesh": "ontology",
        "ctd.marker": "knowledge base", "near": "condition", "other": "rule", "third": "rule",
        "topic": "task", "llm": "model", "results": "section", "words_b": "list or ontology",
        "by": "pattern", "words_c": "pattern",
    }  # fmt: skip


def test_parameters_and_built_in_contexts_are_no_references() -> None:
    assert used("pattern p(verb)\n  is: verb words\n") == {"words": "pattern"}
    assert used("rule r for t\n  votes: x\n  when: a is most_mentioned\n") == {"t": "task"}


def test_tasks_constraints_and_resources() -> None:
    assert used("relation r(a: A, b: B)\n  mentions: m\n") == {"m": "entity task"}
    assert used("relation r(a: A, b: B)\n  mentions: given\n") == {}
    assert used("constraint c\n  never: x is a and any y is b\n") == {"x": "task", "y": "task"}
    assert used('ontology o\n  from: obo "o"\n  stop: l\n') == {"l": "list"}
    assert used("list l\n  include: m, n\n") == {"m": "list", "n": "list"}
    assert used("rule r for t\n  votes: from model m\n") == {"t": "task", "m": "model"}


def test_sections_may_be_undeclared() -> None:
    text = "biolabel 1\nrule r for t\n  votes: x\n  when: section results has w\n"
    declaration = parse(SourceFile("f", text))[0].declarations[0]
    assert isinstance(declaration, tree.RuleDecl)
    assert [r.name.text for r in references(declaration) if r.optional] == ["results"]
