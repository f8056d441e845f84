"""Constraints on the rows of documents as a network of factors."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from biolabel.data.labels import Constraint, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.joint.bindings import Rows, bindings, matching
from biolabel.labelmodel.joint.network import Factor, Network
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

MAX_CELLS = 1 << 12
"""Cells of a factor up to which it joins rows with all their labels, and not whether terms hold."""

MAX_TERMS = 16
"""Different terms of one constraint: 2^16 cells a factor."""

Variable = tuple[str, int, int]
"""A task, a row and its label; the label of a row that picks one is -1, for all labels together."""

_Literal = tuple[int, int, bool]
"""A node (-1: none), the mask of its values that count, whether the term holds if one of them does."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A network and where the variables are in it; its other nodes say whether any row of some fits."""

    network: Network
    nodes: Mapping[Variable, int]


def ground(constraints: Sequence[Constraint], rows: Mapping[str, Rows], n_documents: int) -> Ground:
    """Return the network of some constraints over the rows that they speak about.

    A constraint is left out for a binding where none of the rows of a term with arguments takes part.

    Raises:
        ModelError: BL807 for a constraint with too many terms, BL808 for a document without rows
            that could satisfy a hard constraint.
    """
    work = _Work(rows)
    for constraint in constraints:
        terms = [term for conjunction in constraint.condition for term in conjunction]
        for document, binding in bindings(terms, rows, n_documents):
            _add(work, constraint, document, binding)
    return Ground(Network(work.evidence, work.factors, work.tables), work.nodes)


def of_many(mask: int, size: int) -> tuple[int, bool] | None:
    """Return the label that a term on a task that picks many names, and whether the row has it.

    `is LABEL` allows that label alone, `is not LABEL` all others; other masks mean nothing.
    """
    others = ((1 << size) - 1) & ~mask
    if mask.bit_count() == 1:
        return mask.bit_length() - 1, True
    return (others.bit_length() - 1, False) if others.bit_count() == 1 else None


@dataclass(slots=True)
class _Work:
    """A network in the making: its nodes' evidence, factors, and tables with their numbers by form."""

    rows: Mapping[str, Rows]
    evidence: list[Floats] = field(default_factory=list)
    factors: list[Factor] = field(default_factory=list)
    tables: list[Floats] = field(default_factory=list)
    numbers: dict[object, int] = field(default_factory=dict)
    nodes: dict[Variable, int] = field(default_factory=dict)
    any_of: dict[tuple[tuple[int, ...], int], int] = field(default_factory=dict)


def _add(work: _Work, constraint: Constraint, document: int, binding: Mapping[str, int]) -> None:
    """Add the factor of a constraint for one binding of its arguments."""
    parts = (*constraint.condition, *constraint.consequence)
    terms = list(dict.fromkeys(term for conjunction in parts for term in conjunction))
    spoken = [matching(term, work.rows[term.task], document, binding) for term in terms]
    if any(term.arguments and not rows for term, rows in zip(terms, spoken, strict=True)):
        return
    literals = [_literal(work, term, rows) for term, rows in zip(terms, spoken, strict=True)]
    if math.prod(len(work.evidence[n]) for n in {n for n, _, _ in literals if n >= 0}) > MAX_CELLS:
        literals = [
            (_any(work, (node,), mask), 2, holds) if node >= 0 else (node, mask, holds)
            for node, mask, holds in literals
        ]
    scope = tuple(sorted({node for node, _, _ in literals if node >= 0}))
    if len(scope) > MAX_TERMS:
        raise ModelError(
            "BL807",
            f"constraint `{constraint.name}` has {len(scope)} different terms, "
            f"expected at most {MAX_TERMS}",
        )
    form = tuple((scope.index(n) if n >= 0 else n, mask, holds) for n, mask, holds in literals)
    sizes = tuple(len(work.evidence[node]) for node in scope)
    key = constraint, form, sizes
    if key not in work.numbers:
        _keep(work, key, _weight(constraint, dict(zip(terms, form, strict=True)), sizes))
    if scope:
        work.factors.append(Factor(scope, work.numbers[key]))
    elif work.tables[work.numbers[key]] == -np.inf:
        raise ModelError(
            "BL808",
            f"document {document} admits no labels that `{constraint.name}` allows",
            hint="a constraint that demands a row needs documents with covered rows",
        )


def _literal(work: _Work, term: Term, rows: Sequence[int]) -> _Literal:
    """Return what a term asks of a node."""
    task = work.rows[term.task].task
    mask, label, full = term.mask, -1, (1 << len(task.labels)) - 1
    named = None if task.exclusive else of_many(term.mask, len(task.labels))
    if named is not None:
        label, full = named[0], 3
        mask = 2 if named[1] else 1
    holds = term.quantifier == "any"
    mask = mask if holds else full & ~mask  # every row is in it: no row is outside
    nodes = tuple(_node(work, (task.name, row, label)) for row in rows)
    if len(nodes) < 2:
        return (nodes[0] if nodes else -1), mask, holds
    return _any(work, nodes, mask), 2, holds


def _node(work: _Work, variable: Variable) -> int:
    """Return the node of a variable, made when it is first asked for."""
    if variable not in work.nodes:
        task, row, label = variable
        soft = work.rows[task].soft[row]
        soft = soft if label < 0 else np.array([1 - soft[label], soft[label]])
        with np.errstate(divide="ignore"):
            work.nodes[variable] = _new(work, np.log(soft))
    return work.nodes[variable]


def _any(work: _Work, nodes: tuple[int, ...], mask: int) -> int:
    """Return the node, made once, that is 1 where one of some nodes has a value of a mask.

    It is the last of a chain of nodes, each of which joins the one before with one more row.
    """
    key = nodes, mask
    if key not in work.any_of:
        before = -1
        for node in nodes:
            size = len(work.evidence[node])
            own = mask >> np.arange(size) & 1 == 1
            key_of_table = "any", size, mask, before < 0
            following = _new(work, np.zeros(2))
            scope = tuple(at for at in (node, before, following) if at >= 0)
            truth = own if before < 0 else own[:, None] | np.array([False, True])
            if key_of_table not in work.numbers:
                same = truth[..., None] == np.array([False, True])
                _keep(work, key_of_table, np.where(same, 0.0, -np.inf))
            work.factors.append(Factor(scope, work.numbers[key_of_table]))
            before = following
        work.any_of[key] = before
    return work.any_of[key]


def _weight(
    constraint: Constraint, form: Mapping[Term, _Literal], sizes: tuple[int, ...]
) -> Floats:
    """Return the log weight of a constraint for each value of the nodes of its terms."""
    values = np.indices(sizes, sparse=True)

    def holds(choices: tuple[tuple[Term, ...], ...]) -> Flags:
        true = np.zeros(sizes, dtype=np.bool_)
        for conjunction in choices:
            one = np.ones(sizes, dtype=np.bool_)
            for term in conjunction:
                axis, mask, wanted = form[term]
                inside = np.False_ if axis < 0 else mask >> values[axis] & 1 == 1
                one &= inside == wanted
            true |= one
        return true

    kept = ~holds(constraint.condition) | holds(constraint.consequence)
    with np.errstate(divide="ignore"):
        return np.where(kept, np.log(constraint.strength), np.log1p(-constraint.strength))


def _new(work: _Work, evidence: Floats) -> int:
    work.evidence.append(evidence)
    return len(work.evidence) - 1


def _keep(work: _Work, key: object, table: Floats) -> None:
    work.numbers[key] = len(work.tables)
    work.tables.append(table)
