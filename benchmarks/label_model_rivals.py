"""The rivals' side of `label_model.py`: runs in a rival's environment, where biolabel is not.

`python label_model_rivals.py RIVAL FOLDER`: every job_N.npz of the folder gets an out_N.npz. A job holds
the votes of one task, `fitted` and `scored` (int8[n, m], the label's number, -1 abstains), `labels`
(their number) and `balance` (float[k], or empty if it is not told); or several tasks on the same rows
for MeTaL: `fitted` and `scored` int8[t, n, m], `labels` int[t] and `vectors` int[f, t], the feasible
label vectors. An answer holds `p_0`, `p_1` ... (float[n, k] a task), the seconds of the processor and
the largest memory of this process in bytes; or `failed`, a text. Every rival has its own defaults.
"""

import contextlib
import io
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from peak import peak_memory

Job = Mapping[str, Any]


def snorkel(job: Job) -> Sequence[Any]:
    """Snorkel's label model, 100 epochs."""
    from snorkel.labeling.model import LabelModel  # type: ignore[import-not-found,unused-ignore]

    model = LabelModel(cardinality=int(job["labels"]), verbose=False)
    balance = job["balance"].tolist() or None
    model.fit(job["fitted"].astype(np.int64), class_balance=balance, seed=1, progress_bar=False)
    return [model.predict_proba(job["scored"].astype(np.int64))]


def metal(job: Job) -> Sequence[Any]:
    """Snorkel MeTaL's label model for one task, or for several with their feasible vectors."""
    from scipy.sparse import csr_matrix

    balance = job["balance"] if len(job["balance"]) else None
    if "vectors" not in job:
        from metal.label_model import LabelModel  # type: ignore[import-not-found,unused-ignore]

        model = LabelModel(k=int(job["labels"]), seed=1, verbose=False)
        model.train_model(csr_matrix(job["fitted"] + 1), class_balance=balance)
        return [model.predict_proba(csr_matrix(job["scored"] + 1))]
    from metal.multitask import (  # type: ignore[import-not-found,unused-ignore]
        MTLabelModel,
        TaskGraph,
    )

    class Feasible(TaskGraph):  # type: ignore[misc,unused-ignore]
        def feasible_set(self) -> Any:
            return iter(job["vectors"] + 1)

    model = MTLabelModel(task_graph=Feasible(job["labels"].tolist()), seed=1, verbose=False)
    model.train_model([csr_matrix(own + 1) for own in job["fitted"]], class_balance=balance)
    found: Sequence[Any] = model.predict_proba([csr_matrix(own + 1) for own in job["scored"]])
    return found


def skweak(job: Job) -> Sequence[Any]:
    """Skweak's naive Bayes, which learns the class balance from where it is told to start."""
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]
    from skweak.generative import NaiveBayes  # type: ignore[import-not-found,unused-ignore]

    labels = [f"label_{at}" for at in range(int(job["labels"]))]
    balance = dict(zip(labels, job["balance"].tolist(), strict=False)) or None
    model = NaiveBayes("rival", labels, prior_probs=balance)
    columns = [f"lf_{at}" for at in range(job["fitted"].shape[1])]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        seen = job["fitted"][(job["fitted"] >= 0).any(axis=1)].astype(np.int64)
        model._fit([pd.DataFrame(seen, columns=columns)])
    result = np.tile(model.prior_probs, (len(job["scored"]), 1))
    covered = (job["scored"] >= 0).any(axis=1)
    scored = pd.DataFrame(job["scored"][covered].astype(np.int64), columns=columns)
    result[covered] = model.aggregate(scored).to_numpy()
    return [result]


def dawid_skene(job: Job) -> Sequence[Any]:
    """Crowd-Kit's Dawid-Skene over the rows of both parts, since it scores only what it has fitted."""
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]
    from crowdkit.aggregation import DawidSkene  # type: ignore[import-not-found,unused-ignore]

    votes, k = _both(job), int(job["labels"])
    row, column = np.nonzero(votes >= 0)
    said = pd.DataFrame({"task": row, "worker": column, "label": votes[row, column]})
    found = DawidSkene(n_iter=100).fit_predict_proba(said)
    prior = np.bincount(found.to_numpy().argmax(axis=1), minlength=k) / len(found)
    result = np.tile(prior[:k], (len(votes), 1))
    whole = np.zeros((len(found), k))
    whole[:, found.columns.to_numpy(dtype=np.int64)] = found.to_numpy()
    result[found.index.to_numpy()] = whole
    return [result[-len(job["scored"]) :]]


def hyperlm(job: Job) -> Sequence[Any]:
    """The pre-trained hyper label model, over the rows of both parts, since it only scores."""
    import torch
    from hyperlm import HyperLabelModel  # type: ignore[import-not-found,unused-ignore]

    # What its checkpoint holds beside tensors, so that torch reads it without running pickled code.
    number = (np._core.multiarray.scalar, "numpy.core.multiarray.scalar")  # type: ignore[attr-defined]
    torch.serialization.add_safe_globals([number, np.dtype, np.dtypes.Float64DType])
    votes, k = _both(job), int(job["labels"])
    seen = (votes >= 0).any(axis=1)
    found = HyperLabelModel(device="cpu").infer(votes[seen], return_probs=True)
    result = np.full((len(votes), k), 1 / k)
    result[np.flatnonzero(seen), : found.shape[1]] = found
    return [result[-len(job["scored"]) :]]


RIVALS: Mapping[str, Callable[[Job], Sequence[Any]]] = {
    "snorkel": snorkel,
    "metal": metal,
    "skweak": skweak,
    "dawid_skene": dawid_skene,
    "hyperlm": hyperlm,
}


def main(rival: str, folder: Path) -> None:
    """Answer every job of a folder; what a rival fails at is its answer."""
    for path in sorted(folder.glob("job_*.npz")):
        with np.load(path) as content:
            job = _job(dict(content))
        started = time.process_time()
        try:
            found = RIVALS[rival](job)
            answer: dict[str, Any] = {f"p_{at}": p for at, p in enumerate(found)}
            if not all(np.isfinite(p).all() for p in found):
                answer = {"failed": "probabilities that are no numbers"}
        except Exception as error:  # noqa: BLE001
            answer = {"failed": f"{type(error).__name__}: {error}"}
        answer["seconds"] = time.process_time() - started
        answer["memory"] = peak_memory()
        np.savez(folder / path.name.replace("job_", "out_"), **answer)


def _job(content: dict[str, Any]) -> Job:
    """Return a job whose votes may have been sparse: columns `candidate`, `lf`, `label`, `shape`."""
    if "shape" not in content:
        return content
    rows, lfs, labels = content["shape"].tolist()
    votes = np.full((rows, lfs), -1, dtype=np.int8)
    votes[content["candidate"], content["lf"]] = content["label"]
    return {"fitted": votes, "scored": votes, "labels": labels, "balance": np.zeros(0)}


def _both(job: Job) -> Any:
    if np.array_equal(job["fitted"], job["scored"]):
        return job["scored"].astype(np.int64)
    return np.concatenate([job["fitted"], job["scored"]]).astype(np.int64)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
