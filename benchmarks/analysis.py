"""The analysis of a million votes of 100 rules against Snorkel's LFAnalysis, one core each.

`python benchmarks/analysis.py` draws votes for one of three labels, few on each of many candidates and
the other way round, and gold for all. Each side starts from its own ready matrix and makes all its
figures: Snorkel polarity, coverage, overlap, conflict and accuracy of each rule, which must be the same;
ours beside them what each rule adds and repeats, pairs, intervals, and what no rule reaches. Seconds are
of the processor, the median of five runs. Target: issue 4 (one edited rule in 0.2 s, 2 s cold, leaves a
second for a far larger matrix).
"""

import json
import subprocess
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from frame import Row, write
from numpy.typing import NDArray
from rivals import snorkel

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules

Ints = NDArray[np.int64]

LABELS = ("none", "causes", "treats")
RULES, VOTES, TARGET, RUNS = 100, 1_000_000, 1.0, 5
SHAPES = {"few on each": 200_000, "many on each": 20_000}
"""Numbers of candidates over which the votes are strewn."""


def drawn(candidates: int, rng: np.random.Generator) -> tuple[LabelMatrix, Ints]:
    """Return votes strewn evenly, and a gold label for each candidate as a mask: int64[n]."""
    places = np.sort(rng.choice(candidates * RULES, VOTES, replace=False))
    task = Task("planted", "relation", LABELS)
    rules = tuple(LabelingFunction(f"rule{i}") for i in range(RULES))
    gold = rng.integers(0, len(LABELS), candidates)
    candidate, lf = np.divmod(places, RULES)
    right = rng.random(VOTES) < 0.7
    label = np.where(right, gold[candidate], rng.integers(0, len(LABELS), VOTES))
    matrix = LabelMatrix(
        task, rules, candidates, candidate.astype(np.int32), lf.astype(np.int16),
        np.int64(1) << label,
    )  # fmt: skip
    return matrix, np.int64(1) << gold


def seconds(matrix: LabelMatrix, gold: Ints) -> float:
    """Return the median seconds of one analysis."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        analyze_rules(matrix, gold)
        times.append(time.process_time() - start)
    return median(times)


def rival(matrix: LabelMatrix, gold: Ints, folder: Path) -> dict[str, list[float]]:
    """Return Snorkel's figures of each rule, and its seconds."""
    dense = np.full((matrix.n_candidates, len(matrix.lfs)), -1, dtype=np.int64)
    dense[matrix.candidate, matrix.lf] = np.log2(matrix.mask).astype(np.int64)
    np.save(folder / "votes.npy", dense)
    np.save(folder / "gold.npy", np.log2(gold).astype(np.int64))
    script = Path(__file__).with_name("analysis_snorkel.py")
    subprocess.run([str(snorkel()), str(script), str(folder), str(RUNS)], check=True)
    found: dict[str, list[float]] = json.loads((folder / "result.json").read_text("utf-8"))
    return found


def difference(ours: MatrixAnalysis, theirs: dict[str, list[float]]) -> float:
    """Return the largest difference between two figures of the same name."""
    rules = ours.rules
    names = {"coverage": "Coverage", "overlap": "Overlaps", "conflict": "Conflicts"}
    pairs = [([getattr(rule, own) for rule in rules], theirs[name]) for own, name in names.items()]
    pairs.append(([rule.precision or 0.0 for rule in rules], theirs["Emp. Acc."]))
    return max(float(np.abs(np.subtract(*pair)).max()) for pair in pairs)


def main() -> None:
    """Run the benchmark."""
    rng = np.random.default_rng(4)
    rows = []
    for name, candidates in SHAPES.items():
        matrix, gold = drawn(candidates, rng)
        with TemporaryDirectory() as folder:
            theirs = rival(matrix, gold, Path(folder))
        own, other = seconds(matrix, gold), theirs["seconds"][0]
        votes = f"{VOTES:,} votes of {RULES} rules, {name} of {candidates:,} candidates"
        rows += [
            Row(votes, own, TARGET, "s", own <= TARGET),
            Row("Snorkel's LFAnalysis, fewer figures", other, unit="s"),
            Row("times as fast", other / own, unit="x"),
            Row("largest difference of a figure", difference(analyze_rules(matrix, gold), theirs)),
        ]
    write("analysis", rows)


if __name__ == "__main__":
    main()
