"""Checks for conditions and votes whose outcome is known before any text is read."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import View, World, found, tasks
from biolabel.lang.walk import nodes

_ALWAYS, _NEVER = "this always holds", "this can never hold"


def check_truth(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield BL210 conditions that hold for all candidates or none, BL216 votes that say nothing.

    BL215 contexts that are for other types, too.
    """
    view = None
    match declaration:
        case tree.RuleDecl(task=task):
            view = world.views.get(task.text)
            yield from _votes(declaration, view)
            yield from _something(declaration, view, world)
        case tree.ConditionDecl(task=task):
            view = world.views.get(task.text)
        case tree.RelationDecl(name=name):
            view = world.views.get(name.text)
        case _:
            return
    for node in nodes(declaration):
        yield from _condition(node)
        yield from _other_rule(node, world)
        if view is not None:
            yield from _context(node, view, world)


def _condition(node: tree.Node) -> Iterator[Diagnostic]:
    match node:
        case tree.KOf(bound=bound, number=number, parts=parts):
            many = len(parts)
            if bound != "at most" and number > many:
                yield found("BL210", f"{number} of {many} conditions can never hold", node)
            elif bound == "at least" and number == 0:
                yield found("BL210", _ALWAYS, node, "write `at least 1 of`")
            elif bound == "at most" and number >= many:
                yield found("BL210", _ALWAYS, node, f"there are only {many} conditions")
        case tree.Count(bound="at least", number=0):
            yield found("BL210", _ALWAYS, node, "write `at least 1`, or leave the number out")
        case tree.Window(number=0):
            yield found("BL210", "no words stand within 0 words", node, "write `within 1 word`")
        case tree.Compare(left=left, operator=operator, right=tree.Quantity(number=number)):
            if isinstance(left, tree.MetaValue) or number > 0:
                return
            if operator == "<":
                yield found("BL210", _NEVER, node, "nothing is less than 0")
            elif operator == ">=":
                yield found("BL210", _ALWAYS, node, "nothing is less than 0; write > 0")
        case tree.Compare(left=left, right=right) if left == right:
            yield found("BL210", "a value is compared with itself", node)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            seen: set[tree.Condition] = set()
            for part in parts:
                if part in seen:
                    message = "the same condition stands here twice"
                    yield found("BL210", message, part, "", "warning")
                seen.add(part)
        case tree.PathLike(parts=parts) if not any(isinstance(p, tree.Edge) for p in parts):
            hint = "write how they hang together, as in {a} <nsubj >dobj {b}"
            yield found("BL210", "this path takes no step", node, hint)


def _other_rule(node: tree.Node, world: World) -> Iterator[Diagnostic]:
    if not isinstance(node, tree.Fires | tree.RuleVotes):
        return
    rule = world.program.rules.get(node.rule.text)
    if rule is None:
        return
    if rule.meta.status == "off":
        message = f"`{node.rule.text}` is off, so it never fires"
        yield found("BL210", message, node, "set its `status:` to draft or active")
    elif isinstance(node, tree.RuleVotes):
        votes = [rule.votes, rule.otherwise, *(case.vote for case in rule.cases)]
        given = [vote for vote in votes if vote is not None]
        labels = {name.text for vote in given for name in vote.names}
        plain = all(vote.kind in ("label", "one of") for vote in given)
        if given and plain and node.label.text not in labels:
            message = f"`{node.rule.text}` never votes {node.label.text}"
            yield found("BL210", message, node, f"it votes {', '.join(sorted(labels))}")


def _context(node: tree.Node, view: View, world: World) -> Iterator[Diagnostic]:
    if not isinstance(node, tree.Is):
        return
    context = world.program.contexts.get(node.what.text)
    types = view.arguments.get(node.argument.text)
    if context is None or not context.applies_to or not types:
        return
    meant = {name.text for name in context.applies_to}
    if meant.isdisjoint(types) and meant | types <= world.types:
        which = ", ".join(sorted(types))
        message = (
            f"context `{node.what.text}` applies to {', '.join(sorted(meant))},"
            f" but {node.argument.text} is {which}"
        )
        hint = f"add {which} to its `applies_to:`"
        related = ((context.name.span, "the context is defined here"),)
        yield Diagnostic("BL215", "error", message, node.span, hint, related)


def _something(rule: tree.RuleDecl, view: View | None, world: World) -> Iterator[Diagnostic]:
    """Yield BL216 `not none` where several of several labels may hold: it would mean each of them."""
    own = set(view.labels if view is not None else ()) - {"none"}
    task = tasks(world.program).get(rule.task.text)
    if task is None or task.pick == "one" or len(own) < 2:
        return
    for vote in (rule.votes, rule.otherwise, *(case.vote for case in rule.cases)):
        if (
            vote is not None
            and vote.kind == "not"
            and {name.text for name in vote.names} == {"none"}
        ):
            message = "`not none` does not say which of the labels hold"
            yield found("BL216", message, vote, "vote for a label, or for `one of` some")


def _votes(rule: tree.RuleDecl, view: View | None) -> Iterator[Diagnostic]:
    if rule.votes is not None and rule.votes == rule.otherwise:
        message = f"rule `{rule.name.text}` votes the same whether its condition holds or not"
        yield found("BL216", message, rule.otherwise, "remove `else:`, or vote for another label")
    votes = (rule.votes, rule.otherwise, *(case.vote for case in rule.cases))
    for vote in votes:
        if vote is None or vote.kind not in ("one of", "not") or view is None or not view.labels:
            continue
        names = {name.text for name in vote.names}
        if vote.kind == "one of" and names >= set(view.labels):
            message = "this vote leaves every label possible, so it says nothing"
            yield found("BL216", message, vote, "leave out the labels that it rules out")
        elif vote.kind == "not" and set(view.labels) == names:
            yield found("BL216", "this vote leaves no label possible", vote)
