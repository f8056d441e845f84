"""Showing findings and errors as plain text or JSON; colors are the business of the surfaces."""

import json
import unicodedata
from collections.abc import Iterable, Mapping

from biolabel.errors.base import BiolabelError, Diagnostic
from biolabel.errors.span import SourceFile, Span

_LONGEST = 400
"""Signs of a source line that are shown; of a longer one, those around the place."""
_NOT_SHOWN = "\N{REPLACEMENT CHARACTER}"


def render(diagnostic: Diagnostic, files: Mapping[str, SourceFile]) -> str:
    """Return a finding as text: code and message, place, source line with carets, hint, related.

    Carets stand under the whole span, or its part on the first line. Control characters of the
    source are replaced, so that a rule file cannot steer a terminal.
    """
    lines = [f"{diagnostic.severity}[{diagnostic.code}]: {_clean(diagnostic.message)}"]
    lines.extend(_place(diagnostic.span, files))
    lines.append(f"  = hint: {_clean(diagnostic.hint)}")
    for span, text in diagnostic.related:
        lines.append(f"  = note: {_clean(text)}")
        lines.extend(_place(span, files))
    return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic], files: Mapping[str, SourceFile]) -> str:
    """Return findings as text, a blank line between them, and how many there are of each kind."""
    found = list(diagnostics)
    counts = {
        kind: sum(diagnostic.severity == kind for diagnostic in found)
        for kind in ("error", "warning", "note")
    }
    shown = [f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in counts.items() if n]
    summary = ", ".join(shown) or "nothing found"
    return "\n\n".join([*(render(diagnostic, files) for diagnostic in found), summary])


def render_error(error: BiolabelError) -> str:
    """Return an error as text: code, message, and what to do."""
    message, hint = _clean(error.message), _clean(error.hint)
    return f"error[{error.code}]: {message}\n  = hint: {hint}"


def to_json(diagnostics: Iterable[Diagnostic], files: Mapping[str, SourceFile]) -> str:
    """Return findings as a JSON list.

    Each has code, severity, message, hint, place, related and fix, which is null or a place and the
    text to put there; a place has file, start and end, each with line and column (from 1) and offset
    (from 0, code points); the end is exclusive.
    """
    rows = [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
            "place": _json_place(diagnostic.span, files),
            "related": [
                {"message": text, "place": _json_place(span, files)}
                for span, text in diagnostic.related
            ],
            "fix": diagnostic.fix
            and {"place": _json_place(diagnostic.fix.span, files), "text": diagnostic.fix.text},
        }
        for diagnostic in diagnostics
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _place(span: Span, files: Mapping[str, SourceFile]) -> list[str]:
    source = files.get(span.file)
    if source is None:
        return [f"  --> {_clean(span.file)}"]
    number, column = source.position(span.start)
    shown = [f"  --> {_clean(span.file)}:{number}:{column}"]
    text = source.line(number)
    if not text.strip():
        return shown
    text, column = _clipped(text, column)
    before, under = text[: column - 1], text[column - 1 : column - 1 + span.end - span.start]
    margin = " " * len(str(number))
    indent = "".join("\t" if sign == "\t" else " " * _width(sign) for sign in _clean(before))
    carets = "^" * max(1, sum(_width(sign) for sign in _clean(under.rstrip())))
    return [
        *shown,
        f"{margin} |",
        f"{number} | {_clean(text.rstrip())}",
        f"{margin} | {indent}{carets}",
    ]


def _clipped(text: str, column: int) -> tuple[str, int]:
    """Return the part of a very long line around a column, and the column in it."""
    if len(text) <= _LONGEST:
        return text, column
    start = max(0, min(column - 1 - _LONGEST // 4, len(text) - _LONGEST))
    return text[start : start + _LONGEST], column - start


def _json_place(span: Span, files: Mapping[str, SourceFile]) -> dict[str, object]:
    source = files.get(span.file)
    if source is None:
        return {"file": span.file}
    ends = {}
    for name, offset in (("start", span.start), ("end", span.end)):
        line, column = source.position(offset)
        ends[name] = {"line": line, "column": column, "offset": offset}
    return {"file": span.file, **ends}


def _clean(text: str) -> str:
    """Return a text without signs that are not for showing; tabs stay."""
    return "".join(
        sign if sign == "\t" or unicodedata.category(sign)[0] != "C" else _NOT_SHOWN
        for sign in text
    )


def _width(sign: str) -> int:
    """Return the columns a sign takes: 2 for wide East Asian ones, 0 for combining ones."""
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
