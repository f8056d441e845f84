"""Short forms and the long forms that a document defines for them."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from biolabel.text.build import Abbreviation

if TYPE_CHECKING:
    from spacy.tokens import Doc

_LONGEST_DEFINITION = 8
"""Tokens that parentheses may hold to be looked at, as scispaCy's `filter_matches` has it."""


def abbreviations_of(text: str, tokenize: "Callable[[str], Doc]") -> tuple[Abbreviation, ...]:
    """Return every occurrence of the short forms that a document defines in parentheses.

    Definitions are found with the algorithm of Schwartz and Hearst (2003), "A simple algorithm for
    identifying abbreviation definitions in biomedical text", as scispaCy has it. If a short form is
    defined twice, the first definition holds. Occurrences are whole words in the same case, with or
    without a hyphen beside them ("anti-HIV"), but not behind a number and a hyphen: the "HT" in
    "5-HT" is something else. Where short forms overlap, the longest is taken.
    """
    from scispacy.abbreviation import filter_matches, find_abbreviation

    if "(" not in text or ")" not in text:
        return ()
    doc = tokenize(text)
    defined: dict[str, tuple[int, int]] = {}
    for long, short in filter_matches(_parentheses(doc), doc):
        _, meaning = find_abbreviation(long, short)
        if meaning is not None and len(meaning):
            defined.setdefault(short.text, (meaning.start_char, meaning.end_char))
    if not defined:
        return ()
    forms = "|".join(re.escape(form) for form in sorted(defined, key=len, reverse=True))
    return tuple(
        Abbreviation(match.start(), match.end(), *defined[match.group()])
        for match in re.finditer(rf"(?<!\w)(?<!\d-)(?:{forms})(?!\w)", text)
    )


def _parentheses(doc: "Doc") -> list[tuple[int, int, int]]:
    """Return the insides of parentheses as spaCy's Matcher would: a key, start and end token."""
    forms = doc.to_array("ORTH")
    opening, closing = (np.flatnonzero(forms == doc.vocab.strings[sign]) for sign in "()")
    return [
        (0, start + 1, end)
        for start in opening.tolist()
        for end in closing[np.searchsorted(closing, start + 2) :].tolist()
        if end < start + _LONGEST_DEFINITION + 2
    ]
