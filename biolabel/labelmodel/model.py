"""The label model: `fit` weighs the votes of all tasks, `predict` turns votes into soft labels."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix, SoftLabels, Task, TaskGraph
from biolabel.data.progress import Progress, silent
from biolabel.data.votes import affirms, denies, weighed
from biolabel.errors import ModelError
from biolabel.labelmodel.choice import Choice
from biolabel.labelmodel.estimate import estimate, soft_labels
from biolabel.labelmodel.joint.feasible import linked
from biolabel.labelmodel.joint.joint import decode, infer
from biolabel.labelmodel.params import Estimate, LabelModelParams, Settings, TaskParams
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.selection import by_label, select
from biolabel.labelmodel.tasks.shared import fit_shared, known_vectors, without
from biolabel.labelmodel.tasks.stacked import fit_stacked
from biolabel.labelmodel.votes import Floats, Ints, check, row_starts
from biolabel.labelmodel.words.codings import fillers, without_fillers
from biolabel.labelmodel.words.neighbors import chained, count_steps, smooth
from biolabel.labelmodel.words.sequence import Counts


def fit(
    matrices: Mapping[str, LabelMatrix],
    graph: TaskGraph,
    settings: Settings | None = None,
    progress: Progress = silent,
    generator: np.random.Generator | None = None,
    gold: Mapping[str, Ints] | None = None,
) -> LabelModelParams:
    """Return what the votes of each task amount to.

    Drafts are known to the parameters, but their votes count nowhere. generator: for the choice
    between methods, and for the rows that `emission` takes of very many; default_rng(0) where None.
    gold: task to int64[n], the label of each candidate, -1 where it is not known; exclusive tasks
    keep to it.

    Raises:
        ModelError: BL801 to BL804 and BL807 to BL809 for votes or a task graph that do not hold.
    """
    chosen = settings or Settings()
    _check(matrices, graph)
    _check_gold(gold or {}, matrices)
    matrices = {name: weighed(matrix) for name, matrix in matrices.items()}
    silences = {name: found for name, m in matrices.items() if (found := fillers(m))}
    matrices = {name: without_fillers(m, silences.get(name, ())) for name, m in matrices.items()}
    linked(graph)  # a constraint that cannot be used is found before the work, not after it
    known = {name: matrix for name, matrix in matrices.items() if name not in (gold or {})}
    stacked = fit_stacked(known, chosen)
    tasks = {
        name: _fit_task(matrix, chosen, generator, (gold or {}).get(name), stacked.get(name))
        for name, matrix in progress(matrices.items(), name="label model", total=len(matrices))
    }
    fitted = LabelModelParams(chosen, tasks, fillers=silences)
    if chosen.method != "majority" and graph.follows:
        fitted = chained(fitted, [neighbors(fitted, matrices, graph)])
    if chosen.method == "majority" or not linked(graph):
        return fitted
    return replace(fitted, together=fit_shared(matrices, graph, _soft(fitted, matrices), chosen))


def predict(
    params: LabelModelParams, matrices: Mapping[str, LabelMatrix], graph: TaskGraph
) -> Mapping[str, SoftLabels]:
    """Return the soft labels of each task, under the constraints of the task graph.

    The candidates may be others than those of fitting; the tasks and labeling functions may not,
    though some may be left out. Candidates without votes hold the class prior; of these, only
    document tasks take part in the constraints, since nothing was said about the others.

    Raises:
        ModelError: BL801 to BL804 and BL807 to BL809 for votes or a task graph that do not hold,
            BL806 for tasks or labeling functions that were not fitted.
    """
    _check(matrices, graph)
    matrices = _weighed(params, matrices)
    covered = {name: _covered(matrix) for name, matrix in matrices.items()}
    known = known_vectors(params, matrices, graph)
    soft = smooth(params, _soft(params, matrices), covered, graph)
    apart = infer(soft, covered, without(graph, known))
    joint = apart | {name: soft for each in known for name, soft in each.marginals().items()}
    return {
        name: SoftLabels(matrix.task, joint[name].astype(np.float32), covered[name])
        for name, matrix in matrices.items()
    }


def decide(
    params: LabelModelParams, matrices: Mapping[str, LabelMatrix], graph: TaskGraph
) -> Mapping[str, Flags]:
    """Return which labels each candidate has, bool[n, k] by task: the likeliest that may be together.

    The likeliest labels of single candidates, by their soft labels, may break a hard constraint
    together; these never do.

    Raises:
        ModelError: as `predict`.
    """
    _check(matrices, graph)
    matrices = _weighed(params, matrices)
    covered = {name: _covered(matrix) for name, matrix in matrices.items()}
    known = known_vectors(params, matrices, graph)
    soft = smooth(params, _soft(params, matrices), covered, graph)
    apart = decode(soft, covered, without(graph, known))
    return apart | {name: labels for each in known for name, labels in each.likeliest().items()}


def neighbors(
    params: LabelModelParams, matrices: Mapping[str, LabelMatrix], graph: TaskGraph
) -> dict[str, Counts]:
    """Return the expected steps between neighboring words; `chained` adds those of shards up.

    Raises:
        ModelError: as `predict`.
    """
    words = {name: matrices[name] for name in graph.follows if name in matrices}
    matrices = _weighed(params, words)
    covered = {name: _covered(matrix) for name, matrix in matrices.items()}
    return count_steps(_soft(params, matrices), covered, graph)


def _weighed(
    params: LabelModelParams, matrices: Mapping[str, LabelMatrix]
) -> dict[str, LabelMatrix]:
    """Return the matrices without the votes that count nowhere: of drafts, and what is silence."""
    return {
        name: without_fillers(weighed(matrix), params.fillers.get(name, ()))
        for name, matrix in matrices.items()
    }


def _soft(params: LabelModelParams, matrices: Mapping[str, LabelMatrix]) -> dict[str, Floats]:
    """Return the soft labels of each task by its own votes alone."""
    return {
        name: _predict_task(_known(params, matrix), matrix, params.settings)
        for name, matrix in matrices.items()
    }


def _covered(matrix: LabelMatrix) -> Flags:
    return np.asarray(np.diff(row_starts(matrix)) > 0)


def _check(matrices: Mapping[str, LabelMatrix], graph: TaskGraph) -> None:
    tasks = {task.name: task for task in graph.tasks}
    for name, matrix in matrices.items():
        check(matrix)
        if matrix.task != tasks.get(name):
            raise ModelError("BL804", f"the votes for `{name}` are not of that task of the graph")
        documents = graph.documents.get(name)
        if documents is None or len(documents) != matrix.n_candidates:
            found = "no" if documents is None else len(documents)
            raise ModelError(
                "BL804",
                f"`{name}` has {matrix.n_candidates} candidates and documents for {found} of them",
            )
        if len(documents) and not 0 <= documents.min() <= documents.max() < graph.n_documents:
            raise ModelError(
                "BL804",
                f"candidates of `{name}` are in documents {documents.min()} to {documents.max()}, "
                f"expected 0 to {graph.n_documents}",
            )


def _check_gold(gold: Mapping[str, Ints], matrices: Mapping[str, LabelMatrix]) -> None:
    for name, labels in gold.items():
        if name not in matrices:
            raise ModelError(
                "BL804", f"gold is given for `{name}`, which has no votes",
                hint=_nearest(name, matrices),
            )  # fmt: skip
        task, n = matrices[name].task, matrices[name].n_candidates
        if not task.exclusive:
            raise ModelError("BL804", f"gold is given for `{name}`, which may pick many labels")
        if len(labels) != n:
            raise ModelError("BL804", f"gold of `{name}` has {len(labels)} rows for {n} candidates")
        if n and not -1 <= labels.min() <= labels.max() < len(task.labels):
            found = f"{labels.min()} to {labels.max()}"
            raise ModelError(
                "BL804",
                f"gold of `{name}` is {found}, expected -1 (unknown) to {len(task.labels) - 1}",
            )


def _fit_task(
    matrix: LabelMatrix,
    settings: Settings,
    generator: np.random.Generator | None,
    gold: Ints | None,
    stacked: Estimate | None,
) -> TaskParams:
    task, drawn = matrix.task, generator or np.random.default_rng(0)
    every = _number(matrix, np.arange(matrix.n_candidates))
    if stacked is not None:
        return TaskParams(task, matrix.lfs, every, (stacked,))
    if task.exclusive:
        fitted, choice = _estimated(matrix, settings, drawn, gold)
        return TaskParams(task, matrix.lfs, every, (fitted,), choice)
    covered = _number(matrix, np.unique(matrix.candidate))
    parts = [
        _estimated(_binary(matrix, label), settings, drawn, None)
        for label in range(len(task.labels))
    ]
    estimates = tuple(_spread(fitted, covered) for fitted, _ in parts)
    choices = {
        label: choice
        for label, (_, choice) in zip(task.labels, parts, strict=True)
        if choice is not None
    }
    return TaskParams(task, matrix.lfs, every, estimates, by_label(choices) if choices else None)


def _estimated(
    matrix: LabelMatrix, settings: Settings, generator: np.random.Generator, gold: Ints | None
) -> tuple[Estimate, Choice | None]:
    if settings.method == "auto":
        return select(matrix, settings, generator, gold)
    return estimate(matrix, settings, generator, gold), None


def _number(matrix: LabelMatrix, rows: NDArray[np.int64]) -> int:
    """Return how many candidates some rows of a label matrix stand for."""
    return len(rows) if matrix.times is None else int(matrix.times[rows].sum())


def _predict_task(params: TaskParams, matrix: LabelMatrix, settings: Settings) -> Floats:
    """Return P(label) of each candidate, float64[n, k]; rows of exclusive tasks sum to 1."""
    index = {function.name: at for at, function in enumerate(params.lfs)}
    lf = np.array([index[function.name] for function in matrix.lfs], dtype=np.int64)
    if matrix.task.exclusive:
        return soft_labels(matrix, params.estimates[0], lf, settings)
    columns = [
        soft_labels(_binary(matrix, label), fitted, lf, settings)[:, 1]
        for label, fitted in enumerate(params.estimates)
    ]
    return np.stack(columns, axis=1)


def _binary(matrix: LabelMatrix, label: int) -> LabelMatrix:
    """Return the votes on one label of a task that is not exclusive, as labels `no` and `yes`.

    `data.votes.affirms` says which votes are a yes, and `data.votes.denies` which are a no.
    """
    labels = matrix.task.labels
    yes = (matrix.mask >> label & 1 == 1) & affirms(matrix)
    no = denies(matrix, label)
    kept = yes | no
    return replace(
        matrix,
        task=Task(labels[label], matrix.task.kind, ("no", "yes")),
        candidate=matrix.candidate[kept],
        lf=matrix.lf[kept],
        mask=np.where(yes[kept], 2, 1).astype(np.int64),
    )


def _spread(fitted: Estimate, covered: int) -> Estimate:
    """Return the estimate with the share of a label among all rows with votes of any label.

    Rules that only affirm say nothing of rows that they leave out, where others voted; the class
    prior takes those as mostly negative, as half a pseudo-row each way.
    """
    if fitted.model is not None:  # its prior is among all rows already
        return fitted
    yes = (fitted.prior[1] * (fitted.rows + 1)) / (covered + 1)
    if fitted.quiet is not None:
        return fitted
    prior = np.array([1 - yes, yes])
    return replace(fitted, prior=prior, unvoted=prior)


def _known(params: LabelModelParams, matrix: LabelMatrix) -> TaskParams:
    """Return the parameters of a matrix's task, if they know its labels and functions."""
    name = matrix.task.name
    if name not in params.tasks:
        raise ModelError(
            "BL806", f"the label model knows no task `{name}`", hint=_nearest(name, params.tasks)
        )
    fitted = params.tasks[name]
    if fitted.task != matrix.task:
        raise ModelError(
            "BL806",
            f"`{name}` was fitted for the labels {', '.join(fitted.task.labels)}, "
            f"found {', '.join(matrix.task.labels)}",
            hint="fit the label model again",
        )
    names = {function.name: function for function in fitted.lfs}
    for function in matrix.lfs:
        if function.name not in names:
            raise ModelError(
                "BL806",
                f"the label model was fitted without `{function.name}` of `{name}`",
                hint=_nearest(function.name, names),
            )
    return fitted


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"the nearest is `{close[0]}`; else fit again" if close else "fit the label model again"
