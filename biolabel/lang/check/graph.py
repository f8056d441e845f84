"""Checks of how declarations depend on each other: circles, and things nobody uses."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import in_main, tasks
from biolabel.lang.link import Linked
from biolabel.lang.scopes import KINDS

MAX_CIRCLES = 20
"""Circles that are listed: to find one takes as long as to read the whole graph."""
_USED = (tree.ListDecl, tree.PatternDecl, tree.ConditionDecl, tree.ContextDecl)


def check_graph(linked: Linked) -> Iterator[Diagnostic]:
    """Yield BL107 declarations that refer to each other, BL106 declarations nobody uses."""
    program = linked.program
    declarations = program.declarations()
    # A rule depends on its task, a task on its mentions: those circles are told apart below.
    graph = {name: set(used) - tasks(program).keys() for name, used in linked.uses.items()}
    yield from _circles(graph, declarations)
    yield from _circles(_task_graph(linked), declarations)
    if program.rules:
        yield from _unused(linked, {name for names in graph.values() for name in names})


def _task_graph(linked: Linked) -> dict[str, set[str]]:
    program = linked.program
    graph: dict[str, set[str]] = {name: set() for name in tasks(program)}
    for name, relation in program.relations.items():
        if relation.mentions is not None and relation.mentions.text in graph:
            graph[name].add(relation.mentions.text)
    for owner, asked in linked.votes_asked:
        if {owner, asked} <= graph.keys():
            graph[owner].add(asked)
    return graph


def _circles(
    graph: Mapping[str, set[str]], declarations: Mapping[str, tree.Decl]
) -> Iterator[Diagnostic]:
    """Yield one finding a circle; its names are taken out and the rest is searched again."""
    # In the order of names, so that the same circles are found and told wherever they stand.
    rest = {name: sorted(graph[name]) for name in sorted(graph)}
    for _ in range(MAX_CIRCLES):
        try:
            TopologicalSorter(rest).prepare()
            return
        except CycleError as error:
            # graphlib lists a circle against the direction of use, its first name again at the end.
            circle = list(reversed(error.args[1]))
        names = circle[:-1]
        first = min(names)
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
        rest = {
            name: [used for used in rest[name] if used not in names]
            for name in rest
            if name not in names
        }


def _unused(linked: Linked, used: set[str]) -> Iterator[Diagnostic]:
    lost = {
        word
        for unit in linked.units
        for span in unit.parsed.skipped
        for word in unit.source.text[span.start : span.end].replace("(", " ").split()
    }
    for name, declaration in linked.program.declarations().items():
        span = declaration.name.span
        if isinstance(declaration, _USED) and in_main(linked, span) and name not in used | lost:
            message = f"{KINDS[type(declaration)]} `{name}` is never used"
            yield Diagnostic("BL106", "warning", message, span)
