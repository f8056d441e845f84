"""Every fix of a finding in the golden files rights it, and does no harm."""

import os
from collections import Counter
from pathlib import Path

import pytest

from biolabel.errors import Diagnostic
from biolabel.errors.fixes import fixed
from biolabel.lang.load import load, load_all

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "language"
FILES = sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.rules"))


HIDDEN = {"BL106", "BL404", "BL507"}
"""What a fix may bring to light: a list with a right name that nobody uses, a tagger that is missing,
a rule that is whole now and has no example."""
REVEALING = {"BL001", "BL002", "BL013"}
"""Mistakes that keep a whole declaration from being read, with all that is wrong in it."""


def kinds(found: tuple[Diagnostic, ...]) -> Counter[tuple[str, str]]:
    return Counter((each.code, each.message) for each in found)


def revealed(before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> set[str]:
    return {code for code, _ in after - before}


@pytest.mark.parametrize("name", FILES)
def test_fixes_right_what_they_belong_to(name: str) -> None:
    path = GOLDEN / name
    checked = load(path)
    before = kinds(checked.diagnostics)
    for found in checked.diagnostics:
        if found.fix is None or found.fix.span.file != str(path):
            continue
        text, made = fixed(checked.files[str(path)].text, [found.fix])
        assert made == 1
        after = kinds(load_all([path], {os.path.realpath(path): text}).diagnostics)
        assert after[found.code, found.message] < before[found.code, found.message], found
        if found.code not in REVEALING:
            assert revealed(before, after) <= HIDDEN, found
