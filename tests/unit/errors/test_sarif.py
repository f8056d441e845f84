"""Findings as SARIF 2.1.0, held against the parts of its schema that they use."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from biolabel.errors import Diagnostic, Edit, SourceFile, Span
from biolabel.errors.sarif import to_sarif
from biolabel.lang.load import load

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "language"
TEXT = "biolabel 1\nlist a\n  wrds: é, x\n"
Shape = Mapping[str, Any]

REGION: Shape = {
    "startLine": int, "startColumn": int, "endLine": int, "endColumn": int, "charOffset": int,
    "charLength": int,
}  # fmt: skip
ARTIFACT: Shape = {"uri": str}
PHYSICAL: Shape = {"artifactLocation": ARTIFACT, "region?": REGION}
MESSAGE: Shape = {"text": str}
REPLACEMENT: Shape = {"deletedRegion": REGION, "insertedContent": {"text": str}}
RESULT: Shape = {
    "ruleId": str,
    "ruleIndex": int,
    "level": ("none", "note", "warning", "error"),
    "message": MESSAGE,
    "locations": [{"physicalLocation": PHYSICAL}],
    "relatedLocations?": [{"id": int, "physicalLocation": PHYSICAL, "message": MESSAGE}],
    "fixes?": [
        {
            "description": MESSAGE,
            "artifactChanges": [{"artifactLocation": ARTIFACT, "replacements": [REPLACEMENT]}],
        }
    ],
}
LOG: Shape = {
    "$schema": str,
    "version": ("2.1.0",),
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": str,
                    "version": str,
                    "rules": [{"id": str, "fullDescription?": MESSAGE}],
                }
            },
            "columnKind": ("utf16CodeUnits", "unicodeCodePoints"),
            "results": [RESULT],
        }
    ],
}
"""The names, types and closed lists of words of the schema; a name with ? may be missing."""


def wrong(value: object, shape: object, where: str = "$") -> list[str]:
    """Return where a value is not as a shape wants it."""
    match shape:
        case dict():
            assert isinstance(value, dict), where
            needed = {name for name in shape if not name.endswith("?")}
            known = {name.rstrip("?"): inner for name, inner in shape.items()}
            missing = [f"{where}.{name} is missing" for name in needed - value.keys()]
            strange = [f"{where}.{name} is unknown" for name in value.keys() - known.keys()]
            inner = [
                each
                for name in value.keys() & known.keys()
                for each in wrong(value[name], known[name], f"{where}.{name}")
            ]
            return missing + strange + inner
        case list():
            assert isinstance(value, list), where
            return [
                each for i, v in enumerate(value) for each in wrong(v, shape[0], f"{where}[{i}]")
            ]
        case tuple():
            return [] if value in shape else [f"{where} is {value}"]
        case type():
            return [] if type(value) is shape else [f"{where} is {value!r}"]
    raise TypeError(shape)


@pytest.mark.parametrize("name", ["bad", "bad2", "cdr", "kitchen_sink"])
def test_shape(name: str) -> None:
    checked = load(GOLDEN / f"{name}.rules")
    shown = json.loads(to_sarif(checked.diagnostics, checked.files))
    assert wrong(shown, LOG) == []
    rules = shown["runs"][0]["tool"]["driver"]["rules"]
    for result in shown["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert 1 <= region["startLine"] <= region["endLine"]
        assert min(region["startColumn"], region["endColumn"], region["charLength"] + 1) >= 1


def test_places_fixes_and_related() -> None:
    span, first = Span("dir/a b.rules", 20, 24), Span("/there/b.rules", 0, 3)
    found = Diagnostic(
        "BL007", "error", "what", span, "do", ((first, "here"),), Edit(span, "words")
    )
    files = {"dir/a b.rules": SourceFile("dir/a b.rules", TEXT)}
    (result,) = json.loads(to_sarif([found], files))["runs"][0]["results"]
    region = {
        "startLine": 3, "startColumn": 3, "endLine": 3, "endColumn": 7, "charOffset": 20,
        "charLength": 4,
    }  # fmt: skip
    place = {"artifactLocation": {"uri": "dir/a%20b.rules"}, "region": region}
    assert result["locations"] == [{"physicalLocation": place}]
    assert result["message"] == {"text": "what; do"}
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "words"}}
    ]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"] == {"artifactLocation": {"uri": "file:///there/b.rules"}}


def test_nothing_found_is_a_run_without_results() -> None:
    shown = json.loads(to_sarif([], {}))
    assert wrong(shown, LOG) == []
    assert shown["runs"][0]["results"] == []
