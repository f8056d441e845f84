"""The examples of the shipped tasks: they all pass, and most rules have one that shows what they find."""

import gzip
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from biolabel.lang.examples import marked_text
from biolabel.workflow.examples import Examined, read_any, try_examples
from biolabel.workflow.settings import load_task

TASKS = Path("tasks")
LEAST = {"cdr": 70, "chemprot": 40, "demo": 40, "ncbi_disease": 25}
"""How many rules each task has at least."""
NEEDS_DATA = ("cdr", "chemprot", "ncbi_disease")
ALL = [*(pytest.param(name, marks=pytest.mark.data) for name in NEEDS_DATA), "demo"]


@pytest.fixture(scope="module")
def examined() -> Callable[[str], Examined]:
    """Return what runs a task's examples, once each."""

    @lru_cache
    def run(name: str) -> Examined:
        return try_examples(read_any([TASKS / name]))

    return run


@pytest.mark.parametrize("name", ALL)
def test_all_examples_pass(name: str, examined: Callable[[str], Examined]) -> None:
    bad = [
        f"{o.subject.name}: {o.example.text}: {o.why}"
        for o in examined(name).outcomes
        if o.status not in ("passed", "todo")
    ]
    assert bad == []


@pytest.mark.parametrize("name", ALL)
def test_four_of_five_rules_show_what_they_find(
    name: str, examined: Callable[[str], Examined]
) -> None:
    # A text that is only rejected would pass for a rule that never fires.
    found = {
        outcome.subject.name
        for outcome in examined(name).outcomes
        if outcome.subject.kind == "rule"
        and outcome.field == "matches"
        and outcome.status == "passed"
    }
    assert len(found) >= 0.8 * examined(name).rules


@pytest.mark.parametrize("name", ["cdr", "ncbi_disease"])
@pytest.mark.data
def test_four_of_five_rules_show_where_they_stop(
    name: str, examined: Callable[[str], Examined]
) -> None:
    stopped = {
        outcome.subject.name
        for outcome in examined(name).outcomes
        if outcome.subject.kind == "rule" and outcome.field == "rejects"
    }
    assert len(stopped) >= 0.8 * examined(name).rules


@pytest.mark.parametrize("name", sorted(LEAST))
def test_tasks_have_the_rules_that_they_promise(name: str) -> None:
    plan = read_any([TASKS / name]).ready()
    assert sum(len(task.rules) for task in plan.tasks) >= LEAST[name]


def test_cdr_has_three_tasks() -> None:
    plan = read_any([TASKS / "cdr"]).ready()
    assert sorted(task.task.kind for task in plan.tasks) == ["document", "entity", "relation"]
    assert all(task.rules for task in plan.tasks)


@pytest.mark.parametrize("name", ["cdr", "ncbi_disease"])
@pytest.mark.data
def test_examples_are_no_sentences_of_the_corpora(
    name: str, examined: Callable[[str], Examined]
) -> None:
    task = load_task(TASKS / name)
    parts = [file for which in ("corpus", "dev") if (file := task.documents(which)) is not None]
    corpora = "".join(gzip.decompress(part.read_bytes()).decode("utf-8").lower() for part in parts)
    texts = [marked_text(outcome.example).text for outcome in examined(name).outcomes]
    long = [text for text in texts if len(text.split()) >= 5]
    assert len(parts) == 2
    assert long
    assert [text for text in long if text.lower() in corpora] == []
