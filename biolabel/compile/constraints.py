"""Constraint declarations to factors in disjunctive normal form."""

from collections.abc import Mapping
from itertools import product

from biolabel.data.labels import Constraint, Task, Term
from biolabel.lang import tree

Normal = tuple[tuple[Term, ...], ...]


def lower_constraint(declaration: tree.ConstraintDecl, tasks: Mapping[str, Task]) -> Constraint:
    """Return the factor that a constraint declares; `never:` has no consequence."""
    condition = declaration.never or declaration.condition
    return Constraint(
        name=declaration.name.text,
        condition=_normal(condition, tasks) if condition is not None else (),
        consequence=_normal(declaration.consequence, tasks)
        if declaration.consequence is not None and declaration.never is None
        else (),
        strength=declaration.strength,
    )


def _normal(expression: tree.ConstraintExpr, tasks: Mapping[str, Task]) -> Normal:
    match expression:
        case tree.ConstraintOr(parts):
            return tuple(conjunction for part in parts for conjunction in _normal(part, tasks))
        case tree.ConstraintAnd(parts):
            choices = product(*(_normal(part, tasks) for part in parts))
            return tuple(tuple(term for c in choice for term in c) for choice in choices)
        case tree.ConstraintTerm():
            return ((_term(expression, tasks[expression.task.text]),),)


def _term(term: tree.ConstraintTerm, task: Task) -> Term:
    named = 1 << task.labels.index(term.label.text)
    mask = ((1 << len(task.labels)) - 1) & ~named if term.negated else named
    arguments = tuple(name.text for name in term.arguments)
    return Term(task.name, mask, term.quantifier or "any", arguments)
