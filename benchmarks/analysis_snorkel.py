"""Snorkel's side of `analysis.py`: runs in Snorkel's environment, where biolabel is not.

`python analysis_snorkel.py FOLDER RUNS`: the folder has votes.npy (-1 abstains) and gold.npy, and gets
result.json with the columns of `lf_summary` and the median seconds of a run.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from statistics import median

import numpy as np
from snorkel.labeling import LFAnalysis  # type: ignore[import-not-found,unused-ignore]


def main(folder: Path, runs: int) -> None:
    """Run the analysis and write what it says."""
    warnings.filterwarnings("ignore", category=FutureWarning)  # of scipy, about Snorkel's calls
    votes, gold = np.load(folder / "votes.npy"), np.load(folder / "gold.npy")
    times = []
    for _ in range(runs):
        start = time.process_time()
        table = LFAnalysis(votes).lf_summary(gold)
        times.append(time.process_time() - start)
    names = ("Coverage", "Overlaps", "Conflicts", "Emp. Acc.")
    found = {name: table[name].tolist() for name in names}
    (folder / "result.json").write_text(json.dumps({**found, "seconds": [median(times)]}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
