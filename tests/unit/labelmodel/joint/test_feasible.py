import numpy as np
import pytest

from biolabel.data.labels import Arguments, Constraint, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.joint.feasible import MAX_ATOMS, Component, component, linked

CID = Task("cid", "relation", ("none", "causes"))
TOPIC = Task("topic", "document", ("adverse", "other"))
MENTIONS = Task("mentions", "entity", ("none", "Chemical", "Disease"))
MANY = Task("hallmarks", "document", ("growth", "death", "none"), exclusive=False)
BOUND = Term("cid", 0b10, arguments=("c", "d"))
CAUSES, OTHER = Term("cid", 0b10), Term("topic", 0b10)
TYPES = Constraint("types", ((BOUND,),), ((Term("mentions", 0b010, arguments=("c",)),),))


def graph(*constraints: Constraint) -> TaskGraph:
    return TaskGraph((CID, TOPIC, MENTIONS, MANY), constraints, 0, {})


def states(*constraints: Constraint) -> Component:
    whole = graph(*constraints)
    (links,) = linked(whole)
    found = component(links, whole)
    assert found is not None
    return found


def test_states_and_their_weights() -> None:
    found = states(Constraint("a", ((CAUSES,),), ((OTHER,),), 0.8))
    assert found.atoms == {"cid": (0b10,), "topic": (0b10,)}
    assert found.codes("cid").tolist() == [0, 1, 0, 1]
    assert found.codes("topic").tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(np.exp(found.log_weight), [0.8, 0.2, 0.8, 0.8])


def test_hard_constraints_drop_states_and_every_is_not_any_other() -> None:
    found = states(Constraint("a", ((Term("cid", 0b01, "every"), OTHER),)))
    assert found.atoms == {"cid": (0b10,), "topic": (0b10,)}
    assert found.states.tolist() == [[False, False], [True, False], [True, True]]


def test_tasks_without_common_constraints_are_apart() -> None:
    drug = Constraint("b", ((Term("mentions", 0b010),),), strength=0.4)
    found = linked(graph(Constraint("a", ((CAUSES, OTHER),)), drug))
    assert [links.tasks for links in found] == [("cid", "topic"), ("mentions",)]
    assert linked(graph()) == ()


def test_types_of_arguments_hold_by_construction_unless_the_graph_knows_them() -> None:
    assert linked(graph(TYPES)) == ()
    some = Arguments(np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64))
    one = Arguments(some.row, some.names[:, :1])
    known = TaskGraph((CID, MENTIONS), (TYPES,), 0, {}, {"cid": some, "mentions": one})
    assert linked(known)[0].tasks == ("cid", "mentions")
    assert component(linked(known)[0], known) is None


def test_arguments_that_bind_nothing_are_any() -> None:
    bound = states(Constraint("a", ((BOUND,),), ((OTHER,),)))
    free = states(Constraint("a", ((CAUSES,),), ((OTHER,),)))
    np.testing.assert_array_equal(bound.states, free.states)


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        (Constraint("a", ((BOUND, Term("mentions", 2, arguments=("c",))),)), "BL807"),
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
        linked(graph(constraint))
    assert caught.value.code == code


def test_states_are_not_listed_for_many_terms_or_tasks_that_pick_many() -> None:
    task = Task("fine", "relation", tuple(map(str, range(MAX_ATOMS + 2))))
    terms = tuple((Term("fine", 1 << label),) for label in range(MAX_ATOMS + 1))
    wide = TaskGraph((task,), (Constraint("a", terms, strength=0.9),), 0, {})
    assert component(linked(wide)[0], wide) is None
    many = graph(Constraint("a", ((CAUSES,),), ((Term("hallmarks", 1),),)))
    assert component(linked(many)[0], many) is None
