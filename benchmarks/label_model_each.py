"""Each rival of the label model by itself, where `label_model.py` keeps only the best of them.

Planted votes of 10,000 rows and real votes, from the rivals' answers that are kept (`.rivals/answers`; run
`label_model.py` once without `--kept` to make them, which takes hours), and what the label model and Snorkel
need of time and memory for 100,000 rows. docs/comparison.md shows these figures.
"""

import numpy as np
from frame import Row, write
from label_model_planted import CEILING, MAJORITY, figures, mean, rival_names
from label_model_real import real_figures
from label_model_sets import LARGE, SETS
from label_model_times import LONG, SHORT, Size, size_rows
from label_model_votes import real_votes

from biolabel.labelmodel.params import Settings

ROWS, SEEDS = 10_000, (1, 2, 3, 4, 5)
MEASURES = ("F1", "AP", "log loss", "ECE")
OWN = "biolabel"


def planted() -> list[Row]:
    """Return macro-F1 and calibration of each method on each planted set; 0 where it failed."""
    names = [name for name in SETS if name not in LARGE]
    base = {OWN: Settings(), MAJORITY: Settings(method="majority")}
    result = figures(names, ROWS, SEEDS, base, rival_names(), only_kept=True)
    return [
        Row(f"{name}: {method}", mean(found, measure) or 0.0, unit=measure)
        for name, methods in result.items()
        for method, found in methods.items()
        if method != CEILING
        for measure in ("macro-F1", "ECE")
    ]


def real() -> list[Row]:
    """Return the measures of each method on real votes; methods that failed are left out."""
    base = {OWN: Settings(), MAJORITY: Settings(method="majority")}
    result = real_figures(real_votes(), base, rival_names(), only_kept=True)
    return [
        Row(f"{name}: {method}", found[measure], unit=measure)
        for name, methods in result.items()
        for method, found in methods.items()
        if found is not None
        for measure in MEASURES
        if np.isfinite(found[measure])
    ]


def main() -> None:
    """Write benchmarks/results/label_model_each.json."""
    rows = [*planted(), *real()]
    for coverage in (SHORT, LONG):
        rows += size_rows(Size(100_000, 100, 2, coverage))
    write("label_model_each", rows)


if __name__ == "__main__":
    main()
