"""Mention masking: names give way to what kind of thing they name, so that the text around must tell."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biolabel.augment.rewrite import Fitting, Replacement, rewrite
from biolabel.augment.spots import apart, check_rate
from biolabel.augment.version import Version
from biolabel.data.training import LabeledDocument


def mask_mentions(version: Version, rate: float, generator: np.random.Generator) -> Version:
    """Put `chemical1` and the like for the mentions of a concept, each with probability `rate`.

    Relations keep their labels. The new words have none (weight 0), as no rule and no reader would take
    them for names, and neither has the document.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    check_rate("masking", rate)
    document = version.document
    groups = [
        mention.concepts or (document.text[mention.start : mention.end].casefold(),)
        for mention in document.mentions
    ]
    order = dict.fromkeys(groups)
    drawn = (generator.random(len(order)) < rate).tolist()
    numbers: dict[tuple[str, ...], int] = {}
    for group, taken in zip(order, drawn, strict=True):
        if taken:
            numbers[group] = len(numbers) + 1
    if not numbers:
        return version
    fitting = Fitting(version)
    replacements: list[Replacement] = []
    for mention, group, free in zip(
        document.mentions, groups, apart(document.mentions), strict=True
    ):
        if free and group in numbers:
            text = f"{mention.type.casefold()}{numbers[group]}"
            swap = Replacement(mention.start, mention.end, text)
            if fitting.fits(swap):
                replacements.append(swap)
    if not replacements:
        return version
    rows = np.arange(len(version.origin), dtype=np.int32)
    changed = rewrite(replace(version, origin=rows), replacements)
    kept = changed.origin >= 0
    origin = np.where(kept, version.origin[changed.origin], -1).astype(np.int32)
    return replace(changed, document=_unlabeled(changed.document, kept), origin=origin)


def _unlabeled(document: LabeledDocument, kept: NDArray[np.bool_]) -> LabeledDocument:
    """Return the document without labels of itself and of all words but those that are kept."""
    return replace(
        document,
        entities={
            task: replace(labels, weight=labels.weight * kept)
            for task, labels in document.entities.items()
        },
        topics={task: replace(labels, weight=0.0) for task, labels in document.topics.items()},
    )
