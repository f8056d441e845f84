import os
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import RuleError, RunError
from biolabel.errors.render import render_all
from biolabel.evaluation.subjects import subjects
from biolabel.text.build import Annotation
from biolabel.text.pipeline import Pipeline
from biolabel.workflow.examples import checked, light, loader, read_any, try_examples

RULES = """biolabel 1

pipeline
  sentences: naive
  abbreviations: off

entity mentions
  labels: Chemical, Disease

relation cid(chemical: Chemical, disease: Disease)
  labels: causes, none
  mentions: mentions

rule told for cid
  votes: causes
  when: sentence has {chemical} ..2 "caused" {disease}
  matches: "{chemical: Heparin} caused {disease: pain}"
  matches: "{chemical: Heparin} is said to have caused {disease: pain}"
  rejects: "{chemical: Heparin} caused {disease: fever}"
  todo_matches: "{chemical: Heparin} then caused {disease: fever}"

rule silent for cid
  votes: none
  when: adjacent
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write_rules(text: str) -> Path:
        path = tmp_path / "x.rules"
        path.write_text(text, encoding="utf-8")
        return path

    return write_rules


def test_failures_are_diagnostics_that_point_at_the_part(write: Callable[[str], Path]) -> None:
    rules = read_any([write(RULES)])
    found = try_examples(rules)
    assert found.counts() == {"passed": 1, "failed": 2, "done": 1}
    assert (found.rules, found.covered) == (2, 1)
    assert [d.code for d in found.diagnostics] == ["BL501", "BL501", "BL505"]
    text = render_all(found.diagnostics, rules.files).replace(str(write(RULES).parent) + "/", "")
    golden = Path(__file__).parents[2] / "golden" / "tools" / "examples.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.write_text(f"{text}\n", encoding="utf-8")
    assert f"{text}\n" == golden.read_text(encoding="utf-8")


def test_one_rule_alone(write: Callable[[str], Path]) -> None:
    rules = read_any([write(RULES)])
    alone = try_examples(rules, "silent")
    assert (alone.outcomes, alone.rules, alone.covered) == ((), 1, 0)
    with pytest.raises(RunError, match="silnt"):
        try_examples(rules, "silnt")


def test_rules_with_errors_do_not_run(write: Callable[[str], Path]) -> None:
    rules = read_any([write(RULES.replace("has {chemical}", "has {chem}"))])
    with pytest.raises(RuleError) as raised:
        checked(rules)
    assert raised.value.code == "BL105"


def test_a_folder_is_read_as_a_task(shared_task: Path) -> None:
    found = try_examples(read_any([shared_task]))
    assert not found.diagnostics
    assert found.covered == found.rules - 1


def test_plain_sentences_need_no_processing(write: Callable[[str], Path]) -> None:
    program, plan = checked(read_any([write(RULES)]))
    annotate = light(Pipeline(sentences="nowhere"), subjects(program, plan))

    def text(*texts: str) -> Document:
        return Document("1", tuple(Passage("abstract", i * 99, t) for i, t in enumerate(texts)))

    assert annotate(text("One plain sentence.")) == Annotation(())
    assert annotate(text("A title", "One plain sentence.")) == Annotation(())
    with pytest.raises(Exception, match="nowhere"):
        annotate(text("Two. Sentences"))


def test_python_must_be_allowed(tmp_path: Path, write: Callable[[str], Path]) -> None:
    (tmp_path / "own.py").write_text("def never(table):\n    return [False] * len(table)\n")
    calls = 'rule asks for cid\n  votes: none\n  when: python "own:never"\n'
    example = '  rejects: "{chemical: Heparin} and {disease: pain}"\n'
    rules = read_any([write(RULES + calls + example)])
    found = try_examples(rules, "asks")
    assert [o.status for o in found.outcomes] == ["left out"]
    assert "--allow-python" in found.outcomes[0].why
    allowed = try_examples(rules, "asks", allow_python=True)
    assert [o.status for o in allowed.outcomes] == ["passed"]
    _, missing = loader(rules)(checked(rules)[1])
    assert len(missing) == 1
