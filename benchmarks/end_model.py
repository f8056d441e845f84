"""The end model on the dev sets of BC5CDR and NCBI-disease: `python benchmarks/end_model.py [SEEDS]`.

Trains on the training abstracts without their annotations, and for the ceiling with them. Every piece (a
task, a variant, a seed) is a process of its own, and its figures stay in `results/end_model` with the
commit that they are of: all of them take six hours of a core, so a run that was stopped goes on with the
pieces that are missing, and one with more seeds adds to them. The table is made anew behind every piece,
of those that are there; `--table` makes it and nothing else. Remove the folder to begin anew. F1 as the
independent scorer counts it, mean and range over the seeds.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

from end_model_pieces import MEASURES, SYSTEMS
from frame import RESULTS, Row, write

SEEDS = 3
FOLDER = RESULTS / "end_model"
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
_BEST = {
    "mention F1": "mentions micro own",
    "CID F1 from gold mentions": "pairs given",
    "CID F1 from own mentions": "pairs own",
}
"""What the scores of a run call a measure, which name the best single rule."""
TITLES = {"cdr": "BC5CDR", "ncbi_disease": "NCBI-disease"}
_GIGABYTES, _WAY = 6, 0.9
"""Targets: memory, and the way to the ceiling that soft labels go."""

Piece = Mapping[str, float]
Pieces = Mapping[tuple[str, str], Mapping[int, Piece]]
"""By task and variant: the figures by seed."""


def main(seeds: int, *, missing: bool = True) -> None:
    """Make the pieces that are missing, the first seed of all first, and the table behind each."""
    for task, variant, seed in wanted(seeds) if missing else ():
        if not place(task, variant, seed).is_file():
            make(task, variant, seed)
            write("end_model", list(rows(pieces(seeds))))
    write("end_model", list(rows(pieces(seeds))))


def wanted(seeds: int) -> Iterator[tuple[str, str, int]]:
    """Yield the task, variant and seed of each piece, in the order in which they are made."""
    for seed in range(seeds):
        for task, variants in VARIANTS.items():
            for variant in variants:
                if seed == 0 or variant not in _ONCE:
                    yield task, variant, seed


def place(task: str, variant: str, seed: int) -> Path:
    """Return the file that a piece's figures stay in."""
    return FOLDER / f"{task}-{variant.replace(' ', '_')}-{seed}.json"


