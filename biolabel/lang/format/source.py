"""Formatting whole files: declarations, the blank lines between them, comments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from biolabel.errors import Diagnostic, SourceFile
from biolabel.lang.format.columns import aligned_cases, with_comments
from biolabel.lang.format.layout import lines_of
from biolabel.lang.format.spacing import items_of
from biolabel.lang.format.tokens import Word, words_of
from biolabel.lang.parse import parse
from biolabel.lang.pieces import cut

_INDENT = 2


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file in its one look; if it cannot be parsed, as it was, with its syntax errors."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def formatted(source: SourceFile) -> Formatted:
    """Return a file formatted; a file with syntax errors is left alone."""
    errors = tuple(d for d in parse(source)[1] if d.severity == "error")
    return Formatted(source.text, errors) if errors else Formatted(format_text(source.text))


def format_text(text: str) -> str:
    """Return the text of a file without syntax errors in its one look.

    Two blanks before fields; lines of at most 100 columns (`layout.lines_of`); an example a line; the
    `when` of consecutive cases and the comments of consecutive lines in columns; a blank line around
    declarations that have fields, else at most one. Line ends of Windows stay.

    Raises:
        lark.UnexpectedInput: when a declaration cannot be parsed.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    pieces = cut(text)
    first = pieces[0][0] if pieces else len(text)
    lines = [line.strip() for line in text[:first].splitlines()]
    for start, end in pieces:
        words, below = words_of(text[start:end])
        fields = _fields(words)
        apart = [""] if len(fields) > 1 else []
        if lines and not lines[-1].startswith("#"):
            lines.extend(apart)
        lines.extend(_declaration(fields))
        inside, outside = _below(below)
        lines.extend([*inside, *apart, *outside])
    return "".join(line + newline for line in _single_blanks(lines))


def _fields(words: Sequence[Word]) -> list[list[Word]]:
    """Return the tokens of a declaration's first line and of each field."""
    fields: list[list[Word]] = [[]]
    for word in words:
        if word.kind.startswith("F_"):
            fields.append([])
        fields[-1].append(word)
    return fields


def _declaration(fields: Sequence[Sequence[Word]]) -> Iterator[str]:
    kind = fields[0][0].kind
    items = aligned_cases([items_of(field, kind) for field in fields])
    lines = [lines_of(field, _INDENT if i else 0) for i, field in enumerate(items)]
    return with_comments([line for group in lines for line in group])


def _below(text: str) -> tuple[list[str], list[str]]:
    """Return the comments below a declaration: those indented as its fields, and those after."""
    lines = text.splitlines()
    inside = 0
    for i, line in enumerate(lines, start=1):
        if line.startswith("#"):
            break
        inside = i if line.strip() else inside
    indented = [" " * _INDENT + line.strip() for line in lines[:inside] if line.strip()]
    return indented, [line.strip() for line in lines[inside:]]


def _single_blanks(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines without blank ones at start and end, and never two blank ones in a row."""
    runs = [(blank, list(group)) for blank, group in groupby(lines, key=lambda line: not line)]
    for i, (blank, group) in enumerate(runs):
        if not blank:
            yield from group
        elif 0 < i < len(runs) - 1:
            yield ""
