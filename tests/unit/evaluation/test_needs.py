from pathlib import Path

import pytest

from biolabel.errors import RuleError
from biolabel.evaluation.needs import available, needs, parts_of, restricted, rules_of
from tests.unit.evaluation.stand import ABOUT, CHEMICALS, PAIRS, stand

RULES = f"""{CHEMICALS}{PAIRS}{ABOUT}
kb indications
  from: catalog "demo_indications"
  pairs: Chemical -> Disease
context denied
  cues_before: chemicals
rule base for cid
  votes: causes
  when: pair in indications
rule asks for cid
  votes: causes
  when: base fires and disease is denied
rule alone for cid
  votes: none
  when: adjacent
rule told for topic
  votes: harm
  when: any cid voted causes
"""


def test_needs_follow_rules_contexts_and_earlier_tasks(tmp_path: Path) -> None:
    plan = stand(tmp_path, RULES).plan
    asks = needs(plan, ["asks"])
    assert asks.rules == {"base", "asks"}
    assert asks.resources == {"chemicals", "indications"}
    assert needs(plan, ["alone"]).resources == frozenset()
    assert needs(plan, ["told"]).rules == {"told", "base", "asks", "alone"}


def test_a_restricted_plan_has_what_is_needed_and_no_more(tmp_path: Path) -> None:
    plan = stand(tmp_path, RULES).plan
    smaller = restricted(plan, needs(plan, ["base"]), ["topic"])
    assert [task.task.name for task in smaller.tasks] == ["mentions", "cid", "topic"]
    assert list(rules_of(smaller)) == ["base"]
    assert (list(smaller.ontologies), list(smaller.kbs)) == (["chemicals"], ["indications"])


def test_parts_are_patterns_and_conditions(tmp_path: Path) -> None:
    rules = f'{PAIRS}rule x for mentions\n  votes: Chemical\n  find: "a"\n  unless: span has "b"\n'
    (rule,) = rules_of(stand(tmp_path, rules).plan).values()
    assert sum(part is not None for part in parts_of(rule)) == 2


def test_missing_tables_are_named_and_others_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    drugs = '\nontology drugs\n  from: catalog "drugbank"\n  type: Chemical\n'
    plan = stand(tmp_path, f"{RULES}{drugs}").plan
    knowledge, missing = available(plan, frozenset())
    assert list(missing) == ["drugs"]
    assert list(knowledge.ontologies) == ["chemicals"]
    assert list(knowledge.pairs) == ["indications"]


def test_other_errors_of_tables_are_raised(tmp_path: Path) -> None:
    plan = stand(tmp_path, CHEMICALS.replace("exact", 'exact\n  under: "nowhere"') + PAIRS).plan
    with pytest.raises(RuleError):
        available(plan, frozenset())
