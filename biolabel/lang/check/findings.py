"""What the checks share: findings, and what a condition of a task can speak about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from biolabel.errors import Diagnostic, Edit, Severity, Span
from biolabel.lang import tree
from biolabel.lang.link import Linked, types_of
from biolabel.lang.nearest import nearest
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

if TYPE_CHECKING:
    from biolabel.data.labels import TaskKind

TaskDecl = tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl


@dataclass(frozen=True, slots=True)
class View:
    """A task as its rules see it: arguments with their types, and labels (none if unreadable)."""

    name: str
    kind: "TaskKind"
    arguments: Mapping[str, frozenset[str]]
    labels: tuple[str, ...]
    scope: tree.Scope | None = None

    def listed_arguments(self) -> str:
        """Return the arguments as a hint lists them."""
        names = ", ".join(f"{{{name}}}" for name in self.arguments)
        return f"arguments: {names or 'none'}"


@dataclass(frozen=True, slots=True)
class World:
    """What the checks of one declaration may look at: the program, its tasks and entity types."""

    linked: Linked
    views: Mapping[str, View]
    types: frozenset[str]

    @property
    def program(self) -> Program:
        """The linked program."""
        return self.linked.program

    def whole(self) -> bool:
        """Return whether the program does something; a library leaves the rest to its user."""
        return bool(self.program.rules or self.views)


def world_of(linked: Linked) -> World:
    """Return what the checks may look at."""
    return World(linked, views(linked.program), types_of(linked.units))


def tasks(program: Program) -> Mapping[str, TaskDecl]:
    """Return all tasks by qualified name."""
    return {**program.entities, **program.relations, **program.documents}


def views(program: Program) -> Mapping[str, View]:
    """Return the views of all tasks by qualified name."""
    return {name: _view(name, task) for name, task in tasks(program).items()}


def _view(name: str, task: TaskDecl) -> View:
    labels = tuple(label.text for label in task.labels)
    match task:
        case tree.EntityDecl():
            return View(name, "entity", {"span": frozenset(labels) - {"none"}}, labels)
        case tree.DocumentDecl():
            return View(name, "document", {}, labels)
        case tree.RelationDecl():
            arguments = {
                argument.name.text: frozenset(type_.text for type_ in argument.types)
                for argument in task.arguments
            }
            return View(name, "relation", arguments, labels, task.scope)


def in_main(linked: Linked, span: Span) -> bool:
    """Return whether a span is in a file that the user named, not in an imported one."""
    return span.file in linked.mains


def reached(top: object, program: Program) -> list[object]:
    """Return a part of a program and all patterns that it names, directly or not, each once."""
    parts: list[object] = [top]
    seen: set[str] = set()
    # The list grows while it is read.
    for part in parts:
        for node in nodes(part):
            if isinstance(node, tree.Ref | tree.Macro) and node.name.text not in seen:
                seen.add(node.name.text)
                if node.name.text in program.patterns:
                    parts.append(program.patterns[node.name.text])
    return parts


def found(
    code: str,
    message: str,
    node: tree.Node,
    hint: str = "",
    severity: Severity = "error",
    fix: str | None = None,
) -> Diagnostic:
    """Return a finding at a node; a fix is the text that should stand in its place."""
    edit = None if fix is None else Edit(node.span, fix)
    return Diagnostic(code, severity, message, node.span, hint, (), edit)


NO_NONE = "a document task that picks one label has `none` only if its `labels:` name it"
"""What to say to a vote for `none` where documents always have one of the labels."""


def unknown_label(label: tree.Name, view: View) -> Diagnostic | None:
    """Return BL110 if a task has labels, but not this one."""
    if not view.labels or label.text in view.labels:
        return None
    near = nearest(label.text, view.labels)
    hint = f"did you mean `{near}`?" if near else f"labels: {', '.join(view.labels)}"
    if label.text == "none":
        near, hint = None, f"{hint}; {NO_NONE}"
    message = f"task {view.name} has no label `{label.text}`"
    return found("BL110", message, label, hint, fix=near)


def unknown_type(name: str, node: tree.Node, types: frozenset[str]) -> Diagnostic | None:
    """Return BL114 if no entity task has such a label."""
    if name in types:
        return None
    near = nearest(name, types)
    hint = f"did you mean `{near}`?" if near else f"types: {', '.join(sorted(types)) or 'none'}"
    fix = near if isinstance(node, tree.Name) else None
    return found("BL114", f"there is no entity type `{name}`", node, hint, fix=fix)


def unknown_argument(name: str, node: tree.Node, view: View) -> Diagnostic | None:
    """Return BL105 if a task has no such argument."""
    if name in view.arguments:
        return None
    near = nearest(name, view.arguments)
    hint = f"did you mean `{near}`?" if near else view.listed_arguments()
    fix = None
    if near is not None and isinstance(node, tree.Name | tree.Arg):
        fix = near if isinstance(node, tree.Name) else f"{{{near}}}"
    return found("BL105", f"the task has no argument {{{name}}}", node, hint, fix=fix)
