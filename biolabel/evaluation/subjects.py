"""What inline examples test: rules, named conditions and named patterns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from biolabel.compile.expand import expand_condition, expand_pattern
from biolabel.compile.plan import Plan
from biolabel.errors import RunError
from biolabel.evaluation.needs import Needs, needs, rules_of
from biolabel.lang import tree
from biolabel.lang.nearest import nearest_few
from biolabel.lang.program import Program

Kind = Literal["rule", "condition", "pattern"]
_FIELDS: tuple[tuple[str, bool, bool], ...] = (
    ("matches", True, False),
    ("rejects", False, False),
    ("todo_matches", True, True),
    ("todo_rejects", False, True),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What examples test: a rule of the plan, or a named condition or pattern, written out.

    task: "" for a pattern.
    """

    name: str
    kind: Kind
    task: str
    tests: tree.Tests
    needs: Needs
    condition: tree.Condition | None = None
    pattern: tree.Pattern | None = None


def subjects(program: Program, plan: Plan, only: str | None = None) -> tuple[Subject, ...]:
    """Return what has examples: rules of the plan, named conditions and patterns, in this order.

    only: the name of one of them; without examples it has no outcomes.

    Raises:
        RunError: BL922 when no rule, condition or pattern has the name.
    """
    known = {**program.patterns, **program.conditions, **program.rules}
    if only is not None and only not in known:
        hint = nearest_few(only, known, "rules, conditions and patterns")
        raise RunError("BL922", f"no rule, condition or pattern is called `{only}`", hint=hint)
    rules = rules_of(plan)
    found = [
        Subject(name, "rule", rule.task.text, rule.tests, needs(plan, [name]))
        for name, rule in program.rules.items()
        if name in rules and only in (None, name)
    ]
    for name, condition in program.conditions.items():
        if condition.condition is not None and _tested(condition.tests, name, only):
            body = expand_condition(condition.condition, program)
            needed = needs(plan, (), [body])
            found.append(
                Subject(name, "condition", condition.task.text, condition.tests, needed, body)
            )
    for name, pattern in program.patterns.items():
        if pattern.pattern is not None and _tested(pattern.tests, name, only):
            meant = expand_pattern(pattern.pattern, program)
            needed = needs(plan, (), [meant])
            found.append(Subject(name, "pattern", "", pattern.tests, needed, pattern=meant))
    return tuple(found)


def _tested(tests: tree.Tests, name: str, only: str | None) -> bool:
    return name == only if only is not None else any(True for _ in examples_of(tests))


def examples_of(tests: tree.Tests) -> Iterator[tuple[str, bool, bool, tree.Example]]:
    """Yield each example with its field, whether it should match, and whether it is still to do."""
    for field, wanted, todo in _FIELDS:
        for example in getattr(tests, field):
            yield field, wanted, todo, example
