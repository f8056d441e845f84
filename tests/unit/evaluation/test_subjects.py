from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.evaluation.subjects import examples_of, subjects
from tests.unit.evaluation.stand import FINDS_NOTHING, PAIRS, stand


def test_a_misspelled_name_gets_the_nearest(tmp_path: Path) -> None:
    here = stand(tmp_path, FINDS_NOTHING)
    with pytest.raises(RunError, match="no rule, condition or pattern is called `nothin`") as found:
        subjects(here.program, here.plan, "nothin")
    assert (found.value.code, found.value.hint) == ("BL922", "did you mean `nothing`?")


def test_rules_come_without_examples_but_conditions_do_not(tmp_path: Path) -> None:
    here = stand(tmp_path, FINDS_NOTHING)
    assert [subject.name for subject in subjects(here.program, here.plan)] == ["nothing"]


def test_rules_that_are_off_are_no_subject(tmp_path: Path) -> None:
    here = stand(tmp_path, f"{FINDS_NOTHING}  status: off\n")
    assert subjects(here.program, here.plan) == ()


def test_fields_say_what_is_wanted(tmp_path: Path) -> None:
    text = '"{chemical: a} {disease: b}"'
    fields = "".join(
        f"  {field}: {text}\n" for field in ("matches", "rejects", "todo_matches", "todo_rejects")
    )
    here = stand(tmp_path, f"{PAIRS}rule x for cid\n  votes: causes\n  when: adjacent\n{fields}")
    tests = here.program.rules["x"].tests
    assert [(field, wanted, todo) for field, wanted, todo, _ in examples_of(tests)] == [
        ("matches", True, False), ("rejects", False, False),
        ("todo_matches", True, True), ("todo_rejects", False, True),
    ]  # fmt: skip
