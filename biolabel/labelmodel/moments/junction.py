"""Junction trees: a model of functions that depend on each other, by moments alone.

The dependency graph, made chordal, falls into cliques. With J_C the joint symbol of a clique (what
each of its functions votes on a row, silence included),

    log P(row | y) = sum over cliques of log P(J_C | y) - sum over separators of log P(J_S | y),

where the separators are the edges of the maximum spanning tree of the clique graph, weighed by how
many functions two cliques share; any other tree counts some function twice or not at all
(Lauritzen, "Graphical Models", 1996, section 2.1; Ratner et al., AAAI 2019, appendix A). P(J | y) of
joint symbols comes from how often they meet the symbols of functions outside, whose tables are known.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import networkx as nx
import numpy as np
import torch
from scipy import sparse

from biolabel.labelmodel.em.sources import gather
from biolabel.labelmodel.emission import Emission, Mixture, SourceModel, Sources
from biolabel.labelmodel.moments.completion import Completion
from biolabel.labelmodel.moments.deviance import SLACK, Counts, minimize
from biolabel.labelmodel.moments.moments import Moments, indicators
from biolabel.labelmodel.votes import Floats, Ints, Patterns, Symbols

_ANCHOR = 2.0
"""Pseudo-votes of a joint symbol for what its members' votes, taken as one, would mean."""

_CALM = 0.05
"""Variance of the pace below which all rows are alike."""

_SLOWEST = 0.05
"""Least factor of a pace: no row is beyond all rules."""

_BUSIEST = 0.999
"""Most that a clique is taken to say something on rows of a label, so that silence is possible."""

_SILENT = 0.5
"""Pseudo-rows a label on which all functions of a clique are silent."""

_SCALINGS = 20
"""Corrections of odds for paces; each takes most of the error that is left."""

_ITERATIONS = 500


@dataclass(frozen=True, slots=True)
class Junction:
    """The cliques of a chordal graph and what the edges of its junction tree share, all sorted."""

    cliques: tuple[tuple[int, ...], ...]
    separators: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Joint:
    """The joint symbols of some functions.

    emitted: int64[j, c], the symbol of each function, -1 where it is silent (all silent is none of
    them); shown: int64[p], the joint symbol of each pattern, or -1; once: float64[j], how many
    candidates show it.
    """

    emitted: Ints
    shown: Ints
    once: Floats


def junction(graph: nx.Graph) -> Junction:
    """Return the junction tree (a forest where the graph is not connected) of a dependency graph."""
    chordal = nx.complete_to_chordal_graph(graph)[0] if len(graph) else graph
    cliques = sorted(tuple(sorted(clique)) for clique in nx.chordal_graph_cliques(chordal))
    links = nx.Graph()
    links.add_nodes_from(range(len(cliques)))
    holding: dict[int, list[int]] = {}
    for at, clique in enumerate(cliques):
        for lf in clique:
            holding.setdefault(lf, []).append(at)
    for at, clique in enumerate(cliques):
        for other in {near for lf in clique for near in holding[lf] if near > at}:
            links.add_edge(at, other, weight=len(set(clique) & set(cliques[other])))
    tree = nx.maximum_spanning_tree(links)
    shared = (set(cliques[one]) & set(cliques[other]) for one, other in tree.edges)
    return Junction(tuple(cliques), tuple(sorted(tuple(sorted(part)) for part in shared)))


def joint(patterns: Patterns, lf: Ints, members: Sequence[int]) -> Joint:
    """Return the joint symbols that some functions emit. lf: int64[s], the function of each symbol."""
    column = np.full(int(lf.max(initial=-1)) + 1, -1)
    for at, member in enumerate(members):
        if member < len(column):
            column[member] = at
    own = column[lf[patterns.symbol]]
    votes = np.flatnonzero(own >= 0)
    rows, number = np.unique(patterns.row[votes], return_inverse=True)
    table = np.full((len(rows), len(members)), -1)
    table[number, own[votes]] = patterns.symbol[votes]
    emitted, of_row = np.unique(table, axis=0, return_inverse=True)
    shown = np.full(len(patterns.count), -1)
    shown[rows] = of_row.reshape(-1)
    once = np.bincount(of_row.reshape(-1), patterns.count[rows], minlength=len(emitted))
    return Joint(emitted, shown, once.astype(np.float64))


