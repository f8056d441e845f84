"""The label model beside the grouped majority vote and the best single function, without gold.

Planted votes (biolabel/labelmodel/single.py) with three seeds each, and, where BIOLABEL_DATA is
set or found, the votes of 31 functions on BC5CDR pairs: fitted on the train part, figures from dev.
`--choose` prints what the defaults of `anchor` and `balance` were chosen from: the worst and the
mean difference of F1 to the majority vote, on other seeds of the planted sets and on CDR train.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from frame import Row, write
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted, sparse
from biolabel.resources import data_root

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROWS, SEEDS, CHOOSING_SEEDS = 10_000, (1, 2, 3), (101, 102, 103)
SLACK = 0.005  # F1 that the model may lie below the majority vote
CALIBRATION = 0.05  # largest expected calibration error on planted votes
MAJORITY = Settings(method="majority")
SETS: Mapping[str, Callable[[np.random.Generator, int], Planted]] = {
    "two-sided 50 %": partial(single.two_sided, share=0.5),
    "two-sided 20 %": partial(single.two_sided, share=0.2),
    "two-sided 5 %": partial(single.two_sided, share=0.05),
    "one-sided 50 %": partial(single.one_sided, share=0.5),
    "one-sided 20 %": partial(single.one_sided, share=0.2),
    "one-sided 5 %": partial(single.one_sided, share=0.05),
    "copied": copies.copied,
    "eager": single.eager,
    "hierarchy": single.hierarchy,
}
# What `--choose` compares: the weight of the stated precisions, and of equal shares.
ANCHORS, BALANCES = (0.5, 1.0, 2.0, 4.0), (0.3, 0.5, 1.0, 2.0)


def f1(truth: Flags, said: Flags) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * float(np.sum(truth & said)) / max(1.0, float(np.sum(truth) + np.sum(said)))


def quality(truth: Ints, probabilities: Floats, covered: Flags) -> float:
    """Return F1 of the positive label at .5 of two labels, else the accuracy on rows with votes."""
    if probabilities.shape[1] == 2:
        return f1(truth == 1, covered & (probabilities[:, 1] > 0.5))
    return float(np.mean((probabilities.argmax(1) == truth)[covered]))


def average_precision(truth: Flags, score: Floats) -> float:
    """Return the area under precision and recall, ties taken together."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    right = np.cumsum(truth[order])[last]
    precision = right / (np.flatnonzero(last) + 1)
    return float(np.diff(right, prepend=0) @ precision / truth.sum())


def log_loss(truth: Ints, probabilities: Floats) -> float:
    """Return the mean of -log P(true label), in nats."""
    own = probabilities[np.arange(len(probabilities)), truth]
    return float(-np.log(np.maximum(own, 1e-6)).mean())


