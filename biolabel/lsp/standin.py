"""What a name at a place could be: a stand-in is written there, and the field is parsed.

What stands behind the place is not there yet, so the field is ended in the ways in which conditions,
patterns and other values can go on; what the stand-in turns out to be in any of them fits.
"""

import re
from collections.abc import Iterator

from biolabel.lang import tree
from biolabel.lang.parse import parse_piece
from biolabel.lsp.names import Use, uses

_NAME = "xx__here__xx"
_ENDS = (
    "", ' has "x"', " >= 1", " in x", " is x", " fires", " when x", " says x", " voted x",
    " closer to x", " -> x", ": x", "(x)", ", x: x",
)  # fmt: skip
_QUIET = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_BRACKETS = {"(": ")", "[": "]"}


def stand_ins(start: str, path: str) -> Iterator[tuple[Use, tree.Node]]:
    """Yield what a name at the end of a declaration's start could be, with the declaration."""
    closing = _closing(start)
    endings = dict.fromkeys(
        text
        for end in _ENDS
        # Within brackets: ended outside or inside of them, alone or as the first of several.
        for text in (closing + end, end + closing, f", x{closing}{end}", f"{end}, x{closing}")
        if closing or text == end
    )
    for ending in endings:
        for declaration in parse_piece(f"{start} {_NAME}{ending}\n", path, 0).declarations:
            for use in uses(declaration):
                if use.name.text == _NAME:
                    yield use, declaration


def _closing(start: str) -> str:
    """Return the brackets that close what is open."""
    closing: list[str] = []
    for sign in _QUIET.sub("", start):
        if sign in _BRACKETS:
            closing.append(_BRACKETS[sign])
        elif closing and sign == closing[-1]:
            closing.pop()
    return "".join(reversed(closing))
