import shutil
from collections.abc import Callable
from pathlib import Path

from biolabel.workflow.bench import Bench
from biolabel.workflow.lint import lint_task

OpenBench = Callable[..., Bench]


def test_a_task_is_linted_over_its_corpus(tiny_task: Path, open_bench: OpenBench) -> None:
    rules = tiny_task / "rules" / "tiny.rules"
    more = """
rule typo for cid
  votes: causes
  when: sentence has "cuased"

rule slow for topic
  votes: harm
  when: document has /(?<=a)b/
"""
    rules.write_text(rules.read_text(encoding="utf-8") + more, encoding="utf-8")
    bench = open_bench(tiny_task, tiny_task.parent / "workspace")
    found = lint_task(bench)
    silent = [d.message for d in found if d.code == "BL504"]
    assert any('`sentence has "cuased"` never holds' in message for message in silent)
    assert "BL305" in {d.code for d in found}


def test_without_dev_the_corpus_is_the_gold(
    shared_task: Path, tmp_path: Path, open_bench: OpenBench
) -> None:
    folder = shutil.copytree(shared_task, tmp_path / "tiny")
    alone = open_bench(folder, tmp_path / "workspace", dev=False)
    assert {d.code for d in lint_task(alone)} <= {"BL504", "BL506", "BL508", "BL509", "BL510"}
