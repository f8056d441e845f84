"""Votes that were made elsewhere, by a language model or a crowd, read from a table."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from biolabel.data import parquet
from biolabel.data.corpus import Corpus
from biolabel.data.growth import GROWTH, allowed
from biolabel.data.models import Answers, Model, Spans
from biolabel.errors import ModelError

_NOT_KEYS = frozenset({"label", "score"})
_BESIDE = "paths are relative to the rule file"


def vote_file(path: Path) -> Model:
    """Return the votes of a Parquet file, or of a TSV or CSV file with a header line, as a model.

    Columns: `doc`, `label`, optionally `score` (1 if missing); and what says which candidate: `start`
    and `end` for spans (code points), the arguments by name as ids (`chemical`, with or without
    prefix) or as `chemical_start` and `chemical_end` for relations, where it starts or ends for
    sentences, nothing for documents. Where
    several rows speak of one candidate (a crowd), the score of a label is the sum of its scores
    divided by the number of these rows.

    Raises:
        ModelError: BL850 for a file that cannot be read or lacks a column.
    """
    table = _read(path)
    twice = [name for name, n in Counter(table.column_names).items() if n > 1]
    if twice:
        raise ModelError("BL850", f"{path} has the column {twice[0]} more than once")
    missing = {"doc", "label"} - set(table.column_names)
    if missing:
        found = ", ".join(table.column_names)
        raise ModelError(
            "BL850",
            f"{path} has no column {' and no column '.join(sorted(missing))}",
            hint=f"columns found: {found}; a file of votes needs doc and label",
        )
    table = _typed(table, path)
    spans = {"start", "end"} <= set(table.column_names)
    return Model(
        find=(lambda corpus: _spans(table, corpus)) if spans else None,
        judge=lambda candidates: _answers(table, candidates, path),
        texts=False,
    )


def documents_of(path: Path) -> tuple[str, ...]:
    """Return the ids of the documents that a file of votes speaks of, each once.

    Raises:
        ModelError: BL850 for a file that cannot be read.
    """
    table = _read(path)
    found = (
        table["doc"] if table.column_names.count("doc") == 1 else pa.chunked_array([], pa.string())
    )
    return tuple(pc.unique(found.cast(pa.string())).drop_null().to_pylist())


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix == ".parquet":
            return _plain(parquet.opened(path).read(), path)
        sign = "," if path.suffix == ".csv" else "\t"
        parse = pyarrow.csv.ParseOptions(delimiter=sign)
        # Identifiers such as 0012 are texts; numbers are read from texts below.
        names = pyarrow.csv.read_csv(path, parse_options=parse).column_names
        texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        return pyarrow.csv.read_csv(path, parse_options=parse, convert_options=texts)
    except FileNotFoundError:
        raise ModelError("BL850", f"no such file of votes: {path}", hint=_BESIDE) from None
    except parquet.GrownError:
        message = f"{path} holds more than {GROWTH} times its size"
        raise ModelError("BL850", message, hint="if that is right, write it as TSV") from None
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError("BL850", f"{path} cannot be read as votes: {reason}") from None


def _plain(table: pa.Table, path: Path) -> pa.Table:
    """Return a table without dictionaries, if it is no larger than its file may unpack to."""
    table.validate(full=True)
    if parquet.size_of(table.columns) > allowed(path):
        raise parquet.GrownError
    kinds = [field.type for field in table.schema]
    plain = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in kinds]
    return table.cast(pa.schema(list(zip(table.column_names, plain, strict=True))))


def _typed(table: pa.Table, path: Path) -> pa.Table:
    """Return the table with text ids, whole offsets and a score, rows without a label left out."""
    if "score" not in table.column_names:
        table = table.append_column("score", pa.array(np.ones(len(table))))
    columns = {}
    for name in table.column_names:
        wanted = pa.string()
        if name == "score":
            wanted = pa.float64()
        elif name in ("start", "end") or name.endswith(("_start", "_end")):
            wanted = pa.int32()
        try:
            columns[name] = table[name].cast(wanted)
        except pa.ArrowException as error:
            reason = str(error).splitlines()[0]
            raise ModelError("BL850", f"column {name} of {path}: {reason}") from None
    typed = pa.table(columns)
    voted = pc.and_(pc.is_valid(typed["label"]), pc.not_equal(typed["label"], ""))
    typed = typed.filter(voted)
    score = typed["score"].to_numpy()  # a missing score is NaN here
    if not np.isfinite(score).all():
        row = int(np.flatnonzero(~np.isfinite(score))[0])
        where = f"document {typed['doc'][row].as_py()}, label {typed['label'][row].as_py()}"
        hint = "give each vote a number, or leave the column out"
        raise ModelError("BL850", f"column score of {path}: no number for {where}", hint=hint)
    return typed


def _spans(table: pa.Table, corpus: Corpus) -> Spans:
    documents = {name: i for i, name in enumerate(corpus.ids)}
    doc = np.array([documents.get(name, -1) for name in table["doc"].to_pylist()], dtype=np.int32)
    mine = table.filter(pa.array(doc >= 0))
    label, labels = _coded(mine["label"].to_pylist())
    return Spans(
        doc[doc >= 0],
        mine["start"].to_numpy().astype(np.int32),
        mine["end"].to_numpy().astype(np.int32),
        label,
        mine["score"].to_numpy(),
        labels,
    )


def _answers(table: pa.Table, candidates: pa.Table, path: Path) -> Answers:
    """Join votes with candidates on every column that both have."""
    keys = [name for name in table.column_names if name not in _NOT_KEYS]
    keys = [name for name in keys if name in candidates.column_names]
    arguments = _arguments(candidates)
    lost = [name for name in arguments if not {name, f"{name}_start"} & set(keys)]
    if lost:
        raise ModelError(
            "BL850",
            f"{path} does not say which {' and '.join(lost)} its votes are about",
            hint=f"columns needed: {', '.join(lost)} (ids) or NAME_start and NAME_end",
        )
    if "start" in candidates.column_names and not {"start", "end"} & set(keys):
        raise ModelError(
            "BL850",
            f"{path} does not say which sentences its votes are about",
            hint="columns needed: start or end, the place of the sentence in its document",
        )
    left = candidates.select(keys).append_column("row", pa.array(np.arange(len(candidates))))
    right = table.select([*keys, "label", "score"])
    for name in set(keys) & set(arguments):
        right = right.set_column(right.column_names.index(name), name, _local(right[name]))
        left = left.set_column(left.column_names.index(name), name, _local(left[name]))
    joined = left.join(right, keys=keys, join_type="inner")
    return _pooled(
        joined["row"].to_numpy(), joined["label"].to_pylist(), joined["score"].to_numpy()
    )


def _arguments(candidates: pa.Table) -> list[str]:
    names = set(candidates.column_names)
    return [name for name in candidates.column_names if f"{name}_start" in names]


def _local(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return identifiers without their prefix, in which files of votes differ."""
    return pc.replace_substring_regex(ids, r"^[A-Za-z][\w.]*:", "")


def _pooled(row: NDArray[np.int64], texts: Sequence[str], score: NDArray[np.float64]) -> Answers:
    label, labels = _coded(texts)
    both, which = np.unique(row * max(len(labels), 1) + label.astype(np.int64), return_inverse=True)
    total = np.bincount(which, weights=score, minlength=len(both))
    votes = np.bincount(row, minlength=int(row.max(initial=-1)) + 1)
    rows = both // max(len(labels), 1)
    return Answers(
        rows.astype(np.int32),
        (both % max(len(labels), 1)).astype(np.int32),
        total / votes[rows],
        labels,
    )


def _coded(texts: Sequence[str]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    labels = tuple(sorted(set(texts)))
    numbers = {label: i for i, label in enumerate(labels)}
    return np.array([numbers[text] for text in texts], dtype=np.int32), labels
