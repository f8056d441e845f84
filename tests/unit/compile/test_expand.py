from pathlib import Path

import pytest

from biolabel.compile.expand import expand_program, swap_arguments
from biolabel.lang import tree
from biolabel.lang.load import load
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes
from tests.unit.apply.world import PAIR


def program(folder: Path, rules: str) -> Program:
    path = folder / "x.rules"
    path.write_text(f"biolabel 1\n{rules}")
    checked = load(path)
    assert checked.program is not None, checked.diagnostics
    return expand_program(checked.program)


def pattern(folder: Path, text: str, declared: str = "") -> tree.Pattern:
    rules = f"{PAIR}{declared}rule x for r\n  votes: yes\n  when: sentence has {text}\n"
    when = program(folder, rules).rules["x"].when
    assert isinstance(when, tree.Has)
    return when.pattern


def words(found: object) -> list[str]:
    return [node.text for node in nodes(found) if isinstance(node, tree.Phrase)]


DECLARED = """
list l
  words: a
pattern plain
  is: "b" l
pattern one_of(x)
  is: x | "c"
pattern twice(x, y)
  is: x (use one_of(y)) x
"""


def test_named_patterns(tmp_path: Path) -> None:
    assert pattern(tmp_path, 'plain "d"', DECLARED) == tree.Seq(
        (tree.Phrase("b"), tree.Ref(tree.Name("l")), tree.Phrase("d"))
    )


def test_parameters_are_written_in(tmp_path: Path) -> None:
    assert pattern(tmp_path, "use one_of(plain)", DECLARED) == tree.Alt(
        (tree.Seq((tree.Phrase("b"), tree.Ref(tree.Name("l")))), tree.Phrase("c"))
    )
    found = pattern(tmp_path, 'use twice({a}, "e")', DECLARED)
    assert found == tree.Seq(
        (tree.Arg("a"), tree.Alt((tree.Phrase("e"), tree.Phrase("c"))), tree.Arg("a"))
    )


def test_a_parameter_hides_a_list_of_its_name(tmp_path: Path) -> None:
    declared = 'list l\n  words: a\npattern p(l)\n  is: l "b"\npattern q(m)\n  is: use p(m) | l\n'
    assert pattern(tmp_path, 'use q("c")', declared) == tree.Alt(
        (tree.Seq((tree.Phrase("c"), tree.Phrase("b"))), tree.Ref(tree.Name("l")))
    )
    assert pattern(tmp_path, "use q(l)", declared) == tree.Alt(
        (tree.Seq((tree.Ref(tree.Name("l")), tree.Phrase("b"))), tree.Ref(tree.Name("l")))
    )


def test_groups_in_a_sequence_become_part_of_it(tmp_path: Path) -> None:
    found = pattern(tmp_path, '"a" ("b" ("c" ..2 "d")) ("e" | "f")')
    assert isinstance(found, tree.Seq)
    assert words(found) == list("abcdef")
    assert len(found.items) == 6


def test_conditions_rules_contexts_and_relations(tmp_path: Path) -> None:
    relation = PAIR + "  when: near\n"
    rules = (
        f"{relation}{DECLARED}condition near for r\n  is: sentence has plain and adjacent\n"
        "condition odd for r\n  is: not near\n"
        "context c\n  cues_before: plain\n  stop_at: use one_of(plain)\n"
        "rule x for r\n  case: yes when odd or a is c\n  unless: near\n"
        "entity e\n  labels: A\nrule y for e\n  votes: A\n  find: plain\n"
    )
    found = program(tmp_path, rules)
    parts = (found.rules["x"], found.rules["y"], found.contexts["c"], found.relations["r"])
    for part in parts:
        assert not any(isinstance(node, tree.CondRef | tree.Macro) for node in nodes(part))
        assert {n.name.text for n in nodes(part) if isinstance(n, tree.Ref)} == {"l"}
        assert "b" in words(part)
    (case,) = found.rules["x"].cases
    assert isinstance(case.when, tree.Or)
    assert isinstance(case.when.parts[0], tree.Not)


@pytest.mark.parametrize(
    ("text", "swapped"),
    [('{a} "x" {b}', '{b} "x" {a}'), ("({a} | l) ..2 {b}?", "({b} | l) ..2 {a}?")],
)
def test_swap_arguments(tmp_path: Path, text: str, swapped: str) -> None:
    declared = "list l\n  words: a\n"
    one, two = pattern(tmp_path, text, declared), pattern(tmp_path, swapped, declared)
    assert swap_arguments(one, "a", "b") == two
