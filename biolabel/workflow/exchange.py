"""Votes and soft labels of a task to the files of other tools; `importing` reads votes of them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from biolabel.data.corpus import Corpus
from biolabel.data.files import replacing_file, replacing_folder
from biolabel.data.labels import LabelMatrix
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.evaluation.gold import gold_labels
from biolabel.interop.columns import place_columns, soft_table, votes_table
from biolabel.interop.frames import as_dataset
from biolabel.interop.matrices import GIBIBYTE, to_metal, to_snorkel
from biolabel.interop.wrench import write_wrench
from biolabel.lang import tree
from biolabel.lang.nearest import did_you_mean
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.graph import wants_given
from biolabel.workflow.job import Which

ABOUT = "votes.json"
"""The file beside a matrix that names its task, labels and rules."""
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


def open_task(bench: Bench, task: str, on: Which) -> Opened:
    """Apply the rules, and return the votes of one task with all that says what its candidates are.

    Raises:
        RuleError: when the rules have errors; RunError: BL907 without dev, BL922 for an unknown task.
    """
    plans = {each.task.name: each for each in bench.plan.tasks}
    if task not in plans:
        hint = did_you_mean(task, plans) or f"there are: {', '.join(plans)}"
        raise RunError("BL922", f"there is no task {task}", hint=hint)
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
    return (write_table(_table(bench, opened, wish), wish.out / f"{_kind(wish)}.parquet"),)


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
    table = write_table(pa.table(columns), out / _CANDIDATES)
    return _about(opened.votes.matrix, out), table


def _about(matrix: LabelMatrix, out: Path) -> Path:
    about = {
        "task": matrix.task.name,
        "kind": matrix.task.kind,
        "labels": matrix.task.labels,
        "rules": [lf.name for lf in matrix.lfs],
    }
    with replacing_file(out / ABOUT) as temporary:
        temporary.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    return out / ABOUT


def write_table(table: pa.Table, path: Path) -> Path:
    """Write a table as a Parquet file, and return its path."""
    # It brings the file systems of clouds with it, for which other forms need not wait.
    from pyarrow import parquet

    with replacing_file(path) as temporary:
        parquet.write_table(table, temporary)
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
