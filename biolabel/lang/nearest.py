"""Did you mean: the nearest of the names that would have been valid."""

from collections import Counter
from collections.abc import Iterable

from biolabel.errors import Edit, Span

# Similarity (1 - optimal string alignment distance / longer length) from which two words count as
# a slip of one another: one wrong letter in three, as in `haz` for `has`, is enough.
_ALIKE = 0.6
_FEW = 3


def _likeness(one: str, other: str, least: float = 0.0) -> float:
    # Names without a mistake need no measure.
    from rapidfuzz.distance import OSA

    return OSA.normalized_similarity(one, other, score_cutoff=least)


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option most like a word, whatever its case, or None when none is alike.

    Of two options as near, the one with more letters of the word wins: `cid` before `ddi` for `cdi`.
    """
    folded = word.casefold()
    letters = Counter(folded)
    best: tuple[float, int] = (_ALIKE, -1)
    found = None
    for option in sorted(options):
        other = option.casefold()
        likeness = _likeness(folded, other, best[0])
        if likeness < best[0]:
            continue
        score = likeness, (letters & Counter(other)).total()
        if score > best:
            best, found = score, option
    return found


def did_you_mean(word: str, options: Iterable[str], otherwise: str = "") -> str:
    """Return the hint that names the nearest option, else the other hint."""
    option = nearest(word, options)
    return f"did you mean `{option}`?" if option else otherwise


def nearest_few(word: str, options: Iterable[str], what: str) -> str:
    """Return the hint that names the nearest option, else the nearest three and how many there are.

    what: what the options are, as in "rules".
    """
    known = sorted(options)
    option = nearest(word, known)
    if option or not known:
        return f"did you mean `{option}`?" if option else f"there are no {what}"
    scores = {o: _likeness(word.casefold(), o.casefold()) for o in known}
    few = known if len(known) <= _FEW else sorted(known, key=lambda o: -scores[o])[:_FEW]
    names = ", ".join(f"`{name}`" for name in few)
    return f"{what}: {names}" if few == known else f"nearest of {len(known):,} {what}: {names}"


def suggested(
    word: str, options: Iterable[str], span: Span, otherwise: str = ""
) -> tuple[str, Edit | None]:
    """Return the hint that names the nearest option and the edit that puts it under a span."""
    option = nearest(word, options)
    if option is None:
        return otherwise, None
    return f"did you mean `{option}`?", Edit(span, option)


def listed(options: Iterable[str]) -> str:
    """Return options as a sentence lists them: `a, b or c`."""
    *others, last = list(options)
    return f"{', '.join(others)} or {last}" if others else last
