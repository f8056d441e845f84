"""Checks of conditions against the task that they are about."""

import re
from collections.abc import Iterator, Mapping

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import (
    View,
    World,
    found,
    unknown_argument,
    unknown_label,
    unknown_type,
)
from biolabel.lang.nearest import listed, suggested
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

SAME = ("sentence", "section", "concept", "text")
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
# The units that a value can be compared in; None is a bare number.
_UNITS: dict[str, tuple[tree.Unit | None, ...]] = {
    "distance": ("words", "characters"),
    "sentences_apart": (None, "sentences"),
    "path_length": (None, "edges"),
    "shared_sentences": (None, "sentences"),
    "count": (None,),
    "meta": (None,),
}


def check_conditions(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield what no candidate of a task can satisfy.

    BL012 unknown words, BL105 unknown arguments, BL110 unknown labels, BL111 names of another task,
    BL114 unknown types, BL204 two arguments needed, BL205 and BL210 conditions whose value is known
    beforehand, BL206 a knowledge base about other types, BL209 units that do not fit.
    """
    match declaration:
        case tree.RuleDecl(task=task) | tree.ConditionDecl(task=task):
            view = world.views.get(task.text)
        case tree.RelationDecl(name=name):
            view = world.views.get(name.text)
        case _:
            return
    for node in nodes(declaration):
        yield from _values(node)
        if view is not None:
            yield from _arguments(node, view)
            yield from _needs_pair(node, view)
            yield from _names(node, view, world.views, world.program)
            yield from _kb(node, view, world.program)
            if isinstance(node, tree.Closer):
                wrong = unknown_type(node.type.text, node.type, world.types)
                if wrong:
                    yield wrong


def _arguments(node: tree.Node, view: View) -> Iterator[Diagnostic]:
    names: tuple[tree.Name, ...] = ()
    match node:
        case tree.Is(argument=name) | tree.Member(argument=name) | tree.Closer(argument=name):
            names = (name,)
        case tree.Region(kind="before" | "after" | "around" | "argument", name=tree.Name() as name):
            names = (name,)
        case tree.Order(first=first, second=second):
            names = (first, second)
        case tree.Distance(arguments=(first, second)) | tree.InKb(arguments=(first, second)):
            names = (first, second)
    for name in names:
        wrong = unknown_argument(name.text, name, view)
        if wrong:
            yield wrong
    if len(names) == 2 and names[0].text == names[1].text:
        message = f"`{names[0].text}` is compared with itself"
        yield found("BL210", message, node, view.listed_arguments())


def _needs_pair(node: tree.Node, view: View) -> Iterator[Diagnostic]:
    what = ""
    match node:
        case tree.Region(kind="between" | "path" as kind):
            what = kind
        case tree.Adjacent():
            what = "adjacent"
        case tree.Distance():
            what = "distance"
        case tree.Measure(what=measure):
            what = measure
        case tree.Same(what=name):
            what = f"same {name.text}"
        case tree.InKb():
            what = "pair"
        case tree.PathLike():
            what = "path like"
        case tree.Has(both_ways=True):
            what = "both ways"
        case tree.Closer():
            what = "closer to"
    if what and view.kind != "relation":
        has = "none" if view.kind == "document" else "one, `span`"
        article = "an" if view.kind == "entity" else "a"
        message = f"`{what}` needs two arguments, but {article} {view.kind} task has {has}"
        region = isinstance(node, tree.Region)
        hint = "use `sentence`, `title` or `document`" if region else "only relations have pairs"
        yield found("BL204", message, node, hint)
    elif what == "sentences_apart" and view.scope is not None and view.scope.kind == "sentence":
        message = f"`sentences_apart` is always 0: {view.name} looks at one sentence only"
        yield found("BL205", message, node, "widen `scope:`", "warning")


def _names(
    node: tree.Node, view: View, by_task: Mapping[str, View], program: Program
) -> Iterator[Diagnostic]:
    labels: list[tuple[tree.Name, View]] = []
    match node:
        case tree.Fires(rule=name) | tree.RuleVotes(rule=name) if name.text in program.rules:
            yield from _same_task(name, program.rules[name.text].task.text, view)
        case tree.CondRef(name=name) if name.text in program.conditions:
            yield from _same_task(name, program.conditions[name.text].task.text, view)
    match node:
        case tree.RuleVotes(label=label) | tree.ModelSays(label=label):
            labels.append((label, view))
        case tree.Voted(task=task, label=label) if task.text in by_task:
            labels.append((label, by_task[task.text]))
    for label, whose in labels:
        wrong = unknown_label(label, whose)
        if wrong:
            yield wrong


def _same_task(name: tree.Name, task: str, view: View) -> Iterator[Diagnostic]:
    if task != view.name:
        message = f"`{name.text}` is about task {task}, not {view.name}"
        yield found(
            "BL111", message, name, f"use `any {task} voted LABEL` for another task's votes"
        )


def _kb(node: tree.Node, view: View, program: Program) -> Iterator[Diagnostic]:
    if not isinstance(node, tree.InKb) or view.kind != "relation":
        return
    kb = program.kbs.get(node.kb.text)
    if kb is None or kb.pairs is None:
        return
    names = [n.text for n in node.arguments] if node.arguments else list(view.arguments)
    if len(names) != 2:
        message = f"task {view.name} has {len(names)} arguments; which pair is meant?"
        yield found("BL204", message, node, f"write pair({names[0]}, {names[1]})")
        return
    types = [view.arguments.get(name, frozenset()) for name in names]
    if not all(types):
        return
    subject, object_ = (name.text for name in kb.pairs)
    fits = subject in types[0] and object_ in types[1]
    swapped = subject in types[1] and object_ in types[0]
    if not (fits or (node.both_ways and swapped)):
        about = " -> ".join("|".join(sorted(t)) for t in types)
        message = f"{kb.name.text} holds pairs {subject} -> {object_}, but this is about {about}"
        hint = f"write pair({names[1]}, {names[0]})" if swapped else ""
        yield found("BL206", message, node, hint)


def _values(node: tree.Node) -> Iterator[Diagnostic]:
    match node:
        case tree.Same(what=name) if name.text not in SAME:
            message = f"`same` takes {listed(SAME)}, not `{name.text}`"
            hint, fix = suggested(name.text, SAME, name.span)
            yield Diagnostic("BL012", "error", message, name.span, hint, (), fix)
        case tree.Python(target=target) if not _TARGET.fullmatch(target):
            yield found("BL012", f'"{target}" names no function', node, 'write "module:function"')
        case tree.Window(unit="edges") | tree.Scope(kind="window", unit="edges" | "characters"):
            units = "words or sentences" if isinstance(node, tree.Scope) else "words or characters"
            yield found("BL209", f"{node.unit} do not fit here", node, f"count in {units}")
        case tree.Compare(left=left, right=tree.Quantity() as right):
            yield from _unit(left, right)


def _unit(value: tree.Value, quantity: tree.Quantity) -> Iterator[Diagnostic]:
    match value:
        case tree.Distance():
            what = "distance"
        case tree.Measure(what=measure):
            what = measure
        case tree.CountOf():
            what = "count"
        case _:
            what = "meta"
    units = _UNITS[what]
    if quantity.unit not in units:
        if quantity.unit is None:
            message = f"`{what}` is compared with a number without a unit"
        else:
            message = f"`{what}` is not measured in {quantity.unit}"
        named = [unit for unit in units if unit]
        hint = f"count in {listed(named)}" if named else "leave the unit out"
        fix = None if named else f"{quantity.number:g}"
        yield found("BL209", message, quantity, hint, fix=fix)
