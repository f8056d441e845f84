import pytest

from biolabel.data.mentions import given_mentions
from biolabel.evaluation.pieces import (
    Highlight,
    Piece,
    bystanders,
    example_text,
    first_sentence,
    pieces,
    plain_text,
)
from tests.unit.apply.world import corpus

OVER = corpus("Title x || One {A=MESH:1: two} three. Four {B: five} six. Seven. Eight nine.")


def rows(text: str) -> tuple[int, int]:
    """Return the row of a word."""
    word = OVER.lowers.index(text)
    first = OVER.row_lower.tolist().index(word)
    return first, first + 1


def test_a_context_is_the_sentence_with_its_marks() -> None:
    found = pieces(OVER, [Highlight(rows("two"), "span")], bystanders(given_mentions(OVER), 0))
    assert found == (Piece("One "), Piece("two", "span"), Piece(" three."))


def test_bystanders_between_are_typed() -> None:
    marks = [Highlight(rows("one"), "a"), Highlight(rows("six"), "b")]
    found = pieces(OVER, marks, bystanders(given_mentions(OVER), 0))
    assert example_text(found) == ("{a: One} {other A: two} three. Four {other B: five} {b: six}.")
    assert plain_text(found) == "[One] two three. Four five [six]."


def test_the_middle_of_a_long_context_is_left_out() -> None:
    marks = [Highlight(rows("one"), "a"), Highlight(rows("nine"), "b")]
    assert plain_text(pieces(OVER, marks)) == "[One] two three. ... Eight [nine]."


def test_marks_win_over_bystanders_that_overlap_them() -> None:
    first, _ = rows("two")
    found = pieces(OVER, [Highlight((first, first + 2), "a")], bystanders(given_mentions(OVER), 0))
    assert example_text(found) == "One {a: two three}."


def test_concepts_are_written_where_asked() -> None:
    assert example_text([Piece("x", "a"), Piece(" y")], {"a": "D1"}) == "{a=D1: x} y"


@pytest.mark.parametrize(
    ("text", "shown"),
    [('say "no"', "say 'no'"), ("a {b} c", "a (b) c"), ("a\n  b", "a b"), ("  a ", "a")],
)
def test_examples_fit_a_rule_file(text: str, shown: str) -> None:
    assert example_text([Piece(text)]) == shown


def test_the_first_sentence_is_the_title() -> None:
    assert first_sentence(OVER, 0) == (Piece("Title x"),)
