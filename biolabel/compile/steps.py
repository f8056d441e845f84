"""Which steps of text processing the rules of a plan need."""

from collections.abc import Iterator

from biolabel.compile.plan import FindPlan, Plan
from biolabel.lang import tree
from biolabel.lang.steps import Step, step_of
from biolabel.lang.walk import nodes


def steps_of(plan: Plan) -> frozenset[Step]:
    """Return the steps without which something that active rules say would be unknown."""
    found = (step_of(node) for node in _nodes(plan))
    return frozenset(step for step in found if step is not None)


def _nodes(plan: Plan) -> Iterator[tree.Node]:
    for task in plan.tasks:
        yield from nodes(task.declaration)
        for rule in task.rules:
            cases = tuple(case.when for case in rule.cases)
            yield from nodes((rule.when, rule.unless, cases))
            if isinstance(rule.find, FindPlan):
                yield from nodes((rule.find.pattern, rule.find.region))
    yield from nodes(tuple(plan.contexts.values()))
