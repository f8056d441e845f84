"""Rule files for the tests of the language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.lang.load import load
from biolabel.lang.program import Checked

TASKS = """
entity mentions
  labels: Chemical, Disease

relation cid(chemical: Chemical, disease: Disease)
  labels: causes

document topic
  labels: adverse, other
"""


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[str], Checked]:
    """Return a function that checks declarations beside three tasks, `cid`, `mentions`, `topic`."""

    def check(declarations: str) -> Checked:
        path = tmp_path / "main.rules"
        path.write_text(f"biolabel 1\n{TASKS}\n{declarations}", encoding="utf-8")
        return load(path)

    return check


@pytest.fixture
def findings(checked: Callable[[str], Checked]) -> Callable[[str], list[tuple[str, str]]]:
    """Return a function that gives code and underlined text of all findings but BL507."""

    def find(declarations: str) -> list[tuple[str, str]]:
        result = checked(declarations)
        return [
            (found.code, result.files[found.span.file].text[found.span.start : found.span.end])
            for found in result.diagnostics
            if found.code != "BL507"
        ]

    return find
