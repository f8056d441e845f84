from itertools import permutations
from pathlib import Path

from biolabel.kb.hierarchy import acyclic, remarks_on


def test_what_has_no_circle_stays() -> None:
    parents = {"b": ("a",), "c": ("a", "b"), "d": ("c", "elsewhere")}
    assert acyclic(parents) == (parents, [])
    assert remarks_on([], Path("x")) == ()


def test_a_circle_is_broken_at_one_place_whatever_the_order() -> None:
    rows = [("a", ("c",)), ("b", ("a", "z")), ("c", ("b",)), ("d", ("a",)), ("z", ("z",))]
    found = [acyclic(dict(order)) for order in permutations(rows)]
    parents, left_out = found[0]
    assert left_out == [("b", "a"), ("z", "z")]
    assert parents == {"a": ("c",), "b": ("z",), "c": ("b",), "d": ("a",)}
    assert all(each == found[0] for each in found)
    assert remarks_on(left_out, Path("f.obo"), {"b": 7}) == (
        "BL723: f.obo:7: the hierarchy has circles; left out that b is below a and 1 more",
    )


def test_long_ways_up() -> None:
    parents = {str(i): (str(i + 1),) for i in range(50_000)}
    assert acyclic(parents)[1] == []
    assert acyclic(parents | {"50000": ("0",)})[1] == [("50000", "0")]
