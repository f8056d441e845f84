"""Whether a rule that votes `none` should fire for any mention pair of a concept pair, or for all.

`python benchmarks/lifting.py` judges the relation rules of tasks/cdr on the given mentions of BC5CDR's
train part from BIOLABEL_DATA, and weighs their votes both ways. The rules were written for `any`, which
may favor it. The engine lifts by any; docs/language/unknown.md quotes the figures.
"""

from collections.abc import Sequence

import numpy as np
from frame import Row, write
from numpy.typing import NDArray

from biolabel.apply.columns import Column, lift, spread
from biolabel.apply.engine import Judged, judge_task
from biolabel.apply.knowledge import load_knowledge
from biolabel.apply.said import Cases
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.terms import TermFinder
from biolabel.apply.votes import gather, votes_of_cases
from biolabel.compile.lower import compile_program
from biolabel.compile.plan import TaskPlan
from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.data.mentions import given_mentions
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.lang.load import load_all
from biolabel.resources import data_root, root
from biolabel.text.build import corpus_of
from biolabel.text.formats.pubtator import read
from biolabel.text.rejects import Rejects

TASK = "cid"


def for_all(column: Column, frame: Frame) -> Column:
    """Return a column that holds where it held for every row of the candidate."""
    some_false = lift(Column(column.false, column.known), frame)
    return spread(Column(some_false.false, some_false.known), frame)


def votes(task: TaskPlan, judged: Judged, *, every: bool) -> LabelMatrix:
    """Return the votes of the task, those for `none` lifted by all mention pairs if asked."""
    frame = judged.judge.frame
    none = 1 << task.task.labels.index("none")

    def lifted(cases: Cases) -> Cases:
        if not every or any(ballot != none for ballot, _ in cases):
            return cases
        return [
            (ballot, for_all(Column(column.true, column.known), frame)) for ballot, column in cases
        ]

    found = [
        votes_of_cases(lifted(cases), rule.otherwise, frame, exclusive=True, brought=brought)
        for rule, cases, brought in zip(task.rules, judged.cases, judged.brought, strict=True)
    ]
    return gather(task.task, task.rules, found, frame.n_candidates)[0]


def f1(matrix: LabelMatrix, right: NDArray[np.bool_], graph: TaskGraph, positives: int) -> float:
    """Return the F1 of the majority vote, each vote with its rule's stated precision."""
    params = fit({TASK: matrix}, graph, Settings(method="majority"))
    soft = predict(params, {TASK: matrix}, graph)[TASK]
    chosen = soft.probabilities[:, matrix.task.labels.index("causes")] > 0.5
    return float(2 * (chosen & right).sum() / (chosen.sum() + positives))


def figures(name: str, matrix: LabelMatrix, right: NDArray[np.bool_]) -> Sequence[Row]:
    """Return how many votes for `none` there are and how many of them are right."""
    on = matrix.candidate[matrix.mask == 1 << matrix.task.labels.index("none")]
    return [
        Row(f"votes for none, {name}", len(on)),
        Row(f"their precision, {name}", float(1 - right[on].mean())),
    ]


def main() -> None:
    """Compare both ways."""
    path = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
    corpus = corpus_of(read(path, Rejects()))
    checked = load_all(sorted((root("tasks") / "cdr" / "rules").glob("*.rules")))
    plan = compile_program(checked.program).plan if checked.program else None
    if plan is None:
        raise SystemExit("the rules of tasks/cdr have errors")
    finder = TermFinder(corpus, load_knowledge(plan, frozenset(corpus.ids)))
    task = next(task for task in plan.tasks if task.task.name == TASK)
    judged = judge_task(task, Scene(corpus, plan, finder, given_mentions(corpus)), {})
    if judged.pairs is None:
        raise SystemExit(f"{TASK} is no relation")
    gold = {(i, r.subject, r.object) for i, rs in enumerate(corpus.relations) for r in rs}
    pairs = zip(judged.pairs.doc.tolist(), *judged.pairs.named(), strict=True)
    right = np.array([pair in gold for pair in pairs], dtype=bool)
    graph = TaskGraph((task.task,), (), len(corpus.ids), {TASK: judged.pairs.doc})
    rows: list[Row] = []
    for name, every in (("any pair", False), ("all pairs", True)):
        matrix = votes(task, judged, every=every)
        rows += figures(name, matrix, right)
        rows.append(Row(f"F1 of the majority vote, {name}", f1(matrix, right, graph, len(gold))))
    write("lifting", rows)


if __name__ == "__main__":
    main()
