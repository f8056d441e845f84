"""Tasks as their rules see them."""

from collections.abc import Callable

from biolabel.lang import tree
from biolabel.lang.check.findings import (
    tasks,
    unknown_argument,
    unknown_label,
    unknown_type,
    views,
)
from biolabel.lang.program import Checked


def test_views_of_the_three_kinds(checked: Callable[[str], Checked]) -> None:
    program = checked("").program
    assert program is not None
    assert sorted(tasks(program)) == ["cid", "mentions", "topic"]
    seen = views(program)
    assert seen["cid"].arguments == {"chemical": {"Chemical"}, "disease": {"Disease"}}
    assert seen["mentions"].arguments == {"span": {"Chemical", "Disease"}}
    assert (seen["topic"].arguments, seen["topic"].kind) == ({}, "document")


def test_unknown_names_say_what_there_is(checked: Callable[[str], Checked]) -> None:
    program = checked("").program
    assert program is not None
    view = views(program)["cid"]
    name = tree.Name("xyz")
    assert unknown_label(tree.Name("none"), view) is None
    assert unknown_argument("disease", name, view) is None
    assert unknown_type("A", name, frozenset({"A"})) is None
    found = (
        unknown_label(name, view),
        unknown_argument("xyz", name, view),
        unknown_type("xyz", name, frozenset({"A", "B"})),
    )
    assert [(d.code, d.hint) for d in found if d] == [
        ("BL110", "labels: causes, none"),
        ("BL105", "arguments: {chemical}, {disease}"),
        ("BL114", "types: A, B"),
    ]


def test_a_document_task_has_none_only_if_it_says_so(checked: Callable[[str], Checked]) -> None:
    program = checked("").program
    assert program is not None
    wrong = unknown_label(tree.Name("none"), views(program)["topic"])
    assert wrong is not None
    assert wrong.fix is None
    assert "has `none` only if its `labels:` name it" in wrong.hint
