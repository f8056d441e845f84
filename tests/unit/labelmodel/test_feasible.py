import numpy as np
import pytest

from biolabel.data.labels import Constraint, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.feasible import MAX_ATOMS, components

CID = Task("cid", "relation", ("none", "causes"))
TOPIC = Task("topic", "document", ("adverse", "other"))
MENTIONS = Task("mentions", "entity", ("none", "Chemical", "Disease"))
MANY = Task("hallmarks", "document", ("growth", "death"), exclusive=False)
BOUND = Term("cid", 0b10, arguments=("c", "d"))
CAUSES, OTHER = Term("cid", 0b10), Term("topic", 0b10)


def graph(*constraints: Constraint) -> TaskGraph:
    return TaskGraph((CID, TOPIC, MENTIONS, MANY), constraints, 0, {})


def test_states_and_their_weights() -> None:
    (found,) = components(graph(Constraint("a", ((CAUSES,),), ((OTHER,),), 0.8)))
    assert found.atoms == {"cid": (0b10,), "topic": (0b10,)}
    assert found.codes("cid").tolist() == [0, 1, 0, 1]
    assert found.codes("topic").tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(np.exp(found.log_weight), [0.8, 0.2, 0.8, 0.8])


def test_hard_constraints_drop_states_and_every_is_not_any_other() -> None:
    never = Constraint("a", ((Term("cid", 0b01, "every"), OTHER),))
    (found,) = components(graph(never))
    assert found.atoms == {"cid": (0b10,), "topic": (0b10,)}
    assert found.states.tolist() == [[False, False], [True, False], [True, True]]


def test_tasks_without_common_constraints_are_apart() -> None:
    drug = Constraint("b", ((Term("mentions", 0b010),),), strength=0.4)
    assert [
        list(it.atoms) for it in components(graph(Constraint("a", ((CAUSES, OTHER),)), drug))
    ] == [
        ["cid", "topic"],
        ["mentions"],
    ]
    assert components(graph()) == ()


def test_types_of_arguments_hold_by_construction() -> None:
    types = (
        Term("mentions", 0b010, arguments=("c",)),
        Term("mentions", 0b100, arguments=("d",)),
    )
    assert components(graph(Constraint("types", ((BOUND,),), (types,)))) == ()


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        (Constraint("a", ((BOUND, Term("mentions", 2, arguments=("c",))),)), "BL807"),
        (Constraint("a", ((CAUSES,),), ((Term("hallmarks", 1),),)), "BL807"),
        (Constraint("a", ((Term("cdi", 2),),)), "BL809"),
        (Constraint("a", ((Term("cid", 0),),)), "BL809"),
        (Constraint("a", ((Term("cid", 3),),)), "BL809"),
        (Constraint("a", ()), "BL809"),
        (Constraint("a", ((),)), "BL809"),
        (Constraint("a", ((CAUSES,),), strength=0.0), "BL809"),
        (Constraint("a", ((CAUSES,),), strength=1.2), "BL809"),
        (Constraint("a", ((CAUSES,), (Term("cid", 1, "every"),))), "BL808"),
    ],
)
def test_what_cannot_be_used_is_named(constraint: Constraint, code: str) -> None:
    with pytest.raises(ModelError, match="`a`") as caught:
        components(graph(constraint))
    assert caught.value.code == code


def test_too_many_terms_are_refused() -> None:
    task = Task("fine", "relation", tuple(map(str, range(MAX_ATOMS + 2))))
    terms = tuple((Term("fine", 1 << label),) for label in range(MAX_ATOMS + 1))
    with pytest.raises(ModelError) as caught:
        components(TaskGraph((task,), (Constraint("a", terms, strength=0.9),), 0, {}))
    assert caught.value.code == "BL807"
