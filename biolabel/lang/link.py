"""Linking: every name finds its declaration; the declarations of all files become one program."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TypeVar

from biolabel.errors import Diagnostic, Edit, Span
from biolabel.lang import tree
from biolabel.lang.grammar import reserved_words
from biolabel.lang.memo import Memo
from biolabel.lang.nearest import suggested
from biolabel.lang.program import Program
from biolabel.lang.references import CONTEXTS, TASKS, Reference, references
from biolabel.lang.scopes import KINDS, Scope, Scopes, Unit
from biolabel.lang.walk import rewrite

D = TypeVar("D", bound=tree.Decl)

MAX_SUGGESTIONS = 200
"""Unknown names for which the nearest known one is looked for."""
FILE_FORMATS = frozenset({
    "mesh", "obo", "owl", "umls", "hgnc", "chebi", "ctd", "sssom", "tsv", "csv", "parquet", "file",
})  # fmt: skip
"""The formats of `from:` whose texts are paths; those of the others are names."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The linked program before it is checked, with what the checks must not complain about.

    `incomplete` are the name spans of declarations that lost a field to a syntax error, `lost` the
    names whose declaration cannot be read, `uses` the qualified names of the declarations that each
    declaration refers to, `votes_asked` pairs of tasks of which the first asks how the second voted.
    """

    program: Program
    units: tuple[Unit, ...]
    mains: frozenset[str]
    incomplete: frozenset[Span]
    lost: frozenset[str]
    uses: Mapping[str, frozenset[str]]
    votes_asked: frozenset[tuple[str, str]]
    diagnostics: tuple[Diagnostic, ...]


def link(units: Sequence[Unit], mains: frozenset[str], memo: Memo | None = None) -> Linked:
    """Return the program of all files, with every name that cannot be resolved.

    The program holds the declarations that the main files see and those that these need; those that
    the memo knows and that are linked as before are taken from it. Errors:
    BL010 reserved words as names, BL101 unknown names, BL102 names or settings given twice, BL103 a
    declaration of another kind, BL104 unknown tasks, BL109 unknown imported names.
    """
    scopes = Scopes({unit.source.path: unit for unit in units}, mains)
    linker = _Linker(scopes, types_of(units), scopes.lost(), memo or Memo())
    linker.include(scopes.shared())
    incomplete = frozenset(span for unit in units for span in unit.parsed.incomplete)
    pipeline = linker.pipeline(units)
    rules_defaults = linker.defaults(units)
    linked = [linker.linked(found, incomplete, rules_defaults) for found in linker.included]
    program = Program(
        files={unit.source.path: unit.source for unit in units},
        pipeline=pipeline,
        lists=_table(linked, tree.ListDecl),
        ontologies=_table(linked, tree.OntologyDecl),
        kbs=_table(linked, tree.KbDecl),
        patterns=_table(linked, tree.PatternDecl),
        conditions=_table(linked, tree.ConditionDecl),
        contexts=_table(linked, tree.ContextDecl),
        sections=_table(linked, tree.SectionDecl),
        models=_table(linked, tree.ModelDecl),
        entities=_table(linked, tree.EntityDecl),
        relations=_table(linked, tree.RelationDecl),
        documents=_table(linked, tree.DocumentDecl),
        constraints=_table(linked, tree.ConstraintDecl),
        rules=_table(linked, tree.RuleDecl),
    )
    found = (*scopes.diagnostics, *linker.diagnostics)
    return Linked(
        program, tuple(units), mains, incomplete, linker.lost, linker.uses(),
        linker.votes_asked(), found,
    )  # fmt: skip


def types_of(units: Iterable[Unit]) -> frozenset[str]:
    """Return the entity types: labels of entity tasks and types of relation arguments."""
    types: set[str] = set()
    for unit in units:
        for found in unit.parsed.declarations:
            if isinstance(found, tree.EntityDecl):
                types.update(label.text for label in found.labels)
            elif isinstance(found, tree.RelationDecl):
                types.update(name.text for argument in found.arguments for name in argument.types)
    return frozenset(types - {"none"})


def _table(declarations: Iterable[tree.Decl], kind: type[D]) -> Mapping[str, D]:
    return {found.name.text: found for found in declarations if isinstance(found, kind)}


@dataclass(slots=True)
class _Linker:
    """Resolves references; a declaration is known by the span of its name."""

    scopes: Scopes
    types: frozenset[str]
    lost: frozenset[str]
    memo: Memo
    included: list[tree.Decl] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _references: dict[Span, tuple[Reference, ...]] = field(default_factory=dict)
    _qualified: dict[Span, str] = field(default_factory=dict)
    _targets: dict[Span, str] = field(default_factory=dict)
    _subsets: dict[Span, str] = field(default_factory=dict)

    def include(self, scope: Scope) -> None:
        """Give names to all declarations of a scope and to those that they need."""
        for name in sorted(scope, key=lambda name: name.count(".")):
            self._include(scope[name], name)
        # The list grows while it is read: needed declarations have needs of their own.
        for declaration in self.included:
            self._resolve_all(declaration)

    def uses(self) -> Mapping[str, frozenset[str]]:
        """Return the qualified names of all declarations that each one refers to."""
        return {
            self._qualified[found.name.span]: frozenset(
                self._targets[reference.name.span]
                for reference in self._references[found.span]
                if reference.name.span in self._targets
            )
            for found in self.included
        }

    def votes_asked(self) -> frozenset[tuple[str, str]]:
        """Return pairs of tasks of which the first asks how the second voted."""
        return frozenset(
            (self._targets.get(found.task.span, ""), self._targets.get(reference.name.span, ""))
            for found in self.included
            if isinstance(found, tree.RuleDecl | tree.ConditionDecl)
            for reference in self._references[found.span]
            if reference.kinds == TASKS and reference.name is not found.task
        )

    def _include(self, found: tree.Decl, name: str) -> None:
        if found.name.span not in self._qualified:
            self._qualified[found.name.span] = name
            self.included.append(found)

    def _hidden(self, found: tree.Decl) -> str:
        """Return a free name for a declaration that is needed but not imported by name."""
        taken = set(self._qualified.values())
        name = base = f"{PurePath(found.name.span.file).stem}.{found.name.text}"
        number = 1
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        return name

    def _resolve_all(self, user: tree.Decl | tree.DefaultsDecl) -> None:
        used = self.memo.get("references", user.span, None, lambda: tuple(references(user)))
        self._references[user.span] = used
        for reference in used:
            self._resolve(reference, user)

    def _resolve(self, reference: Reference, user: tree.Node) -> None:
        scope = self.scopes.of(reference.name.span.file)
        written = reference.name.text
        found, subset = scope.get(written), ""
        if found is None and tree.KbDecl in reference.kinds:
            head, _, subset = written.rpartition(".")
            found = scope.get(head)
        if isinstance(found, reference.kinds):
            if found.name.span not in self._qualified:
                self._include(found, self._hidden(found))
            self._targets[reference.name.span] = self._qualified[found.name.span]
            self._subsets[reference.name.span] = subset
        elif not self._excused(reference):
            complaint = self._complaint(reference, found, scope, user)
            if not self._elsewhere(complaint):
                self.diagnostics.append(complaint)

    def _elsewhere(self, complaint: Diagnostic) -> bool:
        """Return whether an unknown name, like no known one, may stand in a file that nobody could read."""
        unknown = complaint.code in ("BL101", "BL104") and complaint.fix is None
        return unknown and self.scopes.unsure(complaint.span.file)

    def _excused(self, reference: Reference) -> bool:
        written = reference.name.text
        return (
            reference.optional
            or not {written, written.partition(".")[0]}.isdisjoint(self.lost)
            or (reference.needed == "pattern" and written in self.types)
        )

    def _complaint(
        self, reference: Reference, found: tree.Decl | None, scope: Scope, user: tree.Node
    ) -> Diagnostic:
        written, span = reference.name.text, reference.name.span
        # A file with so many unknown names has lost an import; to compare them all would take long.
        few = len(self.diagnostics) < MAX_SUGGESTIONS
        right = {n for n, other in scope.items() if few and isinstance(other, reference.kinds)}
        if found is not None:
            kind = KINDS[type(found)]
            message = f"`{written}` is a {kind}; a {reference.needed} is needed here"
            hint, way = _another_way(found, reference)
            fix = Edit(span, way) if way else None
            if not hint:
                hint, fix = suggested(written, right, span)
            related = ((found.name.span, f"the {kind} is defined here"),)
            return Diagnostic("BL103", "error", message, span, hint, related, fix)
        if written in reserved_words():
            message = f"`{written}` is a reserved word; no {reference.needed} has this name"
            return Diagnostic("BL010", "error", message, span, "join conditions with `and` or `or`")
        if reference.kinds == TASKS:
            known = f"tasks: {', '.join(sorted(right)) or 'none'}"
            hint, fix = suggested(written, right, span, known)
            message = f"there is no task `{written}`"
            return Diagnostic("BL104", "error", message, span, hint, (), fix)
        otherwise = ""
        if reference.needed == "pattern":
            right |= {*self.types, "and", "or"}
            otherwise = 'put literal words in "quotes"'
            if written in self._arguments(user, scope):
                hint = f"write {{{written}}} for the argument"
                message = f"nothing is called `{written}`"
                fix = Edit(span, f"{{{written}}}")
                return Diagnostic("BL101", "error", message, span, hint, (), fix)
        else:
            if reference.needed == "condition":
                right |= {"adjacent"}
            elif reference.needed == "context":
                right |= set(CONTEXTS)
            if 0 < len(right) <= 8:
                otherwise = f"known: {', '.join(sorted(right))}"
            elif not right:
                word = "kb" if reference.needed == "knowledge base" else reference.needed
                otherwise = f"declare it: {word.partition(' ')[0]} {written}"
        hint, fix = suggested(written, right, span, otherwise)
        message = f"nothing is called `{written}`"
        return Diagnostic("BL101", "error", message, span, hint, (), fix)

    def _arguments(self, user: tree.Node, scope: Scope) -> frozenset[str]:
        task = scope.get(user.task.text) if isinstance(
            user, tree.RuleDecl | tree.ConditionDecl
        ) else None  # fmt: skip
        if isinstance(task, tree.RelationDecl):
            return frozenset(argument.name.text for argument in task.arguments)
        return frozenset()

    def pipeline(self, units: Iterable[Unit]) -> Mapping[str, tuple[str, ...]]:
        """Return the settings of all pipelines; two different values are an error."""
        settings: dict[str, tuple[tuple[str, ...], Span]] = {}
        for unit in units:
            for found in unit.parsed.declarations:
                if isinstance(found, tree.PipelineDecl):
                    for name, value in found.settings:
                        first = settings.setdefault(name, (value, found.span))
                        if first[0] != value:
                            message = f"the pipeline's `{name}` is set to two different values"
                            related = ((first[1], f"first set to {' '.join(first[0])} here"),)
                            self.diagnostics.append(
                                Diagnostic("BL102", "error", message, found.span, "", related)
                            )
        return {name: value for name, (value, _) in settings.items()}

    def defaults(self, units: Iterable[Unit]) -> Mapping[tuple[str, str], tree.DefaultsDecl]:
        """Return the defaults by file and task."""
        table: dict[tuple[str, str], tree.DefaultsDecl] = {}
        for unit in units:
            for found in unit.parsed.declarations:
                if isinstance(found, tree.DefaultsDecl):
                    self._resolve_all(found)
                    task = self._targets.get(found.task.span, found.task.text)
                    first = table.setdefault((unit.source.path, task), found)
                    if first is not found:
                        message = f"this file has defaults for `{found.task.text}` twice"
                        related = ((first.span, "first given here"),)
                        self.diagnostics.append(
                            Diagnostic("BL102", "error", message, found.task.span, "", related)
                        )
        return table

    def linked(
        self,
        declaration: tree.Decl,
        incomplete: frozenset[Span],
        defaults: Mapping[tuple[str, str], tree.DefaultsDecl],
    ) -> tree.Decl:
        """Return a declaration with qualified names, its file's defaults and implied labels."""
        task = declaration.task.span if isinstance(declaration, tree.RuleDecl) else None
        given = (
            defaults.get((declaration.name.span.file, self._targets.get(task, "")))
            if task
            else None
        )
        qualified = self._qualified[declaration.name.span]
        targets = tuple(
            (self._targets.get(reference.name.span), self._subsets.get(reference.name.span))
            for reference in self._references[declaration.span]
        )
        known = qualified, targets, given.span if given else None
        found = self.memo.get(
            "linked", declaration.span, known, lambda: self._linked(declaration, given)
        )
        if isinstance(found, tree.RelationDecl) and found.mentions is None:
            found = self._with_mentions(found, declaration.name.span in incomplete)
        return found

    def _linked(self, declaration: tree.Decl, given: tree.DefaultsDecl | None) -> tree.Decl:
        found = rewrite(declaration, self._renamed)
        qualified = self._qualified[declaration.name.span]
        found = replace(found, name=replace(found.name, text=qualified))
        if isinstance(found, tree.ListDecl):
            files = tuple(_beside(found.name.span.file, file) for file in found.files)
            found = replace(found, files=files)
        one_topic = isinstance(found, tree.DocumentDecl) and found.pick == "one"
        if isinstance(found, tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl):
            # A document is about one of the labels, unless it may be about several or nothing.
            labels = found.labels if one_topic else _with_none(found.labels)
            found = replace(found, labels=labels)
        if isinstance(found, tree.RuleDecl) and given is not None:
            found = _with_defaults(found, given)
        return found

    def _renamed(self, node: tree.Node) -> tree.Node:
        match node:
            case tree.Name() if self._targets.get(node.span, node.text) != node.text:
                return replace(node, text=self._targets[node.span])
            case tree.Source() if node.format in FILE_FORMATS:
                return replace(node, paths=tuple(_beside(node.span.file, p) for p in node.paths))
            case tree.InKb() if self._subsets.get(node.kb.span):
                return replace(node, subset=self._subsets[node.kb.span])
        return node

    def _with_mentions(self, found: tree.RelationDecl, incomplete: bool) -> tree.RelationDecl:
        entities = [other for other in self.included if isinstance(other, tree.EntityDecl)]
        names = [self._qualified[other.name.span] for other in entities]
        if len(names) == 1:
            return replace(found, mentions=tree.Name(names[0], span=found.name.span))
        if not incomplete and not self.lost:
            message = f"`{found.name.text}` must say where its mentions come from"
            hint = f"write `mentions:` and {', '.join([*names, 'or given'])}"
            if not names:
                hint = "add an `entity` task, or write `mentions: given`"
            self.diagnostics.append(Diagnostic("BL104", "error", message, found.name.span, hint))
        return found


