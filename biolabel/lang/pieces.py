"""Cutting a file at its left margin and a declaration at its fields: mistakes stay apart."""

import re
from collections.abc import Iterator
from itertools import pairwise

from biolabel.lang.grammar import field_words

_MARGIN = re.compile(r"(?m)^[^ \t\r\n#]")
_CONTENT = re.compile(r"(?m)^[ \t\r]*[^ \t\r\n#]")
_FIELD = re.compile(r"(?m)^[ \t]+(\w+)[ \t]*:")
_QUOTED = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|#[^\n]*'
_BRACKETS = re.compile(rf"{_QUOTED}|[()\[\]]")
_NESTING = re.compile(rf"{_QUOTED}|[()\[\]!]|\w+")
# A declaration that cannot be read: a word at the margin that is no field, then maybe a name.
_FIRST_LINE = re.compile(r"(?![ \t]|\w+[ \t]*:)\S+[ \t]*([A-Za-z_][\w.]*)?")

MAX_DEPTH = 50


def cut(text: str) -> list[tuple[int, int]]:
    """Return start and end of the declarations of a file: one for each line at the left margin.

    Indented text above the first declaration is a piece too; blank lines and comments are none.
    """
    starts = [match.start() for match in _MARGIN.finditer(text)]
    first = starts[0] if starts else len(text)
    if _CONTENT.search(text, 0, first):
        starts.insert(0, 0)
    return list(pairwise([*starts, len(text)]))


def lost_name(text: str, at: int) -> str | None:
    """Return the name in a declaration left unread at an offset, maybe empty; None for a field."""
    match = _FIRST_LINE.match(text, at)
    return (match.group(1) or "") if match else None


def field_starts(piece: str) -> list[int]:
    """Return where the lines of a declaration start: 0, then each field.

    A `word:` that is no known field starts one too (it may be misspelled), unless a bracket is open
    as in the arguments of a relation that are written over several lines.
    """
    known = frozenset(field_words().values())
    starts = [0]
    for match in _FIELD.finditer(piece):
        if match.group(1) in known or _open_brackets(piece[starts[-1] : match.start()]) <= 0:
            starts.append(match.start())
    return starts


def field_around(piece: str, offset: int) -> tuple[int, int]:
    """Return start and end of the field that an offset stands in; start 0 is the first line."""
    starts = [*field_starts(piece), len(piece)]
    index = max(i for i, start in enumerate(starts[:-1]) if start <= offset)
    return starts[index], starts[index + 1]


def too_deep(piece: str) -> int | None:
    """Return where brackets or negations nest deeper than MAX_DEPTH, which no reader could follow.

    The bound also keeps every walk over the syntax tree within Python's recursion limit.
    """
    return next((at for at, depth in _depths(piece) if depth > MAX_DEPTH), None)


def _open_brackets(text: str) -> int:
    signs = [match.group() for match in _BRACKETS.finditer(text)]
    return sum(sign in "([" for sign in signs) - sum(sign in ")]" for sign in signs)


def _depths(piece: str) -> Iterator[tuple[int, int]]:
    brackets = negations = 0
    for match in _NESTING.finditer(piece):
        sign = match.group()
        if sign in ("(", "["):
            brackets += 1
        elif sign in (")", "]"):
            brackets -= 1
            negations = 0
        else:
            negations = negations + 1 if sign in ("not", "!") else 0
        yield match.start(), brackets + negations
