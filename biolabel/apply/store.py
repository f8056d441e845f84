"""Votes and mentions on disk, as Arrow files of a folder."""

import json
from collections.abc import Mapping
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from biolabel.apply.votes import Listing, RuleVotes
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.errors import ModelError

_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading files raises that are not what was written."""
_MENTION_COLUMNS = ("doc", "start", "end", "first_row", "end_row", "type")


def save_votes(folder: Path, votes: Mapping[str, TaskVotes]) -> None:
    """Write the votes of all tasks into a folder that exists; each task gets two tables and a head."""
    for name, found in votes.items():
        matrix = found.matrix
        _write(
            folder / f"{name}.votes.arrow",
            {
                "candidate": matrix.candidate,
                "lf": matrix.lf,
                "mask": matrix.mask,
                "first_row": found.evidence[:, 0],
                "end_row": found.evidence[:, 1],
            },
        )
        columns: dict[str, object] = {"doc": found.documents}
        if found.subjects:
            columns |= {"subject": found.subjects, "object": found.objects}
            columns |= {f"other{i}": names for i, names in enumerate(found.others)}
        if found.spans is not None:
            columns |= {"first_row": found.spans[:, 0], "end_row": found.spans[:, 1]}
        _write(folder / f"{name}.candidates.arrow", columns)
        task = matrix.task
        head = {
            "name": task.name,
            "kind": task.kind,
            "labels": task.labels,
            "exclusive": task.exclusive,
            "lfs": [
                {
                    "name": lf.name,
                    "precision": lf.precision,
                    "groups": sorted(lf.groups),
                    "draft": lf.draft,
                }
                for lf in matrix.lfs
            ],
        }
        (folder / f"{name}.json").write_text(json.dumps(head, indent=1), encoding="utf-8")
    (folder / "tasks.json").write_text(json.dumps(list(votes)), encoding="utf-8")


def load_votes(folder: Path) -> dict[str, TaskVotes]:
    """Read what `save_votes` wrote, tasks in the same order.

    Raises:
        ModelError: BL818 for a folder that holds no votes, or broken ones.
    """
    try:
        names = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
        if outside := [name for name in names if Path(name).name != name]:
            raise ValueError(f"{outside[0]!r} is no name of a task")
        return {name: _load(folder, name) for name in names}
    except (*_WRONG, pa.ArrowException) as error:
        message = f"the votes in {folder} cannot be read: {error}"
        raise ModelError("BL818", message, hint="delete the folder and run again") from error


def _load(folder: Path, name: str) -> TaskVotes:
    head = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    votes = _read(folder / f"{name}.votes.arrow", whole=True)
    candidates = _read(folder / f"{name}.candidates.arrow", whole=True)
    lfs = tuple(
        LabelingFunction(lf["name"], lf["precision"], frozenset(lf["groups"]), lf["draft"])
        for lf in head["lfs"]
    )
    task = Task(head["name"], head["kind"], tuple(head["labels"]), head["exclusive"])
    matrix = LabelMatrix(
        task,
        lfs,
        candidates.num_rows,
        votes["candidate"].to_numpy(),
        votes["lf"].to_numpy(),
        votes["mask"].to_numpy(),
    )
    evidence = np.stack([votes["first_row"].to_numpy(), votes["end_row"].to_numpy()], axis=1)
    held = candidates.column_names
    subjects, objects = (
        tuple(candidates[side].to_pylist()) if side in held else ()
        for side in ("subject", "object")
    )
    others = tuple(tuple(candidates[n].to_pylist()) for n in held if n.startswith("other"))
    spans = None
    if "first_row" in held:
        limits = candidates["first_row"].to_numpy(), candidates["end_row"].to_numpy()
        spans = np.stack(limits, axis=1)
    documents = candidates["doc"].to_numpy()
    for numbers, end in ((matrix.candidate, candidates.num_rows), (matrix.lf, len(lfs))):
        if numbers.min(initial=0) < 0 or numbers.max(initial=-1) >= end:
            raise ValueError(f"a vote of `{name}` is none of its candidates' or functions'")
    return TaskVotes(matrix, evidence, documents, subjects, objects, others, spans)


def save_column(path: Path, votes: RuleVotes) -> None:
    """Write the votes of one rule."""
    first_row, end_row = votes.evidence.T
    numbers = {"candidate": votes.candidate, "mask": votes.mask}
    _write(path, {**numbers, "first_row": first_row, "end_row": end_row})


def load_column(source: Path | pa.Buffer) -> RuleVotes:
    """Read what `save_column` wrote: a file, or its content."""
    table = _read(source)
    candidate, mask, first_row, end_row = (column.to_numpy() for column in table.columns)
    return RuleVotes(candidate, mask, np.stack([first_row, end_row], axis=1))


def save_listing(path: Path, listing: Listing) -> None:
    """Write the candidates of a relation or document task."""
    names = {f"argument{i}": column for i, column in enumerate(listing.arguments)}
    text = {name: pa.array(column, pa.string()) for name, column in names.items()}
    _write(path, {"doc": listing.documents, **text})


def load_listing(source: Path | pa.Buffer) -> Listing:
    """Read what `save_listing` wrote: a file, or its content."""
    doc, *arguments = _read(source).columns
    return Listing(doc.to_numpy(), tuple(tuple(column.to_pylist()) for column in arguments))


def save_mentions(path: Path, mentions: MentionTable) -> None:
    """Write a table of mentions."""
    columns = {name: getattr(mentions, name) for name in _MENTION_COLUMNS}
    types = pa.array(mentions.types, pa.string()).take(pa.array(mentions.type))
    ends = np.cumsum([0, *map(len, mentions.concepts)], dtype=np.int32)
    names = pa.array(list(chain.from_iterable(mentions.concepts)), pa.string())
    concepts = pa.ListArray.from_arrays(ends, names)
    _write(path, {**columns, "type": types, "concepts": concepts})


def load_mentions(source: Path | pa.Buffer) -> MentionTable:
    """Read what `save_mentions` wrote: a file, or its content."""
    table = _read(source)
    numbers = {name: table[name].to_numpy() for name in _MENTION_COLUMNS if name != "type"}
    named = table["type"].combine_chunks().dictionary_encode()
    found = named.dictionary.to_pylist()
    types = tuple(sorted(found))
    order = np.array([types.index(name) for name in found], dtype=np.int32)
    return MentionTable(
        **numbers,
        type=order[named.indices.to_numpy()] if len(table) else np.empty(0, dtype=np.int32),
        types=types,
        concepts=_lists(table["concepts"].combine_chunks()),
    )


def _lists(column: pa.ListArray) -> tuple[tuple[str, ...], ...]:
    """Return the lists of a column; most hold one text, and equal ones are one in memory."""
    texts, ends = (
        column.flatten().to_pylist(),
        column.offsets.to_numpy() - column.offsets[0].as_py(),
    )
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    found = (tuple(texts[a:b]) for a, b in pairwise(ends.tolist()))
    return tuple(known.setdefault(each, each) for each in found)


def _write(path: Path, columns: Mapping[str, object]) -> None:
    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    with pa.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _read(source: Path | pa.Buffer, *, whole: bool = False) -> pa.Table:
    """Return a table; whole: checked, as offsets that point outside of the file would end the process."""
    content = pa.memory_map(str(source)).read_buffer() if isinstance(source, Path) else source
    table = pyarrow.ipc.open_file(content).read_all()
    if whole:
        table.validate(full=True)
    return table.combine_chunks()
