"""Snorkel's side of `applier.py`: runs in Snorkel's environment, where biolabel is not.

`python applier_snorkel.py WORK RESULT`: WORK is a JSON file with documents, tables and a list of
(applier, copies of the documents, runs); RESULT gets seconds and votes of each.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped,unused-ignore]
from functions import FUNCTIONS
from lookups import resources_of, tables_of
from pairs import FIELDS, Candidate, candidates_of
from snorkel.labeling import (  # type: ignore[import-not-found,unused-ignore]
    LabelingFunction,
    LFApplier,
    PandasLFApplier,
)


def main(work: Path, result: Path) -> None:
    """Run the appliers and write what they say."""
    job = json.loads(work.read_text("utf-8"))
    tables = tables_of(job["tables"])
    functions = [
        LabelingFunction(f.__name__, f, resources=resources_of(f, tables)) for f in FUNCTIONS
    ]
    said: dict[str, Any] = {"functions": [f.name for f in functions], "labels": ["none", "causes"]}
    candidates = list(candidates_of(job["documents"]))
    said["keys"] = [(c.doc.number, c.chemical, c.disease) for c in candidates]
    matrix = LFApplier(functions).apply(candidates, progress_bar=False)
    rows, columns = np.nonzero(matrix >= 0)
    said["votes"] = np.stack([rows, columns, matrix[rows, columns]], axis=1).tolist()
    said["runs"] = []
    made = 1
    for applier, copies, runs in job["runs"]:
        if copies != made:
            candidates, made = list(candidates_of(job["documents"], copies)), copies
        seconds = timed(applier, functions, candidates, runs)
        said["runs"].append(
            {"applier": applier, "copies": copies, "runs": runs, "seconds": seconds}
        )
        print(f"{applier}, {len(candidates):,} candidates: {seconds:.2f} s", flush=True)
    result.write_text(json.dumps(said), "utf-8")


def timed(
    name: str, functions: list[LabelingFunction], candidates: list[Candidate], runs: int
) -> float:
    """Return the median seconds of one core that an applier takes over ready candidates."""
    applier = {"LFApplier": LFApplier, "PandasLFApplier": PandasLFApplier}[name](functions)
    data: Any = candidates
    if name == "PandasLFApplier":
        data = pd.DataFrame({column: [getattr(c, column) for c in candidates] for column in FIELDS})
    seconds = []
    for _ in range(runs):
        started = time.process_time()
        applier.apply(data, progress_bar=False)
        seconds.append(time.process_time() - started)
    return median(seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
