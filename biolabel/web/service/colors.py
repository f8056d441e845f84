"""The words of a rule file by what they are, for an editor to color."""

from collections.abc import Iterator
from dataclasses import dataclass

from pygments.token import Comment, Keyword, Name, Number, String

from biolabel.lang.pygments import RulesLexer

_CLASSES = (
    (Comment, "c"),
    (String.Interpol, "a"),
    (String, "s"),
    (Number, "n"),
    (Name.Attribute, "f"),
    (Name.Variable, "a"),
    (Name.Function, "a"),
    (Name.Tag, "f"),
    (Keyword, "k"),
)
"""Kinds of words, the special before the general, and the letter that a theme knows them by."""


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of a rule file, half-open code points.

    kind: c comment, s text, n number, f field, a name or argument, k keyword.
    """

    start: int
    end: int
    kind: str


def colored(text: str) -> Iterator[Word]:
    """Yield the words of a text that have a color, in its order."""
    for start, token, value in RulesLexer().get_tokens_unprocessed(text):
        kind = next((letter for wanted, letter in _CLASSES if token in wanted), "")
        if kind and value:
            yield Word(start, start + len(value), kind)
