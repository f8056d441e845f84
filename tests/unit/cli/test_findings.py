import re
from pathlib import Path

import pytest
from rich.console import Console

from biolabel.cli.findings import (
    example_table,
    examples_json,
    explanation_json,
    explanation_lines,
)
from biolabel.evaluation.explain import Explanation
from biolabel.evaluation.why import Part
from biolabel.workflow.examples import read_any, try_examples

WHY = Explanation(
    "told", "rule", "no", "", ('{chemical} -> "Heparin"',),
    (
        Part(
            "all of", "no",
            parts=(
                Part("close", "yes", parts=(Part("distance < 3 words", "yes", ("distance is 1",)),)),
                Part("sentence has verbs", "no", ("stops at `verbs`: not found",), "widen ..2 to ..4"),
            ),
            role="when",
        ),
        Part("disease is denied", "unknown", role="unless"),
    ),
)  # fmt: skip
TREE = """rule told: does not fire
  {chemical} -> "Heparin"
  when:
    NO      all of
      YES     close
        YES     distance < 3 words
                  distance is 1
      NO      sentence has verbs
                stops at `verbs`: not found
                = hint: widen ..2 to ..4
  unless:
    UNKNOWN disease is denied"""


def test_an_explanation_is_a_tree_of_verdicts() -> None:
    assert "\n".join(explanation_lines(WHY)) == TREE


def test_an_explanation_as_values() -> None:
    found = explanation_json(WHY)
    assert (found["name"], found["verdict"], found["vote"]) == ("told", "no", "")
    parts = found["parts"]
    assert isinstance(parts, list)
    when, unless = parts
    assert [part["text"] for part in when["parts"]] == ["close", "sentence has verbs"]
    assert (unless["role"], unless["verdict"]) == ("unless", "unknown")


RULES = """biolabel 1
document topic
  labels: harm, other
ontology drugs
  from: catalog "drugbank"
rule told for topic
  votes: harm
  when: document has "bad"
  matches: "bad" "good"
  todo_matches: "worse"
  todo_rejects: "fine"
rule named for topic
  votes: other
  when: document has drugs
  matches: "lithium"
"""


def test_examples_are_counted_with_their_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    path = tmp_path / "x.rules"
    path.write_text(RULES, encoding="utf-8")
    rules = read_any([path])
    found = try_examples(rules)
    console = Console(width=200, record=True)
    console.print(example_table(found))
    shown = console.export_text()
    for status in ("passed", "failed", "todo", "done", "left out"):
        assert re.search(rf"{status} +│ +1 ", shown), status
    assert "`drugs`" in shown
    assert "50%" in shown
    values = examples_json(found, rules.files)
    assert (values["rules"], values["covered"]) == (2, 1)
    rows = values["examples"]
    assert isinstance(rows, list)
    assert [(row["line"], row["column"], row["status"]) for row in rows[:2]] == [
        (9, 12, "passed"), (9, 18, "failed"),
    ]  # fmt: skip
    assert (rows[0]["reason"], rows[1]["reason"]) == ("", '`"bad"`: not found')
