"""What all parts of the builder share: spans, names, numbers, texts, and a place for findings."""

import re

from lark import Token, Transformer_NonRecursive
from lark.tree import Meta

from biolabel.errors import Diagnostic, Edit, Span
from biolabel.lang.tree import Name

_ESCAPED = re.compile(r"\\(.)")


def text_of(token: Token) -> str:
    r"""Return the text of a quoted string; `\"` is a quote and `\\` a backslash."""
    return _ESCAPED.sub(r"\1", token[1:-1])


class Sink(Transformer_NonRecursive[Token, object]):
    """The base of the builder: knows the file and where the piece starts in it."""

    def __init__(self, path: str, offset: int) -> None:
        """Keep the path and the offset (code points) of the piece in the file."""
        super().__init__()
        self.path = path
        self.offset = offset
        self.diagnostics: list[Diagnostic] = []

    def at(self, place: Meta | Token) -> Span:
        """Return the span in the file of a tree's metadata or a token."""
        start, end = place.start_pos, place.end_pos
        return Span(self.path, self.offset + (start or 0), self.offset + (end or 0))

    def error(
        self, code: str, message: str, span: Span, hint: str = "", fix: str | None = None
    ) -> None:
        """Add an error to the findings; a fix is the text that should stand under the span."""
        edit = None if fix is None else Edit(span, fix)
        self.diagnostics.append(Diagnostic(code, "error", message, span, hint, (), edit))

    def name(self, token: Token) -> Name:
        """Return a name as written."""
        return Name(str(token), span=self.at(token))

    def names(self, tokens: list[Token]) -> tuple[Name, ...]:
        """Return names as written."""
        return tuple(self.name(token) for token in tokens)

    def number(self, token: Token) -> float:
        """Return a number; a percentage is a fraction."""
        return float(token[:-1]) / 100 if token.endswith("%") else float(token)

    def whole(self, token: Token) -> int:
        """Return a whole number; anything else is an error (BL012) and counts as 1."""
        if token.isdecimal():
            return int(token)
        self.error("BL012", f"`{token}` is not a whole number", self.at(token))
        return 1

    def fraction(self, token: Token) -> float:
        """Return a number between 0 and 1; anything else is an error (BL012) and counts as 1."""
        number = self.number(token)
        if 0 <= number <= 1:
            return number
        percent = number <= 100 and not token.endswith("%")
        hint = f"write {number / 100:g} or {number:g}%" if percent else ""
        fix = f"{number / 100:g}" if percent and number >= 10 else None
        self.error("BL012", f"`{token}` is not between 0 and 1", self.at(token), hint, fix)
        return 1.0
