"""The table of the end model's benchmark is made of whatever pieces there are, so that none is lost."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("end_model")


def figures(benchmark: ModuleType, task: str, variant: str, seed: int) -> dict[str, float]:
    """Return what a piece of a variant may find."""
    found = {"CPU minutes": 9.0 + seed, "gigabytes": 3.5}
    value = 0.5 + 0.01 * seed + (0.02 if variant == "augmented" else 0.0)
    for name, *_ in benchmark.MEASURES[task]:
        if variant in ("augmented", "plain"):
            found |= {f"{name}: {system}": value for system in benchmark.SYSTEMS}
            found["mention F1 where no rule votes: end_model"] = 0.3
            found["mentions micro own: best rule: names"] = 0.4
        elif "own mentions" not in name:
            found[f"{name}: end_model"] = value
    if variant not in ("augmented", "plain"):
        found["documents a CPU second"] = 8.0
    return found


def all_pieces(benchmark: ModuleType) -> dict[tuple[str, str], dict[int, dict[str, float]]]:
    return {
        (task, variant): {seed: figures(benchmark, task, variant, seed) for seed in range(3)}
        for task, variants in benchmark.VARIANTS.items()
        for variant in variants
    }


def test_rows_of_all_pieces(benchmark: ModuleType) -> None:
    found = all_pieces(benchmark)
    rows = {row.name: row for row in benchmark.rows(found)}
    gain = rows["BC5CDR CID F1 from gold mentions: end model, by augmentation"]
    assert gain.value == pytest.approx(0.02)
    assert gain.holds
    share = rows["BC5CDR mention F1: share of the ceiling without gold"]
    assert share.value == pytest.approx(1.0)
    assert rows["BC5CDR mention F1: fused"].value == pytest.approx(0.51)
    assert rows["BC5CDR mention F1: fused, augmented"].value == pytest.approx(0.53)
    assert rows["NCBI-disease mention F1: fused"].target == 0.78
    assert rows["whole run, three tasks, 500 abstracts"].value == 10.0
    assert rows["BC5CDR mention F1 where no rule votes: end model"].value == 0.3
    assert rows["BC5CDR mention F1: best rule: names"].value == 0.4
    assert len(rows) == len(list(benchmark.rows(found)))


def test_rows_of_some_pieces(benchmark: ModuleType) -> None:
    every = all_pieces(benchmark)
    found = {("cdr", "plain"): every["cdr", "plain"]}
    found["cdr", "augmented"] = {1: every["cdr", "augmented"][1]}
    rows = {row.name: row for row in benchmark.rows(found)}
    assert rows["BC5CDR mention F1: fused"].unit.startswith("F1, 3 seeds")
    gain = rows["BC5CDR mention F1: fused, by augmentation"]
    assert gain.unit == "F1, 1 seed"
    assert gain.value == pytest.approx(0.02)
    assert not any("NCBI" in name or "ceiling" in name for name in rows)


def test_one_seed_of_every_piece_is_made_before_the_next(benchmark: ModuleType) -> None:
    order = list(benchmark.wanted(3))
    assert len(order) == len(set(order)) == 23
    assert [seed for *_, seed in order] == sorted(seed for *_, seed in order)
