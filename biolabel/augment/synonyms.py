"""Synonym swap: concepts of a soft-labeled document are called by other names of theirs.

What a rule or a knowledge base said about the concepts stays true, so every label is kept; what the
end model can no longer do is learn names by heart.
"""

from collections.abc import Callable, Sequence

import numpy as np

from biolabel.augment.names import another, cased
from biolabel.augment.rewrite import Fitting, Replacement, rewrite
from biolabel.augment.spots import apart, check_rate, chosen_concepts, short_forms
from biolabel.augment.version import Version

Names = Callable[[str], Sequence[str]]


def swap_synonyms(
    version: Version, names: Names, rate: float, generator: np.random.Generator
) -> Version:
    """Rename each concept of a version with probability `rate`; all offsets and labels stay exact.

    `names` gives the names of a concept by its CURIE. All mentions with one surface form (case
    aside) get the same new name, in which the old first letter's case is kept. Left alone are mentions
    that overlap others, name several concepts or cut a word, and short forms that the document defines.
    Inverted names ("leukemia, plasmacytic") are no names of running text and never chosen.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    check_rate("synonyms", rate)
    document = version.document
    chosen = chosen_concepts(document.mentions, rate, generator)
    if not chosen:
        return version
    fitting, short = Fitting(version), short_forms(version)
    renamed: dict[tuple[str, str], str | None] = {}
    replacements: list[Replacement] = []
    for mention, free in zip(document.mentions, apart(document.mentions), strict=True):
        if not free or len(mention.concepts) != 1 or mention.concepts[0] not in chosen:
            continue
        form = document.text[mention.start : mention.end]
        if (mention.start, mention.end) in short:
            continue
        key = (mention.concepts[0], form.casefold())
        if key not in renamed:
            renamed[key] = another(names(key[0]), form, generator)
        name = renamed[key]
        if name is None:
            continue
        swap = Replacement(mention.start, mention.end, cased(name, form))
        if fitting.fits(swap):
            replacements.append(swap)
    return rewrite(version, replacements)
