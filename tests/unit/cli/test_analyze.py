"""The command over one workspace: tables, a page a rule, JSON and HTML."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tiny task and room for its workspace."""
    folder = tmp_path_factory.mktemp("analyze")
    shutil.copytree(Path(__file__).parents[2] / "data" / "tiny_task", folder / "tiny")
    return folder


def analyze(place: Path, command: Command, *more: str | Path) -> Any:
    return command("analyze", place / "tiny", "--workspace", place / "workspace", *more)


def test_tables_of_all_tasks(place: Path, command: Command) -> None:
    done = analyze(place, command)
    assert (done.status, done.err) == (0, "")
    for text in ("cid on corpus", "cid on dev", "topic on dev", "said_to_cause", "stages"):
        assert text in done.out
    assert "without a vote" not in done.out


def test_one_part_of_the_documents(place: Path, command: Command) -> None:
    done = analyze(place, command, "--on", "dev")
    assert "cid on dev" in done.out
    assert "on corpus" not in done.out
    alone = analyze(place, command, "--on", "dev", "--corpus", place / "tiny" / "corpus.pubtator")
    assert alone.status == 2
    assert "--dev" in alone.err


def test_one_rule(place: Path, command: Command) -> None:
    done = analyze(place, command, "--rule", "said_to_cause")
    assert "said_to_cause for cid on corpus" in done.out
    assert "beside other rules" in done.out
    assert "title_of_harm" not in done.out


def test_one_task(place: Path, command: Command) -> None:
    done = analyze(place, command, "--task", "mentions", "--on", "corpus")
    assert (done.status, done.err) == (0, "")
    assert "mentions on corpus" in done.out
    assert "cid on corpus" not in done.out
    wrong = analyze(place, command, "--task", "mention")
    assert wrong.status == 1
    assert "did you mean `mentions`?" in wrong.err


def test_a_rule_of_another_task(place: Path, command: Command) -> None:
    done = analyze(place, command, "--task", "topic", "--rule", "said_to_cause")
    assert done.status == 2
    assert "`said_to_cause` is a rule for `cid`" in done.err


def test_a_rule_that_is_none(place: Path, command: Command) -> None:
    done = analyze(place, command, "--rule", "said_to_cuase")
    assert done.status == 1
    assert "error[BL922]" in done.err
    assert "did you mean `said_to_cause`?" in done.err


def test_candidates_without_a_vote(place: Path, command: Command) -> None:
    done = analyze(place, command, "--uncovered", "--n", "2")
    assert "by section" in done.out
    assert "without a vote" in done.out


def test_standard_output_is_json_and_nothing_else(place: Path, command: Command) -> None:
    done = analyze(place, command, "--json")
    assert done.status == 0
    found = json.loads(done.out)
    assert found["format"] == 1
    assert [(each["on"], each["task"]) for each in found["analyses"][:3]] == [
        ("corpus", "mentions"), ("corpus", "cid"), ("corpus", "topic"),
    ]  # fmt: skip
    dev = found["analyses"][4]
    assert dev["gold"]["positive"] > 0
    assert {facet["name"] for facet in dev["slice"]["facets"]} >= {"gold label"}
    assert "stages" in done.err


def test_a_page_beside_json(place: Path, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.html"
    done = analyze(place, command, "--json", "--html", file)
    assert done.status == 0
    assert f"wrote {file}" in done.err
    assert json.loads(done.out)["format"] == 1
    html = file.read_text(encoding="utf-8")
    assert html.count("<section") == 6 + 1
    assert "said_to_cause" in html


def test_a_file_that_cannot_be_written(place: Path, command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = analyze(place, command, "--html", tmp_path / "file" / "a")
    assert done.status == 1
    assert done.err.startswith("error[BL906]")
