"""What fitting shows of each task: how far each rule can be trusted, and what looks wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from biolabel.data.labels import LabelMatrix, SoftLabels, TaskGraph
from biolabel.labelmodel.model import predict
from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.reasons.beside import Beside, beside
from biolabel.labelmodel.reasons.contributions import RowReasons, row_reasons
from biolabel.labelmodel.reasons.intervals import Worth, worth
from biolabel.labelmodel.reasons.reasons import Concern, concerns
from biolabel.labelmodel.reasons.watch import watch

_SHOWN = 10
"""Rows where the label model and the majority vote part most that are kept."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What the label model makes of one task, over the votes that it was fitted on.

    rows: why the rows of `compared.differences` have their soft labels, in the same order.
    """

    worth: tuple[Worth, ...]
    compared: Beside
    rows: tuple[RowReasons, ...]
    concerns: tuple[Concern, ...]


_ADAPTER = TypeAdapter(dict[str, Trust])


def trust(
    model: LabelModelParams,
    majority: LabelModelParams,
    matrices: Mapping[str, LabelMatrix],
    graph: TaskGraph,
) -> dict[str, Trust]:
    """Return what a label model makes of every task, beside the majority vote."""
    own, base = predict(model, matrices, graph), predict(majority, matrices, graph)
    alone, strict = _with_and_without_laws(model, matrices, graph)
    found = {}
    for name, matrix in matrices.items():
        compared = beside(matrix, own[name], base[name], _SHOWN)
        shown = [it.candidate for it in compared.differences]
        likeliest = [it.model.index(max(it.model)) for it in compared.differences]
        found[name] = Trust(
            worth(matrix, own[name]),
            compared,
            row_reasons(model, matrix, shown, likeliest),
            (*concerns(model.tasks[name]), *watch(matrix, alone[name], strict[name], compared)),
        )
    return found


def _with_and_without_laws(
    model: LabelModelParams, matrices: Mapping[str, LabelMatrix], graph: TaskGraph
) -> tuple[Mapping[str, SoftLabels], Mapping[str, SoftLabels]]:
    """Return the soft labels without any constraints, and with the hard ones alone."""
    alone = predict(model, matrices, replace(graph, constraints=()))
    laws = tuple(it for it in graph.constraints if it.strength == 1)
    return alone, predict(model, matrices, replace(graph, constraints=laws)) if laws else alone


def write_trust(path: Path, found: Mapping[str, Trust]) -> None:
    """Write what was found, as JSON."""
    path.write_bytes(_ADAPTER.dump_json(dict(found), indent=1) + b"\n")


def read_trust(path: Path) -> dict[str, Trust]:
    """Read it back."""
    return _ADAPTER.validate_json(path.read_bytes())
