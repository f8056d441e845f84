from itertools import permutations

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.hierarchy import acyclic, check_circles, circles, told


def test_what_has_no_circle_stays() -> None:
    parents = {"b": ("a",), "c": ("a", "b"), "d": ("c", "elsewhere")}
    assert acyclic(parents) == (parents, [])
    check_circles(parents, lambda *_: "x")


def test_a_circle_is_the_same_whatever_the_order() -> None:
    rows = [("a", ("c",)), ("b", ("a", "z")), ("c", ("b",)), ("d", ("a",)), ("z", ("z",))]
    found = [acyclic(dict(order)) for order in permutations(rows)]
    parents, left_out = found[0]
    assert left_out == [("a", "c", "b"), ("z",)]
    assert parents == {"a": ("c",), "b": ("z",), "c": ("b",), "d": ("a",)}
    assert all(each == found[0] for each in found)


def test_a_circle_is_an_error_that_says_where() -> None:
    parents = {"a": ("c",), "b": ("a",), "c": ("b",), "z": ("z",)}
    with pytest.raises(KnowledgeError) as raised:
        check_circles(parents, lambda below, above: f"f.obo: {below} {above}")
    assert raised.value.code == "BL723"
    assert raised.value.message == (
        "f.obo: b a: the hierarchy goes in a circle:"
        " b is below a, which is below c, which is below b, and 1 more"
    )
    assert told([("z",)]) == "z is below z"


def test_long_ways_up() -> None:
    parents = {str(i): (str(i + 1),) for i in range(50_000)}
    assert circles(parents) == []
    found = circles(parents | {"50000": ("0",)})
    assert [(each[-1], each[0]) for each in found] == [("50000", "0")]
    said = "50000 is below 0, which is below 1, which is below 2, which is below ..., which is below 50000"
    assert told(found) == said
