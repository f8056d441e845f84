"""The pinned packages: exact versions, and those that are installed."""

import json

import pytest

from tests.packaging.audit import (
    CONSTRAINTS,
    PROJECT,
    differences,
    judged,
    needed,
    own,
    pins,
)


def test_what_is_installed_is_what_is_pinned() -> None:
    assert list(differences(pins(CONSTRAINTS.read_text("utf-8")))) == []


def test_another_version_and_a_missing_pin_are_told() -> None:
    pinned = pins(CONSTRAINTS.read_text("utf-8"))
    del pinned["rich"]
    told = list(differences({**pinned, "lxml": "0.1"}))
    assert [line.partition(" ")[0] for line in told] == ["lxml", "rich"]


def test_what_is_needed_is_followed() -> None:
    assert {"typer", "torch", "click", "pytest"} <= needed(own(PROJECT.read_text("utf-8")))
    for lines in (
        ["mkdocstrings[python]", "mkdocstrings"],
        ["mkdocstrings", "mkdocstrings[python]"],
    ):
        assert "mkdocstrings-python" in needed(lines)


@pytest.mark.parametrize(
    "line", ["a", "a>=1", "a==1.*", "a==1,==2", "a @ https://x.y/a.whl", "-e .", "a==1\na==2"]
)
def test_lines_that_pin_nothing(line: str) -> None:
    with pytest.raises(ValueError, match="a"):
        pins(line)


def test_packages_that_nobody_knows_are_not_called_good() -> None:
    flaw = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}
    answer = [
        {"name": "a", "version": "1", "vulns": [flaw]},
        {"name": "b", "version": "1", "vulns": []},
        {"name": "c", "skip_reason": "Dependency not found on PyPI"},
    ]
    assert judged(json.dumps({"dependencies": answer})) == (2, ["a 1: PYSEC-1, mended in 2"])
