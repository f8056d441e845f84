"""Findings as SARIF 2.1.0, the form that code hosts and editors read."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote

from biolabel import __version__
from biolabel.errors.base import Diagnostic
from biolabel.errors.codes import CATALOGUE
from biolabel.errors.span import SourceFile, Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "note": "note"}


def to_sarif(diagnostics: Sequence[Diagnostic], files: Mapping[str, SourceFile]) -> str:
    """Return findings as one run of SARIF 2.1.0.

    Columns count code points from 1 and ends are exclusive; the hint follows the message.
    """
    codes = sorted({found.code for found in diagnostics})
    rules = [
        {"id": code, "fullDescription": {"text": CATALOGUE[code]}}
        if code in CATALOGUE
        else {"id": code}
        for code in codes
    ]
    driver = {"name": "biolabel", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes.index(found.code), files) for found in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(found: Diagnostic, rule: int, files: Mapping[str, SourceFile]) -> dict[str, object]:
    text = f"{found.message}; {found.hint}" if found.hint else found.message
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": [_location(found.span, files)],
    }
    if found.related:
        result["relatedLocations"] = [
            {"id": i, **_location(span, files), "message": {"text": text}}
            for i, (span, text) in enumerate(found.related)
        ]
    if found.fix is not None:
        replacement = {
            "deletedRegion": _region(found.fix.span, files),
            "insertedContent": {"text": found.fix.text},
        }
        change = {"artifactLocation": _artifact(found.fix.span), "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": found.hint}, "artifactChanges": [change]}]
    return result


def _location(span: Span, files: Mapping[str, SourceFile]) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": _artifact(span)}
    if span.file in files:
        place["region"] = _region(span, files)
    return {"physicalLocation": place}


def _artifact(span: Span) -> dict[str, str]:
    path = PurePath(span.file)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}


def _region(span: Span, files: Mapping[str, SourceFile]) -> dict[str, int]:
    first, last = (files[span.file].position(at) for at in (span.start, span.end))
    return {
        "startLine": first[0], "startColumn": first[1], "endLine": last[0], "endColumn": last[1],
        "charOffset": span.start, "charLength": span.end - span.start,
    }  # fmt: skip
