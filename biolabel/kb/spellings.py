"""Other spellings of names: Greek letters, British and American words, prefixes that stand alone or not."""

import re
from collections.abc import Iterator
from functools import lru_cache

GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        (
            *(
                "alpha",
                "beta",
                "gamma",
                "delta",
                "epsilon",
                "zeta",
                "eta",
                "theta",
                "iota",
                "kappa",
            ),
            *("lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon"),
            *("phi", "chi", "psi", "omega"),
        ),
        strict=True,
    )
)
"""Greek letters and their names."""
_LETTER = {name: letter for letter, name in GREEK.items()}
_BRITISH = {
    "aemi": "emi", "aetiol": "etiol", "aluminium": "aluminum", "anaesth": "anesth", "behaviour": "behavior",
    "caec": "cec", "caesar": "cesar", "centre": "center", "coeli": "celi", "colour": "color",
    "faec": "fec", "fibre": "fiber", "foet": "fet", "goitre": "goiter", "gynaec": "gynec",
    "haema": "hema", "haemo": "hemo", "isation": "ization", "ised": "ized", "ising": "izing",
    "labour": "labor", "leuco": "leuko", "naev": "nev", "odour": "odor", "oedem": "edem",
    "oesoph": "esoph", "oestr": "estr", "orthopaed": "orthoped", "paediat": "pediat", "pnoea": "pnea",
    "rrhoea": "rrhea", "sulph": "sulf", "titre": "titer", "tumour": "tumor",
}  # fmt: skip
"""British and American parts of words. A spelling that nobody uses does no harm."""
_AMERICAN = {american: british for british, american in _BRITISH.items()}
_PREFIXES = "anti|multi|non|post|pseudo|self"
"""Prefixes that stand alone or not; on BC5CDR and NCBI disease (train), others find nothing more."""
_BRITISH_PART = re.compile("|".join(_BRITISH))
_AMERICAN_PART = re.compile(rf"(?<!c)(?:{'|'.join(_AMERICAN)})")
_GREEK_NAME = re.compile(rf"\b(?:{'|'.join(_LETTER)})\b")
_GREEK_LETTER = re.compile(f"[{''.join(GREEK)}]")
_LETTER_BEHIND = re.compile(rf"(?<=\w) (?=[{''.join(GREEK)}](?: |$))")
_ALONE = re.compile(rf"\b({_PREFIXES}) (?=[a-z]{{4}})")
_JOINED = re.compile(rf"\b({_PREFIXES})(?=[a-z]{{4}})")
MAY_VARY = "|".join(
    (
        *_BRITISH,
        *_AMERICAN,
        _GREEK_LETTER.pattern,
        f"^(?:{'|'.join(_LETTER)})$",
        f"^(?:{_PREFIXES})(?:$|[a-z]{{4}})",
    )
)
"""What some word of every name with `spellings_of` has, in lower case, and few others have; for RE2 too."""


def spellings_of(form: str) -> Iterator[str]:
    """Yield a name's other spellings, in lower case; words are joined by blanks.

    Everything of one kind changes at once, so there are few: the names of Greek letters to letters, which
    stand alone or end the word before; letters to their names; British words to American ones, and back;
    prefixes that stand alone joined, and parted ("non steroidal").
    """
    low = form.lower()
    letters = _GREEK_NAME.sub(lambda found: _LETTER[found[0]], low)
    american = _american(low)
    others = (
        letters,
        _LETTER_BEHIND.sub("", letters),
        _named_letters(low),
        american,
        " ".join(map(_british_word, american.split(" "))),
        _ALONE.sub(r"\1", low),
        _JOINED.sub(r"\1 ", low),
    )
    yield from (other for other in dict.fromkeys(others) if other != low)


def one_spelling(form: str) -> str:
    """Return the same for a name and all its `spellings_of`: American, Greek by name, prefixes alone."""
    found = _american(_named_letters(form.lower()))
    while (parted := _JOINED.sub(r"\1 ", found)) != found:
        found = parted
    return found


def _named_letters(low: str) -> str:
    if low.isascii():
        return low
    return " ".join(_GREEK_LETTER.sub(lambda found: f" {GREEK[found[0]]} ", low).split())


def _american(low: str) -> str:
    # Many names share few words.
    return " ".join(map(_american_word, low.split(" ")))


@lru_cache(maxsize=1 << 18)
def _american_word(word: str) -> str:
    return _BRITISH_PART.sub(lambda found: _BRITISH[found[0]], word)


@lru_cache(maxsize=1 << 18)
def _british_word(word: str) -> str:
    return _AMERICAN_PART.sub(lambda found: _AMERICAN[found[0]], word)
