"""What is shown for a code is what the front end says of it."""

import re
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.errors.codes import CATALOGUE
from biolabel.lang.explain import PREAMBLE, Shown, explained, mistakes
from biolabel.lang.load import load_all
from biolabel.lang.program import Checked

LANGUAGE = Path(__file__).resolve().parents[3] / "biolabel" / "lang"
NOT_SHOWN = {"BL015", "BL109", "BL112"}
"""Mistakes that need a second file, or no text."""


def check(text: str, shown: Shown, folder: Path) -> Checked:
    path = folder / "main.rules"
    return load_all([path], {str(path): text.lstrip() if shown.whole else PREAMBLE + text})


@pytest.mark.parametrize("code", sorted(mistakes()))
def test_wrong_and_right(code: str, tmp_path: Path) -> None:
    shown = mistakes()[code]
    wrong = check(shown.wrong, shown, tmp_path)
    assert code in {found.code for found in wrong.diagnostics}
    others = {found.code for found in wrong.diagnostics} - {code, "BL106", "BL507"}
    assert others == set()
    right = check(shown.right, shown, tmp_path)
    assert {found.code for found in right.diagnostics} <= {"BL106", "BL507"} - {code}


def test_every_code_of_the_front_end_is_shown() -> None:
    raised = {
        code
        for path in LANGUAGE.rglob("*.py")
        for code in re.findall(r'"(BL[0-5]\d{2})"', path.read_text(encoding="utf-8"))
    }
    assert raised - mistakes().keys() == NOT_SHOWN
    assert mistakes().keys() <= CATALOGUE.keys()


def test_text() -> None:
    text = explained(" bl001 ")
    assert text.startswith("BL001: ")
    assert "wrong:\n\n    rul heparin for cid\n" in text
    assert "right:\n\n    rule heparin for cid\n" in text
    assert "wrong:" not in explained("BL901")


def test_unknown_code() -> None:
    with pytest.raises(RunError, match="no code `BL10l`") as error:
        explained("BL10l")
    assert error.value.code == "BL913"
    assert error.value.hint.startswith("did you mean `BL10")
