"""Checks of how declarations depend on each other: circles, and things nobody uses."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import in_main, tasks
from biolabel.lang.link import Linked
from biolabel.lang.program import Program
from biolabel.lang.references import references
from biolabel.lang.scopes import KINDS
from biolabel.lang.walk import nodes

_USED = (tree.ListDecl, tree.PatternDecl, tree.ConditionDecl, tree.ContextDecl)


def check_graph(linked: Linked) -> Iterator[Diagnostic]:
    """Yield BL107 declarations that refer to each other, BL106 declarations nobody uses."""
    program = linked.program
    declarations = _declarations(program)
    graph = {
        name: {
            reference.name.text
            for reference in references(declaration)
            # A rule depends on its task, a task on its mentions: those circles are told apart below.
            if isinstance(declarations.get(reference.name.text), reference.kinds)
            and reference.name.text not in tasks(program)
        }
        for name, declaration in declarations.items()
    }
    yield from _circles(graph, declarations)
    yield from _circles(_task_graph(program), declarations)
    if program.rules:
        yield from _unused(linked, {name for names in graph.values() for name in names})


def _declarations(program: Program) -> dict[str, tree.Decl]:
    return {
        **program.lists, **program.ontologies, **program.kbs, **program.patterns,
        **program.conditions, **program.contexts, **program.sections, **program.models,
        **program.constraints, **program.rules, **tasks(program),
    }  # fmt: skip


def _task_graph(program: Program) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {name: set() for name in tasks(program)}
    for name, relation in program.relations.items():
        if relation.mentions is not None and relation.mentions.text in graph:
            graph[name].add(relation.mentions.text)
    owners: list[tree.RuleDecl | tree.ConditionDecl] = [
        *program.rules.values(),
        *program.conditions.values(),
    ]
    for owner in owners:
        for node in nodes(owner):
            if isinstance(node, tree.Voted) and {node.task.text, owner.task.text} <= graph.keys():
                graph[owner.task.text].add(node.task.text)
    return graph


def _circles(
    graph: Mapping[str, set[str]], declarations: Mapping[str, tree.Decl]
) -> Iterator[Diagnostic]:
    """Yield one finding a circle; its names are taken out and the rest is searched again."""
    rest = dict(graph)
    while True:
        try:
            TopologicalSorter(rest).prepare()
            return
        except CycleError as error:
            # graphlib lists a circle against the direction of use, its first name again at the end.
            circle = list(reversed(error.args[1]))
        names = circle[:-1]
        first = min(names, key=lambda name: declarations[name].name.span)
        at = names.index(first)
        shown = " -> ".join([*names[at:], *names[:at], first])
        kind = KINDS[type(declarations[first])]
        message = f"these refer to each other: {shown}"
        related = tuple(
            (declarations[name].name.span, f"{KINDS[type(declarations[name])]} `{name}`")
            for name in [*names[at + 1 :], *names[:at]]
        )
        span = declarations[first].name.span
        if len(names) == 1:
            message = f"{kind} `{first}` refers to itself"
        of_rules = isinstance(declarations[first], tree.RuleDecl)
        hint = "break the circle with a `condition`" if of_rules else ""
        yield Diagnostic("BL107", "error", message, span, hint, related)
        rest = {name: rest[name] - set(names) for name in rest if name not in names}


def _unused(linked: Linked, used: set[str]) -> Iterator[Diagnostic]:
    lost = {
        word
        for unit in linked.units
        for span in unit.parsed.skipped
        for word in unit.source.text[span.start : span.end].replace("(", " ").split()
    }
    for name, declaration in _declarations(linked.program).items():
        span = declaration.name.span
        if isinstance(declaration, _USED) and in_main(linked, span) and name not in used | lost:
            message = f"{KINDS[type(declaration)]} `{name}` is never used"
            yield Diagnostic("BL106", "warning", message, span)
