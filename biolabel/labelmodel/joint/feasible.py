"""The task graph's constraints: which tasks they link, and as weights of joint states of a document.

A state says of each atom whether it holds: `some row of TASK has a label in MASK`. Every term is an
atom or its negation (`every row is in M` = no row is outside M), so the states of the tasks that
constraints link, 2^a for a atoms, hold all that the constraints can tell apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import Constraint, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.joint.ground import of_many
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

MAX_ATOMS = 8
"""Atoms of linked tasks up to which their states are listed: 2^8 are 200 MB for 10^5 documents."""


@dataclass(frozen=True, slots=True)
class Component:
    """Tasks that constraints link, their atoms, and the states that are possible.

    atoms: task name to the masks of its atoms; states: bool[s, a], the atoms in that order, task
    by task; log_weight: float64[s], the sum of the constraints' log factors, all finite.
    """

    atoms: Mapping[str, tuple[int, ...]]
    states: Flags
    log_weight: Floats

    def codes(self, name: str) -> NDArray[np.int64]:
        """Return int64[s]: the atoms of a task in each state as bits, its first atom lowest."""
        before = 0
        for task, masks in self.atoms.items():
            if task == name:
                own = self.states[:, before : before + len(masks)]
                return own @ (1 << np.arange(len(masks)))
            before += len(masks)
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Linked:
    """The constraints that link some tasks to each other, and the names of those tasks, sorted."""

    constraints: tuple[Constraint, ...]
    tasks: tuple[str, ...]


def linked(graph: TaskGraph) -> tuple[Linked, ...]:
    """Return the tasks that constraints link, and the constraints that do.

    Raises:
        ModelError: BL807 for a constraint that this label model cannot use, BL808 if no state of the
            tasks is possible, BL809 for a term, task or strength that cannot be.
    """
    tasks = {task.name: task for task in graph.tasks}
    used = [_free(c) for c in graph.constraints if not _holds_by_construction(c, graph)]
    links = nx.Graph()
    for constraint in used:
        _check(constraint, tasks)
        _check_arguments(constraint, graph)
        nx.add_path(links, sorted({term.task for term in _terms(constraint)}))
    found = tuple(
        Linked(tuple(c for c in used if _terms(c)[0].task in names), tuple(names))
        for names in sorted(map(sorted, nx.connected_components(links)))
    )
    for each in found:
        component(each, graph)
    return found


def component(links: Linked, graph: TaskGraph) -> Component | None:
    """Return the states of linked tasks, None where atoms of whole documents do not say all.

    They do not where constraints bind arguments or concern tasks that may pick many labels, and there
    may be too many of them.

    Raises:
        ModelError: BL808 if no state is possible.
    """
    constraints = links.constraints
    tasks = {task.name: task for task in graph.tasks}
    terms = [term for item in constraints for term in _terms(item)]
    if any(term.arguments or not tasks[term.task].exclusive for term in terms):
        return None
    literals = {term: _literal(term, tasks[term.task]) for term in terms}
    atoms = sorted({(term.task, mask) for term, (mask, _) in literals.items()})
    if len(atoms) > MAX_ATOMS:
        return None
    states = (np.arange(1 << len(atoms))[:, None] >> np.arange(len(atoms))) & 1 == 1

    def holds(choices: tuple[tuple[Term, ...], ...]) -> Flags:
        true = np.zeros(len(states), dtype=np.bool_)
        for conjunction in choices:
            one = np.ones(len(states), dtype=np.bool_)
            for term in conjunction:
                mask, positive = literals[term]
                one &= states[:, atoms.index((term.task, mask))] == positive
            true |= one
        return true

    weight = np.ones(len(states))
    for item in constraints:
        kept = ~holds(item.condition) | holds(item.consequence)
        weight *= np.where(kept, item.strength, 1 - item.strength)
    possible = weight > 0
    if not possible.any():
        names = ", ".join(f"`{item.name}`" for item in constraints)
        raise ModelError("BL808", f"no labels satisfy the constraints {names} together")
    by_task: dict[str, tuple[int, ...]] = {}
    for name, mask in atoms:
        by_task[name] = (*by_task.get(name, ()), mask)
    return Component(by_task, states[possible], np.log(weight[possible]))


def _terms(constraint: Constraint) -> list[Term]:
    choices = (*constraint.condition, *constraint.consequence)
    return [term for conjunction in choices for term in conjunction]


def _literal(term: Term, task: Task) -> tuple[int, bool]:
    """Return the mask of a term's atom, and whether the atom holds where the term does."""
    if term.quantifier == "any":
        return term.mask, True
    return ((1 << len(task.labels)) - 1) & ~term.mask, False


