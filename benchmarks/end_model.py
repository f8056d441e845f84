"""The end model on the dev sets of BC5CDR and NCBI-disease: `python benchmarks/end_model.py [SEEDS]`.

Trains on the training abstracts without their annotations, and for the ceiling with them. Every piece (a
task, a variant, a seed) is a process of its own, and its figures stay in `workspace/end_model`: a run that
was stopped goes on with the pieces that are missing, and one with more seeds adds to them. Remove the
folder to begin anew. F1 as the independent scorer counts it, mean and range over the seeds.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

from end_model_pieces import MEASURES, SYSTEMS
from frame import ROOT, Row, write

SEEDS = 3
FOLDER = ROOT / "workspace" / "end_model"
VARIANTS = {
    "cdr": (
        *("augmented", "plain", "gold", "only mentions", "only cid"),
        *("60 documents", "125 documents", "250 documents"),
    ),
    "ncbi_disease": ("augmented", "plain", "gold"),
}
_ONCE = frozenset(VARIANTS["cdr"][3:])
"""Variants of one seed only, as a piece takes twenty minutes of a core."""
TARGETS = {
    ("cdr", "mention F1", "fused"): 0.82,
    ("cdr", "CID F1 from gold mentions", "end_model"): 0.54,
    ("cdr", "CID F1 from gold mentions", "fused"): 0.60,
    ("cdr", "CID F1 from own mentions", "fused"): 0.48,
    ("ncbi_disease", "mention F1", "fused"): 0.78,
}
TITLES = {"cdr": "BC5CDR", "ncbi_disease": "NCBI-disease"}
_MINUTES, _GIGABYTES, _WAY = 15, 6, 0.9
"""Targets: time of the training of three tasks, memory, and the way to the ceiling that soft labels go."""

Piece = Mapping[str, float]
Pieces = Mapping[tuple[str, str], Sequence[Piece]]


def main(seeds: int) -> None:
    """Make the pieces that are missing, then write the table of all."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for task, variants in VARIANTS.items():
        for variant in variants:
            for seed in range(1 if variant in _ONCE else seeds):
                found.setdefault((task, variant), []).append(piece(task, variant, seed))
    write("end_model", list(rows(found)))


def piece(task: str, variant: str, seed: int) -> Piece:
    """Return the figures of a piece, made in a process of its own unless they are there."""
    path = FOLDER / f"{task}-{variant.replace(' ', '_')}-{seed}.json"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        script = Path(__file__).with_name("end_model_pieces.py")
        command = [sys.executable, str(script), task, variant, str(seed), str(path)]
        # Threads that wait sleep instead of spinning, as the command line has it.
        subprocess.run(command, check=True, env={"OMP_WAIT_POLICY": "passive", **os.environ})
    content = json.loads(path.read_text(encoding="utf-8"))
    print(f"{task}, {variant}, seed {seed}: {content['seconds']:,.0f} s")
    return {
        **content["figures"],
        "minutes": content["seconds"] / 60,
        "gigabytes": content["gigabytes"],
    }


def rows(found: Pieces) -> Iterator[Row]:
    """Yield the rows of each task: rules, models, what augmentation adds, and the ceiling."""
    for task, title in TITLES.items():
        for name, *_ in MEASURES[task]:
            yield from _measure(found, task, title, name)
        yield from _covered(found, task, title)
    yield from _together(found)
    yield from _costs(found)


def _measure(found: Pieces, task: str, title: str, name: str) -> Iterator[Row]:
    augmented, plain = found[task, "augmented"], found[task, "plain"]
    for system in SYSTEMS:
        target = TARGETS.get((task, name, system))
        said = f"{title} {name}: {system.replace('_', ' ')}"
        yield _row(said, [p[f"{name}: {system}"] for p in augmented], target)
    for system in ("end_model", "fused"):
        gains = _gains(augmented, plain, f"{name}: {system}")
        # The target is on relations, in points of F1.
        target = 0.01 if "CID" in name else None
        yield _row(f"{title} {name}: {system.replace('_', ' ')}, by augmentation", gains, target)
    beside = _gains(augmented, augmented, f"{name}: fused", f"{name}: label_model")
    yield _row(f"{title} {name}: fused beyond label model", beside, 0.0)
    key = f"{name}: end_model"
    ceiling = found[task, "gold"]
    if key in ceiling[0]:
        yield _row(f"{title} {name}: trained on gold", [p[key] for p in ceiling])
        best = mean(p[key] for p in ceiling)
        way = [p[key] / best for p in augmented]
        yield _row(f"{title} {name}: share of the ceiling without gold", way, _WAY, "ratio")


def _covered(found: Pieces, task: str, title: str) -> Iterator[Row]:
    pieces = found[task, "augmented"]
    for key in sorted(pieces[0]):
        if " F1 where " in key:
            values = [p[key] for p in pieces if key in p]
            yield _row(f"{title} {key.replace('_', ' ')}", values)


def _together(found: Pieces) -> Iterator[Row]:
    """Yield what the tasks lend each other, and what more documents bring."""
    names = {"only mentions": "mention F1", "only cid": "CID F1 from gold mentions"}
    for variant, name in names.items():
        alone = found["cdr", variant]
        gains = _gains(found["cdr", "plain"][: len(alone)], alone, f"{name}: end_model")
        yield _row(f"BC5CDR {name}: three tasks together beyond one alone", gains, 0.0)
    for variant in VARIANTS["cdr"]:
        if variant.endswith(" documents"):
            for name in names.values():
                values = [p[f"{name}: end_model"] for p in found["cdr", variant]]
                yield _row(f"BC5CDR {name}: end model, {variant}", values)


def _costs(found: Pieces) -> Iterator[Row]:
    pieces = found["cdr", "plain"]
    minutes = [p["minutes"] for p in pieces]
    yield Row(
        "whole run, three tasks, 500 abstracts",
        max(minutes),
        _MINUTES,
        "min",
        max(minutes) < _MINUTES,
    )
    most = max(p["gigabytes"] for each in found.values() for p in each)
    yield Row("peak memory", most, _GIGABYTES, "GB", most < _GIGABYTES)
    speed = [p["documents a CPU second"] for p in found["cdr", "gold"]]
    yield Row("prediction", mean(speed), unit="documents a CPU second")


def _gains(
    some: Sequence[Piece], others: Sequence[Piece], key: str, other: str = ""
) -> list[float]:
    """Return by how much a figure is larger in some pieces than in others, seed by seed."""
    return [a[key] - b[other or key] for a, b in zip(some, others, strict=True)]


def _row(name: str, values: Sequence[float], target: float | None = None, unit: str = "F1") -> Row:
    spread = f"{unit}, {len(values)} seeds, {min(values):.3f} to {max(values):.3f}"
    spread = spread if len(values) > 1 else f"{unit}, 1 seed"
    average = round(mean(values), 4)
    return Row(name, average, target, spread, None if target is None else average >= target)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
