"""Editors' positions and code points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position

from biolabel.errors import Span
from biolabel.lsp.positions import Places

TEXT = "a😀é\n\n中x\n"
SIGNS = st.sampled_from("aé中😀\n\u2028 ")


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [("utf-16", [0, 1, 3, 4]), ("utf-8", [0, 1, 5, 7]), ("utf-32", [0, 1, 2, 3])],
)
def test_columns_count_units(encoding: str, columns: list[int]) -> None:
    places = Places(TEXT, encoding)
    assert [places.position(i).character for i in range(4)] == columns
    assert places.position(4) == Position(1, 0)
    assert places.whole().end == Position(3, 0)


@given(st.text(SIGNS), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_there_and_back(text: str, encoding: str) -> None:
    places = Places(text, encoding)
    for offset in range(len(text) + 1):
        assert places.offset(places.position(offset)) == offset


def test_places_that_are_not_there() -> None:
    places = Places(TEXT)
    assert places.offset(Position(0, 99)) == 3
    assert places.offset(Position(0, 2)) == 1
    assert places.offset(Position(99, 0)) == len(TEXT)
    assert places.position(99) == Position(3, 0)
    assert places.range(Span("f", 1, 2)).end == Position(0, 3)
