from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.named import named
from biolabel.workflow.knowledge.compare import compare, readers, touched
from biolabel.workflow.rules import Rules, read_files

RULES = """biolabel 1
list nothing
  words: chai, mate
ontology drinks
  from: tsv "{old}"
  type: Drink
  under: "X:1"
  stop: nothing
  drop: "milk"
  add: "java" = "X:3", "Oolong" = "X:2"
ontology others
  from: tsv "{other}"
  type: Other
  ids: "X"
kb menu
  from: tsv "{pairs}"
  pairs: Drink -> Other
  ids: "X"
entity mentions
  labels: Drink, Other
relation r(drink: Drink, other: Other)
  labels: served, none
rule by_name for mentions
  votes: Drink
  find: drinks
rule by_other for mentions
  votes: Other
  find: others
rule known for r
  votes: served
  when: pair in menu.hot
rule of_kind for r
  votes: none
  when: drink in drinks under "X:3"
"""
OLD = "id\tname\tparents\nX:1\tDrink\t\nX:2\tTea\tX:1\nX:3\tCoffee\tX:1\nX:4\tMilk\tX:1\n"
NEW = "id\tname\tparents\nX:1\tDrink\t\nX:2\tTea\tX:1\nX:2\tOolong\tX:1\nX:2\tchai\tX:1\n"


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    files = {
        "old": OLD,
        "new": NEW,
        "other": "id\tname\nX:7\tCup\n",
        "pairs": "subject\tobject\tsubset\nX:2\tX:7\thot\n",
        "more": "subject\tobject\tsubset\nX:2\tX:7\tcold\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.tsv").write_text(text)
    path = tmp_path / "a.rules"
    path.write_text(RULES.format(old="old.tsv", other="other.tsv", pairs="pairs.tsv"))
    found = read_files([path])
    assert found.plan is not None, found.diagnostics
    return found


def test_declarations_and_rules_that_speak_of_changes(rules: Rules, tmp_path: Path) -> None:
    old, new = (named(str(tmp_path / f"{name}.tsv")) for name in ("old", "new"))
    found = {(t.name, t.how): t for t in touched(rules, old, new, compare(old, new))}
    assert set(found) == {
        ("drinks", 'add "java" = X:3: gone'),
        ("drinks", 'add "Oolong" = X:2: a name of it now'),
        ("drinks", 'drop "milk": no name any more'),
        ("drinks", 'stop nothing "chai": a new name, which it leaves out'),
        ("of_kind", "under X:3: gone"),
        ("by_name", "reads drinks"),
    }
    place = found["by_name", "reads drinks"]
    line = 1 + (tmp_path / "a.rules").read_text().split("\n").index("rule by_name for mentions")
    assert (place.what, place.line, Path(place.file).name) == ("rule", line, "a.rules")


def test_parts_of_a_table_of_pairs(rules: Rules, tmp_path: Path) -> None:
    old, new = (named(str(tmp_path / f"{name}.tsv")) for name in ("pairs", "more"))
    found = [(t.name, t.how) for t in touched(rules, old, new, compare(old, new))]
    assert found == [("known", "menu.hot: this part is gone")]


def test_who_reads_a_file(rules: Rules, tmp_path: Path) -> None:
    plan = rules.ready()
    assert [d.name.text for d in readers(plan, named(str(tmp_path / "old.tsv")))] == ["drinks"]
    assert readers(plan, named(str(tmp_path / "new.tsv"))) == []
    assert readers(plan, named("demo_mesh_chemicals")) == []


@pytest.mark.usefixtures("rules")
def test_kinds_must_agree(tmp_path: Path) -> None:
    old, new = (named(str(tmp_path / f"{name}.tsv")) for name in ("old", "pairs"))
    with pytest.raises(KnowledgeError) as raised:
        compare(old, new)
    assert raised.value.code == "BL732"