def make(task: str, variant: str, seed: int) -> None:
    """Make a piece in a process of its own."""
    path = place(task, variant, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    script = Path(__file__).with_name("end_model_pieces.py")
    command = [sys.executable, str(script), task, variant, str(seed), str(path)]
    # Threads that wait sleep instead of spinning, as the command line has it.
    subprocess.run(command, check=True, env={"OMP_WAIT_POLICY": "passive", **os.environ})


def pieces(seeds: int) -> Pieces:
    """Return the figures of the pieces that are there, by seed."""
    found: dict[tuple[str, str], dict[int, Piece]] = {}
    for task, variant, seed in wanted(seeds):
        path = place(task, variant, seed)
        if path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            took = {"CPU minutes": content["cpu_seconds"] / 60, "gigabytes": content["gigabytes"]}
            found.setdefault((task, variant), {})[seed] = {**content["figures"], **took}
    return found


def rows(found: Pieces) -> Iterator[Row]:
    """Yield the rows of each task: rules, models, what augmentation adds, and the ceiling."""
    for task, title in TITLES.items():
        for name, *_ in MEASURES[task]:
            yield from _measure(found, task, title, name)
        yield from _covered(found, task, title)
    yield from _together(found)
    yield from _costs(found)


def _measure(found: Pieces, task: str, title: str, name: str) -> Iterator[Row]:
    augmented, plain = found.get((task, "augmented"), {}), found.get((task, "plain"), {})
    gold = found.get((task, "gold"), {})
    said, key = f"{title} {name}", f"{name}: end_model"
    for best in sorted({key for piece in plain.values() for key in piece}):
        if best.startswith(_BEST[name]) and ": best rule: " in best:
            values = [each[best] for each in plain.values() if best in each]
            yield from _row(f"{said}:{best.split(':', 1)[1]}", values)
    for system in SYSTEMS:
        target = TARGETS.get((task, name, system))
        values = [each[f"{name}: {system}"] for each in plain.values()]
        yield from _row(f"{said}: {system.replace('_', ' ')}", values, target)
    for system in ("end_model", "fused"):
        target = TARGETS.get((task, name, system))
        values = [each[f"{name}: {system}"] for each in augmented.values()]
        yield from _row(f"{said}: {system.replace('_', ' ')}, augmented", values, target)
        gains = _gains(augmented, plain, f"{name}: {system}")
        # The target is on relations, in points of F1.
        target = 0.01 if "CID" in name else None
        yield from _row(f"{said}: {system.replace('_', ' ')}, by augmentation", gains, target)
    beside = _gains(plain, plain, f"{name}: fused", f"{name}: label_model")
    yield from _row(f"{said}: fused beyond label model", beside, 0.0)
    yield from _row(f"{said}: trained on gold", [p[key] for p in gold.values() if key in p])
    way = [p[key] / gold[n][key] for n, p in plain.items() if key in gold.get(n, {})]
    yield from _row(f"{said}: share of the ceiling without gold", way, _WAY, "ratio")


def _covered(found: Pieces, task: str, title: str) -> Iterator[Row]:
    plain = found.get((task, "plain"), {}).values()
    keys = {key for piece in plain for key in piece if " F1 where " in key}
    for key in sorted(keys):
        yield from _row(f"{title} {key.replace('_', ' ')}", [p[key] for p in plain if key in p])


def _together(found: Pieces) -> Iterator[Row]:
    """Yield what the tasks lend each other, and what more documents bring."""
    plain = found.get(("cdr", "plain"), {})
    names = {"only mentions": "mention F1", "only cid": "CID F1 from gold mentions"}
    for variant, name in names.items():
        gains = _gains(plain, found.get(("cdr", variant), {}), f"{name}: end_model")
        yield from _row(f"BC5CDR {name}: three tasks together beyond one alone", gains, 0.0)
    for variant in VARIANTS["cdr"]:
        if variant.endswith(" documents"):
            for name in names.values():
                some = found.get(("cdr", variant), {}).values()
                values = [p[f"{name}: end_model"] for p in some]
                yield from _row(f"BC5CDR {name}: end model, {variant}", values)


def _costs(found: Pieces) -> Iterator[Row]:
    """Yield what pieces cost; minutes of the clock depend on what else the machine did."""
    cost = [p["CPU minutes"] for p in found.get(("cdr", "plain"), {}).values()]
    yield from _row("whole run, three tasks, 500 abstracts", cost, unit="CPU min")
    most = max((p["gigabytes"] for each in found.values() for p in each.values()), default=0.0)
    yield Row("peak memory", most, _GIGABYTES, "GB", most < _GIGABYTES)
    speed = [p["documents a CPU second"] for p in found.get(("cdr", "gold"), {}).values()]
    yield from _row("prediction", speed, unit="documents a CPU second")


def _gains(
    some: Mapping[int, Piece], others: Mapping[int, Piece], key: str, other: str = ""
) -> list[float]:
    """Return by how much a figure is larger in some pieces than in others, seed by seed."""
    return [some[n][key] - others[n][other or key] for n in some if n in others]


def _row(
    name: str, values: Sequence[float], target: float | None = None, unit: str = "F1"
) -> Iterator[Row]:
    """Yield the mean over the seeds with its range, if there is any value."""
    if not values:
        return
    spread = f"{unit}, {len(values)} seeds, {min(values):.3f} to {max(values):.3f}"
    spread = spread if len(values) > 1 else f"{unit}, 1 seed"
    average = round(mean(values), 4)
    yield Row(name, average, target, spread, None if target is None else average >= target)


if __name__ == "__main__":
    asked = [each for each in sys.argv[1:] if each != "--table"]
    main(int(asked[0]) if asked else SEEDS, missing="--table" not in sys.argv)
