from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy import stats

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.moments.moments import Moments, moments
from biolabel.labelmodel.moments.structure import (
    Edge,
    Structure,
    _tail,
    background,
    dependencies,
    dependency_graph,
    discover,
)
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted, sparse
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.votes import compress, symbols

SEEDS = (11, 12, 13)
Draw = Callable[[np.random.Generator, int], Planted]


def given(planted: Planted) -> tuple[Moments, Emission]:
    """Return the moments, and the emission that gold would count."""
    matrix, truth = planted.matrix, planted.truth
    found, n = symbols(matrix), matrix.n_candidates
    k = len(matrix.task.labels)
    table = np.zeros((len(found.lf), k))
    np.add.at(table, (found.of_vote, truth[matrix.candidate]), 1)
    size = np.bincount(truth, minlength=k)
    patterns = compress(matrix, found, np.ones(len(matrix.lf)))
    return moments(patterns, found, n), Emission(size / n, table / np.maximum(size, 1), True)


def pairs(edges: tuple[Edge, ...]) -> set[tuple[int, int]]:
    return {(edge.first, edge.second) for edge in edges}


def within(groups: list[range]) -> set[tuple[int, int]]:
    return {(one, other) for group in groups for one in group for other in group if one < other}


REPEATED = [range(3), range(3, 7), range(7, 12)]
RULES = [range(16, 21), range(21, 26), range(26, 29), range(29, 33)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("loyalty", [0.95, 0.6])
@pytest.mark.parametrize(
    ("draw", "groups"), [(copies.repeated, REPEATED), (copies.repeated_rules, RULES)]
)
def test_it_finds_copies_and_nothing_else(
    draw: Callable[..., Planted], groups: list[range], loyalty: float, seed: int
) -> None:
    planted = draw(np.random.default_rng(seed), 10_000, loyalty=loyalty)
    assert pairs(dependencies(*given(planted))) == within(groups)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_finds_copies_of_a_rare_rule(seed: int) -> None:
    planted = copies.copied(np.random.default_rng(seed), 6000, share=0.02)
    assert pairs(dependencies(*given(planted))) == within([range(4)])


INDEPENDENT: dict[str, Draw] = {
    "two-sided": partial(single.two_sided, share=0.2),
    "one-sided": partial(single.one_sided, share=0.05),
    "rare": single.rare_rules,
    "five labels": single.five_labels,
    "coarse votes": single.hierarchy,
    "eager": single.eager,
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_independent_functions_have_no_edges(name: str) -> None:
    wrong = 0
    for seed in range(21, 26):
        planted = INDEPENDENT[name](np.random.default_rng(seed), 10_000)
        wrong += len(dependencies(*given(planted), least=-1.0))
    assert wrong <= 1


def test_rows_on_which_everything_matches_make_no_edges_but_copies_among_them_do() -> None:
    base = single.eager(np.random.default_rng(31), 10_000)
    matrix = base.matrix
    votes = np.zeros((10_000, 17), dtype=np.int64)
    votes[matrix.candidate, matrix.lf] = matrix.mask
    silent = np.random.default_rng(32).random(10_000) < 0.2
    votes[:, 16] = np.where(silent, 0, votes[:, 3])
    lfs = (*matrix.lfs, LabelingFunction("copy"))
    planted = Planted(sparse(matrix.task, lfs, votes), base.truth)
    assert pairs(dependencies(*given(planted))) == {(3, 16)}


def told_nothing(planted: Planted) -> Structure:
    found, n = symbols(planted.matrix), planted.matrix.n_candidates
    patterns = compress(planted.matrix, found, np.ones(len(planted.matrix.lf)))
    holds = allowed(found.mask, len(planted.matrix.task.labels))
    return discover(patterns, moments(patterns, found, n), holds, np.full(len(holds), 0.7))


@pytest.mark.parametrize(
    ("draw", "groups"),
    [
        (partial(copies.repeated_rules, loyalty=0.6), RULES),
        (copies.copied, [range(4)]),
        (partial(single.one_sided, share=0.05), []),
        (single.eager, []),
    ],
)
def test_copies_are_found_without_any_labels(draw: Draw, groups: list[range]) -> None:
    planted = draw(np.random.default_rng(61), 10_000)
    found = told_nothing(planted)
    assert pairs(found.edges) == within(groups)
    share = float(np.mean(planted.truth))
    assert found.completion.emissions[0].prior[1] == pytest.approx(share, rel=0.15, abs=0.01)


def test_what_the_label_does_not_explain_shows_as_spread() -> None:
    """Rules match each topic at a rate of their own: pairs meet more or less often than by label."""
    generator = np.random.default_rng(71)
    truth, topic = generator.random(10_000) < 0.4, generator.integers(0, 3, 10_000)
    votes = np.zeros((10_000, 12), dtype=np.int64)
    for lf in range(12):
        taste = generator.lognormal(0, 1, 3)
        rate = np.where(truth == lf % 2, 0.2, 0.07) * (taste / taste.mean())[topic]
        votes[:, lf] = np.where(generator.random(10_000) < rate, 1 << lf % 2, 0)
    lfs = tuple(LabelingFunction(f"lf_{lf}") for lf in range(12))
    task = Task("planted", "document", ("no", "yes"))
    topical = Planted(sparse(task, lfs, votes), truth.astype(np.int64))
    assert background(*given(topical)).spread > 0.05
    plain = single.rare_rules(np.random.default_rng(72), 10_000)
    assert background(*given(plain)).spread < 0.01


def test_weak_edges_are_left_out() -> None:
    planted = copies.repeated(np.random.default_rng(41), 10_000, loyalty=0.6)
    edges = dependencies(*given(planted))
    strong = dependencies(*given(planted), least=0.35)
    assert set(strong) == {edge for edge in edges if edge.strength >= 0.35} != set(edges)
    assert all(0 < edge.strength <= 1 and edge.chance < 0.01 for edge in edges)


def test_nothing_depends_on_nothing() -> None:
    one = single.two_sided(np.random.default_rng(51), 100, 0.5, m=1)
    assert dependencies(*given(one)) == ()
    empty = np.zeros(0, dtype=np.int64)
    silent = Moments(empty, empty, 0.0, np.zeros(0), np.zeros((0, 0)))
    assert dependencies(silent, Emission(np.full(2, 0.5), np.zeros((0, 2)), True)) == ()


def test_groups_of_the_rule_file_are_edges_too() -> None:
    groups = (frozenset({"kb"}), frozenset[str](), frozenset({"kb", "list"}), frozenset({"list"}))
    lfs = [LabelingFunction(f"lf_{at}", groups=own) for at, own in enumerate(groups)]
    graph = dependency_graph(lfs, [Edge(1, 3, 0.4, 1e-9), Edge(0, 2, 0.3, 1e-9)])
    strengths = {tuple(sorted(pair)): graph.edges[pair]["strength"] for pair in graph.edges}
    assert strengths == {(0, 2): 1.0, (2, 3): 1.0, (1, 3): 0.4}
    assert sorted(graph.nodes) == [0, 1, 2, 3]


@pytest.mark.parametrize("spread", [0.0, 0.3, 4.0])
def test_the_tail_of_counts_is_that_of_their_distribution(spread: float) -> None:
    seen, mean = np.array([0.0, 1, 2, 5, 50]), np.full(5, 2.0)
    if spread:
        p = 1 / (1 + spread * mean)
        expected = stats.nbinom.sf(seen - 1, 1 / spread, p)
    else:
        expected = stats.poisson.sf(seen - 1, mean)
    assert _tail(seen, mean, spread) == pytest.approx(expected)
