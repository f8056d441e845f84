"""Which labeling functions depend on each other: those that the rules declare, and those learned."""

from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from biolabel.labelmodel.params import TaskParams


@dataclass(frozen=True, slots=True)
class Bond:
    """Two labeling functions of one source: the groups that both declare, and whether it was learned."""

    first: str
    second: str
    groups: tuple[str, ...]
    learned: bool


def bonds(params: TaskParams) -> tuple[Bond, ...]:
    """Return the pairs of functions that share a declared group or a learned source, in their order."""
    learned = {
        pair
        for estimate in params.estimates
        if estimate.model is not None
        for pair in _together(estimate.model.sources.of_lf.tolist())
    }
    found = []
    for pair in combinations(range(len(params.lfs)), 2):
        first, second = (params.lfs[lf] for lf in pair)
        groups = first.groups & second.groups
        if groups or pair in learned:
            bond = Bond(first.name, second.name, tuple(sorted(groups)), pair in learned)
            found.append(bond)
    return tuple(found)


def sources(params: TaskParams) -> dict[str, int]:
    """Return the number of the source of each function: those that bonds link are one source."""
    graph = nx.Graph()
    graph.add_nodes_from(lf.name for lf in params.lfs)
    graph.add_edges_from((bond.first, bond.second) for bond in bonds(params))
    return {
        name: number
        for number, members in enumerate(nx.connected_components(graph))
        for name in members
    }


def _together(of_lf: list[int]) -> set[tuple[int, int]]:
    members: dict[int, list[int]] = {}
    for lf, source in enumerate(of_lf):
        members.setdefault(source, []).append(lf)
    return {pair for own in members.values() for pair in combinations(own, 2)}
