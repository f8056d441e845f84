"""New versions as people look at them: the stretch of text where one first differs."""

from dataclasses import dataclass
from difflib import SequenceMatcher

_AROUND = 6
"""Words that are shown on either side."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The same stretch of a text before and after a change, with some words around it."""

    before: str
    after: str


def first_difference(before: str, after: str) -> Difference | None:
    """Return where two texts first differ, None where they do not; neighboring changes are one."""
    old, new = before.split(), after.split()
    blocks = [
        block
        for block in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    if not blocks:
        return None
    _, first, end, new_first, new_end = blocks[0]
    for _, start, stop, new_start, new_stop in blocks[1:]:
        if start - end > _AROUND:
            break
        end, new_end = stop, new_stop
        new_first = min(new_first, new_start)
    return Difference(_stretch(old, first, end), _stretch(new, new_first, new_end))


def _stretch(words: list[str], first: int, end: int) -> str:
    low, high = max(first - _AROUND, 0), min(end + _AROUND, len(words))
    left, right = "… " if low else "", " …" if high < len(words) else ""
    return left + " ".join(words[low:high]) + right
