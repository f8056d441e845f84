"""The task graph's constraints as weights of joint states of a document.

A state says of each atom whether it holds: `some row of TASK has a label in MASK`. Every term is an
atom or its negation (`every row is in M` = no row is outside M), so the states of the tasks that
constraints link, 2^a for a atoms, hold all that the constraints can tell apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import Constraint, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

MAX_ATOMS = 8
"""Atoms of linked tasks: 2^8 states a document are 200 MB for 10^5 documents."""


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


def components(graph: TaskGraph) -> tuple[Component, ...]:
    """Return the linked tasks of a graph with their feasible states.

    Raises:
        ModelError: BL807 for a constraint that this label model cannot use, BL808 if no state is
            possible, BL809 for a term, task or strength that cannot be.
    """
    tasks = {task.name: task for task in graph.tasks}
    used = [item for item in graph.constraints if not _holds_by_construction(item, tasks)]
    links = nx.Graph()
    for constraint in used:
        _check(constraint, tasks)
        names = sorted({term.task for term in _terms(constraint)})
        nx.add_path(links, names)
    return tuple(
        _component([item for item in used if _terms(item)[0].task in names], tasks)
        for names in sorted(map(sorted, nx.connected_components(links)))
    )


def _component(constraints: Iterable[Constraint], tasks: Mapping[str, Task]) -> Component:
    constraints = tuple(constraints)
    literals = {
        term: _literal(term, tasks[term.task]) for item in constraints for term in _terms(item)
    }
    atoms = sorted({(term.task, mask) for term, (mask, _) in literals.items()})
    if len(atoms) > MAX_ATOMS:
        raise ModelError(
            "BL807",
            f"constraints link {', '.join(sorted({name for name, _ in atoms}))} by {len(atoms)} "
            f"distinct terms, expected at most {MAX_ATOMS}",
        )
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


def _holds_by_construction(constraint: Constraint, tasks: Mapping[str, Task]) -> bool:
    """Whether all that follows is the types of a relation's arguments.

    The candidates of a relation task are pairs of mentions of the declared types, so that
    `if cid(c, d) is causes then mentions(c) is Chemical` holds of every candidate already.
    """
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
        and term.arguments
        and related.issuperset(term.arguments)
        for term in consequence
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
    bound = [name for term in terms for name in set(term.arguments)]
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
        if not task.exclusive:
            raise ModelError(
                "BL807",
                f"constraint `{constraint.name}` is on `{term.task}`, which may pick many labels",
                hint="constraints are possible between tasks that pick one label",
            )
        shared = sorted({name for name in term.arguments if bound.count(name) > 1})
        if shared:
            raise ModelError(
                "BL807",
                f"constraint `{constraint.name}` binds {', '.join(shared)} in several terms",
                hint="write `any` or `every`, which speak about all rows of a document",
            )
