"""Where a document may be changed: mentions that stand apart, concepts that are drawn, short forms."""

from collections.abc import Sequence

import numpy as np

from biolabel.augment.version import Version
from biolabel.data.documents import Mention
from biolabel.errors import ModelError


def check_rate(name: str, rate: float) -> None:
    """Refuse a rate that is no probability.

    Raises:
        ModelError: BL840 naming the transformation.
    """
    if not 0 <= rate <= 1:
        raise ModelError("BL840", f"`{name}` at a rate of {rate}; expected one from 0 to 1")


def apart(mentions: Sequence[Mention]) -> list[bool]:
    """Tell for each mention whether it overlaps and touches no other one and is in one part."""
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i].start, mentions[i].end))
    free = [not mention.parts for mention in mentions]
    reach, last = -1, -1
    for i in order:
        mention = mentions[i]
        if mention.start <= reach:
            free[i] = free[last] = False
        if mention.end > reach:
            reach, last = mention.end, i
    return free


def chosen_concepts(
    mentions: Sequence[Mention], rate: float, generator: np.random.Generator
) -> set[str]:
    """Draw each concept that mentions name with probability `rate`."""
    concepts = sorted({concept for mention in mentions for concept in mention.concepts})
    drawn = (generator.random(len(concepts)) < rate).tolist()
    return {concept for concept, taken in zip(concepts, drawn, strict=True) if taken}


def short_forms(version: Version) -> dict[tuple[int, int], tuple[int, int]]:
    """Return each occurrence of a short form, start and end, with the definition of its long form."""
    return {(entry[0], entry[1]): (entry[2], entry[3]) for entry in version.abbreviations.tolist()}
