from pathlib import Path

import pytest

from biolabel.data.progress import silent
from biolabel.errors import RuleError
from biolabel.workflow.diff import diff_rules


def test_rule_files_are_compared_with_the_gold_of_their_task(tiny_task: Path) -> None:
    old = tiny_task / "rules" / "tiny.rules"
    new = tiny_task / "rules" / "other.rules"
    text = old.read_text(encoding="utf-8")
    new.write_text(text.replace('"caused" | "induced"', '"caused"'), encoding="utf-8")
    workspace = tiny_task.parent / "workspace"
    found = diff_rules((old, new), tiny_task / "dev.pubtator", workspace, 2, 0, silent)
    assert {rule.rule for rule in found} <= {"said_to_cause"}
    same = diff_rules((old, tiny_task / "rules" / "tiny.rules"), tiny_task / "dev.pubtator",
                      workspace, 2, 0, silent)  # fmt: skip
    assert same == ()


def test_votes_lost_are_judged_by_gold(tiny_task: Path) -> None:
    old = tiny_task / "rules" / "tiny.rules"
    new = tiny_task / "rules" / "other.rules"
    text = old.read_text(encoding="utf-8")
    new.write_text(text.replace('"caused" | "induced" | "provoked"', '"zapped"'), encoding="utf-8")
    workspace = tiny_task.parent / "workspace"
    (found,) = diff_rules((old, new), tiny_task / "dev.pubtator", workspace, 2, 0, silent)
    assert (found.rule, found.after, found.gained.votes) == ("said_to_cause", 0, 0)
    assert found.lost.votes == found.before == found.lost.judged


def test_errors_in_either_file_are_raised(tiny_task: Path) -> None:
    bad = tiny_task / "bad.rules"
    bad.write_text("biolabel 1\nrul x\n", encoding="utf-8")
    with pytest.raises(RuleError):
        diff_rules((tiny_task, bad), tiny_task / "dev.pubtator", tiny_task, 2, 0, silent)
