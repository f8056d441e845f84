import json

from biolabel.workflow.analyze import analyses, analyze
from biolabel.workflow.bench import Bench


def test_every_rule_of_every_task_is_analyzed(bench: Bench) -> None:
    found = analyses(bench, "corpus")
    assert list(found) == ["mentions", "cid", "topic"]
    assert [rule.name for rule in found["topic"].rules] == ["title_of_harm", "title_of_benefit"]
    assert all(rule.precision is None for rule in found["cid"].rules)


def test_rules_are_measured_where_there_is_gold(bench: Bench) -> None:
    rules = {rule.name: rule for rule in analyses(bench, "dev")["cid"].rules}
    assert rules["said_to_cause"].precision == 1.0
    assert rules["said_to_cause"].votes == 3
    topics = {rule.name: rule for rule in analyses(bench, "dev")["topic"].rules}
    assert topics["title_of_harm"].precision == 1.0


def test_figures_are_kept(bench: Bench) -> None:
    note = analyze(bench, "dev")
    figures = json.loads((note.folder / "cid.json").read_text(encoding="utf-8"))
    assert figures["task"] == "cid"
    assert {rule["name"] for rule in figures["rules"]} >= {"said_to_cause", "treats", "apart"}
    assert sorted(path.name for path in note.folder.glob("*.json")) == [
        "cid.json", "mentions.json", "stage.json", "topic.json",
    ]  # fmt: skip
