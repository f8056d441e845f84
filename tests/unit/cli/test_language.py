"""`biolabel check` and `biolabel explain`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
GOOD = "biolabel 1\n\nentity mentions\n  labels: Chemical\n"
RULE = """
rule r for mentions
  votes: Chemical
  find: "aspirin"
  matches: "{aspirin} helps"
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Return the path of a rule file without mistakes."""
    path = tmp_path / "main.rules"
    path.write_text(GOOD + RULE, encoding="utf-8")
    return path


def test_a_file_several_files_and_a_folder(rules: Path, command: Command) -> None:
    assert "mentions: entity task (Chemical, none), 1 rules" in command("check", rules).out
    rules.write_text(GOOD)
    other = rules.with_name("other.rules")
    other.write_text("biolabel 1\n" + RULE)
    assert command("check", other).status == 1
    for named in ([other, rules], [rules.parent]):
        done = command("check", *named)
        assert (done.status, done.err) == (0, "")
        assert "1 rules" in done.out


def test_what_is_no_rule_file(tmp_path: Path, command: Command) -> None:
    for named, code in ((tmp_path, "BL904"), (tmp_path / "no", "BL902")):
        done = command("check", named)
        assert done.status == 1
        assert code in done.err
    done = command("check", tmp_path / "no.rules")
    assert done.status == 1
    assert "error[BL108]" in done.out


def test_json_has_the_fix(rules: Path, command: Command) -> None:
    rules.write_text(GOOD + RULE.replace("votes:", "vots:"))
    done = command("check", rules, "--json")
    assert done.status == 1
    (found,) = json.loads(done.out)
    assert found["code"] == "BL007"
    assert found["place"]["start"] == {
        "line": 7,
        "column": 3,
        "offset": found["place"]["start"]["offset"],
    }
    assert found["fix"]["text"] == "votes"


def test_sarif(rules: Path, command: Command) -> None:
    rules.write_text(GOOD + RULE.replace("votes:", "vots:"))
    shown = json.loads(command("check", rules, "--sarif").out)
    (result,) = shown["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("BL007", "error")
    assert command("check", rules, "--sarif", "--json").status == 2


def test_notes_on_demand(rules: Path, command: Command) -> None:
    rules.write_text(GOOD + RULE.replace('  matches: "{aspirin} helps"\n', ""))
    assert "1 note is not shown" in command("check", rules).out
    assert "note[BL507]" in command("check", rules, "--notes").out
    assert json.loads(command("check", rules, "--json").out) == []
    assert len(json.loads(command("check", rules, "--json", "--notes").out)) == 1


def test_fixes_are_made_until_none_is_left(rules: Path, command: Command) -> None:
    wrong = (GOOD + RULE).replace("votes:", "vots:").replace("find:", "fnd:")
    rules.write_bytes(b"\xef\xbb\xbf" + wrong.replace("\n", "\r\n").encode())
    rules.chmod(0o640)
    done = command("check", rules, "--fix")
    assert done.status == 0
    assert "2 fixes made" in done.out
    assert rules.read_bytes() == b"\xef\xbb\xbf" + (GOOD + RULE).replace("\n", "\r\n").encode()
    assert rules.stat().st_mode & 0o777 == 0o640
    assert "0 fixes made" in command("check", rules, "--fix").out


def test_explain(command: Command) -> None:
    done = command("explain", "bl101")
    assert done.status == 0
    assert done.out.startswith("BL101: ")
    assert "wrong:" in done.out
    assert "right:" in done.out
    unknown = command("explain", "BL10l")
    assert unknown.status == 1
    assert "error[BL913]" in unknown.err
    assert "did you mean" in unknown.err
    table = command("explain")
    assert table.status == 0
    assert {"BL001", "BL910"} <= set(table.out.split())
