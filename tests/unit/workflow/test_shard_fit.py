"""The label model of several shards is that of all votes at once."""

from collections.abc import Mapping
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.labelmodel.params import LabelModelParams
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.store import write
from biolabel.workflow import fit as fit_module
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import Fitted, fit, open_fitted
from biolabel.workflow.job import Which


@pytest.fixture
def in_shards(bench: Bench, tmp_path: Path) -> Bench:
    """Return the bench of the session over a corpus of four shards."""
    documents = list(read_documents(bench.job.files["corpus"], Rejects()))
    write(tmp_path / "s", documents, bench.rules.pipeline.only(()), shard_documents=4)
    files: dict[Which, Path] = {"corpus": tmp_path / "s"}
    return Bench(replace(bench.job, workspace=tmp_path / "w", files=files, notes={}))


def whole(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fitted:
    """Return what is fitted where all rows are in memory."""
    monkeypatch.setattr(fit_module, "fit_shards", lambda *_: None)
    found = open_fitted(fit(Bench(replace(bench.job, workspace=tmp_path / "v", notes={}))))
    monkeypatch.undo()
    return found


def numbers(found: object) -> list[float]:
    """Return all numbers within parameters or figures, in their order."""
    if isinstance(found, np.ndarray):
        return [float(each) for each in found.ravel()]
    if isinstance(found, bool | str) or found is None:
        return []
    if isinstance(found, int | float):
        return [float(found)]
    if isinstance(found, Mapping):
        return [n for each in found.values() for n in numbers(each)]
    if isinstance(found, tuple | list | frozenset):
        return [n for each in found for n in numbers(each)]
    return numbers(astuple(found))  # type: ignore[call-overload]


def alike(one: LabelModelParams, other: LabelModelParams) -> bool:
    assert list(one.tasks) == list(other.tasks)
    chosen = [
        [each.choice and each.choice.chosen for each in m.tasks.values()] for m in (one, other)
    ]
    assert chosen[0] == chosen[1]
    mine, theirs = numbers(one), numbers(other)
    return len(mine) == len(theirs) and np.allclose(mine, theirs, atol=1e-6, equal_nan=True)


def test_shards_give_the_parameters_of_the_whole(
    in_shards: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(in_shards.store("corpus").shards) >= 3
    parts, at_once = open_fitted(fit(in_shards)), whole(in_shards, monkeypatch, tmp_path)
    assert alike(parts.model, at_once.model)
    assert alike(parts.majority, at_once.majority)
    assert len(numbers(parts.model)) > 100
    assert parts.trust.keys() == at_once.trust.keys()
    for name, found in parts.trust.items():
        other = at_once.trust[name]
        assert found.concerns == other.concerns
        assert [each.candidate for each in found.rows] == [each.candidate for each in other.rows]
        assert numbers(found) == pytest.approx(numbers(other), abs=1e-6)
        assert found.compared.covered > 5


def test_tasks_that_share_their_rows_are_fitted_where_all_rows_are(
    in_shards: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biolabel.workflow.shard_fit.shares_rows", lambda _: True)
    asked = []

    def whole(*given: object) -> object:
        asked.append(given)
        raise ZeroDivisionError

    monkeypatch.setattr(fit_module, "_fit_whole", whole)
    with pytest.raises(ZeroDivisionError):
        fit(in_shards)
    assert len(asked) == 1
