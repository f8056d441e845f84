"""Real votes for `label_model.py`: of our rules on three corpora, and of 31 functions of others.

Applying the rules takes minutes, so their votes lie in .rivals/votes, by the hash of the task's rules.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
from frame import ROOT
from numpy.typing import NDArray
from rivals import FOLDER

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph, TaskKind
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.gold import gold_labels
from biolabel.labelmodel.planted.draw import sparse
from biolabel.resources import data_root
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job, Which
from biolabel.workflow.settings import load_task

KEPT = FOLDER / "votes"
FUNCTIONS, LIFTED = "31 functions", "31 functions, lifted"
TASKS = ("cdr", "ncbi_disease", "chemprot")


@dataclass(frozen=True, slots=True)
class Part:
    """The votes of one task on one part of a corpus.

    documents: int64[n], the document of each candidate; gold: int64[n], bit i for label i, -1
    unknown; pairs: the key of the document's relations that a candidate stands for, empty where
    each candidate stands for itself; missed: gold labels of the part that have no candidate.
    """

    matrix: LabelMatrix
    documents: NDArray[np.int64]
    gold: NDArray[np.int64]
    pairs: tuple[frozenset[str], ...]
    missed: int

    @property
    def graph(self) -> TaskGraph:
        """The graph of this task alone."""
        documents = {self.matrix.task.name: self.documents.astype(np.int32)}
        count = int(self.documents.max(initial=-1)) + 1
        return TaskGraph((self.matrix.task,), (), count, documents)


@dataclass(frozen=True, slots=True)
class RealVotes:
    """Votes that are fitted on `train` and scored on `dev`; relations: all of the latter, by key."""

    name: str
    train: Part
    dev: Part
    relations: frozenset[str] = frozenset()


def real_votes(*, dev: bool = True) -> Iterator[RealVotes]:
    """Yield the votes of every task whose documents have gold, and those of the 31 functions.

    The latter come twice: as they are, and lifted to pairs of concepts, as the rules of tasks with
    `level: concept` vote. dev: whether they are scored on dev, or on the training part itself, where
    whoever tunes looks.
    """
    scored = "dev" if dev else "corpus"
    for name in TASKS:
        digest = _digest(ROOT / "tasks" / name)
        folder = KEPT / f"{name}-{digest}"
        if not folder.is_dir():
            _keep(name, folder)
        for path in sorted(folder.glob("*.corpus.npz")):
            task = path.name.removesuffix(".corpus.npz")
            yield RealVotes(f"{name} {task}", _read(path), _read(folder / f"{task}.{scored}.npz"))
    found = _functions("dev" if dev else "train")
    if found is not None:
        yield found
        train, scored_part = lifted(found.train), lifted(found.dev)
        yield RealVotes(LIFTED, train, scored_part, found.relations)


def lifted(part: Part) -> Part:
    """Return each candidate with the votes of all that stand for the same relations.

    A function that votes on any mention pair of a concept pair votes on all of them, for `none` too;
    `lifting.py` is on that choice. The 31 functions never contradict themselves, so no vote is lost.
    """
    matrix, relation = part.matrix, relations_of(part)
    masks = np.zeros((relation.max() + 1, len(matrix.lfs)), dtype=np.int64)
    np.bitwise_or.at(masks, (relation[matrix.candidate], matrix.lf), matrix.mask)
    return replace(part, matrix=sparse(matrix.task, matrix.lfs, masks[relation]))


def relations_of(part: Part) -> NDArray[np.int64]:
    """Return a number for the relations that each candidate stands for: int64[n]."""
    names = ["|".join(sorted(pairs)) for pairs in part.pairs]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted((folder / "rules").rglob("*.rules")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _keep(name: str, folder: Path) -> None:
    """Apply the rules of a task to its corpus and dev, and keep the votes of tasks with gold."""
    settings = load_task(ROOT / "tasks" / name)
    corpus, dev = settings.documents("corpus"), settings.documents("dev")
    if corpus is None or dev is None:
        raise ValueError(f"tasks/{name} names no documents")
    with tempfile.TemporaryDirectory() as place:
        work = Bench(Job(settings, Path(place), {"corpus": corpus, "dev": dev}))
        known = {task: gold.names for task, gold in settings.task.gold.items()}
        folder.mkdir(parents=True)
        parts: tuple[Which, ...] = ("corpus", "dev")
        for which in parts:
            own = open_applied(apply(work, which)).votes
            given = given_apart(work, which)
            between = open_applied(given).votes if given else own
            for task, found in own.items():
                votes = between[task] if found.matrix.task.kind == "relation" else found
                gold = gold_labels(votes, work.corpus(which), known)
                if (gold >= 0).any():
                    missed = _missed(votes, gold, work, which, task)
                    _write(folder / f"{task}.{which}.npz", votes, gold, missed)


def _missed(votes: TaskVotes, gold: NDArray[np.int64], work: Bench, which: Which, task: str) -> int:
    """Return how many relations of a part are between no candidate."""
    if votes.matrix.task.kind != "relation":
        return 0
    names = set(work.job.task.task.gold[task].names)
    given = {
        (doc, r.subject, r.object, r.task)
        for doc, relations in enumerate(work.corpus(which).relations)
        for r in relations
        if r.task in names
    }
    none = 1 << votes.matrix.task.labels.index("none")
    found = sum(bin(mask & ~none).count("1") for mask in gold.tolist() if mask > 0)
    return max(0, len(given) - found)


def _write(path: Path, votes: TaskVotes, gold: NDArray[np.int64], missed: int) -> None:
    matrix = votes.matrix
    np.savez_compressed(
        path,
        task=np.array([matrix.task.name, matrix.task.kind]),
        labels=np.array(matrix.task.labels),
        exclusive=np.array(matrix.task.exclusive),
        names=np.array([lf.name for lf in matrix.lfs]),
        precision=np.array([lf.precision or np.nan for lf in matrix.lfs]),
        groups=np.array(["|".join(sorted(lf.groups)) for lf in matrix.lfs]),
        draft=np.array([lf.draft for lf in matrix.lfs]),
        n=np.array(matrix.n_candidates),
        candidate=matrix.candidate,
        lf=matrix.lf,
        mask=matrix.mask,
        documents=votes.documents,
        gold=gold,
        missed=np.array(missed),
    )


def _read(path: Path) -> Part:
    with np.load(path) as content:
        name, kind = content["task"].tolist()
        [known] = [it for it in get_args(TaskKind) if it == kind]
        task = Task(name, known, tuple(content["labels"].tolist()), bool(content["exclusive"]))
        columns = zip(
            content["names"].tolist(),
            content["precision"].tolist(),
            content["groups"].tolist(),
            content["draft"].tolist(),
            strict=True,
        )
        lfs = tuple(
            LabelingFunction(
                lf, None if np.isnan(precision) else precision,
                frozenset(groups.split("|")) if groups else frozenset(), draft,
            )
            for lf, precision, groups, draft in columns
        )  # fmt: skip
        matrix = LabelMatrix(
            task, lfs, int(content["n"]), content["candidate"], content["lf"], content["mask"]
        )
        documents = content["documents"].astype(np.int64)
        return Part(matrix, documents, content["gold"], (), int(content["missed"]))


def _functions(scored: str) -> RealVotes | None:
    """Return the votes of Snorkel's tutorial functions on pairs of mentions, if the data exist."""
    folder = data_root() / "votes"
    paths = [folder / f"cdr_snorkel_{it}.npz" for it in ("train", scored)]
    if not all(path.is_file() for path in paths):
        return None
    train, dev = map(_function_part, paths)
    with np.load(paths[1]) as content:
        relations = frozenset(content["doc_relations"].tolist())
    return RealVotes(FUNCTIONS, train, dev, relations)


def _function_part(path: Path) -> Part:
    with np.load(path) as content:
        votes, truth = content["L"].astype(np.int64), content["gold"].astype(np.int64)
        names, pmid = content["lf_names"].tolist(), content["pmid"].tolist()
        ids = zip(pmid, content["chem_ids"].tolist(), content["dis_ids"].tolist(), strict=True)
        pairs = tuple(
            frozenset(
                f"{doc}\t{chemical}\t{disease}"
                for chemical in chemicals.split("|")
                for disease in diseases.split("|")
            )
            for doc, chemicals, diseases in ids
        )
    # The functions that look pairs up in the same database share a source.
    functions = tuple(
        LabelingFunction(name, groups=frozenset({"ctd"} if "ctd" in name else ())) for name in names
    )
    task = Task("cid", "relation", ("none", "causes"))
    matrix = sparse(task, functions, np.where(votes < 0, 0, 1 << np.maximum(votes, 0)))
    documents = np.unique(pmid, return_inverse=True)[1].astype(np.int64)
    return Part(matrix, documents, np.int64(1) << truth, pairs, 0)
