"""Votes and soft labels to the files of other tools, and votes that were made elsewhere into a task."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from biolabel.data import parquet
from biolabel.data.corpus import Corpus
from biolabel.data.files import replacing_file, replacing_folder
from biolabel.data.labels import LabelMatrix
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.evaluation.gold import gold_labels
from biolabel.interop.columns import place_columns, soft_table, votes_table
from biolabel.interop.frames import as_dataset
from biolabel.interop.matrices import GIBIBYTE, from_metal, from_snorkel, to_metal, to_snorkel
from biolabel.interop.places import labels_of
from biolabel.interop.wrench import read_wrench, write_wrench
from biolabel.lang import tree
from biolabel.lang.nearest import did_you_mean
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.graph import wants_given
from biolabel.workflow.job import Which

_ABOUT = "votes.json"
_CANDIDATES = "candidates.parquet"


@dataclass(frozen=True, eq=False)
class Opened:
    """The votes of a task over the corpus or dev; arguments: what the relation calls its arguments."""

    on: Which
    votes: TaskVotes
    corpus: Corpus
    mentions: MentionTable
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export where: a form and a folder.

    soft: the soft labels instead of the votes; leave_out: votes for several labels, which most forms
    cannot hold; memory: bytes that dense votes may take.
    """

    to: str
    out: Path
    soft: bool = False
    leave_out: bool = False
    memory: int = GIBIBYTE


@dataclass(frozen=True, slots=True)
class Imported:
    """Votes that were made elsewhere as files: rules that give them, by their names, with how many."""

    rules: Path
    votes: Mapping[str, int]


def open_task(bench: Bench, task: str, on: Which) -> Opened:
    """Apply the rules, and return the votes of one task with all that says what its candidates are.

    Raises:
        RuleError: when the rules have errors; RunError: BL907 without dev, BL922 for an unknown task.
    """
    plans = {each.task.name: each for each in bench.plan.tasks}
    if task not in plans:
        raise RunError("BL922", f"there is no task {task}", hint=did_you_mean(task, plans))
    parts = bench.job.parts()
    if on not in parts:
        hint = f"there is: {', '.join(parts)}; name the others when you open the task"
        raise RunError("BL907", f"there are no documents called {on}", hint=hint)
    found, corpus = open_applied(apply(bench, on)), bench.corpus(on)
    mentions = given_mentions(corpus) if wants_given(plans[task]) else found.mentions
    declared = plans[task].declaration
    arguments = declared.arguments if isinstance(declared, tree.RelationDecl) else ()
    names = tuple(argument.name.text for argument in arguments)
    return Opened(on, found.votes[task], corpus, mentions, names)


def export_votes(bench: Bench, task: str, on: Which, wish: Wish) -> tuple[Path, ...]:
    """Write the votes of a task, or its soft labels, in the form of another tool; return the files.

    The gold of dev goes along where the form has a place for it; models never see that of the corpus.

    Raises:
        RunError: BL906 when a file cannot be written; BL965 without `datasets`; BL966, BL967 as
            `interop.matrices.to_snorkel`; BL969 for an unknown form, and for soft labels in one of
            votes; else as `open_task`.
    """
    forms = SOFT if wish.soft else EXPORTS
    if wish.to not in forms:
        near = get_close_matches(wish.to, forms, n=1)
        what = "soft labels" if wish.soft else "votes"
        there = f"{what} are written to: {', '.join(forms)}"
        hint = f"did you mean {near[0]}? {there}" if near else there
        raise RunError("BL969", f"{wish.to!r} is no form of {what}", hint=hint)
    opened = open_task(bench, task, on)
    try:
        wish.out.mkdir(parents=True, exist_ok=True)
        return forms[wish.to](bench, opened, wish)
    except OSError as error:
        raise RunError("BL906", f"cannot write {wish.out}: {error.strerror}") from error


def _snorkel(_bench: Bench, opened: Opened, wish: Wish) -> tuple[Path, ...]:
    dense = to_snorkel(opened.votes.matrix, leave_out=wish.leave_out, memory=wish.memory)
    path = wish.out / "L.npy"
    with replacing_file(path) as temporary, temporary.open("wb") as out:
        np.save(out, dense, allow_pickle=False)
    return (path, *_beside(opened, wish.out))


