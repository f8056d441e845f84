"""Draw docs/pictures/rounds.svg: how soft labels move from round to round of EM.

`python docs/pictures/rounds.py`. The votes are those of docs/explanation/label-model.md; left, as there on
paper, right with what rules state about themselves (`emissions.Anchor`), as `fit` has it.
"""

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.labelmodel.em.emissions import Anchor, begin, converge
from biolabel.labelmodel.em.search import Votes, first, rows_of
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.votes import Floats, compress, symbols

ROUNDS = 10
INK = "#808890"  # to be read on white and on black
LINES = (
    ("c1, c2", 1, "#2a9d8f"),
    ("c3", 4, "#74b816"),
    ("c6", 2, "#e9a23b"),
    ("c10", 5, "#8f8f8f"),
    ("c4, c5", 3, "#e05d44"),
    ("c7 to c9", 0, "#7b5ea7"),
)
"""Candidates, the row of votes that they are, and a color."""


def votes(anchor: Anchor) -> Votes:
    """Return the votes of the page, c10 included."""
    table = np.array(
        [[1, 1, 0]] * 2
        + [[1, 0, 0]]
        + [[0, 1, 2]] * 2
        + [[0, 1, 0]]
        + [[0, 0, 2]] * 3
        + [[0, 0, 0]]
    )
    task = Task("effects", "relation", ("causes", "none"))
    rules = tuple(LabelingFunction(name) for name in ("induced", "after", "treated"))
    at, by = np.nonzero(table)
    mask = table[at, by].astype(np.int64)
    matrix = LabelMatrix(task, rules, 10, at.astype(np.int32), by.astype(np.int16), mask)
    found = symbols(matrix)
    patterns = compress(matrix, found)
    patterns = replace(patterns, count=np.append(patterns.count, 1.0))
    return Votes(patterns, found, allowed(found.mask, 2), np.full(3, 0.7), rules, anchor)


def rounds(anchor: Anchor) -> Floats:
    """Return P(causes) of each row of votes after each round, float64[ROUNDS + 1, 6]."""
    seen = votes(anchor)
    rows = rows_of(seen, np.arange(3))
    soft = first(seen, np.arange(3))
    passed = [soft[:, 0]]
    for _ in range(ROUNDS):
        soft = converge(rows, begin(rows, soft, paces=False), 1e-6, most=1).posterior.soft
        passed.append(soft[:, 0])
    return np.array(passed)


def main() -> None:
    """Write the picture."""
    mpl.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "biolabel",
            "font.family": "sans-serif",
            "text.color": INK,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.edgecolor": INK,
        }
    )
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
    both = (("on paper", Anchor(0.0, 0.0)), ("with what rules state", Anchor()))
    for panel, (title, anchor) in zip(panels, both, strict=True):
        passed = rounds(anchor)
        for name, row, color in LINES:
            panel.plot(passed[:, row], color=color, marker="o", markersize=3, label=name)
        panel.axhline(0.5, color=INK, linewidth=0.6, linestyle=":")
        panel.set_title(title, color=INK, fontsize=11)
        panel.set_xlabel("round")
        panel.set_ylim(-0.03, 1.03)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("P(causes)")
    panels[1].legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.tight_layout()
    path = Path(__file__).with_suffix(".svg")
    figure.savefig(path, transparent=True, metadata={"Date": None})


if __name__ == "__main__":
    main()
