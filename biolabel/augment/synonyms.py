"""Synonym swap: concepts of a soft-labeled document are called by other names of theirs.

What a rule or a knowledge base said about the concepts stays true, so every label is kept; what the
end model can no longer do is learn names by heart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.augment.rewrite import Replacement, fits, rewrite
from biolabel.data.documents import Mention
from biolabel.data.training import LabeledDocument
from biolabel.errors import ModelError


@dataclass(frozen=True, slots=True)
class Swaps:
    """What a synonym swap does to a document.

    `left` counts mentions of the concepts to be renamed that keep their names, because the concept
    has no other one, the mention overlaps another, names several concepts, or cuts a word.
    """

    replacements: tuple[Replacement, ...]
    left: int

    @property
    def made(self) -> int:
        """Return the number of mentions that get another name."""
        return len(self.replacements)


def swap_synonyms(
    document: LabeledDocument,
    names: Callable[[str], Sequence[str]],
    rate: float,
    generator: np.random.Generator,
) -> LabeledDocument:
    """Rename concepts of a document by `choose_swaps`; offsets, weights and labels stay exact.

    Raises:
        ModelError: BL840 as `choose_swaps`.
    """
    return rewrite(document, choose_swaps(document, names, rate, generator).replacements)


def choose_swaps(
    document: LabeledDocument,
    names: Callable[[str], Sequence[str]],
    rate: float,
    generator: np.random.Generator,
) -> Swaps:
    """Choose each concept with probability `rate`, and one new name for each of its surface forms.

    `names` gives the names of a concept by its CURIE. All mentions with one surface form (case
    aside) get the same new name, in which the old first letter's case is kept. Inverted names
    ("leukemia, plasmacytic") are no names of running text and never chosen.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    if not 0 <= rate <= 1:
        raise ModelError("BL840", f"a synonym swap rate of {rate}; expected one from 0 to 1")
    concepts = sorted({concept for mention in document.mentions for concept in mention.concepts})
    drawn = generator.random(len(concepts)) < rate
    chosen = {concept for concept, swap in zip(concepts, drawn, strict=True) if swap}
    renamed: dict[tuple[str, str], str | None] = {}
    replacements: list[Replacement] = []
    left = 0
    for mention, free in zip(document.mentions, _free(document.mentions), strict=True):
        if chosen.isdisjoint(mention.concepts):
            continue
        form = document.text[mention.start : mention.end]
        name = None
        if free and len(mention.concepts) == 1:
            key = (mention.concepts[0], form.casefold())
            if key not in renamed:
                renamed[key] = _another(names(key[0]), form, generator)
            name = renamed[key]
        swap = Replacement(mention.start, mention.end, _cased(name, form)) if name else None
        if swap and fits(document, swap):
            replacements.append(swap)
        else:
            left += 1
    return Swaps(tuple(replacements), left)


def _free(mentions: Sequence[Mention]) -> list[bool]:
    """Tell for each mention whether it overlaps and touches no other one."""
    starts = np.array([mention.start for mention in mentions])
    ends = np.array([mention.end for mention in mentions])
    touching = (starts[:, None] <= ends) & (ends[:, None] >= starts)
    return [bool(count == 1) for count in touching.sum(axis=1)]


def _another(names: Sequence[str], form: str, generator: np.random.Generator) -> str | None:
    """Draw a name other than the surface form, None if there is none."""
    others = [name for name in names if name.casefold() != form.casefold() and ", " not in name]
    return others[int(generator.integers(len(others)))] if others else None


def _cased(name: str, form: str) -> str:
    """Give a name the case of the old first letter; an acronym keeps its own."""
    first = name[:1]
    if form[:1].isupper():
        first = first.upper()
    elif form[:1].islower() and name[1:2].islower():
        first = first.lower()
    return first + name[1:]
