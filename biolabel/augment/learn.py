"""The learned policy: how likely each transformation should be, by what it does for held-out soft labels.

As in TANDA (Ratner et al., "Learning to Compose Domain-Specific Transformations for Data Augmentation",
NeurIPS 2017) the policy is a distribution over transformations in its mean-field form. There it is
learned against an adversary; here against the loss on held-out soft labels, that of a proxy
(`augment.proxy`), which trains in a second where the end model takes minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from biolabel.augment.choice import Name
from biolabel.augment.pool import judged
from biolabel.augment.proxy import WIDTH, Rows, rows_of_tasks
from biolabel.augment.transformations import Transformation
from biolabel.augment.verify import Ground
from biolabel.augment.version import Version
from biolabel.data.progress import Progress, silent
from biolabel.data.training import LabeledDocument

Floats = NDArray[np.float64]
FOLDS = 5
"""Parts of the documents, each held out once; with fewer documents all transformations are alike."""
STEPS = 60
"""Steps of training; by then the heads fit the training documents far better than held-out ones."""
_RATE = 0.5
"""Step size of AdaGrad (Duchi, Hazan and Singer, JMLR 2011)."""
_ROWS = 40_000
"""Rows of a task that heads are trained on at most, which are those of fewer documents."""


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much training with a transformation lowered the held-out loss: mean over folds, in nats.

    error: the standard error of that mean.
    """

    mean: float
    error: float


@dataclass(frozen=True, slots=True)
class Learned:
    """A learned policy: what was measured of each transformation, and its probability.

    What the probabilities leave to 1 is the share of no change.
    """

    gains: Mapping[Name, Gain]
    probabilities: Mapping[Name, float]


def learn(
    versions: Sequence[Version],
    known: Mapping[Name, Transformation],
    ground: Ground | None,
    generator: np.random.Generator,
    progress: Progress = silent,
) -> Learned:
    """Return the probabilities of transformations for the soft labels of some documents.

    Each fold of the documents, by a hash of their ids, is held out once. The heads of all tasks are
    trained on the others as they are, and once for each transformation on these and on its new versions,
    half and half. The gain of a transformation is the held-out loss that it saves; no change gains 0. The
    probabilities are the softmax of gains over their mean standard error, so that what cannot be told
    apart is about as likely (Sutton and Barto, "Reinforcement Learning", 2nd edition, section 2.8). ground:
    as for `make_pool`.
    """
    if len(versions) < FOLDS or not known:
        return Learned({}, dict.fromkeys(known, 1 / max(len(known), 1)))
    fold = np.array([crc32(version.document.id.encode()) % FOLDS for version in versions])
    plain = rows_of_tasks([version.document for version in versions])
    arms = [
        rows_of_tasks(_versions(versions, one, known, ground, generator)) for one in known.values()
    ]
    steps = progress(range(FOLDS), name="learning a policy", total=FOLDS)
    saved = np.array([_saved(plain, arms, fold == held, generator) for held in steps])
    gains = {
        name: Gain(float(saved[:, i].mean()), float(saved[:, i].std(ddof=1) / np.sqrt(FOLDS)))
        for i, name in enumerate(known)
    }
    return Learned(gains, shares_of(gains))


def shares_of(gains: Mapping[Name, Gain]) -> dict[Name, float]:
    """Return the softmax of gains over their mean standard error; no change, which gains 0, has a share."""
    scale = max(float(np.mean([gain.error for gain in gains.values()])), 1e-9)
    scores = np.array([0.0, *(gain.mean / scale for gain in gains.values())])
    odds = np.exp(scores - scores.max())
    return dict(zip(gains, (odds[1:] / odds.sum()).tolist(), strict=True))


def _versions(
    versions: Sequence[Version],
    one: Transformation,
    known: Mapping[Name, Transformation],
    ground: Ground | None,
    generator: np.random.Generator,
) -> list[LabeledDocument]:
    """Return documents as a transformation leaves them, those that it cannot change as they are."""
    changed = [one(version, generator) for version in versions]
    places = [i for i, version in enumerate(changed) if version.made]
    found = judged(ground, places, [changed[i] for i in places], known)
    documents = [version.document for version in versions]
    for i, each in zip(places, found, strict=True):
        documents[i] = each.document
    return documents


def _saved(
    plain: Mapping[str, Rows],
    arms: Sequence[Mapping[str, Rows]],
    held: NDArray[np.bool_],
    generator: np.random.Generator,
) -> Floats:
    """Return the held-out loss that each arm saves, summed over tasks as the end model sums it."""
    saved = np.zeros(len(arms))
    for task, rows in plain.items():
        judge = rows.of(held[rows.document])
        if not len(judge.weight):
            continue
        chosen = _chosen(rows, ~held, generator)
        own = rows.of(chosen[rows.document])
        alone = judge.loss(_heads([own]))
        for i, arm in enumerate(arms):
            if task in arm:
                beside = arm[task].of(chosen[arm[task].document])
                saved[i] += alone - judge.loss(_heads([own, beside]))
    return saved


def _chosen(
    rows: Rows, free: NDArray[np.bool_], generator: np.random.Generator
) -> NDArray[np.bool_]:
    """Return documents, in a random order, until they have `_ROWS` rows: bool[documents].

    New versions are taken of the same ones, so that arms differ in nothing else.
    """
    counts = np.bincount(rows.document, minlength=len(free)) * free
    order = generator.permutation(len(free))
    chosen = np.zeros(len(free), dtype=bool)
    chosen[order[np.cumsum(counts[order]) <= _ROWS]] = True
    return chosen & free


def _heads(parts: Sequence[Rows]) -> Floats:
    """Return logistic heads float64[WIDTH, k] trained on the mean loss of some rows."""
    used = np.unique(np.concatenate([part.features.indices for part in parts]))
    narrow = [replace(part, features=part.features[:, used]) for part in parts]
    heads = np.zeros((len(used), parts[0].labels.shape[1]))
    squares = np.full_like(heads, 1e-8)
    for _ in range(STEPS):
        slope = np.mean([part.gradient(heads) for part in narrow], axis=0)
        squares += slope**2
        heads -= _RATE / np.sqrt(squares) * slope
    every = np.zeros((WIDTH, heads.shape[1]))
    every[used] = heads
    return every
