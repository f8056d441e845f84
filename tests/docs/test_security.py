"""The page on security names tests and codes that are there."""

import re
from pathlib import Path

from biolabel.errors.codes import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", PAGE)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_refusal_has_a_test() -> None:
    table = PAGE.partition("## What is refused")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    assert [row for row in rows if "`tests/" not in row and "the same" not in row] == []


def test_every_code_that_is_named_is_known() -> None:
    assert set(re.findall(r"BL\d{3}", PAGE)) <= CATALOGUE.keys()
