"""Planted votes: what every method makes of them, beside the posterior of the true parameters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from label_model_answers import Answer, ask
from label_model_rivals import RIVALS
from label_model_scores import (
    Floats,
    Ints,
    accuracy,
    calibration_error,
    log_loss,
    macro_f1,
    mean_ranks,
)
from label_model_sets import LARGE, SETS, told, told_together

from biolabel.labelmodel.model import decide, fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.tasks import PlantedTasks

Scores = Mapping[str, float]
"""A measure's name to its value."""

CEILING, BIOLABEL, MAJORITY = "ceiling", "biolabel", "majority vote"
NOT_TOLD = ("dawid_skene", "hyperlm")
"""Rivals that have no way to be told the class balance."""


def rival_names() -> list[str]:
    """Return the methods of the rivals: each as it comes, and told the class balance."""
    balanced = [f"{name}, balance" for name in RIVALS if name not in NOT_TOLD]
    return [*RIVALS, *balanced]


def figures(
    names: Sequence[str],
    rows: int,
    seeds: Iterable[int],
    own: Mapping[str, Settings],
    rivals: Sequence[str],
    *,
    only_kept: bool = False,
) -> dict[str, dict[str, list[Scores | None]]]:
    """Return the scores of each method on each set, a seed each; None where a rival failed.

    Rivals get the large sets with the first seed only: they would take hours. only_kept: rivals whose
    answers on a set are not kept are left out of it.
    """
    result: dict[str, dict[str, list[Scores | None]]] = {}
    for name in names:
        sets = [SETS[name](np.random.default_rng(seed), rows) for seed in seeds]
        found: dict[str, list[Scores | None]] = {CEILING: [_ceiling(planted) for planted in sets]}
        for method, settings in own.items():
            found[method] = [scores(planted, *soft(planted, settings)) for planted in sets]
        for method in rivals:
            answered = _rival(method, sets[:1] if name in LARGE else sets, only_kept)
            if answered is not None:
                found[method] = answered
        result[name] = found
    return result


def soft(planted: PlantedTasks, settings: Settings) -> tuple[dict[str, Floats], dict[str, Ints]]:
    """Return the soft labels of each task by the label model, and the labels that it decides on."""
    params = fit(planted.matrices, planted.graph, settings)
    found = predict(params, planted.matrices, planted.graph)
    decided = decide(params, planted.matrices, planted.graph)
    return (
        {name: labels.probabilities.astype(np.float64) for name, labels in found.items()},
        {name: labels.argmax(axis=1) for name, labels in decided.items()},
    )


def scores(
    planted: PlantedTasks, found: Mapping[str, Floats], decided: Mapping[str, Ints] | None = None
) -> Scores:
    """Return the measures of soft labels, the mean of the tasks.

    `joint` is the share of rows all of whose tasks are right, `infeasible` that of rows whose
    labels the constraints forbid; both 0 where tasks do not constrain each other. The labels are
    those decided on together, int64[n] by task, else the likeliest ones.
    """
    measures = {
        "macro-F1": macro_f1,
        "accuracy": accuracy,
        "ECE": calibration_error,
        "log loss": log_loss,
    }
    result = {
        name: float(np.mean([measure(planted.truth[task], found[task]) for task in found]))
        for name, measure in measures.items()
    }
    if len(planted.vectors):
        likeliest = decided or {task: own.argmax(axis=1) for task, own in found.items()}
        said = np.stack([likeliest[task] for task in planted.truth], axis=1)
        truth = np.stack(list(planted.truth.values()), axis=1)
        fine = (said[:, None, :] == planted.vectors).all(axis=2).any(axis=1)
        result["joint"] = float((said == truth).all(axis=1).mean())
        result["infeasible"] = float(np.mean(~fine))
    return result


def mean(found: Sequence[Scores | None], measure: str) -> float | None:
    """Return a method's mean of a measure over seeds; None where it failed on one."""
    values = [own[measure] for own in found if own is not None]
    return float(np.mean(values)) if values and len(values) == len(found) else None


def spread(found: Sequence[Scores | None], measure: str) -> float:
    """Return a method's standard deviation of a measure over seeds."""
    return float(np.std([own[measure] for own in found if own is not None]))


def ranks(
    result: Mapping[str, Mapping[str, Sequence[Scores | None]]],
) -> tuple[dict[str, float], int]:
    """Return the mean rank of each method by macro-F1, and over how many sets: those of all methods."""
    values = {
        name: {it: mean(own, "macro-F1") for it, own in found.items() if it != CEILING}
        for name, found in result.items()
    }
    return mean_ranks(values)


def _ceiling(planted: PlantedTasks) -> Scores:
    """Return the scores of the true parameters; jointly, those of the likeliest vector."""
    result = dict(scores(planted, planted.posterior))
    if len(planted.vectors):
        truth = np.stack(list(planted.truth.values()), axis=1)
        best = planted.vectors[planted.joint.argmax(axis=1)]
        result |= {"joint": float((best == truth).all(axis=1).mean()), "infeasible": 0.0}
    return result


def _rival(
    method: str, sets: Sequence[PlantedTasks], only_kept: bool
) -> list[Scores | None] | None:
    name, _, told_balance = method.partition(", ")
    jobs: list[dict[str, Any]] = []
    parts: list[int] = []
    for planted in sets:
        together = told_together(planted, bool(told_balance)) if name == "metal" else None
        own = [told(planted, task, bool(told_balance)) for task in planted.truth]
        if together:
            own = [together]
        jobs += own
        parts.append(len(own))
    found = ask(name, jobs, only_kept=only_kept)
    if found is None:
        return None
    answers = iter(found)
    return [
        _scored(planted, [next(answers) for _ in range(count)])
        for planted, count in zip(sets, parts, strict=True)
    ]


def _scored(planted: PlantedTasks, answers: Sequence[Answer]) -> Scores | None:
    if any(answer.failed for answer in answers):
        return None
    parts = [p for answer in answers for p in answer.probabilities]
    # Of a task that MeTaL was told in two levels, the finer one is the task itself.
    own = parts[-len(planted.truth) :]
    return scores(planted, dict(zip(planted.truth, own, strict=True)))