def calibration_error(truth: Ints, probabilities: Floats) -> float:
    """Return the expected calibration error of the likeliest label, in ten bins."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((top * 10).astype(np.int64), 9)
    gaps = np.bincount(bins, weights=right - top, minlength=10)
    return float(np.abs(gaps).sum() / len(top))


def soft(train: Planted, votes: Planted, settings: Settings) -> tuple[Floats, Flags]:
    """Return the probabilities, float64[n, k], and which rows have votes; fitted on `train`."""
    name = votes.matrix.task.name
    params = fit({name: train.matrix}, train.graph, settings)
    found = predict(params, {name: votes.matrix}, votes.graph)[name]
    return found.probabilities.astype(np.float64), found.covered


def alone(votes: Planted, lf: int) -> tuple[Floats, Flags]:
    """Return what one function says, shared among the labels of its votes, and on which rows."""
    matrix, k = votes.matrix, len(votes.matrix.task.labels)
    own = matrix.lf == lf
    said = np.zeros((matrix.n_candidates, k))
    said[matrix.candidate[own]] = (matrix.mask[own, None] >> np.arange(k)) & 1
    return said / np.maximum(said.sum(axis=1, keepdims=True), 1), said.any(axis=1)


def best_function(votes: Planted) -> int:
    """Return the function that gold would choose by F1 (accuracy on its rows, from three labels).

    Accuracy ignores coverage, which favors the single function.
    """
    found = [quality(votes.truth, *alone(votes, lf)) for lf in range(len(votes.matrix.lfs))]
    return int(np.argmax(found))


def planted_rows(name: str, sets: Sequence[Planted]) -> list[Row]:
    """Return the figures of one planted set over its seeds, on rows with votes."""
    figures = []
    for votes in sets:
        line = [quality(votes.truth, *alone(votes, best_function(votes)))]
        for settings in (Settings(), MAJORITY):
            probabilities, covered = soft(votes, votes, settings)
            truth, seen = votes.truth[covered], probabilities[covered]
            line.append(quality(votes.truth, probabilities, covered))
            line += [calibration_error(truth, seen), log_loss(truth, seen)]
        figures.append(line)
    mean, spread = np.mean(figures, axis=0).tolist(), np.std(figures, axis=0).tolist()
    unit = "accuracy" if name == "hierarchy" else "F1"
    floor = mean[4] - SLACK
    return [
        Row(f"{name}: label model", mean[1], floor, f"{unit} ± {spread[1]:.3f}", mean[1] >= floor),
        Row(f"{name}: majority vote", mean[4], unit=f"{unit} ± {spread[4]:.3f}"),
        Row(f"{name}: best function", mean[0], unit=f"{unit} ± {spread[0]:.3f}"),
        Row(f"{name}: label model", mean[2], CALIBRATION, "ECE", mean[2] <= CALIBRATION),
        Row(f"{name}: majority vote", mean[5], unit="ECE"),
        Row(f"{name}: label model", mean[3], mean[6], "log loss, nats", mean[3] <= mean[6]),
        Row(f"{name}: majority vote", mean[6], unit="log loss, nats"),
    ]


def cdr(part: str) -> tuple[Planted, Callable[[Flags], float]] | None:
    """Return the votes on the CDR pairs of a part, and their F1 by document, if the data exist."""
    path = data_root() / "votes" / f"cdr_snorkel_{part}.npz"
    if not path.is_file():
        return None
    with np.load(path) as content:
        votes, truth = content["L"].astype(np.int64), content["gold"].astype(np.int64)
        names = content["lf_names"].tolist()
        pairs = list(zip(content["pmid"], content["chem_ids"], content["dis_ids"], strict=True))
        gold = set(content["doc_relations"].tolist())
    # The functions that look pairs up in the same database share a source.
    functions = tuple(
        LabelingFunction(name, groups=frozenset({"ctd"} if "ctd" in name else ())) for name in names
    )
    task = Task("cid", "relation", ("none", "causes"))
    matrix = sparse(task, functions, np.where(votes < 0, 0, 1 << np.maximum(votes, 0)))

    def by_document(said: Flags) -> float:
        found = {
            f"{pmid}\t{chemical}\t{disease}"
            for pmid, chemicals, diseases in (pairs[at] for at in np.flatnonzero(said))
            for chemical in chemicals.split("|")
            for disease in diseases.split("|")
        }
        return 2 * len(found & gold) / (len(found) + len(gold))

    return Planted(matrix, truth), by_document


def real_rows(part: str) -> list[Row]:
    """Return the figures of the CDR votes of a part; the model is fitted on the train part."""
    train, tested = cdr("train"), cdr(part)
    if train is None or tested is None:
        return []
    votes, by_document = tested
    truth = votes.truth == 1
    lf = best_function(train[0])  # chosen with gold, which the others do not see
    said, seen = alone(votes, lf)
    single = votes.matrix.lfs[lf].name
    figures = {f"best function ({single})": {"pair F1": quality(votes.truth, said, seen)}}
    figures[f"best function ({single})"]["document F1"] = by_document(said[:, 1] > 0.5)
    for name, settings in (("label model", Settings()), ("majority vote", MAJORITY)):
        probabilities, covered = soft(train[0], votes, settings)
        figures[name] = {
            "pair F1": quality(votes.truth, probabilities, covered),
            "document F1": by_document(covered & (probabilities[:, 1] > 0.5)),
            "AP": average_precision(truth, probabilities[:, 1]),
            "ECE": calibration_error(votes.truth, probabilities),
            "log loss, nats": log_loss(votes.truth, probabilities),
        }
    rows = []
    for name, values in figures.items():
        for unit, value in values.items():
            row = Row(f"CDR {part}: {name}", value, unit=unit)
            if name == "label model" and unit in ("pair F1", "document F1", "AP"):
                floor = figures["majority vote"][unit] - SLACK
                row = replace(row, target=floor, holds=value >= floor)
            rows.append(row)
    return rows


def timing() -> Row:
    """Return how much longer anchored EM takes than the majority vote, on rows that all differ."""
    votes = single.two_sided(np.random.default_rng(1), 200_000, 0.2, m=30)
    seconds = []
    for settings in (MAJORITY, Settings()):
        start = time.perf_counter()
        fit({votes.matrix.task.name: votes.matrix}, votes.graph, settings)
        seconds.append(time.perf_counter() - start)
    return Row("200,000 candidates: fit, to majority vote", seconds[1] / seconds[0], unit="times")


def choose() -> None:
    """Print the differences of F1 to the majority vote, worst set and mean, for each setting."""
    sets = [
        [make(np.random.default_rng(seed), ROWS) for seed in CHOOSING_SEEDS]
        for make in SETS.values()
    ]
    train = cdr("train")
    if train is not None:
        sets.append([train[0]])

    def scored(settings: Settings) -> Floats:
        return np.array(
            [np.mean([quality(v.truth, *soft(v, v, settings)) for v in group]) for group in sets]
        )

    base = scored(MAJORITY)
    table = Table("anchor", "balance", "worst", "mean", *SETS, "CDR train")
    for anchor in ANCHORS:
        for balance in BALANCES:
            gain = 100 * (scored(Settings(anchor=anchor, balance=balance)) - base)
            figures = (gain.min(), gain.mean(), *gain)
            table.add_row(f"{anchor}", f"{balance}", *(f"{value:+.1f}" for value in figures))
    Console(width=200).print(table)


def main() -> None:
    """Write benchmarks/results/label_model.json, or print what the defaults were chosen from."""
    if "--choose" in sys.argv[1:]:
        choose()
        return
    rows = [
        row
        for name, make in SETS.items()
        for row in planted_rows(name, [make(np.random.default_rng(seed), ROWS) for seed in SEEDS])
    ]
    write("label_model", [*rows, *real_rows("dev"), timing()])


if __name__ == "__main__":
    main()
