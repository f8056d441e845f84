"""What identifies the knowledge of a plan: it changes with whatever could change a vote."""

from pathlib import Path

import pytest

from biolabel.workflow.marks import chosen, digest, marks_of
from tests.unit.apply.world import plan_of

RULES = """
list broad
  words: disease, syndrome
ontology diseases
  from: tsv "terms.tsv"
  ids: "X"
  columns: id = "id", name = "name"
  type: B
  stop: broad
kb causes
  from: tsv "pairs.tsv"
  pairs: A -> B
  ids: "X"
  expand: object ancestors 1
kb plain
  from: tsv "pairs.tsv"
  pairs: A -> B
  ids: "X"
document t
  labels: yes, other
rule x for t
  votes: yes
  when: document has diseases
"""


def marks(folder: Path, rules: str = RULES, guard: str = "") -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    for name, text in (
        ("terms", "id\tname\nX:1\trash\n"),
        ("pairs", "subject\tobject\nX:2\tX:1\n"),
    ):
        path = folder / f"{name}.tsv"
        if not path.exists():
            path.write_text(text, encoding="utf-8")
    return marks_of(plan_of(folder, rules), guard)


def differ(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_the_same_plan_has_the_same_marks(tmp_path: Path) -> None:
    first = marks(tmp_path)
    assert set(first) == {"diseases", "causes", "plain"}
    assert marks(tmp_path) == first


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("words: disease, syndrome", "words: disease", {"diseases", "causes", "plain"}),
        ("  stop: broad\n", "", {"diseases", "causes", "plain"}),
        ("kb plain\n", "kb plain\n  complete: yes\n", {"plain"}),
        ("document has diseases", "title has diseases", set()),
        ("list broad\n", 'list broad\n  note: "too broad"\n', set()),
        ("kb plain\n", 'kb plain\n  note: "plain"\n', set()),
    ],
)
def test_declarations(tmp_path: Path, old: str, new: str, names: set[str]) -> None:
    assert old in RULES
    assert differ(marks(tmp_path), marks(tmp_path, RULES.replace(old, new))) == names


@pytest.mark.parametrize(
    ("file", "names"), [("terms", {"diseases", "causes", "plain"}), ("pairs", {"causes", "plain"})]
)
def test_files(tmp_path: Path, file: str, names: set[str]) -> None:
    before = marks(tmp_path)
    path = tmp_path / f"{file}.tsv"
    path.write_text(path.read_text(encoding="utf-8") + "X:2\tX:3\n", encoding="utf-8")
    assert differ(before, marks(tmp_path)) == names


def test_guarded_documents(tmp_path: Path) -> None:
    assert differ(marks(tmp_path), marks(tmp_path, guard="others")) == {"causes", "plain"}


def test_some_marks_in_one_order() -> None:
    known = {"b": "2", "a": "1", "c": "3"}
    assert chosen(known, {"b", "a"}) == [("a", "1"), ("b", "2")]
    assert digest(1, "x") == digest(1, "x") != digest("1", "x")
