"""What every name in rule files stands for: where it is made, and where it is used."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from biolabel.errors import Span
from biolabel.lang import tree
from biolabel.lang.load import Units
from biolabel.lang.references import TASKS, Reference, references
from biolabel.lang.scopes import Scope, Scopes, Unit
from biolabel.lang.walk import nodes

_MARK = re.compile(r"\{\s*(?:other\s+)?([A-Za-z_]\w*)\s*[=:]")
_WORD = re.compile(r"([A-Za-z_]\w*)")

Kind = Literal["declaration", "label", "argument", "type", "parameter"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for.

    home: the name of the declaration itself, or of the one that a label, argument or parameter
    belongs to; None for types, which all files share.
    """

    kind: Kind
    name: str
    home: Span | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a symbol's name stands, without the import's name before it."""

    span: Span
    symbol: Symbol
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """A name in a declaration and what it can stand for there.

    task: for labels, the task that has them, or a rule of that task.
    """

    name: tree.Name
    kind: Kind
    reference: Reference | None = None
    task: tree.Name | None = None


@dataclass(frozen=True, eq=False)
class Names:
    """All symbols of some rule files; what cannot be resolved is left out."""

    units: Mapping[str, Unit]
    scopes: Scopes
    occurrences: tuple[Occurrence, ...]
    declarations: Mapping[Span, tree.Decl]

    def at(self, path: str, offset: int) -> Occurrence | None:
        """Return the occurrence that an offset stands in or at the end of."""
        return next(
            (
                found
                for found in self.occurrences
                if found.span.file == path and found.span.start <= offset <= found.span.end
            ),
            None,
        )

    def of(self, symbol: Symbol) -> tuple[Occurrence, ...]:
        """Return all occurrences of a symbol."""
        return tuple(found for found in self.occurrences if found.symbol == symbol)


def names_of(read: Units) -> Names:
    """Return the symbols of files as far as they can be read."""
    units = {unit.source.path: unit for unit in read.units}
    scopes = Scopes(units, read.mains)
    finder = _Finder(scopes, {}, _types(units))
    found = [occurrence for unit in units.values() for occurrence in finder.unit(unit)]
    unique = tuple(sorted(set(found), key=lambda o: (o.span.file, o.span.start, not o.defines)))
    return Names(units, scopes, unique, finder.declarations)


def uses(declaration: tree.Node) -> Iterator[Use]:
    """Return the names in a declaration that are used there, not made."""
    known: set[Span] = set()
    for reference in references(declaration):
        known.add(reference.name.span)
        yield Use(reference.name, "declaration", reference)
    parameters = {p.text for p in getattr(declaration, "params", ())}
    for node in nodes(declaration):
        match node:
            case tree.Ref(name) if name.text in parameters and name.span not in known:
                yield Use(name, "parameter")
            case tree.Ref(name) if name.span in known:
                yield Use(name, "type")
            case tree.Argument(types=types) | tree.ContextDecl(applies_to=types):
                yield from (Use(name, "type") for name in types)
            case tree.OntologyDecl(type=tree.Name() as name) | tree.Closer(type=name):
                yield Use(name, "type")
            case tree.KbDecl(pairs=(first, second)):
                yield from (Use(name, "type") for name in (first, second))
            case tree.ModelDecl(maps=maps):
                yield from (Use(name, "type") for _, name in maps)
        yield from _arguments(node)
        yield from _labels(node, declaration)


def _arguments(node: tree.Node) -> Iterator[Use]:
    match node:
        case tree.Is(argument=name) | tree.Member(argument=name) | tree.Closer(argument=name):
            yield Use(name, "argument")
        case tree.Order(first=first, second=second):
            yield from (Use(name, "argument") for name in (first, second))
        case tree.InKb(arguments=(first, second)) | tree.Distance(arguments=(first, second)):
            yield from (Use(name, "argument") for name in (first, second))
        case tree.Region(kind="before" | "after" | "around" | "argument", name=tree.Name() as name):
            yield Use(name, "argument")
        case tree.Arg(name=text, span=span):
            inner = Span(span.file, span.start + 1, span.end - 1)
            yield Use(tree.Name(text, span=inner), "argument")


def _labels(node: tree.Node, declaration: tree.Node) -> Iterator[Use]:
    task = getattr(declaration, "task", None)
    match node:
        case tree.Vote(kind="label" | "not" | "one of", names=names):
            yield from (Use(name, "label", task=task) for name in names)
        case tree.Example(label=tree.Name() as name):
            yield Use(name, "label", task=task)
        case tree.Voted(task=other, label=name) | tree.ConstraintTerm(task=other, label=name):
            yield Use(name, "label", task=other)
        case tree.RuleVotes(rule=other, label=name):
            yield Use(name, "label", task=other)
        case tree.ModelSays(label=name):
            yield Use(name, "label", task=task)


def _types(units: Mapping[str, Unit]) -> frozenset[str]:
    found: set[str] = set()
    for unit in units.values():
        for declaration in unit.parsed.declarations:
            match declaration:
                case tree.EntityDecl(labels=labels):
                    found.update(label.text for label in labels)
                case tree.OntologyDecl(type=tree.Name() as name):
                    found.add(name.text)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Finder:
    """Resolves names; `declarations` collects all declarations by the span of their name."""

    scopes: Scopes
    declarations: dict[Span, tree.Decl]
    types: frozenset[str]

    def unit(self, unit: Unit) -> Iterator[Occurrence]:
        """Return the occurrences in one file."""
        for named in unit.named():
            self.declarations[named.name.span] = named
            yield Occurrence(named.name.span, _symbol(named), defines=True)
            yield from self._made(named)
        scope = self.scopes.of(unit.source.path)
        for declaration in unit.parsed.declarations:
            for use in uses(declaration):
                yield from self._used(use, scope, declaration)
            yield from self._marks(declaration, scope, unit.source.text)
        for found in unit.imports:
            exported = self.scopes.of(found.path) if found.path else {}
            for only in found.declaration.only:
                if only.text in exported:
                    yield Occurrence(only.span, _symbol(exported[only.text]))

    def _made(self, declaration: tree.Decl) -> Iterator[Occurrence]:
        """Return labels, arguments and parameters where they are made."""
        home = declaration.name.span
        match declaration:
            case tree.EntityDecl(labels=labels):
                for label in labels:
                    yield Occurrence(label.span, _label(label, declaration), defines=True)
            case tree.RelationDecl(labels=labels) | tree.DocumentDecl(labels=labels):
                for label in labels:
                    yield Occurrence(label.span, _label(label, declaration), defines=True)
        match declaration:
            case tree.RelationDecl(arguments=arguments):
                for argument in arguments:
                    symbol = Symbol("argument", argument.name.text, home)
                    yield Occurrence(argument.name.span, symbol, defines=True)
            case tree.PatternDecl(params=params):
                for name in params:
                    yield Occurrence(name.span, Symbol("parameter", name.text, home), defines=True)

    def _used(self, use: Use, scope: Scope, user: tree.Node) -> Iterator[Occurrence]:
        name, span = use.name, use.name.span
        match use.kind:
            case "declaration":
                yield from self._resolved(use, scope)
            case "type" if name.text in self.types and name.text not in scope:
                yield Occurrence(span, Symbol("type", name.text, None))
            case "parameter" if isinstance(user, tree.Decl):
                yield Occurrence(span, Symbol("parameter", name.text, user.name.span))
            case "argument":
                task = relation_of(user, scope)
                if task and any(a.name.text == name.text for a in task.arguments):
                    yield Occurrence(span, Symbol("argument", name.text, task.name.span))
            case "label" if use.task is not None:
                home = task_of(use.task.text, scope)
                if home and any(label.text == name.text for label in home.labels):
                    yield Occurrence(span, _label(name, home))

    def _resolved(self, use: Use, scope: Scope) -> Iterator[Occurrence]:
        written, span = use.name.text, use.name.span
        found = scope.get(written)
        if found is None and use.reference and tree.KbDecl in use.reference.kinds:
            written = written.rpartition(".")[0]
            found = scope.get(written)
        if found is not None:
            end = span.start + len(written)
            own = Span(span.file, end - len(found.name.text), end)
            yield Occurrence(own, _symbol(found))

    def _marks(self, declaration: tree.Node, scope: Scope, text: str) -> Iterator[Occurrence]:
        """Return arguments and types in the marks of examples, and types in `[ent=Disease]`."""
        task = relation_of(declaration, scope)
        arguments = {a.name.text for a in task.arguments} if task else set()
        for node in nodes(declaration):
            if isinstance(node, tree.Example):
                pattern = _MARK
            elif isinstance(node, tree.TokenIs) and node.attribute == "ent":
                pattern = _WORD
            else:
                continue
            for match in pattern.finditer(text, node.span.start, node.span.end):
                name, span = match[1], Span(node.span.file, match.start(1), match.end(1))
                if task and name in arguments and pattern is _MARK:
                    yield Occurrence(span, Symbol("argument", name, task.name.span))
                elif name in self.types:
                    yield Occurrence(span, Symbol("type", name, None))


def task_of(
    name: str, scope: Scope
) -> tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl | None:
    """Return the task of a name, which may be a rule's."""
    found = scope.get(name)
    if isinstance(found, tree.RuleDecl):
        found = scope.get(found.task.text)
    return found if isinstance(found, TASKS) else None  # type: ignore[return-value]


def relation_of(declaration: tree.Node, scope: Scope) -> tree.RelationDecl | None:
    """Return the relation whose arguments the conditions of a declaration speak of."""
    if isinstance(declaration, tree.RelationDecl):
        return declaration
    if isinstance(declaration, tree.RuleDecl | tree.ConditionDecl):
        task = scope.get(declaration.task.text)
        return task if isinstance(task, tree.RelationDecl) else None
    return None


def _symbol(declaration: tree.Decl) -> Symbol:
    return Symbol("declaration", declaration.name.text, declaration.name.span)


def _label(name: tree.Name, task: tree.Decl) -> Symbol:
    """Return a label; those of entity tasks are types."""
    if isinstance(task, tree.EntityDecl):
        return Symbol("type", name.text, None)
    return Symbol("label", name.text, task.name.span)
