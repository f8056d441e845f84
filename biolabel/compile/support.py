"""What the engine cannot run yet, said with the place: never a silent abstain."""

from collections.abc import Iterator

from biolabel.data.labels import TaskKind
from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

_BY_CONCEPT = frozenset({"most_mentioned", "first_mentioned", "only_one"})
_FIND_IN = frozenset({"document", "title", "abstract", "section", "sentence"})


def unsupported(program: Program) -> tuple[Diagnostic, ...]:
    """Return BL390 for all that the engine does not execute yet.

    Names must be written out (`expand_program`): what no active rule uses is no problem.
    """
    return tuple(dict.fromkeys(_unsupported(program)))


def _unsupported(program: Program) -> Iterator[Diagnostic]:
    yield from _tasks(program)
    kinds: dict[str, TaskKind] = {
        **dict.fromkeys(program.entities, "entity"),
        **dict.fromkeys(program.relations, "relation"),
        **dict.fromkeys(program.documents, "document"),
    }
    for rule in program.rules.values():
        if rule.meta.status != "off":
            for part in (
                rule.votes,
                rule.otherwise,
                *rule.cases,
                rule.find,
                rule.when,
                *rule.unless,
            ):
                yield from _constructs(part, kinds[rule.task.text], program)
            yield from _found_type(rule, program)
    for relation in program.relations.values():
        yield from _constructs(relation.when, "relation", program)
        for node in nodes(relation.when):
            if isinstance(node, tree.Fires | tree.Voted):
                yield _no("a condition on votes in a relation's `when:`", node.span)
    for context in program.contexts.values():
        yield from _constructs(context, "document", program)


def _tasks(program: Program) -> Iterator[Diagnostic]:
    for entity in program.entities.values():
        if entity.unit != "word" or entity.pick != "one":
            yield _no("an entity task with `unit: span` or `pick: many`", entity.name.span)
    for relation in program.relations.values():
        if len(relation.arguments) != 2:
            yield _no("a relation with other than two arguments", relation.name.span)
        if relation.scope.kind == "section":
            yield _no("`scope: section`", relation.name.span)
    for document in program.documents.values():
        if document.unit != "document":
            yield _no("a document task over sentences", document.name.span)


def _constructs(part: object, kind: TaskKind, program: Program) -> Iterator[Diagnostic]:
    for node in nodes(part):
        yield from _construct(node)
        yield from _misplaced(node, kind, program)


def _construct(node: tree.Node) -> Iterator[Diagnostic]:
    """Yield what runs nowhere."""
    match node:
        case tree.FindPattern(region=tree.Region(kind=kind) as region) if kind not in _FIND_IN:
            yield _no(f"`find:` in the region `{kind}`", region.span)
        case tree.RuleVotes():
            yield _no("`votes` as a condition", node.span)
        case _:
            pass


def _misplaced(node: tree.Node, kind: TaskKind, program: Program) -> Iterator[Diagnostic]:
    """Yield what runs in some kinds of tasks only."""
    match node:
        case tree.Has(both_ways=True) if kind != "relation":
            yield _no(f"`both ways` in {_a(kind)} task", node.span)
        case tree.Closer() if kind != "relation":
            yield _no(f"`closer to` in {_a(kind)} task", node.span)
        case tree.Fires(rule) if program.rules[rule.text].meta.status == "off":
            yield _no(f"`fires` of the rule `{rule.text}`, which is off,", node.span)
        case tree.Fires() | tree.Voted() if kind == "entity":
            yield _no("a condition on votes in an entity task", node.span)
        case tree.Is(what=what) if kind == "entity" and what.text in _BY_CONCEPT:
            yield _no(f"`{what.text}` in an entity task", node.span)
        case tree.Ref(name) if kind == "entity" and not (
            name.text in program.lists or name.text in program.ontologies
        ):
            hint = "name the ontology or list that finds it"
            yield _no(f"the entity type `{name.text}` in an entity task", node.span, hint)
        case _:
            pass


def _found_type(rule: tree.RuleDecl, program: Program) -> Iterator[Diagnostic]:
    """Yield `found type` where it is not known which label an ontology stands for."""
    votes = (rule.votes, rule.otherwise, *(case.vote for case in rule.cases))
    asked = [vote for vote in votes if vote is not None and vote.kind == "found type"]
    task = program.entities.get(rule.task.text)
    if not asked or task is None or isinstance(rule.find, tree.FindModel):
        return
    named = [node.name.text for node in nodes(rule.find) if isinstance(node, tree.Ref)]
    used = [program.ontologies[name] for name in named if name in program.ontologies]
    if not used:
        hint = "vote for a label, or find an ontology"
        yield _no("`found type` of a pattern without an ontology", asked[0].span, hint)
    labels = {label.text for label in task.labels}
    for ontology in used:
        type_ = ontology.type.text if ontology.type else "no type"
        if type_ not in labels:
            what = f"`found type` of `{ontology.name.text}`, which has {type_},"
            yield _no(what, asked[0].span, f"types of {task.name.text}: {', '.join(labels)}")


def _a(kind: TaskKind) -> str:
    return f"an {kind}" if kind == "entity" else f"a {kind}"


def _no(what: str, span: Span, hint: str = "") -> Diagnostic:
    return Diagnostic("BL390", "error", f"{what} is not yet supported by the engine", span, hint)