def _another_way(found: tree.Decl, reference: Reference) -> tuple[str, str]:
    """Return the hint what was probably meant by a name of another kind, and what to write for it."""
    name = reference.name.text
    match found:
        case tree.KbDecl() if reference.needed == "condition":
            return f"write `pair in {name}`", f"pair in {name}"
        case tree.KbDecl():
            return f"write `pair in {name}` in a condition", ""
        case tree.RuleDecl() if reference.needed == "condition":
            return f"write `{name} fires`", f"{name} fires"
        case tree.ConditionDecl() if reference.needed == "rule":
            return f"write `{name}` alone", ""
    return "", ""


def _beside(file: str, path: str) -> str:
    """Return a path of a rule file, which is relative to the folder of that file, as seen from here."""
    return os.path.normpath(PurePath(file).parent / path)


def _with_none(labels: tuple[tree.Name, ...]) -> tuple[tree.Name, ...]:
    """Return labels with `none`; labels that could not be read stay empty."""
    if not labels or any(label.text == "none" for label in labels):
        return labels
    return (*labels, tree.Name("none"))


def _with_defaults(rule: tree.RuleDecl, given: tree.DefaultsDecl) -> tree.RuleDecl:
    """Return the rule with the defaults' fields that it does not have itself."""
    meta = rule.meta
    for name in ("note", "author", "tags", "status", "cites", "since"):
        if name in given.meta.given and name not in meta.given:
            meta = replace(meta, **{name: getattr(given.meta, name)})
    return replace(
        rule,
        meta=meta,
        precision=given.precision if rule.precision is None else rule.precision,
        group=rule.group or given.group,
    )
