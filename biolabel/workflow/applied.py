"""Applied rules on disk: votes and mentions, one folder a shard, read as those of one corpus."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.store import load_mentions, load_votes
from biolabel.data.labels import LabelMatrix
from biolabel.data.mentions import MentionTable, joined
from biolabel.data.votes import TaskVotes

Sizes = Sequence[tuple[int, int]]
"""The numbers of documents and rows of each shard."""
Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


_SHARDS = "shards.json"
GIVEN = "given.npz"
"""Probabilities between given mentions, beside those of each system between own ones."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Votes of all tasks over a corpus and the mentions that relations are between."""

    votes: Mapping[str, TaskVotes]
    mentions: MentionTable


def shard_folders(folder: Path, count: int) -> list[Path]:
    """Return where the result of each of some shards lies; that of a single one is the folder."""
    return [folder] if count == 1 else [folder / f"{shard:05}" for shard in range(count)]


def write_sizes(folder: Path, sizes: Sizes) -> None:
    """Write what joins the results of several shards."""
    if len(sizes) > 1:
        (folder / _SHARDS).write_text(json.dumps(sizes), encoding="utf-8")


def task_files(folder: Path, task: str) -> list[Path]:
    """Return the files that hold the votes and candidates of a task on all shards."""
    names = (f"{task}.votes.arrow", f"{task}.candidates.arrow", f"{task}.json")
    return [place / name for place in _folders(folder) for name in names]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many votes, functions and candidates a task has on all shards."""

    votes: int
    functions: int
    candidates: int


def tallies(folder: Path) -> dict[str, Tally]:
    """Return the tally of each task, looking at one shard at a time."""
    found: dict[str, Tally] = {}
    for each in _folders(folder):
        for name, shard in load_votes(each).items():
            matrix, before = shard.matrix, found.get(name, Tally(0, 0, 0))
            found[name] = Tally(
                before.votes + len(matrix.mask),
                len(matrix.lfs),
                before.candidates + matrix.n_candidates,
            )
    return found


def read_votes(folder: Path) -> dict[str, TaskVotes]:
    """Read the votes of all tasks: those of the only shard as they lie, else copied into memory."""
    shards = [load_votes(each) for each in _folders(folder)]
    if len(shards) == 1:
        return shards[0]
    before = _before(_sizes(folder))
    return {name: _joined([each[name] for each in shards], *before) for name in shards[0]}


def read_applied(folder: Path) -> Applied:
    """Read votes, as `read_votes`, and the mentions of all shards."""
    tables = [load_mentions(each / "mentions.arrow") for each in _folders(folder)]
    if len(tables) > 1:
        before = _before(_sizes(folder))
        tables = [_moved_mentions(*each) for each in zip(tables, *before, strict=True)]
    return Applied(read_votes(folder), tables[0] if len(tables) == 1 else joined(tables))


def read_shard(folder: Path) -> Applied:
    """Return the votes and mentions of one shard, its documents and rows counted from its first."""
    return Applied(load_votes(folder), load_mentions(folder / "mentions.arrow"))


def save_probabilities(path: Path, rows: Mapping[str, Floats]) -> None:
    """Write the probabilities of a shard by task: float32[n, k]."""
    np.savez(path, **dict(rows))


def load_probabilities(path: Path) -> dict[str, Floats]:
    """Return what `save_probabilities` wrote; nothing where there is no such file."""
    if not path.is_file():
        return {}
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays}


def read_probabilities(folder: Path, file: str) -> dict[str, Floats]:
    """Return the probabilities of a file's name on all shards together."""
    shards = [load_probabilities(each / file) for each in _folders(folder)]
    if len(shards) == 1:
        return shards[0]
    return {name: np.concatenate([each[name] for each in shards]) for name in shards[0]}


def _sizes(folder: Path) -> Sizes:
    path = folder / _SHARDS
    sizes: Sizes = json.loads(path.read_text("utf-8")) if path.is_file() else [(0, 0)]
    return sizes


def _folders(folder: Path) -> list[Path]:
    return shard_folders(folder, len(_sizes(folder)))


def _moved_mentions(table: MentionTable, documents: np.int32, rows: np.int32) -> MentionTable:
    return replace(
        table,
        doc=table.doc + documents,
        first_row=table.first_row + rows,
        end_row=table.end_row + rows,
    )


def _before(sizes: Sizes) -> tuple[Ints, Ints]:
    """Return how many documents and rows stand before each shard."""
    table = np.array(list(accumulate(sizes, _sum, initial=(0, 0)))[:-1], dtype=np.int32)
    return table[:, 0], table[:, 1]


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _joined(shards: Sequence[TaskVotes], documents: Ints, rows: Ints) -> TaskVotes:
    first = shards[0]
    sizes = [votes.matrix.n_candidates for votes in shards]
    before = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    matrix = LabelMatrix(
        first.matrix.task,
        first.matrix.lfs,
        int(before[-1]),
        np.concatenate([v.matrix.candidate + n for v, n in zip(shards, before, strict=False)]),
        np.concatenate([v.matrix.lf for v in shards]),
        np.concatenate([v.matrix.mask for v in shards]),
    )
    evidence = [_moved(v.evidence, row) for v, row in zip(shards, rows, strict=True)]
    spans = [v.spans + row for v, row in zip(shards, rows, strict=True) if v.spans is not None]
    return TaskVotes(
        matrix,
        np.concatenate(evidence),
        np.concatenate([v.documents + doc for v, doc in zip(shards, documents, strict=True)]),
        tuple(chain.from_iterable(v.subjects for v in shards)),
        tuple(chain.from_iterable(v.objects for v in shards)),
        tuple(
            tuple(chain.from_iterable(columns))
            for columns in zip(*(v.others for v in shards), strict=True)
        ),
        np.concatenate(spans) if spans else None,
    )


def _moved(evidence: Ints, row: np.int32) -> Ints:
    """Return evidence as rows of all shards; votes on documents have none, which stays an empty one."""
    return np.where(evidence[:, :1] == evidence[:, 1:], evidence, evidence + row)
