"""From the text of a file to its syntax tree, with every syntax error of the file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from lark import UnexpectedInput

from biolabel.errors import Diagnostic, Edit, SourceFile, Span
from biolabel.lang.builder import Header, build
from biolabel.lang.grammar import parser
from biolabel.lang.mistakes import Mistake, diagnose, first_word
from biolabel.lang.nearest import nearest
from biolabel.lang.pieces import MAX_DEPTH, cut, field_around, lost_name, too_deep
from biolabel.lang.tree import Decl, Declaration, FileTree

VERSION = 1
MAX_MISTAKES = 20
"""Syntax errors after which the rest of one declaration is left unread: it is no declaration."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a declaration's text holds: at most one header or declaration, unless one is indented."""

    headers: tuple[Header, ...]
    declarations: tuple[Declaration, ...]
    diagnostics: tuple[Diagnostic, ...]
    skipped: tuple[Span, ...]
    lost_fields: tuple[Span, ...]
    """Those of the skipped parts that are fields and no declarations."""


@dataclass(slots=True)
class _Reading:
    """What has been read so far of one piece."""

    path: str
    headers: list[Header] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    skipped: list[Span] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, start, end)

    def report(self, offset: int, mistake: Mistake) -> None:
        span = self.span(offset + mistake.start, offset + mistake.end)
        fix = None
        if mistake.fix is not None:
            start, end, text = mistake.fix
            fix = Edit(self.span(offset + start, offset + end), text)
        found = Diagnostic(mistake.code, "error", mistake.message, span, mistake.hint, (), fix)
        self.diagnostics.append(found)
        self.skipped.append(self.span(offset + mistake.skip[0], offset + mistake.skip[1]))


def parse(source: SourceFile) -> tuple[FileTree, tuple[Diagnostic, ...]]:
    """Return the syntax tree of a file and its syntax errors, in source order.

    The file is cut at the lines that start at the left margin and each piece is parsed alone; a
    piece with an error is parsed again without the field that holds it. So one mistake hides no
    other, and the tree holds all that could be read; `FileTree.skipped` says what could not.
    """
    pieces = [
        parse_piece(source.text[start:end], source.path, start) for start, end in cut(source.text)
    ]
    version, about_version = version_of(pieces)
    found = [*(d for piece in pieces for d in piece.diagnostics), *about_version]
    missing = missing_version(source, pieces)
    if missing is not None:
        found.append(missing)
    return tree_of(source.path, version, pieces), tuple(sorted(found, key=_place))


def parse_piece(text: str, path: str, offset: int) -> Piece:
    """Return what the text of one declaration holds; spans count from `offset`, where it starts."""
    reading = _Reading(path)
    _read(reading, text, offset)
    skipped = tuple(sorted(reading.skipped))
    return Piece(
        tuple(reading.headers),
        tuple(sorted(reading.declarations, key=lambda found: found.span)),
        tuple(reading.diagnostics),
        skipped,
        tuple(lost for lost in skipped if lost_name(text, lost.start - offset) is None),
    )


def tree_of(path: str, version: int | None, pieces: Sequence[Piece]) -> FileTree:
    """Return the tree of a file from its pieces, in source order."""
    return FileTree(
        path,
        version,
        tuple(found for piece in pieces for found in piece.declarations),
        tuple(span for piece in pieces for span in piece.skipped),
        frozenset(_incomplete(pieces)),
    )


def _incomplete(pieces: Sequence[Piece]) -> Iterator[Span]:
    """Yield the names of declarations that a lost field belongs to: the nearest one above it."""
    above: Span | None = None
    for piece in pieces:
        named = [found for found in piece.declarations if isinstance(found, Decl)]
        for lost in piece.lost_fields:
            here = [found.name.span for found in named if found.span.start <= lost.start]
            nearest_above = here[-1] if here else above
            if nearest_above is not None:
                yield nearest_above
        above = named[-1].name.span if named else above


