"""Named conditions, named patterns and pattern parameters written out in place."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import rewrite


def expand_program(program: Program) -> Program:
    """Return the program with every named condition and pattern written out where it is used.

    What still refers to a name refers to a list, an ontology, an entity type, a knowledge base or a
    context. A sequence within a sequence becomes part of it.
    """
    relations = {
        name: replace(relation, when=_condition(relation.when, program))
        for name, relation in program.relations.items()
    }
    rules = {
        name: replace(
            rule,
            find=rule.find and rewrite(rule.find, lambda node: _expanded(node, program, {})),
            when=_condition(rule.when, program),
            unless=tuple(expand_condition(part, program) for part in rule.unless),
            cases=tuple(
                replace(case, when=expand_condition(case.when, program)) for case in rule.cases
            ),
        )
        for name, rule in program.rules.items()
    }
    contexts = {
        name: rewrite(context, lambda node: _expanded(node, program, {}))
        for name, context in program.contexts.items()
    }
    return replace(program, relations=relations, rules=rules, contexts=contexts)


def _condition(condition: tree.Condition | None, program: Program) -> tree.Condition | None:
    return None if condition is None else expand_condition(condition, program)


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
        case tree.Python(target) if node.span.file:
            # The function stands beside the rule file; from here on its folder is part of its name.
            folder = PurePath(node.span.file).parent
            return replace(node, target=(folder / target).as_posix())
        case tree.Seq(items) if any(isinstance(item, tree.Seq) for item in items):
            parts = (item.items if isinstance(item, tree.Seq) else (item,) for item in items)
            return replace(node, items=tuple(part for inner in parts for part in inner))
        case _:
            return node


def swap_arguments(pattern: tree.Pattern, first: str, second: str) -> tree.Pattern:
    """Return the pattern with two arguments exchanged, for `both ways`."""
    names = {first: second, second: first}

    def swapped(node: tree.Node) -> tree.Node:
        return tree.Arg(names.get(node.name, node.name)) if isinstance(node, tree.Arg) else node

    return rewrite(pattern, swapped)
