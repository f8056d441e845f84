"""Numbers, texts and places of the builder."""

from lark import Token

from biolabel.lang.builder.sink import Sink, text_of


def test_escapes_in_texts() -> None:
    assert text_of(Token("STRING", r'"a \"b\" \\ c"')) == r'a "b" \ c'


def test_percentages_are_fractions() -> None:
    sink = Sink("f", 0)
    assert sink.number(Token("NUMBER", "85%")) == 0.85
    assert sink.number(Token("NUMBER", "2.5")) == 2.5


def test_bad_numbers_are_findings_at_their_place() -> None:
    sink = Sink("f", 100)
    token = Token("NUMBER", "2.5", start_pos=3, end_pos=6)
    assert sink.whole(token) == 1
    assert sink.fraction(token) == 1.0
    assert [(d.code, d.span.start, d.span.end) for d in sink.diagnostics] == [
        ("BL012", 103, 106)
    ] * 2
    assert sink.diagnostics[1].hint == "write 0.025 or 2.5%"
