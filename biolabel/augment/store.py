"""A pool on disk: new versions as an Arrow table, outcomes as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from biolabel.augment.pool import Outcome, Pool, Variant
from biolabel.augment.verify import Tally
from biolabel.data.documents import Mention
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels
from biolabel.errors import ModelError

_TABLE, _FACTS = "variants.arrow", "outcomes.json"
_WRONG = (
    OSError, pa.ArrowException, ValueError, KeyError, TypeError, AttributeError, RecursionError,
)  # fmt: skip
"""What reading files raises that are not what was written."""
_FLOATS = pa.list_(pa.float32())
_MENTION = pa.struct(
    [
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("type", pa.string()),
        ("concepts", pa.list_(pa.string())),
        ("source", pa.string()),
        ("probability", pa.float64()),
        ("parts", pa.list_(pa.list_(pa.int32()))),
    ]
)
_KINDS = ("entities", "relations", "topics")


def save(pool: Pool, folder: Path) -> None:
    """Write a pool into a folder that is there."""
    every = [variant for variants in pool.variants.values() for variant in variants]
    schema: list[tuple[str, pa.DataType]] = [
        ("id", pa.string()),
        ("made", pa.list_(pa.string())),
        ("text", pa.string()),
        ("words", pa.list_(pa.int32())),
        ("mentions", pa.list_(_MENTION)),
    ]
    columns: list[Sequence[Any]] = [
        [variant.document.id for variant in every],
        [variant.made for variant in every],
        [variant.document.text for variant in every],
        [variant.document.words.reshape(-1) for variant in every],
        [[_flat(mention) for mention in variant.document.mentions] for variant in every],
    ]
    tasks: dict[str, tuple[str, int]] = {}
    for kind in _KINDS:
        first: Mapping[str, Any] = getattr(every[0].document, kind) if every else {}
        for task, labels in first.items():
            tasks[task] = kind, labels.probabilities.shape[-1]
            mine = [getattr(variant.document, kind)[task] for variant in every]
            schema += [(f"{task}/probabilities", _FLOATS), (f"{task}/weight", _FLOATS)]
            columns.append([labels.probabilities.reshape(-1) for labels in mine])
            columns.append([np.atleast_1d(np.float32(labels.weight)) for labels in mine])
            if kind == "relations":
                schema.append((f"{task}/pairs", pa.list_(pa.string())))
                columns.append([list(chain.from_iterable(labels.pairs)) for labels in mine])
    table = pa.table(
        [pa.array(column, kind) for column, (_, kind) in zip(columns, schema, strict=True)],
        schema=pa.schema(schema),
    )
    with pa.OSFile(str(folder / _TABLE), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)
    facts = {
        "tasks": tasks,
        "outcomes": {name: asdict(outcome) for name, outcome in pool.outcomes.items()},
        "probabilities": dict(pool.probabilities),
    }
    (folder / _FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def load(folder: Path) -> Pool:
    """Read a pool.

    Raises:
        ModelError: BL843 for a folder that holds none, or a broken one.
    """
    try:
        with pa.memory_map(str(folder / _TABLE)) as source:
            table = pa.ipc.open_file(source).read_all()
            # Offsets that point outside of the file would end the process.
            table.validate(full=True)
            rows = table.to_pylist()
        facts = json.loads((folder / _FACTS).read_text("utf-8"))
        tasks: dict[str, tuple[str, int]] = facts["tasks"]
        variants: dict[str, list[Variant]] = {}
        for row in rows:
            variants.setdefault(row["id"], []).append(_variant(row, tasks))
        outcomes = {name: _outcome(found) for name, found in facts["outcomes"].items()}
        return Pool(variants, outcomes, facts["probabilities"])
    except _WRONG as error:
        message = f"the new versions of documents in {folder} cannot be read: {error}"
        raise ModelError("BL843", message, hint="delete the folder and run again") from error


def _flat(mention: Mention) -> dict[str, Any]:
    return {name: getattr(mention, name) for name in _MENTION.names}


def _variant(row: Mapping[str, Any], tasks: Mapping[str, tuple[str, int]]) -> Variant:
    labels: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    for task, (kind, k) in tasks.items():
        probabilities = np.array(row[f"{task}/probabilities"], dtype=np.float32).reshape(-1, k)
        weight = np.array(row[f"{task}/weight"], dtype=np.float32)
        if kind == "entities":
            labels[kind][task] = WordLabels(probabilities, weight)
        elif kind == "topics":
            labels[kind][task] = TopicLabels(probabilities[0], float(weight[0]))
        else:
            flat = row[f"{task}/pairs"]
            pairs = tuple(zip(flat[::2], flat[1::2], strict=True))
            labels[kind][task] = PairLabels(pairs, probabilities, weight)
    document = LabeledDocument(
        row["id"],
        row["text"],
        np.array(row["words"], dtype=np.int32).reshape(-1, 2),
        tuple(_mention(found) for found in row["mentions"]),
        **labels,
    )
    return Variant(document, tuple(row["made"]))


def _mention(found: Mapping[str, Any]) -> Mention:
    parts = tuple((start, end) for start, end in found["parts"])
    return Mention(**{**found, "concepts": tuple(found["concepts"]), "parts": parts})


def _outcome(found: Mapping[str, Any]) -> Outcome:
    tallies = {task: Tally(**tally) for task, tally in found["tallies"].items()}
    return Outcome(found["made"], found["dropped"], tallies)
