"""The tokens of one field, also of one that is not finished, without its neighbors' mistakes."""

import re
from contextlib import suppress
from dataclasses import dataclass

from lark import Token, UnexpectedInput

from biolabel.lang.grammar import parser
from biolabel.lang.pieces import cut, field_around


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a declaration, or its first line (`name` is empty), at an offset of its file.

    declaration: the word that starts the declaration; start, end: the field's place in the file;
    text: the whole declaration with all other fields blanked out; base: where that starts.
    """

    declaration: str
    name: str
    start: int
    end: int
    text: str
    base: int


def field_at(text: str, offset: int) -> Field | None:
    """Return the field at an offset of a file; None outside of declarations."""
    piece = next(((a, b) for a, b in cut(text) if a <= offset <= b), None)
    following = next(((a, b) for a, b in cut(text) if a == offset), piece)
    if piece is None or following is None:
        return None
    base, stop = following
    whole = text[base:stop]
    start, end = field_around(whole, min(offset - base, max(len(whole) - 1, 0)))
    first_line = field_around(whole, 0)[1]
    kept = [(0, first_line), (start, end)]
    signs = [
        sign if sign == "\n" or any(a <= i < b for a, b in kept) else " "
        for i, sign in enumerate(whole)
    ]
    word = re.match(r"\w*", whole)
    name = re.match(r"[ \t]*(\w+)[ \t]*:", whole[start:end]) if start else None
    return Field(
        word.group() if word else "",
        name.group(1) if name else "",
        base + start,
        base + end,
        "".join(signs),
        base,
    )


def tokens_of(field: Field) -> list[Token]:
    """Return the tokens of a field's declaration, up to the first mistake; places are the file's."""
    found: list[Token] = []
    with suppress(UnexpectedInput):
        found.extend(parser().parse_interactive(field.text).iter_parse())
    return found


def token_at(text: str, offset: int) -> tuple[Field, Token] | None:
    """Return the token at an offset of a file, or that ends there, with its field."""
    field = field_at(text, offset)
    if field is None:
        return None
    for token in tokens_of(field):
        start = field.base + (token.start_pos or 0)
        if start <= offset < start + len(token):
            return field, token
    return None


def accepted(text: str) -> frozenset[str]:
    """Return the terminals that may follow on the start of a declaration; none after a mistake."""
    state = parser().parse_interactive(text)
    try:
        state.exhaust_lexer()
    except UnexpectedInput:
        return frozenset()
    return frozenset(state.accepts())  # type: ignore[no-untyped-call]
