from pathlib import Path

import pytest

from biolabel.errors import RuleError, RunError
from biolabel.text.pipeline import Pipeline
from biolabel.workflow.rules import read_rules
from biolabel.workflow.settings import load_task


def change(task: Path, old: str, new: str) -> None:
    """Replace a text of the task's rules."""
    path = task / "rules" / "tiny.rules"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_rules_become_a_plan(tiny_task: Path) -> None:
    rules = read_rules(load_task(tiny_task))
    assert [each.task.name for each in rules.ready().tasks] == ["mentions", "cid", "topic"]
    assert rules.pipeline == Pipeline(sentences="naive", abbreviations=False)
    assert [Path(name).name for name in rules.files] == ["tiny.rules"]
    assert {d.severity for d in rules.diagnostics} <= {"note"}


def test_the_digest_follows_the_text_of_every_file(tiny_task: Path) -> None:
    first = read_rules(load_task(tiny_task)).digest
    assert read_rules(load_task(tiny_task)).digest == first
    (tiny_task / "rules" / "more.rules").write_text("biolabel 1\n", encoding="utf-8")
    second = read_rules(load_task(tiny_task)).digest
    change(tiny_task, "precision: 0.95", "precision: 0.96")
    assert len({first, second, read_rules(load_task(tiny_task)).digest}) == 3


def test_every_error_is_found_and_nothing_runs(tiny_task: Path) -> None:
    change(tiny_task, "find: chemicals", "find: chemicalls")
    change(tiny_task, "votes: harm", "votes: harms")
    rules = read_rules(load_task(tiny_task))
    assert rules.plan is None
    with pytest.raises(RuleError) as caught:
        rules.ready()
    errors = [d for d in caught.value.diagnostics if d.severity == "error"]
    assert len(errors) == 2
    assert "chemicals" in errors[0].hint
    assert caught.value.files == rules.files


def test_what_the_engine_cannot_run_is_an_error(tiny_task: Path) -> None:
    with (tiny_task / "rules" / "tiny.rules").open("a", encoding="utf-8") as rules:
        rules.write("\nmodel guess\n  of: topic\n")
    found = read_rules(load_task(tiny_task))
    assert found.plan is None
    assert "error" in {d.severity for d in found.diagnostics}


def test_gold_must_agree_with_the_rules(tiny_task: Path) -> None:
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8").replace("[gold.cid]", "[gold.cyd]")
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=r"gold\.cyd") as caught:
        read_rules(load_task(tiny_task))
    assert caught.value.code == "BL909"
