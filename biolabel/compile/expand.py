"""Named conditions, named patterns and pattern parameters written out in place."""

from collections.abc import Mapping

from biolabel.compile.walk import rewrite
from biolabel.lang import tree
from biolabel.lang.program import Program


def expand_condition(condition: tree.Condition, program: Program) -> tree.Condition:
    """Return the condition with every named condition and pattern written out."""
    return rewrite(condition, lambda node: _expanded(node, program, {}))


def expand_pattern(
    pattern: tree.Pattern, program: Program, parameters: Mapping[str, tree.Pattern] | None = None
) -> tree.Pattern:
    """Return the pattern with every named pattern and parameter written out."""
    return rewrite(pattern, lambda node: _expanded(node, program, parameters or {}))


def _expanded(
    node: tree.Node, program: Program, parameters: Mapping[str, tree.Pattern]
) -> tree.Node:
    match node:
        case tree.CondRef(name):
            named = program.conditions[name.text].condition
            return node if named is None else expand_condition(named, program)
        case tree.Ref(name) if name.text in parameters:
            return parameters[name.text]
        case tree.Ref(name) if name.text in program.patterns:
            body = program.patterns[name.text].pattern
            return node if body is None else expand_pattern(body, program)
        case tree.Macro(name, args):
            called = program.patterns[name.text]
            bound = {p.text: a for p, a in zip(called.params, args, strict=True)}
            return (
                node if called.pattern is None else expand_pattern(called.pattern, program, bound)
            )
        case _:
            return node


def swap_arguments(pattern: tree.Pattern, first: str, second: str) -> tree.Pattern:
    """Return the pattern with two arguments exchanged, for `both ways`."""
    names = {first: second, second: first}

    def swapped(node: tree.Node) -> tree.Node:
        return tree.Arg(names.get(node.name, node.name)) if isinstance(node, tree.Arg) else node

    return rewrite(pattern, swapped)
