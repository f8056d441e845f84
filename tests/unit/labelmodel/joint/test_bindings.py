import numpy as np
import pytest

from biolabel.data.labels import Arguments, Task, TaskGraph, Term
from biolabel.labelmodel.joint.bindings import Rows, bindings, matching, rows_of
from biolabel.labelmodel.pooling import Flags

PAIRS = Task("pairs", "relation", ("none", "causes"))
WORDS = Task("words", "entity", ("none", "Chemical", "Disease"))
CAUSES = Term("pairs", 0b10, arguments=("c", "d"))
CHEMICAL = Term("words", 0b010, arguments=("c",))
DISEASE = Term("words", 0b100, arguments=("d",))

GRAPH = TaskGraph(
    (PAIRS, WORDS),
    (),
    2,
    {
        "pairs": np.array([0, 0, 1], dtype=np.int32),
        "words": np.array([0, 0, 0, 1], dtype=np.int32),
    },
    {
        # Pair 1 is named in two ways, word 2 is part of no mention.
        "pairs": Arguments(np.array([0, 1, 1, 2]), np.array([[0, 5], [0, 6], [1, 6], [0, 5]])),
        "words": Arguments(np.array([0, 1, 3]), np.array([[0], [5], [5]])),
    },
)


def rows(pairs: Flags | None = None, words: Flags | None = None) -> dict[str, Rows]:
    part = {"pairs": np.ones(3, np.bool_) if pairs is None else pairs,
            "words": np.ones(4, np.bool_) if words is None else words}  # fmt: skip
    return {
        task.name: rows_of(
            task, np.full((len(part[task.name]), len(task.labels)), 0.5), part[task.name], GRAPH
        )
        for task in GRAPH.tasks
    }


def test_arguments_are_bound_as_the_rows_of_a_document_name_them() -> None:
    found = list(bindings((CAUSES,), rows(), 2))
    assert found == [
        (0, {"c": 0, "d": 5}),
        (0, {"c": 0, "d": 6}),
        (0, {"c": 1, "d": 6}),
        (1, {"c": 0, "d": 5}),
    ]


def test_terms_that_share_arguments_agree_on_them() -> None:
    typed = list(bindings((CHEMICAL, CAUSES), rows(), 2))
    assert typed == [(0, {"c": 0, "d": 5}), (0, {"c": 0, "d": 6})]
    both = list(bindings((CAUSES, DISEASE), rows(), 2))
    assert both == [(0, {"c": 0, "d": 5}), (1, {"c": 0, "d": 5})]


def test_terms_that_share_none_are_bound_in_every_way() -> None:
    other = Term("words", 0b100, arguments=("e",))
    found = [(document, *own.values()) for document, own in bindings((CHEMICAL, other), rows(), 2)]
    assert found == [(0, 0, 0), (0, 0, 5), (0, 5, 0), (0, 5, 5), (1, 5, 5)]


def test_an_argument_named_twice_has_one_value() -> None:
    same = Term("pairs", 0b10, arguments=("c", "c"))
    assert list(bindings((same,), rows(), 2)) == []


def test_without_arguments_each_document_is_bound_once() -> None:
    assert list(bindings((Term("pairs", 0b10),), rows(), 2)) == [(0, {}), (1, {})]
    assert list(bindings((), rows(), 0)) == []


def test_rows_that_do_not_take_part_bind_nothing() -> None:
    found = list(bindings((CAUSES,), rows(pairs=np.array([False, True, False])), 2))
    assert found == [(0, {"c": 0, "d": 6}), (0, {"c": 1, "d": 6})]


@pytest.mark.parametrize(
    ("term", "document", "binding", "expected"),
    [
        (CAUSES, 0, {"c": 0, "d": 6}, (1,)),
        (CAUSES, 1, {"c": 0, "d": 6}, ()),
        (CAUSES, 0, {"c": 0}, (0, 1)),
        (CAUSES, 0, {"d": 6}, (1,)),  # named in two ways, and yet one row
        (CAUSES, 0, {}, (0, 1)),
        (CHEMICAL, 0, {"c": 5, "d": 0}, (1,)),
        (Term("words", 0b010), 0, {"c": 5}, (0, 1, 2)),
        (Term("words", 0b010), 1, {}, (3,)),
    ],
)
def test_a_term_speaks_about_rows_that_fit(
    term: Term, document: int, binding: dict[str, int], expected: tuple[int, ...]
) -> None:
    known = rows()[term.task]
    assert matching(term, known, document, binding) == expected
    assert matching(term, known, document, binding) == expected  # from what it keeps
