"""What fitting shows of each task: how far each rule can be trusted, and what looks wrong."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate
from operator import add
from pathlib import Path

from pydantic import TypeAdapter

from biolabel.data.labels import LabelMatrix, SoftLabels, TaskGraph
from biolabel.labelmodel.model import predict
from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.reasons.beside import Beside, Compared, compared, together
from biolabel.labelmodel.reasons.contributions import RowReasons, row_reasons
from biolabel.labelmodel.reasons.intervals import Sums, Worth, sums, worth_of
from biolabel.labelmodel.reasons.reasons import Concern, concerns
from biolabel.labelmodel.reasons.watch import Overruled, overruled, watched

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


@dataclass(frozen=True, slots=True)
class Part:
    """What trust needs of the votes of one task on a shard."""

    sums: Sums
    compared: Compared
    overruled: Overruled


def trust(
    model: LabelModelParams,
    majority: LabelModelParams,
    matrices: Mapping[str, LabelMatrix],
    graph: TaskGraph,
) -> dict[str, Trust]:
    """Return what a label model makes of every task, beside the majority vote."""
    return trust_of(model, [part_of(model, majority, matrices, graph)], lambda _: matrices)


def part_of(
    model: LabelModelParams,
    majority: LabelModelParams,
    matrices: Mapping[str, LabelMatrix],
    graph: TaskGraph,
) -> dict[str, Part]:
    """Return what `trust_of` needs of each task's votes on a shard."""
    own, base = predict(model, matrices, graph), predict(majority, matrices, graph)
    alone, strict = _with_and_without_laws(model, matrices, graph)
    return {
        name: Part(
            sums(matrix, own[name]),
            compared(matrix, own[name], base[name]),
            overruled(matrix, alone[name], strict[name]),
        )
        for name, matrix in matrices.items()
    }


def trust_of(
    model: LabelModelParams,
    shards: Sequence[Mapping[str, Part]],
    votes: Callable[[int], Mapping[str, LabelMatrix]],
) -> dict[str, Trust]:
    """Return what a label model makes of every task over all shards.

    votes: the votes of a shard, asked of those alone whose rows are shown.
    """
    found = {}
    for name in shards[0]:
        fitted, parts = model.tasks[name], [shard[name] for shard in shards]
        beside = together([part.compared for part in parts], _SHOWN)
        ends = list(accumulate(part.compared.candidates for part in parts))
        rows = []
        for it in beside.differences:
            shard = bisect_right(ends, it.candidate)
            local = it.candidate - (ends[shard - 1] if shard else 0)
            likeliest = it.model.index(max(it.model))
            [row] = row_reasons(model, votes(shard)[name], [local], [likeliest])
            rows.append(replace(row, candidate=it.candidate))
        total = reduce(add, (part.overruled for part in parts))
        found[name] = Trust(
            worth_of(fitted.lfs, reduce(add, (part.sums for part in parts))),
            beside,
            tuple(rows),
            (*concerns(fitted), *watched(fitted.task, fitted.lfs, total, beside)),
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
