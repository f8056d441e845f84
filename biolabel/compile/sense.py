"""What the kind of a task makes senseless, said with the place: never a silent abstain.

The front end checks declarations as written; here named conditions and patterns are written out, so
that it is known for which kind of task each is used.
"""

from collections.abc import Iterator

from biolabel.compile.mentioned import types_in
from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

TaskDecl = tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl
BY_CONCEPT = frozenset({"most_mentioned", "first_mentioned", "only_one"})
"""The built-in contexts that compare concepts, which the spans of entity rules have not got yet."""


def senseless(program: Program) -> Iterator[Diagnostic]:
    """Yield what no candidate can fulfil or has not got; names must be written out (`expand_program`).

    Errors: BL204 two arguments needed, BL210 spans that cannot be, BL231 properties of concepts that
    spans have not, BL232 mentions in metadata, BL233 `found type` without a type. What no active rule
    uses is no problem.
    """
    declared: dict[str, TaskDecl] = {
        **program.entities,
        **program.relations,
        **program.documents,
    }
    for rule in program.rules.values():
        if rule.meta.status != "off":
            task = declared[rule.task.text]
            for part in (*rule.cases, rule.find, rule.when, *rule.unless):
                for node in nodes(part):
                    yield from _senseless(node, task, program)
            yield from _found_type(rule, program)
    for relation in program.relations.values():
        for node in nodes(relation.when):
            yield from _senseless(node, relation, program)


def _senseless(node: tree.Node, task: TaskDecl, program: Program) -> Iterator[Diagnostic]:
    yield from _pair_needed(node, task)
    yield from _metadata(node, program)
    match node:
        case tree.Is(what=what) if isinstance(task, tree.EntityDecl) and what.text in BY_CONCEPT:
            message = f"`{what.text}` compares concepts, and a span that a rule finds has none yet"
            yield _found("BL231", message, node, "ask it of a relation's argument")
        case tree.FindPattern(region=tree.Region("before" | "after" as kind) as region):
            message = f"no span stands {kind} itself"
            yield _found("BL210", message, region, "name a region that can hold the span")
        case tree.FindPattern(region=tree.Region("meta") as region):
            message = "a span stands in the text, and metadata are no part of it"
            yield _found("BL232", message, region, "write `when: meta FIELD has ...`")
        case _:
            pass


def _pair_needed(node: tree.Node, task: TaskDecl) -> Iterator[Diagnostic]:
    """Yield what compares the two arguments of a relation where there are none or more than two."""
    arguments = [a.name.text for a in task.arguments] if isinstance(task, tree.RelationDecl) else []
    if len(arguments) == 2:
        return
    what = ""
    match node:
        case tree.Has(both_ways=True) | tree.InKb(arguments=None, both_ways=True):
            what = "both ways"
        case tree.Closer() if not arguments:
            what = "closer to"
        case tree.InKb(arguments=None) if arguments:
            what = "pair"
        case tree.Distance(arguments=None) if arguments:
            what = "distance"
        case tree.Region("between" | "path" as kind) if arguments:
            what = kind
        case tree.Adjacent() if arguments:
            what = "adjacent"
        case tree.Measure("path_length") if arguments:
            what = "path_length"
        case _:
            return
    has = f"has {len(arguments)}" if arguments else "has none"
    message = f"`{what}` needs two arguments, but the task {task.name.text} {has}"
    hint = ""
    if what in ("pair", "distance"):
        hint = f"write {what}({arguments[0]}, {arguments[1]})"
    elif arguments:
        hint = f"write distance({arguments[0]}, {arguments[1]}) or a pattern with {{arguments}}"
    yield _found("BL204", message, node, hint)


def _metadata(node: tree.Node, program: Program) -> Iterator[Diagnostic]:
    if isinstance(node, tree.Has | tree.Borders | tree.CountOf) and (
        node.region is not None and node.region.kind == "meta"
    ):
        for part in nodes(node.pattern):
            named = isinstance(part, tree.Ref) and types_in(part, program)
            if named or isinstance(part, tree.Arg):
                message = "mentions stand in the text, and metadata are no part of it"
                yield _found("BL232", message, part, "name a list or an ontology")


def _found_type(rule: tree.RuleDecl, program: Program) -> Iterator[Diagnostic]:
    """Yield `found type` where no label, or a type that is no label, would be found."""
    votes = (rule.votes, rule.otherwise, *(case.vote for case in rule.cases))
    asked = [vote for vote in votes if vote is not None and vote.kind == "found type"]
    task = program.entities.get(rule.task.text)
    if not asked or task is None or isinstance(rule.find, tree.FindModel):
        return
    labels = {label.text for label in task.labels}
    hint = f"types of {task.name.text}: {', '.join(sorted(labels - {'none'}))}"
    types = {name: name for name in types_in(rule.find, program)}
    for node in nodes(rule.find):
        if isinstance(node, tree.Ref | tree.TokenIn) and node.name.text in program.ontologies:
            type_ = program.ontologies[node.name.text].type
            types[node.name.text] = type_.text if type_ else ""
    if not types:
        message = "`found type` of a pattern that names no ontology and no entity type"
        yield _found("BL233", message, asked[0], "vote for a label, or find an ontology")
    for name, type_name in types.items():
        if type_name not in labels:
            message = f"`found type` of `{name}`, which has {type_name or 'no type'},"
            yield _found("BL233", f"{message} can be no label of the task", asked[0], hint)


def _found(code: str, message: str, node: tree.Node, hint: str = "") -> Diagnostic:
    return Diagnostic(code, "error", message, node.span, hint)