def _metal(_bench: Bench, opened: Opened, wish: Wish) -> tuple[Path, ...]:
    rows = to_metal(opened.votes.matrix, leave_out=wish.leave_out)
    path = wish.out / "L.npz"
    with replacing_file(path) as temporary, temporary.open("wb") as out:
        sparse.save_npz(out, rows)
    return (path, *_beside(opened, wish.out))


def _skweak(_bench: Bench, opened: Opened, wish: Wish) -> tuple[Path, ...]:
    from spacy.vocab import Vocab

    from biolabel.interop.docs import skweak_docs, write_docs

    docs = skweak_docs(opened.votes, opened.corpus, Vocab(), leave_out=wish.leave_out)
    path = wish.out / "votes.spacy"
    write_docs(path, docs)
    return (path, _about(opened.votes.matrix, wish.out))


def _wrench(bench: Bench, opened: Opened, wish: Wish) -> tuple[Path, ...]:
    gold = None
    if opened.on == "dev":
        names = {name: each.names for name, each in bench.job.task.task.gold.items()}
        masks = gold_labels(opened.votes, opened.corpus, names)
        single = (masks > 0) & (masks & (masks - 1) == 0)
        gold = np.where(single, np.log2(np.maximum(masks, 1)).astype(np.int64), -1)
    return write_wrench(
        wish.out,
        opened.votes,
        opened.corpus,
        opened.mentions,
        gold,
        split="valid" if opened.on == "dev" else "train",
        leave_out=wish.leave_out,
        memory=wish.memory,
    )


def _table(bench: Bench, opened: Opened, wish: Wish) -> pa.Table:
    where = opened.votes, opened.corpus, opened.mentions, opened.arguments
    if not wish.soft:
        return votes_table(*where)
    found = open_applied(apply(bench, opened.on))
    params = open_fitted(fit(bench)).model
    soft = soft_labels(bench, params, found.votes, opened.on, found.mentions)
    return soft_table(soft[opened.votes.matrix.task.name], *where)


def _parquet(bench: Bench, opened: Opened, wish: Wish) -> tuple[Path, ...]:
    return (_written(_table(bench, opened, wish), wish.out / f"{_kind(wish)}.parquet"),)


def _datasets(bench: Bench, opened: Opened, wish: Wish) -> tuple[Path, ...]:
    labels = opened.votes.matrix.task.labels if wish.soft else ()
    made = as_dataset(_table(bench, opened, wish), labels)
    path = wish.out / _kind(wish)
    with replacing_folder(path) as folder:
        made.save_to_disk(str(folder))
    return (path,)


def _kind(wish: Wish) -> str:
    return "soft" if wish.soft else "votes"


def _beside(opened: Opened, out: Path) -> tuple[Path, Path]:
    """Write what the rows and columns of a label matrix are."""
    everyone = np.arange(opened.votes.matrix.n_candidates)
    columns = place_columns(
        opened.votes, opened.corpus, opened.mentions, everyone, opened.arguments
    )
    table = _written(pa.table(columns), out / _CANDIDATES)
    return _about(opened.votes.matrix, out), table


def _about(matrix: LabelMatrix, out: Path) -> Path:
    about = {
        "task": matrix.task.name,
        "kind": matrix.task.kind,
        "labels": matrix.task.labels,
        "rules": [lf.name for lf in matrix.lfs],
    }
    with replacing_file(out / _ABOUT) as temporary:
        temporary.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    return out / _ABOUT


def _written(table: pa.Table, path: Path) -> Path:
    from pyarrow.parquet import write_table  # as in `data.parquet`

    with replacing_file(path) as temporary:
        write_table(table, temporary)
    return path


_Form = Callable[[Bench, Opened, Wish], tuple[Path, ...]]
EXPORTS: Mapping[str, _Form] = {
    "snorkel": _snorkel,
    "metal": _metal,
    "skweak": _skweak,
    "wrench": _wrench,
    "datasets": _datasets,
    "parquet": _parquet,
}
"""The forms of votes."""
SOFT: Mapping[str, _Form] = {"datasets": _datasets, "parquet": _parquet}
"""The forms of soft labels."""


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
        there = f"votes are read from: {', '.join(IMPORTS)}"
        raise RunError("BL969", f"{form!r} is no form of votes", hint=there)
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
            _written(table, place / f"{rule}.parquet")
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
    matrix = opened.votes.matrix
    dense = _array(_file(source, "L.npy"))
    rules = _names(source, dense.shape)
    return _of_matrix(opened, from_snorkel(dense, matrix.task, rules))