def source_model(
    patterns: Patterns, found: Symbols, moments: Moments, completion: Completion, graph: nx.Graph
) -> SourceModel:
    """Return the model in which each part of the dependency graph is a source of joint symbols.

    graph: its nodes are the numbers of all functions; completion: of one task, on the same moments.
    The paces are those of the completion.
    """
    of_lf = np.zeros(len(graph), dtype=np.int64)
    connected = [sorted(part) for part in nx.connected_components(graph)]
    for number, part in enumerate(connected):
        of_lf[part] = number
    sources, _ = gather(patterns, found, of_lf)
    emission = completion.emissions[0]
    log_joint = np.zeros((len(sources.source), len(emission.prior)))
    log_silent = np.zeros((len(connected), len(emission.prior)))
    for piece in _parts(patterns, moments, completion, graph):
        own = of_lf[piece.members[0]]
        table = np.maximum(piece.table, 1e-300)
        silent = np.log1p(-np.minimum(table.sum(axis=0), _BUSIEST))
        log_silent[own] += piece.sign * silent
        at = np.flatnonzero(sources.source == own)
        shown = joint(_as_rows(sources, at), moments.lf, piece.members).shown
        log_table = np.concatenate([np.log(table), silent[None]])
        log_joint[at] += piece.sign * log_table[shown]
    weight = log_joint - log_silent[sources.source]
    odds = np.zeros_like(log_silent)
    np.add.at(odds, sources.source, np.exp(weight))
    rhythm = paces(completion.pairs, completion.triples)
    share, factor = (np.array(column) for column in zip(*map(astuple, rhythm), strict=True))
    weight -= np.log(np.maximum(odds, 1e-300))[sources.source]
    odds, factor = _as_odds(odds, emission.prior, share, factor)
    weight += np.log(np.maximum(odds, 1e-300))[sources.source]
    return SourceModel(sources, Mixture(emission.prior, share, factor, weight, odds))


def _as_odds(odds: Floats, prior: Floats, share: Floats, factor: Floats) -> tuple[Floats, Floats]:
    """Return odds at pace 1 and factors of odds that do what factors of rates would.

    Each source speaks as often as with the given odds, and all together at each pace as many times
    more as its factor says; the mean factor is 1. odds: float64[g, k].
    """
    if len(factor) == 1:
        return odds, factor
    rate, target = odds / (1 + odds), factor
    for _ in range(_SCALINGS):
        paced = factor * odds[..., None]
        spoken = paced / (1 + paced)
        odds = odds * rate / np.maximum(spoken @ share, 1e-300)
        factor = factor * target * (rate @ prior).sum() / np.einsum("gkl,k->l", spoken, prior)
        mean = float(share @ factor)
        odds, factor = odds * mean, factor / mean
    return odds, factor


def _as_rows(sources: Sources, chosen: Ints) -> Patterns:
    """Return joint symbols as rows of votes, one each."""
    size = np.diff(sources.start)[chosen]
    row = np.repeat(np.arange(len(chosen)), size)
    within = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    symbol = sources.member[np.repeat(sources.start[chosen], size) + within]
    return Patterns(row, symbol, np.ones(len(row)), np.ones(len(chosen)))


@dataclass(frozen=True, slots=True)
class Pace:
    """A share of rows on which all functions vote `factor` times as often as on average."""

    share: float
    factor: float


