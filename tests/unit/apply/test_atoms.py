from pathlib import Path

import pytest

from biolabel.apply.atoms import atoms
from biolabel.lang import tree
from tests.unit.apply.world import PAIR, corpus, plan_of, shown, world

TEXT = "{A=X:1: one} by {B=Y:1: two}. Then {A=X:2: ten}, no {B=Y:2: six}"


@pytest.mark.parametrize(
    ("condition", "signs"),
    [
        ("a before b", "+++-"),
        ("distance < 2 words", "+-++"),
        ('before b has "no"', "-+-+"),
        ("a is most_mentioned", "++++"),
        ('count("by" | "no") in sentence = 1', "+--+"),
    ],
)
def test_each_row_is_judged(tmp_path: Path, condition: str, signs: str) -> None:
    plan = plan_of(tmp_path, f"{PAIR}rule x for r\n  votes: yes\n  when: {condition}\n")
    here = world(plan, corpus(TEXT))
    when = plan.tasks[0].rules[0].when
    assert when is not None
    found = shown(atoms(here.scene, here.frame, {}).column(when))
    some = atoms(here.scene, here.frame.take(here.frame.doc >= 0), {}).column(when)
    assert found == shown(some)
    assert sorted(found) == sorted(signs)


def test_what_joins_conditions_is_no_single_one(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f"{PAIR}rule x for r\n  votes: yes\n  when: adjacent\n")
    here = world(plan, corpus(TEXT))
    with pytest.raises(TypeError, match="And"):
        atoms(here.scene, here.frame, {}).column(tree.And(()))
