"""Votes as the files of WRENCH, and back (wrench/dataset/basedataset.py and seqdataset.py say how it reads).

Tasks on documents, sentences, spans and pairs are classification: SPLIT.json has for each candidate its
`data` (`text`, and of a pair `entity1`, `span1`, `entity2`, `span2`), its gold `label`, and `weak_labels`,
one number a rule, -1 for abstain; label.json names the numbers. Tasks on words are sequences: each sentence
has its words, and for each word and rule a tag, `B-TYPE`, `I-TYPE` or `O`. There `O` is also what a rule
says that abstains or votes for `none`: the format cannot tell them apart. meta.json names the rules.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.files import replacing_file
from biolabel.data.labels import LabelMatrix, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.interop.columns import place_columns
from biolabel.interop.matrices import GIBIBYTE, check_memory, from_snorkel, single_labels

Ints = NDArray[np.int64]
_NUMBER = 4
"""Bytes that a number of a file takes, with comma and blank: its reader keeps far more of each."""


@dataclass(frozen=True, slots=True)
class Wrench:
    """A split of WRENCH as a label matrix; gold: int64[n], -1 where it is unknown; data: one a candidate."""

    matrix: LabelMatrix
    gold: Ints
    data: tuple[Mapping[str, Any], ...]


def write_wrench(
    folder: Path,
    votes: TaskVotes,
    corpus: Corpus,
    mentions: MentionTable,
    gold: Ints | None = None,
    *,
    split: str = "train",
    leave_out: bool = False,
    memory: int = GIBIBYTE,
) -> tuple[Path, ...]:
    """Write the votes of a task as a split, and return the files.

    gold: int64[n], the number of each candidate's label, -1 where it is unknown.

    Raises:
        RunError: BL906 when a file cannot be written; BL966, BL967 as `interop.matrices.to_snorkel`.
    """
    matrix = votes.matrix
    check_memory((matrix.n_candidates, len(matrix.lfs)), memory, _NUMBER)
    kept, labels = single_labels(matrix, leave_out=leave_out)
    known = np.full(matrix.n_candidates, -1, dtype=np.int64) if gold is None else gold
    names: dict[str, object] = {"lf": [lf.name for lf in matrix.lfs], "num_lf": len(matrix.lfs)}
    files: dict[str, Iterator[str]] = {}
    if _of_words(votes):
        types = [label for label in matrix.task.labels if label != "none"]
        rows = _sentences(votes, kept, labels, corpus, known)
        names |= {"entity_types": types}
    else:
        rows = _examples(votes, kept, labels, corpus, mentions, known)
        ids = {str(number): label for number, label in enumerate(matrix.task.labels)}
        files["label.json"] = iter([json.dumps(ids, ensure_ascii=False)])
    files["meta.json"] = iter([json.dumps(names, ensure_ascii=False)])
    files[f"{split}.json"] = _object(rows)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, pieces in files.items():
            with (
                replacing_file(folder / name) as temporary,
                temporary.open("w", encoding="utf-8") as out,
            ):
                out.writelines(pieces)
    except OSError as error:
        raise RunError("BL906", f"cannot write {folder}: {error.strerror}") from error
    return tuple(folder / name for name in files)


def read_wrench(folder: Path, split: str = "train", task: Task | None = None) -> Wrench:
    """Read a split of WRENCH, of classification or of sequences, as a label matrix.

    task: whose labels the numbers or tags are; else one of documents, or of words, with the labels of the
    files. Candidates are the examples, or the words of all sentences, in the order of the file.

    Raises:
        RunError: BL968 for files that are missing or hold something else.
    """
    examples = _json(folder / f"{split}.json")
    rows = list(examples.values())
    meta = _json(folder / "meta.json") if (folder / "meta.json").is_file() else {}
    try:
        if "entity_types" in meta:
            return _of_tags(rows, list(meta["entity_types"]), list(meta.get("lf", [])), task)
        labels = _json(folder / "label.json")
        names = [str(labels[str(number)]) for number in range(len(labels))]
        dense = np.array([row["weak_labels"] for row in rows])
        if not len(rows):
            dense = np.empty((0, len(meta.get("lf", []))), dtype=np.int64)
        rules = meta.get("lf") or [f"lf_{at}" for at in range(dense.shape[1])]
        found = task or Task("wrench", "document", tuple(names))
        matrix = from_snorkel(_numbers(dense, names, found.labels), found, rules)
        gold = _numbers(np.array([row.get("label", -1) for row in rows]), names, found.labels)
        return Wrench(matrix, gold, tuple(row["data"] for row in rows))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise RunError("BL968", f"{folder} holds no data of WRENCH: {error!r}") from error


def _of_words(votes: TaskVotes) -> bool:
    return votes.matrix.task.kind == "entity" and votes.spans is None


def _examples(
    votes: TaskVotes,
    kept: LabelMatrix,
    labels: Ints,
    corpus: Corpus,
    mentions: MentionTable,
    gold: Ints,
) -> Iterator[Mapping[str, object]]:
    """Yield the candidates with their votes, those that no rule voted on too."""
    n, m = kept.n_candidates, len(kept.lfs)
    columns = place_columns(votes, corpus, mentions, np.arange(n))
    own = {name: column.to_pylist() for name, column in columns.items()}
    first = np.searchsorted(kept.candidate, np.arange(n + 1))
    for at in range(n):
        row = np.full(m, -1, dtype=np.int64)
        some = slice(first[at], first[at + 1])
        row[kept.lf[some]] = labels[some]
        data: dict[str, object] = {"text": corpus.texts[int(votes.documents[at])]}
        if "text" in own:
            data["text"] = own["text"][at]
        for number, name in ((1, "subject"), (2, "object")):
            if name in own:
                data[f"entity{number}"] = own[f"{name}_text"][at] or own[name][at]
                data[f"span{number}"] = [own[f"{name}_start"][at], own[f"{name}_end"][at]]
        yield {"label": int(gold[at]), "weak_labels": row.tolist(), "data": data}


def _sentences(
    votes: TaskVotes, kept: LabelMatrix, labels: Ints, corpus: Corpus, gold: Ints
) -> Iterator[Mapping[str, object]]:
    """Yield the sentences with a tag for each word and rule."""
    names, m = kept.task.labels, len(kept.lfs)
    evidence = dict(
        zip(
            zip(votes.matrix.candidate.tolist(), votes.matrix.lf.tolist(), strict=True),
            votes.evidence.tolist(),
            strict=True,
        )
    )
    limits = zip(corpus.sentence_first_row.tolist(), corpus.sentence_end_row.tolist(), strict=True)
    for sentence, (low, high) in enumerate(limits):
        text = corpus.texts[int(corpus.sentence_doc[sentence])]
        places = zip(
            corpus.row_start[low:high].tolist(), corpus.row_end[low:high].tolist(), strict=True
        )
        tags = [["O"] * m for _ in range(high - low)]
        first, end = np.searchsorted(kept.candidate, [low, high]).tolist()
        for vote in range(first, end):
            row, lf = int(kept.candidate[vote]), int(kept.lf[vote])
            name = names[labels[vote]]
            if name != "none":
                start = max(evidence[row, lf][0], low)
                tags[row - low][lf] = f"{'B' if row == start else 'I'}-{name}"
        said = [names[number] if number >= 0 else "none" for number in gold[low:high].tolist()]
        before = ["none", *said[:-1]]
        yield {
            "data": {"text": [text[start:end] for start, end in places]},
            "label": [
                "O" if name == "none" else f"{'I' if name == last else 'B'}-{name}"
                for name, last in zip(said, before, strict=True)
            ],
            "weak_labels": tags,
        }


def _of_tags(
    rows: Sequence[Mapping[str, Any]], types: list[str], rules: list[str], task: Task | None
) -> Wrench:
    found = task or Task("wrench", "entity", (*types, "none"))
    numbers = {f"{side}-{name}": found.labels.index(name) for name in types for side in "BI"}
    numbers["O"] = -1
    width = len(rules) or len(rows[0]["weak_labels"][0])
    dense = [[numbers[tag] for tag in word] for row in rows for word in row["weak_labels"]]
    gold = [numbers[tag] for row in rows for tag in row["label"]]
    array = np.array(dense, dtype=np.int64).reshape(-1, width)
    matrix = from_snorkel(array, found, rules or [f"lf_{at}" for at in range(width)])
    return Wrench(matrix, np.array(gold, dtype=np.int64), tuple(row["data"] for row in rows))


def _numbers(own: NDArray[Any], names: Sequence[str], labels: Sequence[str]) -> Ints:
    """Return numbers of labels of the files as those of a task, -1 as it is."""
    place = np.array([*(labels.index(name) for name in names), -1], dtype=np.int64)
    if own.dtype.kind != "i" or (own < -1).any() or (own >= len(names)).any():
        raise RunError("BL968", f"labels are not numbers from -1 to {len(names) - 1}")
    return place[own]


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError("BL968", f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RunError("BL968", f"{path} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise RunError("BL968", f"{path} is no object of JSON")
    return found


def _object(rows: Iterator[Mapping[str, object]]) -> Iterator[str]:
    """Yield one JSON object, row by row, under the numbers of the rows."""
    yield "{"
    for number, row in enumerate(rows):
        yield f'{", " if number else ""}"{number}": {json.dumps(row, ensure_ascii=False)}'
    yield "}"
