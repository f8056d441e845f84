"""Policies: which transformations make a new version of a document, in which order."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from biolabel.augment.choice import Policy
from biolabel.errors import ModelError

N = TypeVar("N", bound=str)


def sequence(
    policy: Policy,
    names: Sequence[N],
    probabilities: Mapping[N, float],
    length: int,
    generator: np.random.Generator,
) -> tuple[N, ...]:
    """Draw the transformations of one new version.

    none: nothing. all: every one, in the order of `names`. random: `length` different ones, all
    equally likely. mean-field and learned: `length` independent draws by `probabilities`, whose sum
    may be less than 1, the rest being no change; a name that is drawn twice counts once. The names
    follow Ratner et al., "Learning to Compose Domain-Specific Transformations for Data Augmentation"
    (TANDA, NeurIPS 2017), whose mean-field model draws each step by itself.

    Raises:
        ModelError: BL841 for probabilities that are none, or sum to more than 1.
    """
    if policy == "none" or not names:
        return ()
    if policy == "all":
        return tuple(names)
    if policy == "random":
        picked = generator.permutation(len(names))[:length].tolist()
        return tuple(names[i] for i in picked)
    shares = [probabilities.get(name, 0.0) for name in names]
    if any(not 0 <= share <= 1 for share in shares) or sum(shares) > 1 + 1e-6:
        said = ", ".join(f"{name} {share:g}" for name, share in zip(names, shares, strict=True))
        raise ModelError(
            "BL841", f"probabilities of transformations: {said}; expected a sum up to 1"
        )
    ends = np.cumsum(shares)
    drawn = np.searchsorted(ends, generator.random(length), side="right").tolist()
    return tuple(dict.fromkeys(names[i] for i in drawn if i < len(names)))
