"""From Lark trees to the frozen syntax tree; the only package that sees Lark trees."""

from typing import cast

from lark import Token, Tree

from biolabel.errors import Diagnostic
from biolabel.lang.builder.declarations import DeclarationBuilder, Header
from biolabel.lang.tree import Declaration

__all__ = ["Header", "build"]


def build(
    tree: Tree[Token], path: str, offset: int
) -> tuple[list[Header | Declaration], list[Diagnostic]]:
    """Return the header and declarations of a parsed piece, and the errors in their values.

    `offset` is where the piece starts in its file, in code points. Errors: BL011 fields given
    twice, BL012 values that a field does not take, BL307 impossible repeats and gaps.
    """
    builder = DeclarationBuilder(path, offset)
    built = cast(list[Header | Declaration], builder.transform(tree))
    return built, builder.diagnostics
