from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from biolabel.curation.gold import GoldRow, write_gold
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, known_candidates, open_fitted, soft_labels

OpenBench = Callable[..., Bench]


def test_the_label_model_stands_beside_the_majority_vote(bench: Bench) -> None:
    fitted = open_fitted(fit(bench))
    assert fitted.model.settings.method == "auto"
    assert fitted.majority.settings.method == "majority"
    assert list(fitted.model.tasks) == list(fitted.majority.tasks) == ["mentions", "cid", "topic"]


def test_soft_labels_are_probabilities_for_every_candidate(bench: Bench) -> None:
    votes = open_applied(apply(bench, "dev")).votes
    soft = soft_labels(bench, open_fitted(fit(bench)).model, votes, "dev")
    for name, labels in soft.items():
        assert labels.probabilities.shape == (
            votes[name].matrix.n_candidates,
            len(labels.task.labels),
        )
        assert np.allclose(labels.probabilities.sum(axis=1), 1, atol=1e-5)
    harm = soft["topic"].probabilities[:, 0]
    assert harm[[0, 2, 4]].min() > harm[[1, 3]].max()


def test_another_method_is_fitted_anew(
    bench: Bench, tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    with (tiny_task / "task.toml").open("a", encoding="utf-8") as settings:
        settings.write('[label_model]\nmethod = "majority"\n')
    work = open_bench(tiny_task, tmp_path / "workspace")
    note = fit(work)
    assert note.inputs["method"] == "majority"
    assert note.key != fit(bench).key
    fitted = open_fitted(note)
    votes = open_applied(apply(work, "corpus")).votes
    ours, theirs = (soft_labels(work, p, votes, "corpus") for p in (fitted.model, fitted.majority))
    assert np.array_equal(ours["cid"].probabilities, theirs["cid"].probabilities)


def test_gold_rows_are_labels_that_the_label_model_keeps_to(tmp_path: Path, bench: Bench) -> None:
    votes = open_applied(apply(bench, "corpus")).votes["cid"]
    ids = bench.corpus("corpus").ids
    rows = [
        GoldRow("cid", ids[doc], subject, target, "none")
        for doc, subject, target in zip(votes.documents, votes.subjects, votes.objects, strict=True)
    ]
    path = write_gold(tmp_path / "gold.tsv", rows)
    taught = Bench(replace(bench.job, gold_rows=path, notes={}))
    note = fit(taught)
    assert note.key != fit(bench).key
    assert known_candidates(note) == {"cid": len(rows)}
    assert known_candidates(fit(bench)) == {}
    plain, learned = (
        soft_labels(bench, open_fitted(each).model, {"cid": votes}, "corpus")["cid"].probabilities
        for each in (fit(bench), note)
    )
    none = votes.matrix.task.labels.index("none")
    assert learned[:, none].mean() > plain[:, none].mean()
