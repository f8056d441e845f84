"""Votes and soft labels as Arrow tables: a row a vote, and a row a candidate.

Both say where a candidate stands: `doc`, its document's id; `start` and `end` (code points, half-open)
and `text` for words, spans and sentences; for each argument of a relation its CURIE or mention key, and
where and how the document first names it (`chemical`, `chemical_start`, `chemical_end`, `chemical_text`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.interop.places import (
    argument_columns,
    candidate_limits,
    evidence_limits,
    first_places,
    labels_of,
    texts_at,
)

Rows = NDArray[np.int64]


def votes_table(
    votes: TaskVotes, corpus: Corpus, mentions: MentionTable, arguments: Sequence[str] = ()
) -> pa.Table:
    """Return one row a vote: the candidate and its place, `rule`, `labels`, and where its evidence stands.

    arguments: what the relation calls its arguments, else `subject`, `object`, `argument3`, ...
    candidate: int32; labels: a list of the labels that the vote leaves possible; `evidence_start` and
    `evidence_end`: int32, null for a vote on a whole document.
    """
    matrix = votes.matrix
    candidates = matrix.candidate.astype(np.int64)
    known, inverse = np.unique(matrix.mask, return_inverse=True)
    sets = [list(labels_of(matrix.task, int(mask))) for mask in known]
    labels = pa.array(sets, pa.list_(pa.string())).take(pa.array(inverse.reshape(-1)))
    rules = pa.array([lf.name for lf in matrix.lfs], pa.string())
    limits = evidence_limits(votes, corpus, np.arange(len(matrix.mask)))
    nowhere = limits[:, 0] == limits[:, 1]
    return pa.table(
        {
            "candidate": pa.array(matrix.candidate),
            **place_columns(votes, corpus, mentions, candidates, arguments),
            "rule": pa.DictionaryArray.from_arrays(pa.array(matrix.lf.astype(np.int32)), rules),
            "labels": labels,
            "evidence_start": pa.array(limits[:, 0], mask=nowhere),
            "evidence_end": pa.array(limits[:, 1], mask=nowhere),
        }
    )


def soft_table(
    soft: SoftLabels,
    votes: TaskVotes,
    corpus: Corpus,
    mentions: MentionTable,
    arguments: Sequence[str] = (),
    *,
    everyone: bool = False,
) -> pa.Table:
    """Return one row a candidate: its place, `label`, and the probability of each label, `p_LABEL` float32.

    label: the likeliest one. everyone: also candidates without a vote, whose probabilities are the
    class prior; they are no training data, and the column `covered` tells them apart.
    """
    chosen = np.arange(len(soft.covered)) if everyone else np.flatnonzero(soft.covered)
    rows = soft.probabilities[chosen]
    likeliest = rows.argmax(axis=1).astype(np.int32)
    names = pa.array(soft.task.labels, pa.string())
    return pa.table(
        {
            "candidate": pa.array(chosen.astype(np.int32)),
            **place_columns(votes, corpus, mentions, chosen, arguments),
            "label": pa.DictionaryArray.from_arrays(pa.array(likeliest), names),
            **{f"p_{name}": pa.array(rows[:, at]) for at, name in enumerate(soft.task.labels)},
            "covered": pa.array(soft.covered[chosen]),
        }
    )


def place_columns(
    votes: TaskVotes,
    corpus: Corpus,
    mentions: MentionTable,
    candidates: Rows,
    arguments: Sequence[str] = (),
) -> dict[str, pa.Array]:
    """Return what says which candidates these are, as the module describes it."""
    documents = votes.documents[candidates]
    ids = pa.array(corpus.ids, pa.string())
    found: dict[str, pa.Array] = {
        "doc": pa.DictionaryArray.from_arrays(pa.array(documents.astype(np.int32)), ids)
    }
    limits = candidate_limits(votes, corpus, candidates)
    if limits is not None:
        found["start"], found["end"] = pa.array(limits[:, 0]), pa.array(limits[:, 1])
        found["text"] = pa.array(texts_at(corpus, documents, limits), pa.string())
    sides = argument_columns(votes)
    usual = ("subject", "object", *(f"argument{at + 1}" for at in range(2, len(sides))))
    for name, side in zip(arguments or usual, sides, strict=False):
        found |= _argument(name, side, corpus, mentions, documents, candidates)
    return found


def _argument(
    name: str,
    side: Sequence[str],
    corpus: Corpus,
    mentions: MentionTable,
    documents: NDArray[np.integer[Any]],
    candidates: Rows,
) -> dict[str, pa.Array]:
    called = [side[at] for at in candidates.tolist()]
    limits = first_places(mentions, list(zip(documents.tolist(), called, strict=True)))
    nowhere = limits[:, 0] == limits[:, 1]
    return {
        name: pa.array(called, pa.string()),
        f"{name}_start": pa.array(limits[:, 0], mask=nowhere),
        f"{name}_end": pa.array(limits[:, 1], mask=nowhere),
        f"{name}_text": pa.array(texts_at(corpus, documents, limits), pa.string(), mask=nowhere),
    }
