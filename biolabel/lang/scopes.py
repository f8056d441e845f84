"""Which declarations each file sees, and under which names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from biolabel.errors import Diagnostic, SourceFile, Span
from biolabel.lang import tree
from biolabel.lang.nearest import suggested
from biolabel.lang.pieces import lost_name

# What messages call a kind of declaration.
KINDS: dict[type[tree.Decl], str] = {
    tree.ListDecl: "list",
    tree.OntologyDecl: "ontology",
    tree.KbDecl: "knowledge base",
    tree.PatternDecl: "pattern",
    tree.ConditionDecl: "condition",
    tree.ContextDecl: "context",
    tree.SectionDecl: "section",
    tree.ModelDecl: "model",
    tree.EntityDecl: "entity task",
    tree.RelationDecl: "relation task",
    tree.DocumentDecl: "document task",
    tree.ConstraintDecl: "constraint",
    tree.RuleDecl: "rule",
}


@dataclass(frozen=True, slots=True)
class Import:
    """An import with the path (as shown) of its file, None when it cannot be followed."""

    declaration: tree.ImportDecl
    path: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One file with its tree and imports; a file that cannot be read is an empty tree."""

    source: SourceFile
    parsed: tree.FileTree
    imports: tuple[Import, ...]
    readable: bool = True

    def named(self) -> Iterator[tree.Decl]:
        """Return the declarations that have a name other parts can use."""
        for declaration in self.parsed.declarations:
            if isinstance(declaration, tree.Decl) and type(declaration) in KINDS:
                yield declaration


Scope = Mapping[str, tree.Decl]


@dataclass(slots=True)
class Scopes:
    """The scopes of all files; `shared` is the one scope of the main files together."""

    units: Mapping[str, Unit]
    mains: frozenset[str]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _known: dict[str, dict[str, tree.Decl]] = field(default_factory=dict)
    _shared: dict[str, tree.Decl] | None = None

    def shared(self) -> Scope:
        """Return what the main files see."""
        if self._shared is None:
            self._shared = {}
            for path in self.units:
                if path in self.mains:
                    for name, found in self._own(path).items():
                        self._add(self._shared, name, found, found.name.span)
        return self._shared

    def of(self, path: str) -> Scope:
        """Return what a file sees: its own declarations and those it imports."""
        return self.shared() if path in self.mains else self._own(path)

    def lost(self) -> frozenset[str]:
        """Return names that must stand in what could not be read; nobody should complain of them."""
        names: set[str] = set()
        for unit in self.units.values():
            for span in unit.parsed.skipped:
                name = lost_name(unit.source.text, span.start)
                if name:
                    names.add(name)
            for found in unit.imports:
                if found.path is None or not self.units[found.path].readable:
                    names.update(_imported_as(found.declaration, n.text)
                                 for n in found.declaration.only)  # fmt: skip
                    if found.declaration.alias is not None:
                        names.add(found.declaration.alias.text)
        return frozenset(names)

    def unsure(self, path: str) -> bool:
        """Return whether a file shares its names with a main file that nobody could read."""
        return path in self.mains and not all(self.units[main].readable for main in self.mains)

    def _own(self, path: str) -> dict[str, tree.Decl]:
        if path in self._known:
            return self._known[path]
        scope = self._known[path] = {}
        for declaration in self.units[path].named():
            self._add(scope, declaration.name.text, declaration, declaration.name.span)
        for found in self.units[path].imports:
            if found.path is not None:
                for name, declaration in self._imported(found.declaration, found.path):
                    self._add(scope, name, declaration, found.declaration.span)
        return scope

    def _imported(self, wanted: tree.ImportDecl, path: str) -> Iterator[tuple[str, tree.Decl]]:
        exported = self._own(path)
        if not wanted.only:
            for name, found in exported.items():
                yield _imported_as(wanted, name), found
        for only in wanted.only:
            if only.text in exported:
                yield _imported_as(wanted, only.text), exported[only.text]
            elif self.units[path].readable:
                message = f"{wanted.path} does not define `{only.text}`"
                hint, fix = suggested(only.text, exported, only.span)
                self.diagnostics.append(
                    Diagnostic("BL109", "error", message, only.span, hint, (), fix)
                )

    def _add(self, scope: dict[str, tree.Decl], name: str, found: tree.Decl, place: Span) -> None:
        first = scope.setdefault(name, found)
        if first is not found:
            message = f"`{name}` is defined twice"
            related = ((first.name.span, f"first defined here, as a {KINDS[type(first)]}"),)
            hint = "rename one of them, or import with `as`"
            self.diagnostics.append(Diagnostic("BL102", "error", message, place, hint, related))


def _imported_as(declaration: tree.ImportDecl, name: str) -> str:
    return f"{declaration.alias.text}.{name}" if declaration.alias else name
