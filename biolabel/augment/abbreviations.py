"""Abbreviations: short forms are written out, later long forms shortened, as the document defines them."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

import numpy as np

from biolabel.augment.names import cased
from biolabel.augment.rewrite import Fitting, Replacement, rewrite
from biolabel.augment.spots import check_rate
from biolabel.augment.version import Ints, Version

_NEAR = 3
"""Signs between the two forms of a definition at most: a bracket, a quotation mark, a blank."""


def vary_abbreviations(version: Version, rate: float, generator: np.random.Generator) -> Version:
    """Write out a short form, or shorten a long one, with probability `rate` each; labels stay.

    Definitions stay as they are. A long form is shortened only behind its definition.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    check_rate("abbreviations", rate)
    if not len(version.abbreviations):
        return version
    entries = version.abbreviations.tolist()
    borders = sorted({b for m in version.document.mentions for b in (m.start, m.end)})
    fitting, text = Fitting(version), version.document.text
    sentences = set(version.sentences.tolist())
    replacements: list[Replacement] = []
    gone: set[int] = set()
    for i, (start, end, long_start, long_end) in enumerate(entries):
        if _defines(entries[i]) or generator.random() >= rate:
            continue
        long = text[long_start:long_end]
        if long_start in sentences or start in sentences:
            long = cased(long, "A" if start in sentences else "a")
        swap = Replacement(start, end, long)
        if _whole(start, end, borders) and fitting.fits(swap):
            replacements.append(swap)
            gone.add(i)
    added: list[list[int]] = []
    defined = {tuple(e[2:]): e for e in reversed(entries) if _defines(e)}
    for short_start, short_end, long_start, long_end in defined.values():
        long, short = text[long_start:long_end], text[short_start:short_end]
        for match in re.finditer(rf"(?<!\w){re.escape(long)}(?!\w)", text, re.IGNORECASE):
            start, end = match.span()
            # Not the definition itself, nor that of a longer name, such as "ACE inhibitor (ACEI)".
            behind = start > max(short_end, long_end) and text[end : end + 2] != " ("
            if not behind or generator.random() >= rate:
                continue
            swap = Replacement(start, end, short)
            if _whole(start, end, borders) and fitting.fits(swap):
                replacements.append(swap)
                added.append([start, end, long_start, long_end])
    return _changed(version, replacements, gone, added)


def _changed(
    version: Version, replacements: list[Replacement], gone: set[int], added: list[list[int]]
) -> Version:
    """Rewrite a version whose table of abbreviations loses some entries and gets others."""
    chosen: list[Replacement] = []
    for swap in sorted(replacements):
        if not chosen or swap.start > chosen[-1].end:
            chosen.append(swap)
    done = {(swap.start, swap.end) for swap in chosen}
    kept = [
        entry
        for i, entry in enumerate(version.abbreviations.tolist())
        if i not in gone or (entry[0], entry[1]) not in done
    ]
    kept += [entry for entry in added if (entry[0], entry[1]) in done]
    table: Ints = np.array(kept, dtype=np.int32).reshape(-1, 4)
    return rewrite(replace(version, abbreviations=table), chosen) if chosen else version


def _defines(entry: list[int]) -> bool:
    """Tell whether an occurrence of a short form stands beside its long form."""
    short_start, short_end, long_start, long_end = entry
    return 0 <= short_start - long_end <= _NEAR or 0 <= long_start - short_end <= _NEAR


def _whole(start: int, end: int, borders: list[int]) -> bool:
    """Tell whether no mention begins or ends inside a span."""
    return bisect_right(borders, start) == bisect_left(borders, end)
