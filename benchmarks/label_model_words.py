"""Strict F1 of the mentions of entity rules: each word alone, and with its neighbors in a chain.

On the training parts of CDR and NCBI-disease, where choices were made, and once on dev; fitted on the
training part without gold. `--train` leaves dev out. `written out`: the same votes with `none` for every
miss of every rule that finds mentions, which should change nothing.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from frame import ROOT, Row, write
from rich.console import Console
from rich.table import Table

from biolabel.apply.mentions import decode_mentions
from biolabel.apply.terms import TermFinder
from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.planted.draw import sparse
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.graph import task_graph
from biolabel.workflow.job import Job, Which
from biolabel.workflow.settings import load_task

TASKS = ("ncbi_disease", "cdr")
NAME = "mentions"
SLACK = 0.005
"""Strict F1 that the chain may lie below each word alone."""


Spans = frozenset[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """The entity votes of a part of a corpus, the graph that knows the order of words, and gold spans."""

    finder: TermFinder
    votes: TaskVotes
    graph: TaskGraph
    gold: Spans


def parts(task: str, which: tuple[Which, ...]) -> Iterator[Part]:
    """Yield parts of a corpus with the votes of the task's entity rules on them."""
    settings = load_task(ROOT / "tasks" / task)
    corpus, dev = settings.documents("corpus"), settings.documents("dev")
    if corpus is None or dev is None:
        raise ValueError(f"tasks/{task} names no documents")
    with tempfile.TemporaryDirectory() as place:
        work = Bench(Job(settings, Path(place), {"corpus": corpus, "dev": dev}))
        for each in which:
            votes = {NAME: open_applied(apply(work, each)).votes[NAME]}
            text = work.corpus(each)
            graph = task_graph(work.plan, votes, len(text.ids), sentences=text.row_sentence)
            gold = spans(given_mentions(text), votes[NAME].matrix)
            yield Part(work.finder(each), votes[NAME], graph, gold)


def spans(table: MentionTable, matrix: LabelMatrix) -> Spans:
    """Return the mentions of the labels of a task; of a task with one label, those of any type."""
    labels = [label for label in matrix.task.labels if label != "none"]
    columns = zip(
        table.first_row.tolist(), table.end_row.tolist(), table.type.tolist(), strict=True
    )
    named = ((first, end, table.types[type_]) for first, end, type_ in columns)
    if len(labels) == 1:
        return frozenset((first, end, labels[0]) for first, end, _ in named)
    return frozenset(span for span in named if span[2] in labels)


def written_out(matrix: LabelMatrix) -> LabelMatrix:
    """Return the votes with `none` for every miss of every rule that finds mentions."""
    none = 1 << matrix.task.labels.index("none")
    table = np.zeros((matrix.n_candidates, len(matrix.lfs)), dtype=np.int64)
    table[matrix.candidate, matrix.lf] = matrix.mask
    finds = ((table > 0) & (table & none == 0)).any(axis=0)
    return sparse(matrix.task, matrix.lfs, np.where((table == 0) & finds, none, table))


def f1(part: Part, params: LabelModelParams, matrix: LabelMatrix, graph: TaskGraph) -> float:
    """Return strict F1 of the mentions that soft labels make."""
    soft = predict(params, {NAME: matrix}, graph)[NAME]
    found = spans(decode_mentions(part.finder, soft, part.votes), matrix)
    return 2 * len(found & part.gold) / (len(found) + len(part.gold))


def main() -> None:
    """Write benchmarks/results/label_model_words.json; on the training parts alone, print them."""
    which: tuple[Which, ...] = ("corpus",) if "--train" in sys.argv[1:] else ("corpus", "dev")
    rows = []
    for task in TASKS:
        both = list(parts(task, which))
        first = both[0]
        alone = replace(first.graph, follows={})
        by_word = fit({NAME: first.votes.matrix}, alone)
        chained = fit({NAME: first.votes.matrix}, first.graph)
        full = fit({NAME: written_out(first.votes.matrix)}, first.graph)
        for name, part in zip(("train", "dev"), both, strict=False):
            matrix, graph = part.votes.matrix, part.graph
            floor = f1(part, by_word, matrix, replace(graph, follows={})) - SLACK
            ours = f1(part, chained, matrix, graph)
            other = f1(part, full, written_out(matrix), graph)
            rows += [
                Row(f"{task} {name}: each word alone", floor + SLACK, unit="strict F1"),
                Row(f"{task} {name}: words in chains", ours, floor, "strict F1", ours >= floor),
                Row(f"{task} {name}: written out", other, floor, "strict F1", other >= floor),
            ]
    if len(which) == 2:
        write("label_model_words", rows)
    else:
        table = Table("figure", "strict F1")
        for row in rows:
            table.add_row(row.name, f"{row.value:.4f}")
        Console().print(table)


if __name__ == "__main__":
    main()
