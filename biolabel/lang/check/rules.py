"""Checks of rules as a whole: do they vote, on what, and for labels that exist."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import View, World, found, unknown_label
from biolabel.lang.walk import nodes


def check_rule(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield BL110 unknown labels, BL105, and BL201 to BL203, BL211 rules that cannot work as written."""
    match declaration:
        case tree.RuleDecl() as rule:
            view = world.views.get(rule.task.text)
            if view is not None:
                yield from _labels(rule, view)
                yield from _find(rule, view)
            # A rule that lost a field to a syntax error may have had what is missing.
            if rule.name.span not in world.linked.incomplete:
                yield from _parts(rule, view)
        case tree.ConstraintDecl():
            for node in nodes(declaration):
                if isinstance(node, tree.ConstraintTerm) and node.task.text in world.views:
                    yield from _term(node, world.views[node.task.text])


def _votes(rule: tree.RuleDecl) -> list[tree.Vote]:
    cases = [case.vote for case in rule.cases]
    return [vote for vote in (rule.votes, rule.otherwise, *cases) if vote is not None]


def _labels(rule: tree.RuleDecl, view: View) -> Iterator[Diagnostic]:
    names = [
        name for vote in _votes(rule) if vote.kind in ("label", "not", "one of")
        for name in vote.names
    ]  # fmt: skip
    tests = rule.tests
    examples = (*tests.matches, *tests.rejects, *tests.todo_matches, *tests.todo_rejects)
    names.extend(example.label for example in examples if example.label is not None)
    for name in names:
        wrong = unknown_label(name, view)
        if wrong:
            yield wrong


def _find(rule: tree.RuleDecl, view: View) -> Iterator[Diagnostic]:
    if rule.find is not None and view.kind != "entity":
        message = f"`find:` makes mentions; {view.name} is a {view.kind} task"
        yield found("BL201", message, rule.find, "use `when:` to test a candidate")


def _parts(rule: tree.RuleDecl, view: View | None) -> Iterator[Diagnostic]:
    name = rule.name.text
    votes = _votes(rule)
    if rule.votes is None and not rule.cases:
        yield found("BL202", f"rule `{name}` gives no vote", rule.name, "add `votes: LABEL`")
        return
    if rule.votes is not None and rule.cases:
        message = f"rule `{name}` has both `votes:` and `case:`"
        yield found(
            "BL211", message, rule.votes, "write every vote as a `case:`, or make two rules"
        )
    if any(vote.kind == "found type" for vote in votes) and rule.find is None:
        message = f"rule `{name}` votes for the found type, but finds nothing"
        yield found("BL211", message, rule.name, "add `find:`, or vote for a label")
    from_model = any(vote.kind == "from model" for vote in votes)
    if from_model and rule.votes is not None:
        return
    if view is not None and view.kind == "entity":
        if rule.find is None:
            message = f"rule `{name}` has no `find:`, so it would vote on every word"
            yield found("BL203", message, rule.name, "say with `find:` which spans it is about")
    elif rule.when is None and not rule.cases and rule.find is None:
        message = f"rule `{name}` has no `when:`, so it would vote on everything"
        yield found("BL203", message, rule.name, "say with `when:` which candidates it is about")


def _term(term: tree.ConstraintTerm, view: View) -> Iterator[Diagnostic]:
    wrong = unknown_label(term.label, view)
    if wrong:
        yield wrong
    wanted, given = len(view.arguments), len(term.arguments)
    if given and given != wanted:
        message = f"task {view.name} has {wanted} arguments, not {given}"
        yield found("BL105", message, term, view.listed_arguments())
