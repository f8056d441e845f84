"""The rules of tasks/chemprot on ChemProt dev, by label: `python benchmarks/chemprot.py`.

The label model is fitted on the votes over the training abstracts, without their relations. Dev is
scored once: majority vote, label model, and the single rule that scores best, chosen with gold in its
favor. No end model is trained.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from frame import ROOT, Row, write

from biolabel.data.documents import Document
from biolabel.evaluation.metrics import Score, relation_scores
from biolabel.text.documents import corpus_documents
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.evaluate import best_rules
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.job import Job
from biolabel.workflow.settings import load_task
from biolabel.workflow.systems import documents_of, of_soft_labels

TASK = "acts_on"


def main() -> None:
    """Fit on train, score dev, write the figures."""
    folder = load_task(ROOT / "tasks" / "chemprot")
    corpus, dev = folder.documents("corpus"), folder.documents("dev")
    if corpus is None or dev is None:
        raise SystemExit("tasks/chemprot names no documents")
    with tempfile.TemporaryDirectory() as workspace:
        work = Bench(Job(folder, Path(workspace) / "chemprot", {"corpus": corpus, "dev": dev}))
        write("chemprot", list(rows(work)))


def rows(work: Bench) -> Iterator[Row]:
    """Yield what the candidates cover, the figures of every system, and those of each label."""
    gold = list(corpus_documents(work.corpus("dev")))
    names = work.job.task.task.gold
    applied = open_applied(apply(work, "dev"))
    given = sum(len(d.relations) for d in gold)
    yield Row("pairs of one sentence", applied.votes[TASK].matrix.n_candidates)
    yield Row("relations, all labels", given)
    for row in best_rules(gold, work.corpus("dev"), applied.votes, names, "given"):
        if row.metric == "pairs":
            yield from _row(row.system, row.precision or 0.0, row.recall or 0.0, row.f1)
    scores = {name: scored(work, name, gold) for name in ("majority", "label model")}
    for name, found in scores.items():
        micro = found["micro"]
        yield from _row(name, micro.precision, micro.recall, micro.f1)
    for label in (label for label in scores["label model"] if label != "micro"):
        for name, found in scores.items():
            score = found[label]
            counts = f"F1, precision {score.precision:.3f}, recall {score.recall:.3f}"
            yield Row(f"{label}: {name}", round(score.f1, 4), unit=counts)


def scored(work: Bench, name: str, gold: Sequence[Document]) -> Mapping[str, Score]:
    """Return the scores of the majority vote or the label model on dev, by label and as "micro"."""
    applied, fitted = open_applied(apply(work, "dev")), open_fitted(fit(work))
    params = fitted.majority if name == "majority" else fitted.model
    soft = soft_labels(work, params, applied.votes, "dev")
    system = of_soft_labels(applied.mentions, applied.votes, soft)
    known = work.job.task.task.gold
    predicted = list(documents_of(work.corpus("dev"), system, known, name))
    return relation_scores(gold, predicted, known[TASK].names)


def _row(name: str, precision: float, recall: float, f1: float) -> Iterator[Row]:
    counts = f"F1, precision {precision:.3f}, recall {recall:.3f}"
    yield Row(f"all labels: {name}", round(f1, 4), unit=counts)


if __name__ == "__main__":
    main()