def _holds_by_construction(constraint: Constraint, graph: TaskGraph) -> bool:
    """Whether all that follows is the types of a relation's arguments, and nobody says where they are.

    The candidates of a relation task are pairs of mentions of the declared types, so that
    `if cid(c, d) is causes then mentions(c) is Chemical` holds of every candidate already.
    """
    tasks = {task.name: task for task in graph.tasks}
    related = {
        name
        for conjunction in constraint.condition
        for term in conjunction
        if term.task in tasks and tasks[term.task].kind == "relation"
        for name in term.arguments
    }
    consequence = [term for conjunction in constraint.consequence for term in conjunction]
    return bool(consequence) and all(
        term.task in tasks
        and tasks[term.task].kind == "entity"
        and term.task not in graph.arguments
        and term.arguments
        and related.issuperset(term.arguments)
        for term in consequence
    )


def _free(constraint: Constraint) -> Constraint:
    """Return a constraint without arguments that bind nothing, since no two terms share them.

    `if cid(c, d) is causes then topic is adverse` says the same with `any cid`.
    """
    names = [name for term in set(_terms(constraint)) for name in set(term.arguments)]
    if len(names) > len(set(names)):
        return constraint

    def free(choices: tuple[tuple[Term, ...], ...]) -> tuple[tuple[Term, ...], ...]:
        return tuple(tuple(replace(term, arguments=()) for term in each) for each in choices)

    return replace(
        constraint,
        condition=free(constraint.condition),
        consequence=free(constraint.consequence),
    )


def _check_arguments(constraint: Constraint, graph: TaskGraph) -> None:
    for term in _terms(constraint):
        held = graph.arguments.get(term.task)
        if term.arguments and (held is None or held.names.shape[1] != len(term.arguments)):
            count = "no" if held is None else held.names.shape[1]
            raise ModelError(
                "BL807",
                f"constraint `{constraint.name}` binds {', '.join(term.arguments)} of "
                f"`{term.task}`, whose rows have {count} known arguments",
                hint="write `any` or `every`, which speak about all rows of a document",
            )


def _check(constraint: Constraint, tasks: Mapping[str, Task]) -> None:
    terms = _terms(constraint)
    if not terms or not all(constraint.condition):
        raise ModelError("BL809", f"constraint `{constraint.name}` has a condition without terms")
    if not 0 < constraint.strength <= 1:
        raise ModelError(
            "BL809",
            f"constraint `{constraint.name}` has the strength {constraint.strength}",
            hint="expected `always` or a probability above 0",
        )
    for term in terms:
        task = tasks.get(term.task)
        if task is None:
            raise ModelError(
                "BL809", f"constraint `{constraint.name}` names the unknown task `{term.task}`"
            )
        if not 0 < term.mask < (1 << len(task.labels)) - 1:
            raise ModelError(
                "BL809",
                f"constraint `{constraint.name}` allows all labels of `{term.task}`, or none",
            )
        if not task.exclusive and of_many(term.mask, len(task.labels)) is None:
            raise ModelError(
                "BL807",
                f"constraint `{constraint.name}` asks for one of several labels of `{term.task}`, "
                "which may pick many",
                hint="write a term for each label, joined by `or`",
            )
