"""Checks of inline examples: their marks, and rules without any."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.check.findings import View, World, found, in_main, unknown_type
from biolabel.lang.examples import marked_text
from biolabel.lang.link import Linked
from biolabel.lang.nearest import did_you_mean
from biolabel.lang.program import Program


def check_examples(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield BL502 bad marks, BL503 arguments that are not marked, BL507 rules without examples."""
    match declaration:
        case tree.RuleDecl(task=task, tests=tests) | tree.ConditionDecl(task=task, tests=tests):
            view = world.views.get(task.text)
        case tree.PatternDecl(tests=tests):
            view = None
        case _:
            return
    for example in _all(tests):
        yield from _example(example, view, world)
    if isinstance(declaration, tree.RuleDecl):
        yield from _untested(declaration, world.linked)


def _untested(rule: tree.RuleDecl, linked: Linked) -> Iterator[Diagnostic]:
    unseen = rule.meta.status == "off"
    from_model = rule.votes is not None and rule.votes.kind == "from model"
    excused = _all(rule.tests) or unseen or from_model or rule.name.span in linked.incomplete
    if in_main(linked, rule.name.span) and not excused:
        message = f"rule `{rule.name.text}` has no example"
        hint = "add `matches:` with a sentence that it should vote on"
        yield found("BL507", message, rule.name, hint, "note")


def _all(tests: tree.Tests) -> tuple[tree.Example, ...]:
    return (*tests.matches, *tests.rejects, *tests.todo_matches, *tests.todo_rejects)


def _example(example: tree.Example, view: View | None, world: World) -> Iterator[Diagnostic]:
    marked = marked_text(example)
    for flaw in marked.flaws:
        span = _inside(example, flaw.start, flaw.end, world.program)
        yield Diagnostic("BL502", "error", flaw.message, span, flaw.hint)
    given = [mark.name for mark in marked.marks if mark.kind == "argument"]
    for mark in marked.marks:
        if mark.kind == "other" and world.types:
            wrong = unknown_type(mark.name, example, world.types)
            if wrong:
                yield wrong
    if view is None:
        return
    for name in dict.fromkeys(given):
        if name not in view.arguments:
            hint = did_you_mean(name, view.arguments, view.listed_arguments())
            yield found("BL105", f"the task has no argument {{{name}}}", example, hint)
        elif given.count(name) > 1:
            message = f"{{{name}: ...}} is marked twice in one example"
            yield found(
                "BL502", message, example, "write a second example, or mark {other TYPE: ...}"
            )
    if view.kind == "relation" and not marked.flaws:
        for name in view.arguments:
            if name not in given:
                message = f"the example does not mark {{{name}: ...}}"
                hint = f"write {{{name}: text}} around the words that are the {name}"
                yield found("BL503", message, example, hint)


def _inside(example: tree.Example, start: int, end: int, program: Program) -> Span:
    """Return the span in the file of a part of an example's text, or the whole example."""
    span = example.span
    text = program.files[span.file].text
    quoted = text[span.start + 1 : span.start + 1 + len(example.text)]
    if quoted != example.text:
        return span
    return Span(span.file, span.start + 1 + start, span.start + 1 + end)