def _of_metal(opened: Opened, source: Path) -> _Tables:
    path = _file(source, "L.npz")
    if path.suffix == ".npy":
        found = _array(path)
    else:
        try:
            found = sparse.load_npz(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError("BL968", f"{path} holds no sparse matrix: {error}") from error
    rules = _names(source, found.shape)
    return _of_matrix(opened, from_metal(found, opened.votes.matrix.task, rules))


def _of_wrench(opened: Opened, source: Path) -> _Tables:
    split = "valid" if opened.on == "dev" else "train"
    folder, split = (source.parent, source.stem) if source.is_file() else (source, split)
    return _of_matrix(opened, read_wrench(folder, split, opened.votes.matrix.task).matrix)


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
    try:
        table = parquet.opened(path).read()
        several = [labels for labels in table["labels"].to_pylist() if len(labels) != 1]
        if several:
            told = " or ".join(several[0])
            raise RunError("BL968", f"a file of votes has one label a vote, not {told or 'none'}")
        table = table.append_column(
            "label", pa.array([labels[0] for labels in table["labels"].to_pylist()])
        )
        names = table["rule"].cast(pa.string()).to_pylist()
        kept = table.select(
            [name for name in _keys(opened) if name in table.column_names] + ["label"]
        )
    except (OSError, pa.ArrowException, parquet.GrownError, LookupError, TypeError) as error:
        raise RunError("BL968", f"{path} holds no table of votes: {error!r}") from error
    for rule in dict.fromkeys(names):
        yield rule, kept.filter(pa.array([name == rule for name in names]))


def _of_matrix(opened: Opened, matrix: LabelMatrix) -> _Tables:
    """Yield the votes of each rule of a matrix whose rows are the candidates of a task."""
    task, n = opened.votes.matrix.task, opened.votes.matrix.n_candidates
    if matrix.n_candidates != n:
        message = f"there are {matrix.n_candidates:,} rows, but {task.name} has {n:,} candidates"
        hint = "rows are the candidates of the task on these documents: export them again"
        raise RunError("BL968", f"{message} on {opened.on}", hint=hint)
    for lf, rule in enumerate(matrix.lfs):
        some = matrix.lf == lf
        candidates = matrix.candidate[some].astype(np.int64)
        columns = place_columns(
            opened.votes, opened.corpus, opened.mentions, candidates, opened.arguments
        )
        labels = [labels_of(task, mask)[0] for mask in matrix.mask[some].tolist()]
        kept = {name: columns[name] for name in _keys(opened) if name in columns}
        yield rule.name, pa.table({**kept, "label": pa.array(labels, pa.string())})


def _keys(opened: Opened) -> list[str]:
    """Return the columns that say which candidate a vote is about (`apply.votefiles`)."""
    between_mentions = any(name.startswith("@") for name in opened.votes.subjects[:1])
    ends = [f"{name}_{end}" for name in opened.arguments for end in ("start", "end")]
    return ["doc", "start", "end", *(ends if between_mentions else opened.arguments)]


def _file(source: Path, name: str) -> Path:
    path = source / name if source.is_dir() else source
    if not path.is_file():
        raise RunError("BL968", f"there is no file {path}")
    return path


def _array(path: Path) -> NDArray[np.generic]:
    try:
        found: NDArray[np.generic] = np.load(path, allow_pickle=False)
        return found
    except (OSError, ValueError, EOFError) as error:
        raise RunError("BL968", f"{path} holds no array: {error}") from error


def _names(source: Path, shape: Sequence[int]) -> list[str]:
    """Return what the columns of a matrix are called: as the file beside it says, else by their numbers."""
    beside = (source if source.is_dir() else source.parent) / _ABOUT
    numbered = [f"lf_{at}" for at in range(shape[1] if len(shape) > 1 else 0)]
    if not beside.is_file():
        return numbered
    try:
        return [str(name) for name in json.loads(beside.read_text(encoding="utf-8"))["rules"]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise RunError("BL968", f"{beside} names no rules: {error!r}") from error


IMPORTS: Mapping[str, Callable[[Opened, Path], _Tables]] = {
    "snorkel": _of_snorkel,
    "metal": _of_metal,
    "skweak": _of_skweak,
    "wrench": _of_wrench,
    "parquet": _of_parquet,
}
"""The forms that votes are read from; other tables of votes are files of a `model` as they are."""
