"""The tokens of a declaration with the comments around them, which the parser never sees."""

import re
from dataclasses import dataclass

from lark import Token

from biolabel.lang.grammar import parser

_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class Word:
    """One token as the formatter needs it.

    kind: its terminal; text: as written, but for blanks before a field's colon; above: comments that
    stand on lines of their own before it; broken: whether a line break stands before it; note: the
    comment at its right, on the same line.
    """

    kind: str
    text: str
    above: tuple[str, ...] = ()
    broken: bool = False
    note: str = ""


def words_of(piece: str) -> tuple[list[Word], str]:
    """Return the tokens of one declaration and what stands below its last: comments, blank lines.

    Raises:
        lark.UnexpectedInput: when the piece is no declaration.
    """
    tokens = list(parser().parse_interactive(piece).iter_parse())
    words: list[Word] = []
    end = 0
    for token in tokens:
        start, gap = _start(token), piece[end : _start(token)]
        note, above = _comments(gap, after_word=bool(words))
        if note:
            words[-1] = _noted(words[-1], note)
        text = re.sub(r"[ \t]+:$", ":", token) if token.type.startswith("F_") else str(token)
        words.append(Word(token.type, text, above, "\n" in gap))
        end = start + len(token)
    first, newline, rest = piece[end:].partition("\n")
    note, _ = _comments(first, after_word=True)
    if note and words:
        words[-1] = _noted(words[-1], note)
    return words, rest if newline else ""


def comments_of(text: str) -> tuple[str, ...]:
    """Return the comments of a text without tokens, without blanks at their ends."""
    return tuple(found.group().rstrip() for found in _COMMENT.finditer(text))


def _start(token: Token) -> int:
    return token.start_pos or 0


def _noted(word: Word, note: str) -> Word:
    return Word(word.kind, word.text, word.above, word.broken, note)


def _comments(gap: str, *, after_word: bool) -> tuple[str, tuple[str, ...]]:
    """Return the comment on the line of the word before a gap, and those on lines of their own."""
    first, newline, rest = gap.partition("\n")
    if not after_word:
        return "", comments_of(gap)
    return "".join(comments_of(first)), comments_of(rest) if newline else ()
