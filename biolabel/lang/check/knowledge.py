"""Checks of lists, ontologies, knowledge bases and models against the tasks that use them."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import NO_NONE, World, found, reached, unknown_type
from biolabel.lang.nearest import suggested
from biolabel.lang.walk import nodes


def check_knowledge(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield what an ontology, knowledge base or model says that no task or rule can make use of.

    BL110 labels of models that no task has, BL114 unknown types, BL211 found types that are not
    known, BL214 columns that a knowledge base does not have, BL217 ways to look up nothing.
    """
    match declaration:
        case tree.OntologyDecl(type=tree.Name() as type_) if world.types:
            yield from _types((type_,), world)
        case tree.KbDecl(pairs=(subject, object_)) if world.types:
            yield from _types((subject, object_), world)
        case tree.ModelDecl(maps=maps) if world.whole():
            yield from _maps(maps, world)
        case tree.RuleDecl(find=find):
            yield from _found_type(declaration, world)
            if isinstance(find, tree.FindPattern):
                yield from _via(find, world)
    for node in nodes(declaration):
        if isinstance(node, tree.InKb) and node.kb.text in world.program.kbs:
            yield from _columns(node, world.program.kbs[node.kb.text])


def _types(names: tuple[tree.Name, ...], world: World) -> Iterator[Diagnostic]:
    for name in names:
        wrong = unknown_type(name.text, name, world.types)
        if wrong:
            yield wrong


def _maps(maps: tuple[tuple[str, tree.Name], ...], world: World) -> Iterator[Diagnostic]:
    labels = {label for view in world.views.values() for label in view.labels}
    for _, label in maps:
        if labels and label.text not in labels:
            known = f"labels: {', '.join(sorted(labels))}"
            hint, fix = suggested(label.text, labels, label.span, known)
            if label.text == "none":
                hint, fix = f"{known}; {NO_NONE}", None
            message = f"no task has the label `{label.text}`"
            yield Diagnostic("BL110", "error", message, label.span, hint, (), fix)


def _found_type(rule: tree.RuleDecl, world: World) -> Iterator[Diagnostic]:
    votes = (rule.votes, rule.otherwise, *(case.vote for case in rule.cases))
    asked = next((vote for vote in votes if vote is not None and vote.kind == "found type"), None)
    view = world.views.get(rule.task.text)
    if asked is None or view is None or not view.labels:
        return
    for name in _terms(rule.find, world):
        ontology = world.program.ontologies.get(name)
        if ontology is None:
            continue
        if ontology.type is None:
            hint = f"add `type:` to ontology `{name}`, or vote for a label"
            yield found("BL211", f"`{name}` does not say which type its terms have", asked, hint)
        elif ontology.type.text not in view.labels:
            message = f"`{name}` finds {ontology.type.text}, which is no label of {view.name}"
            yield found("BL211", message, asked, f"labels: {', '.join(view.labels)}")


def _via(find: tree.FindPattern, world: World) -> Iterator[Diagnostic]:
    if find.via and not _terms(find, world):
        message = "`via` says how terms are looked up, but this pattern names no ontology or list"
        yield found("BL217", message, find.via[0], "leave `via` out, or name an ontology")


def _terms(top: object, world: World) -> list[str]:
    """Return the lists and ontologies in a pattern, also those in the patterns that it names."""
    program = world.program
    named = dict.fromkeys(
        node.name.text
        for part in reached(top, program)
        for node in nodes(part)
        if isinstance(node, tree.Ref)
    )
    return [name for name in named if name in program.ontologies or name in program.lists]


def _columns(node: tree.InKb, kb: tree.KbDecl) -> Iterator[Diagnostic]:
    # The catalog's own descriptions name the columns of the tables there.
    if not kb.columns or (kb.source is not None and kb.source.format == "catalog"):
        return
    roles = {role for role, _ in kb.columns}
    name = kb.name.text
    if node.evidence is not None and "evidence" not in roles:
        message = f"`{name}` has no evidence column; it has {', '.join(sorted(roles))}"
        hint = 'name one in its `columns:`: evidence = "COLUMN"'
        yield found("BL214", message, node.evidence, hint)
    if node.subset and "subset" not in roles:
        message = f"`{name}` has no subsets, so `{name}.{node.subset}` is empty"
        yield found("BL214", message, node.kb, 'name their column: subset = "COLUMN"')
