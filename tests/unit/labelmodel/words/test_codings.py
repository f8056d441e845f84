from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.store import load, save
from biolabel.labelmodel.votes import Floats, Ints
from biolabel.labelmodel.words.codings import fillers, without_fillers

WORDS = Task("mentions", "entity", ("Chemical", "Disease", "none"))
CHEMICAL, DISEASE, NONE = 1, 2, 4


def votes(generator: np.random.Generator, n: int = 2000) -> tuple[Ints, Ints]:
    """Return the votes of five rules that find mentions and two that deny them, and the truth."""
    truth = generator.choice(3, size=n, p=[0.1, 0.1, 0.8])
    columns = []
    for rule in range(5):
        label = rule % 2
        hit = np.where(truth == label, 0.6, 0.03)
        columns.append(np.where(generator.random(n) < hit, 1 << label, 0))
    said = np.where(truth == 2, 0.4, 0.05)
    columns += [np.where(generator.random(n) < said, NONE, 0) for _ in range(2)]
    return np.stack(columns, axis=1), truth


def matrix(table: Ints) -> LabelMatrix:
    return sparse(WORDS, tuple(LabelingFunction(f"lf_{at}") for at in range(table.shape[1])), table)


def written_out(table: Ints, where: Flags) -> Ints:
    """Return the votes with `none` for every miss of the rules that find mentions."""
    full = table.copy()
    full[:, :5] = np.where((full[:, :5] == 0) & where[:, None], NONE, full[:, :5])
    return full


def soft(given: LabelMatrix, method: str) -> Floats:
    graph = TaskGraph((WORDS,), (), 1, {"mentions": np.zeros(given.n_candidates, dtype=np.int32)})
    params = fit({"mentions": given}, graph, Settings(method=method))  # type: ignore[arg-type]
    found = predict(params, {"mentions": given}, graph)["mentions"]
    return np.where(found.covered[:, None], found.probabilities, -1).astype(np.float64)


@pytest.mark.parametrize("method", ["majority", "emission", "tempered"])
@pytest.mark.parametrize("everywhere", [True, False])
def test_written_out_misses_change_nothing(method: str, everywhere: bool) -> None:
    table, _ = votes(np.random.default_rng(1))
    where = np.ones(len(table), dtype=np.bool_) if everywhere else (table > 0).any(axis=1)
    full = matrix(written_out(table, where))
    assert fillers(full) == tuple(f"lf_{at}" for at in range(5))
    np.testing.assert_allclose(soft(full, method), soft(matrix(table), method), atol=1e-6)


def test_what_is_no_coding_stays() -> None:
    table, _ = votes(np.random.default_rng(2))
    sparse_votes = matrix(table)
    assert fillers(sparse_votes) == ()
    assert without_fillers(sparse_votes, ()) is sparse_votes
    one = table.copy()
    one[:, 0] = np.where(one[:, 0] == 0, NONE, one[:, 0])
    assert fillers(matrix(one)) == ()  # one rule alone says so on purpose
    relation = Task("cid", "relation", ("causes", "treats", "none"))
    every = written_out(table, np.ones(len(table), dtype=np.bool_))
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(7))
    assert fillers(sparse(relation, lfs, every)) == ()
    assert fillers(matrix(table[:0])) == ()


def test_chains_and_codings_are_kept(tmp_path: Path) -> None:
    table, _ = votes(np.random.default_rng(3), 400)
    given = matrix(written_out(table, np.ones(len(table), dtype=np.bool_)))
    places, follows = np.zeros(400, dtype=np.int32), np.arange(400) % 8 > 0
    graph = TaskGraph((WORDS,), (), 1, {"mentions": places}, follows={"mentions": follows})
    params = fit({"mentions": given}, graph, Settings(method="tempered"))
    assert params.chains.keys() == {"mentions"}
    save(params, tmp_path / "model")
    back = load(tmp_path / "model")
    assert back.fillers == params.fillers
    expected = predict(params, {"mentions": given}, graph)["mentions"]
    found = predict(back, {"mentions": given}, graph)["mentions"]
    np.testing.assert_array_equal(found.probabilities, expected.probabilities)
    apart = predict(params, {"mentions": given}, replace(graph, follows={}))["mentions"]
    assert not np.allclose(apart.probabilities, expected.probabilities)
    np.testing.assert_array_equal(apart.covered, expected.covered)
