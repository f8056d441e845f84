from pathlib import Path

import pytest

from biolabel.errors import RuleError, RunError
from biolabel.workflow.rules import read_files


def test_a_notebook_shows_code_and_hint_instead_of_a_traceback() -> None:
    shown = RunError("BL902", "x is no task", hint="did you mean y?")._render_traceback_()
    assert shown == ["error[BL902]: x is no task\n  = hint: did you mean y?"]


def test_a_notebook_shows_every_mistake_with_its_caret(tmp_path: Path) -> None:
    file = tmp_path / "a.rules"
    file.write_text("biolabel 1\n\nrule a for nothing\n  votes: x\n", encoding="utf-8")
    with pytest.raises(RuleError) as raised:
        read_files([file]).ready()
    (shown,) = raised.value._render_traceback_()
    assert "a.rules:3:" in shown
    assert "^" in shown
