"""A task that only finds mentions, on documents that have mentions already: every command ends well."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]

RULES = """biolabel 1

pipeline
  sentences: naive
  abbreviations: off

entity mentions
  labels: Chemical, Disease
  unit: word

rule lithium for mentions
  votes: Chemical
  find: "lithium"
  precision: 0.9

rule tremor for mentions
  votes: Disease
  find: "tremor"
  precision: 0.9
"""


def test_it_is_trained_and_scored(tiny_task: Path, tmp_path: Path, command: Command) -> None:
    (tiny_task / "rules" / "tiny.rules").write_text(RULES, encoding="utf-8")
    settings = (tiny_task / "task.toml").read_text(encoding="utf-8")
    gold = '[gold.cid]\nrelation = "CID"\nlabel = "causes"\n'
    assert gold in settings
    (tiny_task / "task.toml").write_text(settings.replace(gold, ""), encoding="utf-8")
    done = command("run", tiny_task, "--workspace", tmp_path / "w")
    assert done.status == 0, done.err
    assert "mentions micro" in done.out
