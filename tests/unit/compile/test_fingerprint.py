from pathlib import Path

import pytest

from tests.unit.apply.world import PAIR, plan_of

RULES = f"""
{PAIR}  when: shared_sentences >= 1
list cause
  words: cause~, induce~
  include: more
list more
  file: "more.txt"
list doubt
  words: maybe
list dropped
  words: salt
context hedged
  cues_before: doubt
  reach: 5 words
ontology drugs
  from: catalog "x"
  stop: dropped
kb k
  from: catalog "k"
pattern joined(x)
  is: {{a}} ..3 x ..2 {{b}}
condition caused for r
  is: sentence has use joined(cause)
rule one_x for r
  votes: yes
  when: caused
rule hedged_x for r
  votes: none
  when: a is hedged
rule drug_x for r
  votes: none
  when: sentence has drugs and pair in k
rule fires_x for r
  votes: none
  when: hedged_x fires
rule case_x for r
  case: yes when caused and distance < 3 words
  case: none when caused
document t
  labels: yes, other
rule voted_x for t
  votes: yes
  when: any r voted yes
rule title_x for t
  votes: yes
  when: title has "x"
"""


def marks(folder: Path, rules: str = RULES, more: str = "produce~") -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    (folder / "more.txt").write_text(f"# words\n{more}\n")
    tasks = plan_of(folder, rules).tasks
    return {rule.lf.name: rule.fingerprint for task in tasks for rule in task.rules}


def changed(folder: Path, old: str, new: str) -> set[str]:
    assert old in RULES
    before, after = marks(folder / "a"), marks(folder / "b", RULES.replace(old, new))
    return {name for name in before if before[name] != after.get(name)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rule one_x", "# a comment\nrule   one_x"),
        ("  when: caused\n", "  note: \"new\"\n  when: caused\n  precision: 0.7\n  group: g\n"),
        ("list doubt", 'list doubt\n  note: "unsure"\n  tags: a, b, c'),
        ("context hedged", 'context hedged\n  author: "me"'),
        ('kb k', 'kb k\n  note: "pairs"'),
        ("document t", 'document t\n  note: "x"'),
        ("pattern joined(x)\n  is: {a} ..3 x", "pattern joined(y)\n  is: {a} ..3 y"),
        ("condition caused for r\n  is: sentence has use joined(cause)\n",
         "condition caused for r\n  is: sentence has {a} ..3 cause ..2 {b}\n"),
        ("  when: caused\n", '  when: caused\n  todo_matches: "{a: x} y {b: z}"\n'),
    ],
)  # fmt: skip
def test_what_does_not_count(tmp_path: Path, old: str, new: str) -> None:
    assert changed(tmp_path, old, new) == set()


CAUSED = {"one_x", "case_x", "voted_x"}
RELATION = {"one_x", "hedged_x", "drug_x", "fires_x", "case_x", "voted_x"}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("induce~", "trigger~", CAUSED),
        ("words: maybe", "words: maybe, may", {"hedged_x", "fires_x", "voted_x"}),
        ("reach: 5", "reach: 6", {"hedged_x", "fires_x", "voted_x"}),
        ("words: salt", "words: salts", {"drug_x", "voted_x"}),
        ('"k"', '"kk"', {"drug_x", "voted_x"}),
        ("..3 x", "..4 x", CAUSED),
        ("votes: none\n  when: a is", "votes: yes\n  when: a is", {"hedged_x", "fires_x", "voted_x"}),
        ("case: yes when caused and distance < 3 words\n  case: none when caused",
         "case: none when caused\n  case: yes when caused and distance < 3 words", {"case_x", "voted_x"}),
        ('title has "x"', 'title has "y"', {"title_x"}),
        ("scope: document", "scope: sentence", RELATION),
        ("shared_sentences >= 1", "shared_sentences >= 2", RELATION),
        ("labels: yes, none", "labels: none, yes", RELATION),
        ("labels: yes, other", "labels: other, yes", {"voted_x", "title_x"}),
    ],
)  # fmt: skip
def test_what_counts(tmp_path: Path, old: str, new: str, rules: set[str]) -> None:
    assert changed(tmp_path, old, new) == rules


def test_the_lines_of_a_file_count(tmp_path: Path) -> None:
    before, after = marks(tmp_path / "a"), marks(tmp_path / "b", more="provoke~")
    assert {name for name in before if before[name] != after[name]} == CAUSED


def test_fingerprints_differ_by_rule_and_look_alike(tmp_path: Path) -> None:
    found = marks(tmp_path)
    assert len(set(found.values())) == len(found)
    assert all(len(mark) == 16 and int(mark, 16) >= 0 for mark in found.values())


def test_what_is_called_like_a_label_or_a_type_is_not_asked(tmp_path: Path) -> None:
    rules = f'{PAIR}kb yes\n  from: catalog "k"\nrule one_x for r\n  votes: yes\n  when: same sentence\n'
    rules += "rule two_x for r\n  votes: none\n  when: pair in yes\n"
    (task,) = [t for t in plan_of(tmp_path, rules).tasks if t.task.name == "r"]
    assert {rule.lf.name: rule.uses for rule in task.rules} == {
        "one_x": frozenset(),
        "two_x": {"yes"},
    }
