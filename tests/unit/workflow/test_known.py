from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.curation.known import Standing, Statement
from biolabel.workflow.assertions import assertions, open_assertions
from biolabel.workflow.bench import Bench
from biolabel.workflow.known import known_pairs

OpenBench = Callable[..., Bench]


def with_rules(task: Path, text: str) -> None:
    """Add rules to a copy of the tiny task."""
    path = task / "rules" / "tiny.rules"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_knowledge_base_against_a_label_contradicts_its_pairs(bench: Bench) -> None:
    known = known_pairs(bench, bench.plan.tasks[1].task)
    assert known is not None
    assert known.standing(("MESH:D001241", "MESH:D010003"), "causes").status == "contradicts"
    statuses = {a.status for a in open_assertions(assertions(bench, "corpus"), "cid")}
    assert statuses <= {"unchecked", "contradicts"}


def test_a_knowledge_base_for_a_label_makes_its_pairs_known(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    with_rules(
        tiny_task,
        "\nrule listed for cid\n  votes: causes\n  when: pair in indications and same sentence\n"
        "\nrule unlisted for cid\n  votes: causes\n  when: pair not in indications\n",
    )
    work = open_bench(tiny_task, tmp_path / "workspace")
    known = known_pairs(work, work.plan.tasks[1].task)
    assert known is not None
    found = known.standing(("MESH:D001241", "MESH:D010003"), "causes")
    assert found == Standing("known", (Statement("indications"),))
    assert known.standing(("MESH:D008094", "MESH:D014202"), "causes").status == "new"
    up = known.above["MESH:D010003"]
    assert up, "MESH:D010003 has concepts above it"
    below = ("MESH:D001241", "MESH:D015207")
    assert "MESH:D010003" in known.above[below[1]]
    assert known.standing(below, "causes").refines == (
        Statement("indications", (), ("MESH:D001241", "MESH:D010003")),
    )


@pytest.mark.parametrize(
    "condition",
    [
        "pair not in indications",
        "same sentence and not pair in indications",
        "none of (pair in indications, same sentence)",
    ],
)
def test_a_pair_that_must_be_missing_is_no_knowledge(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench, condition: str
) -> None:
    rules = tiny_task / "rules" / "tiny.rules"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("when: pair in indications", "when: same sentence"))
    with_rules(tiny_task, f"\nrule unlisted for cid\n  votes: causes\n  when: {condition}\n")
    work = open_bench(tiny_task, tmp_path / "workspace")
    assert known_pairs(work, work.plan.tasks[1].task) is None