def paces(pairs: float, triples: float) -> tuple[Pace, ...]:
    """Return the two paces whose mean is 1 and whose second and third moments are given.

    The only two points with these moments (the quadrature rule of Gauss for a distribution of which
    three moments are known). One pace where pairs do not meet more often than the label explains.
    """
    variance = pairs - 1
    if variance < _CALM:
        return (Pace(1.0, 1.0),)
    skew = (triples - 3 * pairs + 2) / variance
    root = float(np.hypot(skew / 2, np.sqrt(variance)))
    slow = max(skew / 2 - root, _SLOWEST - 1)
    fast = -variance / slow
    share = -slow / (fast - slow)
    return (Pace(1 - share, 1 + slow), Pace(share, 1 + fast))


@dataclass(frozen=True, slots=True)
class _Part:
    """A clique (sign 1) or separator (sign -1), and P(joint symbol | label), float64[j, k]."""

    sign: int
    members: tuple[int, ...]
    table: Floats


def _parts(
    patterns: Patterns, moments: Moments, completion: Completion, graph: nx.Graph
) -> list[_Part]:
    tree, emission = junction(graph), completion.emissions[0]
    whole = {lf: part for part in nx.connected_components(graph) for lf in part}
    shown = indicators(patterns, len(moments.lf))
    result = []
    for sign, of_sign in ((1, tree.cliques), (-1, tree.separators)):
        for members in of_sign:
            found = joint(patterns, moments.lf, members)
            if len(members) == 1 or not len(found.once):
                table = emission.table[found.emitted[:, 0]]
            else:
                outside = np.flatnonzero(~np.isin(moments.lf, list(whole[members[0]])))
                kept = np.flatnonzero(found.shown >= 0)
                at = (patterns.count[kept], (found.shown[kept], kept))
                size = (len(found.once), len(patterns.count))
                meet = (sparse.csr_matrix(at, shape=size) @ shown[:, outside]).toarray()
                table = _table(found, meet, outside, moments, completion)
            result.append(_Part(sign, members, table))
    return result


def _table(
    found: Joint, meet: Floats, outside: Ints, moments: Moments, completion: Completion
) -> Floats:
    """Return P(joint symbol | label), float64[j, k], from how often it meets symbols outside.

    meet: float64[j, b], how many candidates show a joint symbol and one of b symbols outside.
    """
    emission, n = completion.emissions[0], moments.rows
    rate = np.maximum(moments.once[outside], 1.0) / n
    counts = Counts.of(meet, found.once[:, None] * rate, np.ones_like(meet), SLACK)
    lifted = torch.from_numpy(emission.table[outside].T / rate * completion.pairs)
    believed = _as_one(found, emission, moments)
    free = believed.log().clone().requires_grad_()

    def objective() -> torch.Tensor:
        log_q = torch.log_softmax(free, 1)
        anchored = counts.deviance(log_q.exp() @ lifted) - _ANCHOR * (believed * log_q).sum()
        return anchored / meet.size

    if meet.size:
        minimize(objective, [free], _ITERATIONS)
    q = torch.softmax(free.detach(), 1).numpy()
    return np.asarray(q * found.once[:, None] / (n * emission.prior))


def _as_one(found: Joint, emission: Emission, moments: Moments) -> torch.Tensor:
    """Return P(label | joint symbol) as if its members were one vote, float64[j, k], their mean."""
    prior, table = emission.prior, emission.table
    functions = moments.lf[np.maximum(found.emitted.max(axis=0), 0)]
    said = np.zeros((len(functions), len(prior)))
    for at, function in enumerate(functions):
        said[at] = table[moments.lf == function].sum(axis=0)
    silent = np.maximum(1 - said, _SILENT / (moments.rows * prior + 1))
    emitted = np.where((found.emitted < 0)[..., None], silent, table[found.emitted])
    log_q = np.log(np.maximum(emitted, 1e-300)).mean(axis=1) + np.log(prior)
    return torch.softmax(torch.from_numpy(log_q), 1).clamp(min=1e-6)
