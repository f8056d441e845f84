"""The commands that look into rules, over the tiny task."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture
def place(tiny_task: Path) -> tuple[Path, str, Path]:
    """Return a task that may be changed, with a workspace."""
    return tiny_task, "--workspace", tiny_task.parent / "workspace"


def test_examples_pass_or_say_why(place: tuple[Path, str, Path], command: Command) -> None:
    done = command("test", place[0])
    assert (done.status, done.err) == (0, "")
    assert "passed" in done.out
    rules = place[0] / "rules" / "tiny.rules"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("of {lithium}", "of {stone}"), encoding="utf-8")
    failed = command("test", rules)
    assert failed.status == 1
    assert "error[BL501]: example of `chemical_names` should match" in failed.out
    values = json.loads(command("test", place[0], "--rule", "chemical_names", "--json").out)
    assert values["counts"] == {"failed": 1}


def test_a_rule_is_explained(place: tuple[Path, str, Path], command: Command) -> None:
    text = "{chemical: Lithium} caused a {disease: tremor}"
    done = command("why", place[0], "said_to_cause", text)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("rule said_to_cause: votes causes\n")
    values = json.loads(command("why", place[0], "said_to_cause", text, "--json").out)
    assert values["verdict"] == "yes"


def test_a_document_needs_a_task(place: tuple[Path, str, Path], command: Command) -> None:
    rules = place[0] / "rules" / "tiny.rules"
    for arguments in (
        ("why", place[0], "said_to_cause"),
        ("why", place[0], "said_to_cause", "text", "--doc", "1"),
        ("why", rules, "said_to_cause", "--doc", "1"),
        ("sample", place[0], "said_to_cause", "--corpus", place[0] / "corpus.pubtator", "--on", "dev"),
        ("sample", place[0], "said_to_cause", "--n", "0"),
        ("diff", rules, rules),
        ("test", place[0], rules),
    ):  # fmt: skip
        assert command(*arguments).status == 2, arguments


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("test", "--rule", "said_to_cuase"), "BL922"),
        (("why", "said_to_cuase", "text"), "BL922"),
        (("why", "said_to_cause", "{chemical: x"), "BL920"),
        (("why", "said_to_cause", "{drug: x}"), "BL921"),
        (("why", "said_to_cause", "{chemical: x}"), "BL924"),
        (("why", "said_to_cause", "--doc", "nowhere"), "BL923"),
        (("sample", "said_to_cuase"), "BL922"),
    ],
)
def test_bad_input_is_an_error_with_a_code(
    place: tuple[Path, str, Path], command: Command, arguments: tuple[str, ...], code: str
) -> None:
    name, *rest = arguments
    done = command(name, place[0], *rest, *(place[1:] if name != "test" else ()))
    assert done.status == 1
    assert f"error[{code}]" in done.err


def test_samples_lints_and_differences(place: tuple[Path, str, Path], command: Command) -> None:
    sampled = command("sample", *place, "said_to_cause", "--n", "2", "--on", "dev")
    assert (sampled.status, sampled.err) == (0, "")
    assert "examples to paste" in sampled.out
    values = json.loads(command("sample", *place, "title_of_harm", "--json").out)
    assert values["votes"] > 0
    linted = command("lint", *place, "--json")
    found = json.loads(linted.out)
    assert linted.status == int(any(each["severity"] != "note" for each in found))
    same = command("diff", place[0], place[0] / "rules" / "tiny.rules", *place[1:])
    assert (same.status, same.out) == (0, "no vote differs\n")


def test_bad_rules_are_shown_as_check_shows_them(
    place: tuple[Path, str, Path], command: Command
) -> None:
    rules = place[0] / "rules" / "tiny.rules"
    rules.write_text(rules.read_text(encoding="utf-8") + "\nrul x\n", encoding="utf-8")
    for arguments in (("test", place[0]), ("why", place[0], "treats", "x"), ("lint", *place)):
        done = command(*arguments)
        assert done.status == 1
        assert "error[BL001]" in done.err
