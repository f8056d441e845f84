"""The models and functions of a plan."""

from pathlib import Path

import pytest

from biolabel.compile.lower import compile_program
from biolabel.compile.plan import Plan
from biolabel.errors import ModelError, RuleError, SourceFile
from biolabel.lang.load import load
from biolabel.workflow.models import (
    check_python,
    load_functions,
    load_models,
    model_inputs,
    votes_elsewhere,
)

TOPIC = "document t\n  labels: yes, other\n"
CALLED = f"""{TOPIC}
model own
  from: python "own:judge"
rule asks for t
  votes: yes
  when: python "own:holds"
rule follows for t
  votes: from model own
"""


def plan_of(folder: Path, rules: str) -> tuple[Plan, dict[str, SourceFile]]:
    path = folder / "test.rules"
    path.write_text(f"biolabel 1\n{rules}", encoding="utf-8")
    checked = load(path)
    assert checked.program is not None, checked.diagnostics
    plan = compile_program(checked.program).plan
    assert plan is not None
    return plan, dict(checked.files)


@pytest.fixture
def called(tmp_path: Path) -> tuple[Plan, dict[str, SourceFile]]:
    code = "def holds(table):\n    return table\n\ndef judge(table):\n    return table\n"
    (tmp_path / "own.py").write_text(code, encoding="utf-8")
    return plan_of(tmp_path, CALLED)


def test_python_is_off(called: tuple[Plan, dict[str, SourceFile]]) -> None:
    plan, files = called
    with pytest.raises(RuleError, match="Python is off") as caught:
        check_python(plan, files, allowed=False)
    found = caught.value.diagnostics
    assert [d.code for d in found] == ["BL392", "BL392"]
    text = files[found[0].span.file].text
    places = [text[d.span.start : d.span.end] for d in found]
    assert 'python "own:holds"' in places[0]
    assert 'python "own:judge"' in places[1]


def test_python_is_allowed(called: tuple[Plan, dict[str, SourceFile]]) -> None:
    plan, files = called
    check_python(plan, files, allowed=True)
    assert len(load_functions(plan)) == 1
    assert load_models(plan)["own"].judge is not None


def test_without_python_nothing_is_refused(tmp_path: Path) -> None:
    plan, files = plan_of(tmp_path, f'{TOPIC}rule x for t\n  votes: yes\n  when: title has "a"\n')
    check_python(plan, files, allowed=False)


def test_the_code_is_part_of_the_key(
    tmp_path: Path, called: tuple[Plan, dict[str, SourceFile]]
) -> None:
    before = model_inputs(called[0])
    code = (tmp_path / "own.py").read_text(encoding="utf-8")
    (tmp_path / "own.py").write_text(code + "\n", encoding="utf-8")
    after = model_inputs(called[0])
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)


def test_files_of_votes_lie_beside_the_rules(tmp_path: Path) -> None:
    (tmp_path / "votes.tsv").write_text("doc\tlabel\n1\tyes\n", encoding="utf-8")
    rules = f'{TOPIC}model m\n  from: file "votes.tsv"\nrule x for t\n  votes: from model m\n'
    plan, _ = plan_of(tmp_path, rules)
    assert load_models(plan)["m"].judge is not None
    assert len(model_inputs(plan)["m"]) == 64


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('file "no.tsv"', "BL850"),
        ('python "no:f"', "BL853"),
        ('huggingface "no"', "BL855"),
        ('spacy "a", "b"', "BL857"),
    ],
)
def test_models_that_are_not_there(tmp_path: Path, source: str, code: str) -> None:
    rules = f"{TOPIC}model m\n  from: {source}\nrule x for t\n  votes: from model m\n"
    plan, _ = plan_of(tmp_path, rules)
    with pytest.raises(ModelError) as caught:
        load_models(plan)
    assert caught.value.code == code


def test_votes_on_other_documents(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("doc\tlabel\n1\tyes\n2\tno\n1\tno\n", encoding="utf-8")
    rules = 'model crowd\n  from: file "a.tsv"\nrule r for t\n  votes: from model crowd\n'
    plan, _ = plan_of(tmp_path, f"{TOPIC}{rules}")
    assert votes_elsewhere(plan, ["2", "3"]) == {}
    assert votes_elsewhere(plan, ["3"]) == {"crowd": ("1", "2")}
    (tmp_path / "a.tsv").write_text("doc\tlabel\n", encoding="utf-8")
    assert votes_elsewhere(plan, ["1"]) == {"crowd": ()}