def version_of(pieces: Sequence[Piece]) -> tuple[int | None, list[Diagnostic]]:
    """Return the language version of a file, with BL009 where it stands late, twice or is unknown."""
    hint = f"write `biolabel {VERSION}`"
    headers = [header for piece in pieces for header in piece.headers]
    found = [
        Diagnostic("BL009", "error", "the language version is given twice", late.span)
        for late in headers[1:]
    ]
    if not headers:
        return None, found
    header = headers[0]
    first = next((i for i, piece in enumerate(pieces) if piece.declarations), len(pieces))
    if pieces[: first + 1] and all(header not in piece.headers for piece in pieces[: first + 1]):
        message = "the language version must stand on the first line"
        found.append(Diagnostic("BL009", "error", message, header.span, hint))
    elif header.version != str(VERSION):
        message = f"language version {header.version} is not known to this biolabel"
        found.append(Diagnostic("BL009", "error", message, header.span, hint))
        return None, found
    return VERSION, found


def missing_version(source: SourceFile, pieces: Sequence[Piece]) -> Diagnostic | None:
    """Return BL009 for a file that does not say its language version; its span is the first line."""
    word = re.search(r"(?m)^[ \t]*(\w+)", source.text)
    # A first line that tries to say it has been reported as what it is.
    tries = word is not None and nearest(word.group(1), ["biolabel"]) is not None
    if tries or any(piece.headers for piece in pieces):
        return None
    message = "the first line must say which language version the file uses"
    end = source.text.find("\n")
    span = Span(source.path, 0, len(source.text) if end < 0 else end)
    hint, fix = f"write `biolabel {VERSION}`", f"biolabel {VERSION}\n"
    return Diagnostic("BL009", "error", message, span, hint, (), Edit(Span(source.path, 0, 0), fix))


def _place(found: Diagnostic) -> tuple[Span, str]:
    return found.span, found.code


def _read(reading: _Reading, piece: str, offset: int) -> None:
    pending = [(piece, offset)]
    while pending:
        text, start = pending.pop()
        rest = _read_one(reading, text, start)
        if rest is not None:
            pending.append((text[rest:], start + rest))


def _read_one(reading: _Reading, piece: str, offset: int) -> int | None:
    """Read a declaration; return where another one starts that is indented below it, if any."""
    wrong = first_word(piece) or _nesting(piece)
    if wrong is not None:
        reading.report(offset, wrong)
        return None
    rest = None
    while True:
        try:
            tree = parser().parse(piece)
            break
        except UnexpectedInput as error:
            mistake = diagnose(piece, error)
        if len(reading.diagnostics) >= MAX_MISTAKES:
            reading.skipped.append(reading.span(offset, offset + len(piece)))
            return None
        if mistake.fix is not None and not mistake.resume and not _rights(piece, mistake):
            mistake = replace(mistake, fix=None)
        reading.report(offset, mistake)
        if mistake.resume:
            reading.skipped.pop()
            rest = mistake.start
            piece = piece[:rest]
            continue
        if mistake.skip[0] == 0:
            return rest
        piece = _blank(piece, *mistake.skip)
    built, diagnostics = build(tree, reading.path, offset)
    reading.diagnostics.extend(diagnostics)
    for node in built:
        if isinstance(node, Header):
            reading.headers.append(node)
        else:
            reading.declarations.append(node)
    return rest


def _rights(piece: str, mistake: Mistake) -> bool:
    """Return whether a piece can be read further with a mistake's fix than without it."""
    start, end, text = mistake.fix or (0, 0, "")
    tried = piece[:start] + text + piece[end:]
    if too_deep(tried) is not None:
        return False
    try:
        parser().parse(tried)
    except UnexpectedInput as error:
        at = cast(int | None, error.pos_in_stream)
        at = len(tried) if at is None else at
        field = field_around(piece, mistake.start)
        return at >= max(field[1] + len(text) - (end - start), start + len(text) + 1)
    return True


def _nesting(piece: str) -> Mistake | None:
    at = too_deep(piece)
    if at is None:
        return None
    hint = "give the inner parts names with `pattern` or `condition`"
    message = f"brackets or negations nest deeper than {MAX_DEPTH}"
    return Mistake("BL014", message, at, at + 1, hint, (0, len(piece)))


def _blank(piece: str, start: int, end: int) -> str:
    return piece[:start] + re.sub(r"[^\n]", " ", piece[start:end]) + piece[end:]
