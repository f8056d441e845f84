"""Which tasks a task needs before it: those whose mentions or votes its rules speak of."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

Rules = Mapping[str, tree.RuleDecl]


def types_in(top: object, program: Program) -> frozenset[str]:
    """Return the entity types that patterns and conditions name, also through contexts."""
    found: set[str] = set()
    for node in nodes(top):
        match node:
            case tree.Ref(name) if not (
                name.text in program.lists or name.text in program.ontologies
            ):
                found.add(name.text)
            case tree.Closer(type=name):
                found.add(name.text)
            case tree.Is(what=name) if name.text in program.contexts:
                found |= types_in(program.contexts[name.text], program)
            case _:
                pass
    return frozenset(found)


def seen_tasks(task: str, program: Program, rules: Rules) -> frozenset[str]:
    """Return the entity tasks whose mentions a task's rules speak of.

    A type that several entity tasks label means the mentions of all of them, but those of the task
    itself only if it is the one that labels it. `[ent=TYPE]` never means the task's own mentions: of
    these it is unknown, as a tagger might not have run.
    """
    relation = program.relations.get(task)
    own: list[tree.Node | None] = [rule for rule in rules.values() if rule.task.text == task]
    own.append(relation.when if relation is not None else None)
    seen: set[str] = set()
    for type_ in sorted(types_in(tuple(own), program)):
        labeling = _labeling(type_, program)
        seen |= labeling - {task} or labeling
    for node in nodes(tuple(own)):
        if isinstance(node, tree.TokenIs) and node.attribute == "ent":
            for value in node.values:
                seen |= _labeling(str(value), program) - {task}
    if relation is not None and relation.mentions is not None:
        named = {relation.mentions.text} & program.entities.keys()
        seen |= named or program.entities.keys()
    return frozenset(seen)


def _labeling(type_: str, program: Program) -> set[str]:
    return {
        name
        for name, entity in program.entities.items()
        if type_ in {label.text for label in entity.labels}
    }


def task_order(
    program: Program, rules: Rules, seen: Mapping[str, frozenset[str]]
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Order tasks so that mentions and votes are there before they are asked for.

    seen: the entity tasks whose mentions the rules of each task speak of (`seen_tasks`).

    Errors: BL107 tasks that need each other, or an entity task that needs its own mentions.
    """
    declared = {**program.entities, **program.relations, **program.documents}
    needs: dict[str, set[str]] = {name: set(seen[name]) for name in declared}
    for name, relation in program.relations.items():
        needs[name].update(_voted(relation))
    for rule in rules.values():
        needs[rule.task.text].update(_voted(rule))
    own = next((name for name in program.entities if name in needs[name]), None)
    if own is not None:
        message = f"the rules of entity task `{own}` speak of mentions that it finds itself"
        hint = "name the ontology or list that finds them, or make two entity tasks"
        span = program.entities[own].name.span
        return (), (Diagnostic("BL107", "error", message, span, hint),)
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        names = list(reversed(error.args[1]))
        message = f"these tasks need each other's mentions or votes: {' -> '.join(names)}"
        span = declared[names[0]].name.span
        return (), (Diagnostic("BL107", "error", message, span),)
    order: list[str] = []
    while len(order) < len(declared):
        # The first of the file that can come next: the order of independent tasks never changes.
        order.append(next(n for n in declared if n not in order and needs[n] <= set(order)))
    return tuple(order), ()


def voted_tasks(top: object) -> tuple[str, ...]:
    """Return the tasks whose votes rules or relations ask for."""
    return tuple(dict.fromkeys(_voted(top)))


def _voted(top: object) -> Iterator[str]:
    for node in nodes(top):
        if isinstance(node, tree.Voted):
            yield node.task.text
