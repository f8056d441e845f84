"""What rules ask of models (`model NAME`): spans in a corpus, or labels for candidates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.errors import BiolabelError

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans that a model finds.

    doc, start, end (code points, half-open) and label (an index into `labels`): int32[n]; score:
    float64[n]. failed: the documents in which it could not look, with the error.
    """

    doc: Ints
    start: Ints
    end: Ints
    label: Ints
    score: NDArray[np.float64]
    labels: tuple[str, ...]
    failed: Mapping[int, BiolabelError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of candidates; a row may have several labels, and has none if it is silent.

    row (of the table that was asked about) and label (an index into `labels`): int32[n]; score:
    float64[n].
    """

    row: Ints
    label: Ints
    score: NDArray[np.float64]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model made ready; None where it cannot find spans, or cannot judge candidates.

    `judge` gets a table with one row a candidate: `doc`; for a sentence its `start` and `end`; for
    each argument NAME its CURIE `NAME` (null if unknown) and `NAME_start`, `NAME_end`, `NAME_type`;
    and, if `texts`, also `NAME_text`, `text` (the candidate's sentences, or the whole document) and
    `marked`, the same with the first argument in `<< >>` and the second in `[[ ]]`.
    """

    find: Callable[[Corpus], Spans] | None = None
    judge: Callable[[pa.Table], Answers] | None = None
    texts: bool = True


Function = Callable[[pa.Table], NDArray[np.bool_]]
"""A condition in Python: a table of candidates, as `Model.judge` gets it, to bool[rows]."""


def answers_of(labels: list[str | None], scores: NDArray[np.float64] | None = None) -> Answers:
    """Return one answer a row: its label, None for silence, with a score that is 1 if not given."""
    names = tuple(sorted({label for label in labels if label is not None}))
    numbers = {name: i for i, name in enumerate(names)}
    row = np.array([i for i, label in enumerate(labels) if label is not None], dtype=np.int32)
    label = np.array([numbers[labels[i] or ""] for i in row.tolist()], dtype=np.int32)
    every = np.ones(len(labels)) if scores is None else scores
    return Answers(row, label, every[row].astype(np.float64), names)
