"""Votes that were made elsewhere into a task: as files of votes, and rules that give them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from biolabel.data.files import replacing_file
from biolabel.data.labels import LabelMatrix
from biolabel.errors import RunError
from biolabel.interop.columns import place_columns
from biolabel.interop.files import (
    read_array,
    read_rule_names,
    read_sparse,
    read_votes_table,
    there,
)
from biolabel.interop.matrices import from_metal, from_snorkel
from biolabel.interop.places import labels_of
from biolabel.interop.wrench import read_wrench
from biolabel.lang.nearest import did_you_mean
from biolabel.workflow.bench import Bench
from biolabel.workflow.exchange import ABOUT, Opened, open_task, write_table
from biolabel.workflow.job import Which


@dataclass(frozen=True, slots=True)
class Imported:
    """Votes that were made elsewhere as files: rules that give them, by their names, with how many."""

    rules: Path
    votes: Mapping[str, int]


def import_votes(
    bench: Bench, task: str, on: Which, name: str, source: Path, form: str, rules: Path
) -> Imported:
    """Write votes that were made elsewhere as files of votes, and rules that give them (`votes: from model`).

    source: a folder as `export_votes` writes it for the form, or its main file. Rows of matrices are the
    candidates of the task as they are now, in their order; spans and tables say what they are about.
    rules: the file for the rules, which must not be there yet; the votes go into a folder beside it.
    name: what all models and rules that are made begin with.

    Raises:
        RunError: BL906 when the files cannot be written or are there already; BL968 for votes that do
            not fit; BL969 for an unknown form; BL986 for a name that rules could not have; else as
            `open_task`.
    """
    if form not in IMPORTS:
        hint = f"votes are read from: {', '.join(IMPORTS)}; TSV and CSV by a `model` of your rules"
        raise RunError("BL969", f"{form!r} is no form of votes", hint=hint)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        hint = "small letters, digits and underscores, as in gpt_votes"
        raise RunError("BL986", f"{name!r} is no name for rules", hint=hint)
    place = rules.with_suffix("")
    if rules.exists() or place.exists():
        taken = rules if rules.exists() else place
        raise RunError(
            "BL906", f"{taken} is there already", hint="remove it, or choose another name"
        )
    opened = open_task(bench, task, on)
    tables = {
        f"{name}_{re.sub(r'[^a-z0-9_]', '_', rule.lower())}": table
        for rule, table in IMPORTS[form](opened, source)
        if table.num_rows
    }
    if not tables:
        raise RunError("BL968", f"{source} holds no votes")
    try:
        place.mkdir(parents=True)
        for rule, table in tables.items():
            write_table(table, place / f"{rule}.parquet")
        with replacing_file(rules) as temporary:
            temporary.write_text(_rules(task, tables, place.name, source), encoding="utf-8")
    except OSError as error:
        raise RunError("BL906", f"cannot write {rules}: {error.strerror}") from error
    return Imported(rules, {rule: table.num_rows for rule, table in tables.items()})


def _rules(task: str, names: Mapping[str, pa.Table], folder: str, source: Path) -> str:
    """Return the text of the rules."""
    note = re.sub(r'[\\"{}\r\n]', " ", f"Votes imported from {source.name}.")
    parts = ["biolabel 1"]
    for rule in names:
        parts.append(
            f'model {rule}_votes\n  note: "{note}"\n  from: file "{folder}/{rule}.parquet"'
        )
        parts.append(f"rule {rule} for {task}\n  votes: from model {rule}_votes")
    return "\n\n".join(parts) + "\n"


_Tables = Iterator[tuple[str, pa.Table]]


def _of_snorkel(opened: Opened, source: Path) -> _Tables:
    dense = read_array(_file(source, "L.npy"))
    rules = _names(source, dense.shape)
    return _of_matrix(opened, from_snorkel(dense, opened.votes.matrix.task, rules))


def _of_metal(opened: Opened, source: Path) -> _Tables:
    path = _file(source, "L.npz")
    found = read_array(path) if path.suffix == ".npy" else read_sparse(path)
    _check_rows(opened, found.shape[0])
    rules = _names(source, found.shape)
    return _of_matrix(opened, from_metal(found, opened.votes.matrix.task, rules))


def _of_wrench(opened: Opened, source: Path) -> _Tables:
    path = _file(source, "valid.json" if opened.on == "dev" else "train.json")
    if path.suffix != ".json":
        hint = "WRENCH keeps votes in train.json, valid.json and test.json"
        raise RunError("BL968", f"{path} is no file of WRENCH", hint=hint)
    found = read_wrench(path.parent, path.stem, opened.votes.matrix.task)
    return _of_matrix(opened, found.matrix)


def _of_skweak(opened: Opened, source: Path) -> _Tables:
    from spacy.vocab import Vocab

    from biolabel.interop.docs import read_docs

    task, corpus = opened.votes.matrix.task, opened.corpus
    docs = read_docs(_file(source, "votes.spacy"), Vocab())
    places = {text: id_ for id_, text in zip(corpus.ids, corpus.texts, strict=True)}
    rows: dict[str, list[dict[str, object]]] = {}
    for doc in docs:
        if doc.text not in places:
            raise RunError("BL968", f"a document of {source} is none of the {opened.on}")
        for rule, group in doc.spans.items():
            for span in () if group.attrs.get("aggregated") else group:
                if span.label_ not in task.labels:
                    hint = did_you_mean(span.label_, task.labels)
                    raise RunError("BL968", f"{task.name} has no label {span.label_}", hint=hint)
                row: dict[str, object] = {"doc": places[doc.text], "label": span.label_}
                if task.kind == "entity":
                    row |= {"start": span.start_char, "end": span.end_char}
                rows.setdefault(rule, []).append(row)
    yield from ((rule, pa.Table.from_pylist(own)) for rule, own in rows.items())


def _of_parquet(opened: Opened, source: Path) -> _Tables:
    path = _file(source, "votes.parquet")
    table = read_votes_table(path)
    rules, keys = table["rule"], [name for name in _keys(opened) if name in table.column_names]
    task = opened.votes.matrix.task
    unknown = sorted(set(table["label"].to_pylist()) - set(task.labels))
    if unknown:
        hint = did_you_mean(unknown[0], task.labels) or f"there are: {', '.join(task.labels)}"
        raise RunError("BL968", f"{path}: {task.name} has no label {unknown[0]}", hint=hint)
    kept = table.select([*keys, "label"])
    for rule in pc.unique(rules).to_pylist():
        yield rule, kept.filter(pc.equal(rules, rule))


def _of_matrix(opened: Opened, matrix: LabelMatrix) -> _Tables:
    """Yield the votes of each rule of a matrix whose rows are the candidates of a task."""
    _check_rows(opened, matrix.n_candidates)
    task = opened.votes.matrix.task
    for lf, rule in enumerate(matrix.lfs):
        some = matrix.lf == lf
        candidates = matrix.candidate[some].astype(np.int64)
        columns = place_columns(
            opened.votes, opened.corpus, opened.mentions, candidates, opened.arguments
        )
        labels = [labels_of(task, mask)[0] for mask in matrix.mask[some].tolist()]
        kept = {name: columns[name] for name in _keys(opened) if name in columns}
        yield rule.name, pa.table({**kept, "label": pa.array(labels, pa.string())})


def _check_rows(opened: Opened, rows: int) -> None:
    task, n = opened.votes.matrix.task, opened.votes.matrix.n_candidates
    if rows != n:
        message = f"there are {rows:,} rows, but {task.name} has {n:,} candidates on {opened.on}"
        hint = "rows are the candidates of the task on these documents: export them again"
        raise RunError("BL968", message, hint=hint)


def _keys(opened: Opened) -> list[str]:
    """Return the columns that say which candidate a vote is about (`apply.votefiles`)."""
    between_mentions = any(name.startswith("@") for name in opened.votes.subjects[:1])
    ends = [f"{name}_{end}" for name in opened.arguments for end in ("start", "end")]
    return ["doc", "start", "end", *(ends if between_mentions else opened.arguments)]


def _file(source: Path, name: str) -> Path:
    return there(source / name if source.is_dir() else source)


def _names(source: Path, shape: Sequence[int]) -> list[str]:
    """Return what the columns of a matrix are called: as the file beside it says, else by their numbers."""
    beside = (source if source.is_dir() else source.parent) / ABOUT
    if beside.is_file():
        return read_rule_names(beside)
    return [f"lf_{at}" for at in range(shape[1])]


IMPORTS: Mapping[str, Callable[[Opened, Path], _Tables]] = {
    "snorkel": _of_snorkel,
    "metal": _of_metal,
    "skweak": _of_skweak,
    "wrench": _of_wrench,
    "parquet": _of_parquet,
}
"""The forms that votes are read from; other tables of votes are files of a `model` as they are."""
