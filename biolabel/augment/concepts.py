"""Concepts that become others all over a document, with their short forms: what swaps are made of."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from biolabel.augment.names import another, cased, outside, short_form, stands_in
from biolabel.augment.rewrite import Fitting, Replacement, rewrite
from biolabel.augment.spots import apart, short_forms
from biolabel.augment.version import Version
from biolabel.data.documents import Mention


def single_concepts(mentions: Sequence[Mention]) -> dict[str, str]:
    """Return the concepts that can become others, with their type.

    All their mentions have one type, stand apart and name nothing else.
    """
    types: dict[str, str] = {}
    left: set[str] = set()
    for mention, free in zip(mentions, apart(mentions), strict=True):
        for concept in mention.concepts:
            same = types.setdefault(concept, mention.type) == mention.type
            if not (free and same and len(mention.concepts) == 1):
                left.add(concept)
    return {concept: type_ for concept, type_ in types.items() if concept not in left}


def become(
    version: Version,
    others: Mapping[str, str],
    names: Callable[[str], Sequence[str]],
    generator: np.random.Generator,
) -> Version:
    """Let concepts of `single_concepts` become others that the document does not speak of, by name.

    Each surface form gets a name of the new concept that looks like it if there is one, and a short
    form that the document defines a new short form. A concept stays what it is if a form of it does not
    fit, or stands outside of all mentions too: half of a document would then speak of another one.
    """
    forms = _new_forms(version, others, names, generator)
    text, fitting = version.document.text, Fitting(version)
    swaps: dict[str, list[Replacement] | None] = {concept: [] for concept in others}
    for mention in version.document.mentions:
        concept = mention.concepts[0] if mention.concepts else ""
        found = swaps.get(concept)
        if found is None:
            continue
        form = text[mention.start : mention.end]
        name = forms.get((concept, form.casefold()))
        swap = Replacement(mention.start, mention.end, cased(name, form)) if name else None
        if swap is not None and fitting.fits(swap):
            found.append(swap)
        else:
            swaps[concept] = None
    done = {concept: found for concept, found in swaps.items() if found}
    replacements = [swap for found in done.values() for swap in found]
    return rewrite(version, replacements, {concept: others[concept] for concept in done})


def _new_forms(
    version: Version,
    others: Mapping[str, str],
    names: Callable[[str], Sequence[str]],
    generator: np.random.Generator,
) -> dict[tuple[str, str], str]:
    """Return the new name of each concept and casefolded surface form; without one it has none."""
    document = version.document
    text, short = document.text, short_forms(version)
    rest = outside(text, [(mention.start, mention.end) for mention in document.mentions])
    forms: dict[tuple[str, str], str] = {}
    shorts: list[tuple[str, str, str]] = []
    for mention in document.mentions:
        concept = mention.concepts[0] if mention.concepts else ""
        if concept not in others:
            continue
        form = text[mention.start : mention.end]
        key = (concept, form.casefold())
        long = short.get((mention.start, mention.end))
        if long is not None:
            shorts.append((*key, text[slice(*long)].casefold()))
        elif key not in forms and not stands_in(rest, form):
            name = another(names(others[concept]), form, generator, alike=True)
            if name is not None:
                forms[key] = name
    for concept, folded, long_form in shorts:
        name = forms.get((concept, long_form))
        if name is not None and not stands_in(rest, folded):
            new = short_form(name)
            if new not in text:
                forms[concept, folded] = new
    return forms
