from markupsafe import Markup

from biolabel.evaluation.pieces import Piece
from biolabel.web.pages.parts import (
    address,
    alert,
    chip,
    context,
    decimal,
    figures,
    share,
    table,
)

HOSTILE = "<script>alert('x')</script>\" onmouseover='y'"


def test_everything_shown_is_escaped() -> None:
    shown = (
        table((HOSTILE,), [(HOSTILE,), (Markup("<b>ours</b>"),)], HOSTILE)
        + figures([(HOSTILE, HOSTILE)])
        + chip(HOSTILE)
        + alert(HOSTILE, HOSTILE)
        + context([Piece(HOSTILE, HOSTILE), Piece(HOSTILE)])
    )
    assert "<script" not in shown
    assert "onmouseover='" not in shown
    assert shown.count("&lt;script&gt;") == 11
    assert "<b>ours</b>" in shown


def test_columns_of_numbers_stand_to_the_right() -> None:
    shown = table(("rule", "votes"), [("a", "3")], "rules")
    assert "<td class=''>a</td><td class='n'>3</td>" in shown


def test_arguments_have_the_same_color_wherever_they_stand() -> None:
    one = context([Piece("x", "chemical"), Piece(" "), Piece("y", "disease")])
    other = context([Piece("y", "disease"), Piece(" "), Piece("x", "chemical")])
    for shown in (one, other):
        assert "<mark class='m m1' title='chemical'>x</mark>" in shown
        assert "<mark class='m m2' title='disease'>y</mark>" in shown


def test_numbers_that_are_not_known_are_a_dash() -> None:
    assert (share(None), decimal(None)) == ("—", "—")
    assert (share(0.1234), decimal(0.12345)) == ("12.3%", "0.123")


def test_addresses_hold_any_id() -> None:
    assert address("/document", id="a&b=c/../#x") == "/document?id=a%26b%3Dc%2F..%2F%23x"
