"""Did you mean: the nearest of the names that would have been valid."""

from collections.abc import Iterable
from difflib import get_close_matches

# Share of equal letters (difflib ratio) from which two names count as a slip of one another:
# `haz` and `has` have 0.67, `cdi` and `cid` 0.67, unrelated three-letter words at most 0.33.
_ALIKE = 0.6


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option most like a word, whatever its case, or None when none is alike."""
    folded = {option.casefold(): option for option in sorted(options)}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[found[0]] if found else None


def did_you_mean(word: str, options: Iterable[str], otherwise: str = "") -> str:
    """Return the hint that names the nearest option, else the other hint."""
    option = nearest(word, options)
    return f"did you mean `{option}`?" if option else otherwise


def listed(options: Iterable[str]) -> str:
    """Return options as a sentence lists them: `a, b or c`."""
    *others, last = list(options)
    return f"{', '.join(others)} or {last}" if others else last
