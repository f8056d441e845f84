"""Checks of inline examples: their marks, and rules without any."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.check.findings import View, found, in_main, unknown_type, views
from biolabel.lang.examples import marked_text
from biolabel.lang.link import Linked, types_of
from biolabel.lang.nearest import did_you_mean


def check_examples(linked: Linked) -> Iterator[Diagnostic]:
    """Yield BL502 bad marks, BL503 arguments that are not marked, BL507 rules without examples."""
    program = linked.program
    by_task = views(program)
    types = types_of(linked.units)
    for rule in program.rules.values():
        yield from _examples(rule.tests, by_task.get(rule.task.text), types, linked)
        unseen = rule.meta.status == "off"
        from_model = rule.votes is not None and rule.votes.kind == "from model"
        excused = _all(rule.tests) or unseen or from_model or rule.name.span in linked.incomplete
        if in_main(linked, rule.name.span) and not excused:
            message = f"rule `{rule.name.text}` has no example"
            hint = "add `matches:` with a sentence that it should vote on"
            yield found("BL507", message, rule.name, hint, "note")
    for condition in program.conditions.values():
        yield from _examples(condition.tests, by_task.get(condition.task.text), types, linked)
    for pattern in program.patterns.values():
        yield from _examples(pattern.tests, None, types, linked)


def _all(tests: tree.Tests) -> tuple[tree.Example, ...]:
    return (*tests.matches, *tests.rejects, *tests.todo_matches, *tests.todo_rejects)


def _examples(
    tests: tree.Tests, view: View | None, types: frozenset[str], linked: Linked
) -> Iterator[Diagnostic]:
    for example in _all(tests):
        yield from _example(example, view, types, linked)


def _example(
    example: tree.Example, view: View | None, types: frozenset[str], linked: Linked
) -> Iterator[Diagnostic]:
    marked = marked_text(example)
    for flaw in marked.flaws:
        span = _inside(example, flaw.start, flaw.end, linked)
        yield Diagnostic("BL502", "error", flaw.message, span, flaw.hint)
    given = [mark.name for mark in marked.marks if mark.kind == "argument"]
    for mark in marked.marks:
        wrong = unknown_type(mark.name, example, types) if mark.kind == "other" and types else None
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


def _inside(example: tree.Example, start: int, end: int, linked: Linked) -> Span:
    """Return the span in the file of a part of an example's text, or the whole example."""
    span = example.span
    text = linked.program.files[span.file].text
    quoted = text[span.start + 1 : span.start + 1 + len(example.text)]
    if quoted != example.text:
        return span
    return Span(span.file, span.start + 1 + start, span.start + 1 + end)
