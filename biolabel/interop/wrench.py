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
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.files import replacing_file
from biolabel.data.labels import LabelMatrix, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.interop.columns import place_columns
from biolabel.interop.files import read_object
from biolabel.interop.matrices import GIBIBYTE, check_memory, from_snorkel, single_labels

Ints = NDArray[np.int64]
_HINT = "an example has data (an object), weak_labels (one vote a rule) and label; meta.json names the rules"
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
    path, about = folder / f"{split}.json", folder / "meta.json"
    examples = read_object(path)
    meta = read_object(about) if about.is_file() else {}
    rules = _names_in(meta, "lf", about)
    rows = [_checked(row, f"example {key!r} of {path}") for key, row in examples.items()]
    if "entity_types" in meta:
        types = _names_in(meta, "entity_types", about)
        found = task or Task("wrench", "entity", (*types, "none"))
        return _of_tags(rows, _known(types, found, about), rules, found)
    names = _labels_in(folder / "label.json")
    found = task or Task("wrench", "document", tuple(names))
    return _of_numbers(rows, _known(names, found, folder / "label.json"), rules, found)


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


@dataclass(frozen=True, slots=True)
class _Row:
    """An example as a file has it; place: what it is called in messages."""

    place: str
    data: Mapping[str, Any]
    votes: list[Any]
    label: object


def _checked(row: object, place: str) -> _Row:
    if not isinstance(row, dict):
        raise RunError("BL968", f"{place} is no object", hint=_HINT)
    votes, data = row.get("weak_labels"), row.get("data")
    if not isinstance(votes, list) or not isinstance(data, dict):
        name = "data" if isinstance(votes, list) else "weak_labels"
        what = "an object" if name == "data" else "a list"
        raise RunError("BL968", f"{place} has no `{name}`, {what}", hint=_HINT)
    return _Row(place, data, votes, row.get("label", -1))


def _of_numbers(
    rows: Sequence[_Row], place: Mapping[str, int], rules: list[str], task: Task
) -> Wrench:
    """Return votes and gold that are numbers of labels; place: where a task has each of these."""
    width = len(rules or (rows[0].votes if rows else []))
    own = np.array([*place.values(), -1], dtype=np.int64)
    for row in rows:
        if len(row.votes) != width:
            message = f"{row.place} has {len(row.votes)} votes, and there are {width} rules"
            raise RunError("BL968", message, hint=_HINT)
        for number in (*row.votes, row.label):
            if type(number) is not int or not -1 <= number < len(place):
                message = f"{row.place}: {_shown(number)} is no number from -1 to {len(place) - 1}"
                raise RunError("BL968", message, hint=_HINT)
    dense = own[np.array([row.votes for row in rows], dtype=np.int64).reshape(len(rows), width)]
    matrix = from_snorkel(dense, task, rules or [f"lf_{at}" for at in range(width)])
    gold = own[np.array([row.label for row in rows], dtype=np.int64)]
    return Wrench(matrix, gold, tuple(row.data for row in rows))


def _of_tags(
    rows: Sequence[_Row], place: Mapping[str, int], rules: list[str], task: Task
) -> Wrench:
    """Return votes and gold that are a tag a word; place: where a task has each type."""
    numbers = {f"{side}-{name}": number for name, number in place.items() for side in "BI"}
    numbers["O"] = -1
    first: object = next((word for row in rows for word in row.votes), None)
    width = len(rules or (first if isinstance(first, list) else []))
    for row in rows:
        if not isinstance(row.label, list) or len(row.label) != len(row.votes):
            message = (
                f"{row.place} has no `label` with a tag for each of its {len(row.votes)} words"
            )
            raise RunError("BL968", message, hint=_HINT)
        for word in row.votes:
            if not isinstance(word, list) or len(word) != width:
                message = f"{row.place} has a word without votes of the {width} rules"
                raise RunError("BL968", message, hint=_HINT)
        for tag in (*row.label, *(tag for word in row.votes for tag in word)):
            if not isinstance(tag, str) or tag not in numbers:
                there = ", ".join(numbers)
                message = f"{row.place}: {_shown(tag)} is no tag"
                raise RunError("BL968", message, hint=f"there are: {there}")
    dense = [[numbers[tag] for tag in word] for row in rows for word in row.votes]
    gold = [numbers[tag] for row in rows for tag in cast(list[str], row.label)]
    array = np.array(dense, dtype=np.int64).reshape(len(dense), width)
    matrix = from_snorkel(array, task, rules or [f"lf_{at}" for at in range(width)])
    return Wrench(matrix, np.array(gold, dtype=np.int64), tuple(row.data for row in rows))


def _names_in(meta: Mapping[str, object], name: str, path: Path) -> list[str]:
    found = meta.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise RunError("BL968", f"`{name}` of {path} is no list of names", hint=_HINT)
    return found


def _labels_in(path: Path) -> list[str]:
    found = read_object(path)
    names = [found.get(str(number)) for number in range(len(found))]
    texts = [name for name in names if isinstance(name, str)]
    if not texts or len(texts) < len(names):
        hint = 'it needs a name for each number from 0 on: {"0": "negative", "1": "positive"}'
        raise RunError("BL968", f"{path} names no labels", hint=hint)
    return texts


def _known(names: Sequence[str], task: Task, path: Path) -> dict[str, int]:
    """Return where a task has the labels that a file names."""
    for name in names:
        if name not in task.labels:
            there = f"there are: {', '.join(task.labels)}"
            raise RunError("BL968", f"{path}: {task.name} has no label {name}", hint=there)
    if len(set(names)) < len(names):
        raise RunError("BL968", f"{path} names a label twice")
    return {name: task.labels.index(name) for name in names}


def _shown(value: object) -> str:
    """Return a value as JSON has it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _object(rows: Iterator[Mapping[str, object]]) -> Iterator[str]:
    """Yield one JSON object, row by row, under the numbers of the rows."""
    yield "{"
    for number, row in enumerate(rows):
        yield f'{", " if number else ""}"{number}": {json.dumps(row, ensure_ascii=False)}'
    yield "}"
