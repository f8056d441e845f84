"""From the text of a file to its syntax tree, with every syntax error of the file."""

import re
from dataclasses import dataclass, field

from lark import UnexpectedInput

from biolabel.errors import Diagnostic, SourceFile, Span
from biolabel.lang.builder import Header, build
from biolabel.lang.grammar import parser
from biolabel.lang.mistakes import Mistake, diagnose, first_word
from biolabel.lang.nearest import nearest
from biolabel.lang.pieces import MAX_DEPTH, cut, too_deep
from biolabel.lang.tree import Declaration, FileTree

VERSION = 1


@dataclass(slots=True)
class _Reading:
    """What has been read so far of one file."""

    source: SourceFile
    headers: list[Header] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    skipped: list[Span] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        return Span(self.source.path, start, end)

    def report(self, offset: int, mistake: Mistake) -> None:
        span = self.span(offset + mistake.start, offset + mistake.end)
        found = Diagnostic(mistake.code, "error", mistake.message, span, mistake.hint)
        self.diagnostics.append(found)
        self.skipped.append(self.span(offset + mistake.skip[0], offset + mistake.skip[1]))


def parse(source: SourceFile) -> tuple[FileTree, tuple[Diagnostic, ...]]:
    """Return the syntax tree of a file and its syntax errors, in source order.

    The file is cut at the lines that start at the left margin and each piece is parsed alone; a
    piece with an error is parsed again without the field that holds it. So one mistake hides no
    other, and the tree holds all that could be read; `FileTree.skipped` says what could not.
    """
    reading = _Reading(source)
    for start, end in cut(source.text):
        _read_piece(reading, start, end)
    version = _version(reading)
    tree = FileTree(
        source.path,
        version,
        tuple(sorted(reading.declarations, key=lambda found: found.span)),
        tuple(sorted(reading.skipped)),
        span=reading.span(0, len(source.text)),
    )
    return tree, tuple(sorted(reading.diagnostics, key=lambda d: (d.span, d.code)))


def _read_piece(reading: _Reading, start: int, end: int) -> None:
    piece = reading.source.text[start:end]
    wrong = first_word(piece) or _nesting(piece)
    if wrong is not None:
        reading.report(start, wrong)
        return
    while True:
        try:
            tree = parser().parse(piece)
            break
        except UnexpectedInput as error:
            mistake = diagnose(piece, error)
        reading.report(start, mistake)
        if mistake.resume:
            reading.skipped.pop()
            _read_piece(reading, start + mistake.start, end)
        elif mistake.skip[0] == 0:
            return
        piece = _blank(piece, *mistake.skip)
    built, diagnostics = build(tree, reading.source.path, start)
    reading.diagnostics.extend(diagnostics)
    for node in built:
        if isinstance(node, Header):
            reading.headers.append(node)
        else:
            reading.declarations.append(node)


def _nesting(piece: str) -> Mistake | None:
    at = too_deep(piece)
    if at is None:
        return None
    hint = "give the inner parts names with `pattern` or `condition`"
    message = f"brackets or negations nest deeper than {MAX_DEPTH}"
    return Mistake("BL014", message, at, at + 1, hint, (0, len(piece)))


def _blank(piece: str, start: int, end: int) -> str:
    return piece[:start] + re.sub(r"[^\n]", " ", piece[start:end]) + piece[end:]


def _version(reading: _Reading) -> int | None:
    text = reading.source.text
    first_line = text.find("\n") if "\n" in text else len(text)
    hint = f"write `biolabel {VERSION}`"
    if not reading.headers:
        word = re.search(r"(?m)^[ \t]*(\w+)", text)
        # A first line that tries to say it has been reported as what it is.
        if word is None or nearest(word.group(1), ["biolabel"]) is None:
            message = "the first line must say which language version the file uses"
            span = reading.span(0, first_line)
            reading.diagnostics.append(Diagnostic("BL009", "error", message, span, hint))
        return None
    for late in reading.headers[1:]:
        message = "the language version is given twice"
        reading.diagnostics.append(Diagnostic("BL009", "error", message, late.span))
    header = reading.headers[0]
    before = [d for d in reading.declarations if d.span < header.span]
    if before:
        message = "the language version must stand on the first line"
        reading.diagnostics.append(Diagnostic("BL009", "error", message, header.span, hint))
    elif header.version != str(VERSION):
        message = f"language version {header.version} is not known to this biolabel"
        reading.diagnostics.append(Diagnostic("BL009", "error", message, header.span, hint))
        return None
    return VERSION
