from dataclasses import replace
from functools import partial

import networkx as nx
import numpy as np
import pytest

from biolabel.labelmodel.em.mixture import posterior
from biolabel.labelmodel.em.sources import gather
from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.moments.completion import Completion
from biolabel.labelmodel.moments.junction import joint, junction, paces, source_model
from biolabel.labelmodel.moments.moments import moments
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted
from biolabel.labelmodel.votes import Floats, Ints, Patterns, Symbols, compress, symbols


def test_the_tree_shares_as_much_as_it_can() -> None:
    # Two triangles on an edge and one at a corner: the minimum tree would go by the corner.
    graph = nx.Graph([(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (2, 5)])
    graph.add_node(6)
    tree = junction(graph)
    assert tree.cliques == ((0, 1, 2), (1, 2, 3), (2, 3, 4), (2, 5), (6,))
    assert tree.separators == ((1, 2), (2,), (2, 3))
    for lf in range(7):  # counted once: as often in cliques as in separators, and once more
        inside = sum(lf in part for part in tree.cliques)
        assert inside - sum(lf in part for part in tree.separators) == 1


def test_circles_are_made_chordal() -> None:
    tree = junction(nx.cycle_graph(5))
    assert len(tree.cliques) == 3
    assert sum(map(len, tree.cliques)) - sum(map(len, tree.separators)) == 5
    nothing = junction(nx.Graph())
    assert (nothing.cliques, nothing.separators) == ((), ())


def test_joint_symbols_are_what_functions_say_together() -> None:
    row, symbol = np.array([0, 0, 1, 2, 2, 2, 3]), np.array([0, 2, 3, 1, 2, 3, 3])
    patterns = Patterns(row, symbol, np.ones(7), np.array([5.0, 2.0, 3.0, 1.0]))
    found = joint(patterns, np.array([0, 0, 1, 2]), (0, 1))
    assert found.emitted.tolist() == [[0, 2], [1, 2]]
    assert found.shown.tolist() == [0, -1, 1, -1]
    assert found.once.tolist() == [5, 3]


@pytest.mark.parametrize(("share", "fast"), [(0.3, 2.5), (0.05, 6.0), (0.6, 1.5)])
def test_paces_have_the_moments_that_are_given(share: float, fast: float) -> None:
    slow = (1 - share * fast) / (1 - share)
    pairs = (1 - share) * slow**2 + share * fast**2
    triples = (1 - share) * slow**3 + share * fast**3
    found = paces(pairs, triples)
    assert [pace.factor for pace in found] == pytest.approx([slow, fast])
    assert [pace.share for pace in found] == pytest.approx([1 - share, share])


def test_without_busy_rows_there_is_one_pace() -> None:
    assert [(pace.share, pace.factor) for pace in paces(0.8, 0.5)] == [(1.0, 1.0)]


def told(planted: Planted) -> tuple[Patterns, Symbols, Completion]:
    """Return the votes, and the tables that gold would count."""
    matrix, truth = planted.matrix, planted.truth
    found = symbols(matrix)
    size = np.bincount(truth, minlength=2)
    table = np.zeros((len(found.lf), 2))
    np.add.at(table, (found.of_vote, truth[matrix.candidate]), 1)
    emission = Emission(size / len(truth), table / size, True)
    completion = Completion((emission,), emission.prior, 1.0, 1.0, 0.0, True)
    return compress(matrix, found, np.ones(len(matrix.lf))), found, completion


def soft(planted: Planted, links: list[tuple[int, int]]) -> Floats:
    """Return the soft labels of the distinct rows, and of each candidate by them: float64[n, k]."""
    matrix = planted.matrix
    patterns, found, completion = told(planted)
    graph = nx.empty_graph(len(matrix.lfs))
    graph.add_edges_from(links)
    counted = moments(patterns, found, matrix.n_candidates)
    model = source_model(patterns, found, counted, completion, graph)
    of_pattern = posterior(model.mixture, gather(patterns, found, model.sources.of_lf)[1]).soft
    return of_pattern[_pattern(planted, patterns, found)]


def _pattern(planted: Planted, patterns: Patterns, found: Symbols) -> Ints:
    code = np.random.default_rng(0).random(len(found.lf))
    marks = np.bincount(patterns.row, code[patterns.symbol], len(patterns.count))
    rows = np.bincount(planted.matrix.candidate, code[found.of_vote], planted.matrix.n_candidates)
    order = np.argsort(marks)
    at = np.minimum(np.searchsorted(marks[order], rows - 1e-9), len(marks) - 1)
    return np.where(np.abs(marks[order][at] - rows) < 1e-8, order[at], -1)


def accuracy(planted: Planted, probabilities: Floats) -> float:
    voted = np.bincount(planted.matrix.candidate, minlength=len(planted.truth)) > 0
    return float(np.mean((probabilities.argmax(axis=1) == planted.truth)[voted]))


def pairs(*groups: range) -> list[tuple[int, int]]:
    return [(one, other) for group in groups for one in group for other in group if one < other]


@pytest.mark.parametrize("loyalty", [0.95, 0.6])
def test_copies_count_as_much_as_they_say(loyalty: float) -> None:
    draw = partial(copies.repeated, loyalty=loyalty)
    planted = draw(np.random.default_rng(1), 8000)
    links = pairs(range(3), range(3, 7), range(7, 12))
    ceiling = accuracy(planted, planted.posterior if planted.posterior is not None else np.empty(0))
    assert accuracy(planted, soft(planted, links)) > ceiling - 0.006
    assert accuracy(planted, soft(planted, [])) < ceiling - 0.01


def test_a_chain_of_functions_needs_its_separators() -> None:
    # 0 - 1 - 2 depend along a chain; the clique (0, 1, 2) is what the chain approximates.
    planted = copies.repeated(np.random.default_rng(2), 8000, loyalty=0.6)
    rest = pairs(range(3, 7), range(7, 12))
    whole = soft(planted, [*pairs(range(3)), *rest])
    chain = soft(planted, [(0, 1), (0, 2), *rest])  # copies of 0 are independent given 0
    assert np.abs(chain - whole).mean() < 0.01
    assert accuracy(planted, chain) > accuracy(planted, soft(planted, rest)) - 0.002


def test_busy_rows_have_paces_in_the_model() -> None:
    planted = single.eager(np.random.default_rng(3), 8000)
    patterns, found, completion = told(planted)
    graph = nx.empty_graph(len(planted.matrix.lfs))
    counted = moments(patterns, found, 8000)
    busy = replace(completion, pairs=2.0, triples=4.8)
    one, two = (source_model(patterns, found, counted, each, graph) for each in (completion, busy))
    assert len(one.mixture.share) == 1
    assert two.mixture.share @ two.mixture.factor == pytest.approx(1)
    rows = _pattern(planted, patterns, found)
    _, shown = gather(patterns, found, one.sources.of_lf)
    right = [accuracy(planted, posterior(each.mixture, shown).soft[rows]) for each in (one, two)]
    assert right[1] > right[0] + 0.02
