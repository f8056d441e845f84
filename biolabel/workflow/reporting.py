"""What a run's report shows, gathered from its stages."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from biolabel.curation.assertions import Assertion
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.calibration import Reliability, judged_reliability
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.places import place_candidates
from biolabel.evaluation.uncovered import context_of
from biolabel.labelmodel.reasons.bonds import bonds
from biolabel.labelmodel.reasons.reasons import reasons
from biolabel.text.rejects import Reject, read_rejects
from biolabel.workflow.analyze import analyses
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.assertions import open_assertions
from biolabel.workflow.augment import augment, augment_settings, open_augmented, open_gains
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.fit import fit, open_fitted
from biolabel.workflow.graph import wants_given
from biolabel.workflow.job import Which
from biolabel.workflow.manifest import versions
from biolabel.workflow.predict import given_probabilities, predict
from biolabel.workflow.report.data import Augmentation, ReportData, TaskReport
from biolabel.workflow.report.render import write_report
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.trust import Trust

_SHOWN_ASSERTIONS = 50


def write_run_report(
    path: Path, bench: Bench, scores: Sequence[ScoreRow], gathered: StageNote
) -> None:
    """Write the HTML report of a run: scores, rules, label model, calibration, assertions, rejects."""
    found = _assertions(bench, gathered)
    data = ReportData(
        title=bench.job.task.task.title,
        card=_card(bench),
        facts=_facts(bench),
        stages=tuple(bench.job.notes.values()),
        scores=tuple(scores),
        tasks=_tasks(bench),
        augmentation=_augmentation(bench),
        assertions=found[:_SHOWN_ASSERTIONS],
        n_assertions=len(found),
        rejects=tuple(_rejects(bench)),
    )
    write_report(path, data)


def _card(bench: Bench) -> dict[str, str]:
    tasks = [
        f"{plan.task.name} ({plan.task.kind}: {', '.join(plan.task.labels)})"
        for plan in bench.plan.tasks
    ]
    return {
        "task": bench.job.task.task.name,
        "predicts": "; ".join(tasks),
        "rules": str(sum(len(plan.rules) for plan in bench.plan.tasks)),
        **{
            which: f"{file.name}, {len(bench.corpus(which).ids):,} documents"
            for which, file in bench.job.files.items()
        },
    }


def _augmentation(bench: Bench) -> Augmentation | None:
    policy = augment_settings(bench).policy
    note = augment(bench)
    return (
        Augmentation(policy, open_augmented(note), open_gains(note)) if policy != "none" else None
    )


def _facts(bench: Bench) -> dict[str, str]:
    return {
        "seed": str(bench.job.seed),
        "rules": bench.rules.digest,
        "code": bench.job.code,
        **versions(),
    }


def _tasks(bench: Bench) -> tuple[TaskReport, ...]:
    fitted = open_fitted(fit(bench))
    params = fitted.model
    measured = analyses(bench, "dev") if "dev" in bench.job.files else {}
    calibrated = _reliability(bench, "dev") if "dev" in bench.job.files else {}
    return tuple(
        TaskReport(
            analysis=analysis,
            reasons=tuple(reasons(params.tasks[name])),
            concerns=fitted.trust[name].concerns,
            measured=measured.get(name),
            reliability=calibrated.get(name, {}),
            bonds=bonds(params.tasks[name]),
            choice=params.tasks[name].choice,
            trust=fitted.trust[name],
            texts=tuple(_texts(bench, name, fitted.trust[name])),
        )
        for name, analysis in analyses(bench, "corpus").items()
    )


def _texts(bench: Bench, name: str, found: Trust) -> Iterator[tuple[Piece, ...]]:
    """Yield the texts of the rows where the label model parts most from the majority vote."""
    applied, corpus = open_applied(apply(bench, "corpus")), bench.corpus("corpus")
    [plan] = (plan for plan in bench.plan.tasks if plan.task.name == name)
    mentions = given_mentions(corpus) if wants_given(plan) else applied.mentions
    placed = place_candidates(applied.votes[name], corpus, mentions, plan.declaration)
    for row in found.rows:
        yield context_of(placed, corpus, mentions, row.candidate)


def _reliability(bench: Bench, which: Which) -> dict[str, Mapping[str, Reliability]]:
    """Return, by task and system, how the probabilities between given mentions came true."""
    probabilities = given_probabilities(predict(bench, which))
    if not probabilities:
        return {}
    votes = open_applied(given_apart(bench, which) or apply(bench, which)).votes
    known = {n: g.names for n, g in bench.job.task.task.gold.items()}
    found: dict[str, dict[str, Reliability]] = {}
    for (system, name), rows in probabilities.items():
        gold = gold_labels(votes[name], bench.corpus(which), known)
        shown = judged_reliability(rows, gold, votes[name].matrix.task, known.get(name))
        if shown is not None:
            found.setdefault(name, {})[system] = shown
    return dict(found)


def _assertions(bench: Bench, gathered: StageNote) -> tuple[Assertion, ...]:
    names = [plan.task.name for plan in bench.plan.tasks if plan.task.kind == "relation"]
    found = [assertion for name in names for assertion in open_assertions(gathered, name)]
    order = np.argsort([-a.probability for a in found], kind="stable")
    return tuple(found[i] for i in order)


def _rejects(bench: Bench) -> list[Reject]:
    return [
        row
        for which in bench.job.parts()
        for row in read_rejects(bench.ingested(which).folder / "rejects.tsv").rows
    ]
