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
    found = {"minutes": 9.0 + seed, "gigabytes": 3.5}
    value = 0.5 + 0.01 * seed + (0.02 if variant == "augmented" else 0.0)
    for name, *_ in benchmark.MEASURES[task]:
        if variant in ("augmented", "plain"):
            found |= {f"{name}: {system}": value for system in benchmark.SYSTEMS}
            found["mention F1 where no rule votes: end_model"] = 0.3
        elif "own mentions" not in name:
            found[f"{name}: end_model"] = value
    if variant not in ("augmented", "plain"):
        found["documents a CPU second"] = 8.0
    return found


def test_rows_of_all_pieces(benchmark: ModuleType) -> None:
    pieces = {
        (task, variant): [figures(benchmark, task, variant, seed) for seed in range(3)]
        for task, variants in benchmark.VARIANTS.items()
        for variant in variants
    }
    rows = {row.name: row for row in benchmark.rows(pieces)}
    gain = rows["BC5CDR CID F1 from gold mentions: end model, by augmentation"]
    assert gain.value == pytest.approx(0.02)
    assert gain.holds
    share = rows["BC5CDR mention F1: share of the ceiling without gold"]
    assert share.value == pytest.approx(0.53 / 0.51, abs=1e-3)
    assert rows["NCBI-disease mention F1: fused"].target == 0.78
    assert rows["whole run, three tasks, 500 abstracts"].value == 11.0
    assert rows["BC5CDR mention F1 where no rule votes: end model"].value == 0.3
    assert len(rows) == len(list(benchmark.rows(pieces)))
