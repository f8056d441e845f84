from pathlib import Path

from biolabel.data.labels import Constraint, Term
from tests.unit.apply.world import PAIR, TOPIC, plan_of

TASKS = (
    f"{PAIR}{TOPIC}rule x for r\n  votes: yes\n  when: adjacent\n"
    'rule y for t\n  votes: yes\n  when: title has "a"\n'
)
YES, NONE, OTHER = 1, 2, 2


def lowered(folder: Path, text: str) -> Constraint:
    (found,) = plan_of(folder, f"{TASKS}constraint c\n  {text}\n").constraints
    return found


def test_if_then(tmp_path: Path) -> None:
    found = lowered(tmp_path, "if: any r is yes\n  then: t is other\n  strength: 0.9")
    assert found == Constraint("c", ((Term("r", YES),),), ((Term("t", OTHER),),), 0.9)


def test_never_has_no_consequence(tmp_path: Path) -> None:
    found = lowered(tmp_path, "never: every r is not yes and t is yes\n  strength: always")
    assert found.condition == ((Term("r", NONE, "every"), Term("t", YES)),)
    assert (found.consequence, found.strength) == ((), 1.0)


def test_disjunctive_normal_form(tmp_path: Path) -> None:
    found = lowered(
        tmp_path, "if: r is yes or r is none and t is yes\n  then: t is yes or t is other"
    )
    assert found.condition == ((Term("r", YES),), (Term("r", NONE), Term("t", YES)))
    assert found.consequence == ((Term("t", YES),), (Term("t", OTHER),))


def test_arguments_are_kept(tmp_path: Path) -> None:
    found = lowered(tmp_path, "if: r(x, y) is yes\n  then: r(y, x) is none")
    assert found.condition == ((Term("r", YES, arguments=("x", "y")),),)
    assert found.consequence == ((Term("r", NONE, arguments=("y", "x")),),)
