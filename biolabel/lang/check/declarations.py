"""Checks of single declarations: names, fields that must be there, types that must exist."""

from collections import Counter
from collections.abc import Iterator, Mapping

from biolabel.data.labels import MOST_LABELS
from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import World, found, unknown_type
from biolabel.lang.grammar import reserved_words
from biolabel.lang.link import Linked
from biolabel.lang.program import Program
from biolabel.lang.references import CONTEXTS
from biolabel.lang.scopes import KINDS


def check_declaration(
    declaration: tree.Decl, *, complete: bool, free: bool
) -> Iterator[Diagnostic]:
    """Yield BL010 reserved names, BL102 double ones and, of complete declarations, BL207 and BL211.

    The declaration is as written, not linked: those of imported files count too. It is `free` to get
    another name if no other declaration refers to it.
    """
    yield from _names(declaration, free=free)
    yield from _reach(declaration)
    if complete:
        yield from _missing(declaration)


def _reach(declaration: tree.Decl) -> Iterator[Diagnostic]:
    if not isinstance(declaration, tree.ContextDecl) or declaration.reach is None:
        return
    number, unit = declaration.reach
    if unit == "edges":
        message = f"the reach of a context is not measured in {unit}"
        yield found("BL209", message, declaration.name, "count in words, characters or sentences")
    elif number == 0:
        yield found("BL210", "with a reach of 0 no mention is in the context", declaration.name)


def check_types(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield BL114 types of arguments and contexts that no entity task has."""
    match declaration:
        case tree.RelationDecl():
            yield from _argument_types(world.program, declaration)
        case tree.ContextDecl() if world.views and not world.linked.lost:
            # A library of contexts and lists may name types that its user defines.
            for name in declaration.applies_to:
                wrong = unknown_type(name.text, name, world.types)
                if wrong:
                    yield wrong


def check_labels(linked: Linked) -> Iterator[Diagnostic]:
    """Yield BL102 entity types that are also the name of something else, and BL219 too many labels."""
    program = linked.program
    for kind in (program.entities, program.relations, program.documents):
        for many in kind.values():
            if len(many.labels) > MOST_LABELS:
                what = KINDS[type(many)]
                message = f"{what} `{many.name.text}` has {len(many.labels)} labels, and at most"
                hint = "join rare labels, or make two tasks of it"
                yield found("BL219", f"{message} {MOST_LABELS} can be told apart", many.name, hint)
    for task in program.entities.values():
        for label in task.labels:
            other = _declared(program, label.text)
            if other is not None:
                message = f"`{label.text}` names both an entity type and another thing"
                related = ((other.name.span, f"the {KINDS[type(other)]} is defined here"),)
                yield Diagnostic("BL102", "error", message, label.span, "rename one", related)


def _names(declaration: tree.Decl, *, free: bool) -> Iterator[Diagnostic]:
    kind = KINDS[type(declaration)]
    yield from _name(declaration.name, kind, free=free)
    if isinstance(declaration, tree.ContextDecl) and declaration.name.text in CONTEXTS:
        message = f"`{declaration.name.text}` is a built-in context"
        yield found("BL010", message, declaration.name, "choose another name")
    inner: dict[str, tuple[tree.Name, ...]] = {}
    match declaration:
        case tree.RelationDecl(arguments=arguments, labels=labels):
            inner = {"argument": tuple(a.name for a in arguments), "label": labels}
        case tree.EntityDecl(labels=labels) | tree.DocumentDecl(labels=labels):
            inner = {"label": labels}
        case tree.PatternDecl(params=params):
            inner = {"parameter": params}
    for what, names in inner.items():
        counts = Counter(name.text for name in names)
        for i, name in enumerate(names):
            if counts[name.text] > 1 and name.text in {other.text for other in names[:i]}:
                yield found("BL102", f"{what} `{name.text}` is given twice", name)
            if (what, name.text) != ("label", "none"):
                yield from _name(name, what, free=False)


def _name(name: tree.Name, kind: str, *, free: bool) -> Iterator[Diagnostic]:
    article = "an" if kind[0] in "aeiou" else "a"
    word = kind.split()[-1] if kind != "list" else "words"
    if name.text in reserved_words():
        message = f"`{name.text}` is a reserved word and cannot name {article} {kind}"
        other = f"{name.text}_{word}"
        yield found("BL010", message, name, f"try `{other}`", fix=other if free else None)
    elif "." in name.text:
        message = f"`{name.text}` cannot name {article} {kind}: the dot is for imported names"
        other = name.text.replace(".", "_")
        yield found("BL010", message, name, f"try `{other}`", fix=other if free else None)


def _missing(declaration: tree.Decl) -> Iterator[Diagnostic]:
    needed = ""
    match declaration:
        case tree.ListDecl(words=(), files=(), include=()):
            needed = "words:` or `file:"
        case tree.OntologyDecl(source=None, add=()):
            needed = "from:"
        case tree.KbDecl(source=None) | tree.ModelDecl(source=None):
            needed = "from:"
        case tree.PatternDecl(pattern=None) | tree.ConditionDecl(condition=None):
            needed = "is:"
        case tree.ContextDecl(cues_before=None, cues_after=None):
            needed = "cues_before:` or `cues_after:"
        case tree.SectionDecl(headings=()):
            needed = "headings:"
        case (
            tree.EntityDecl(labels=()) | tree.RelationDecl(labels=()) | tree.DocumentDecl(labels=())
        ):
            needed = "labels:"
        case tree.ConstraintDecl(never=None, condition=None):
            needed = "never:` or `if:"
        case tree.ConstraintDecl(never=None, consequence=None):
            needed = "then:"
        case tree.ConstraintDecl(never=None):
            return
        case tree.ConstraintDecl(condition=first, consequence=second) if first or second:
            message = f"constraint `{declaration.name.text}` has both `never:` and `if:` or `then:`"
            yield found("BL211", message, declaration.name, "make two constraints of it")
    if needed:
        kind = KINDS[type(declaration)]
        message = f"{kind} `{declaration.name.text}` has no `{needed}`"
        yield found("BL207", message, declaration.name, f"add `{needed}`")


def _declared(program: Program, name: str) -> tree.Decl | None:
    tables: tuple[Mapping[str, tree.Decl], ...]
    tables = program.lists, program.ontologies, program.patterns
    return next((table[name] for table in tables if name in table), None)


def _argument_types(program: Program, relation: tree.RelationDecl) -> Iterator[Diagnostic]:
    entity = program.entities.get(relation.mentions.text) if relation.mentions else None
    if entity is None or not entity.labels:
        return
    labels = frozenset(label.text for label in entity.labels) - {"none"}
    for argument in relation.arguments:
        for name in argument.types:
            wrong = unknown_type(name.text, name, labels)
            if wrong:
                yield wrong
