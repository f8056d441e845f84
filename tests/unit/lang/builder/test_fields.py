"""Fields of a declaration."""

from lark import Token

from biolabel.errors import Span
from biolabel.lang.builder.fields import Field, Fields
from biolabel.lang.builder.sink import Sink


def fields(*given: tuple[str, str]) -> tuple[Fields, Sink]:
    sink = Sink("f", 0)
    found = [
        Field(name, (Token("NAME", value),), Span("f", i, i + 1))
        for i, (name, value) in enumerate(given)
    ]
    return Fields(sink, found), sink


def test_fields_that_add_up_may_be_repeated() -> None:
    read, sink = fields(("words", "a"), ("words", "b"))
    assert read.all("words") == ("a", "b")
    assert sink.diagnostics == []


def test_other_fields_may_not() -> None:
    read, sink = fields(("votes", "a"), ("votes", "b"))
    assert read.only("votes", None) == "a"
    (found,) = sink.diagnostics
    assert (found.code, found.span.start, found.related[0][0].start) == ("BL011", 1, 0)


def test_options_have_a_default_and_are_checked() -> None:
    read, sink = fields(("case", "smrt"))
    assert read.word("pick", ("one", "many")) == "one"
    assert sink.diagnostics == []
    assert read.word("case", ("fold", "exact", "smart")) == "fold"
    assert [(d.code, d.hint) for d in sink.diagnostics] == [("BL012", "did you mean `smart`?")]


def test_metadata_knows_what_was_given() -> None:
    read, _ = fields(("status", "off"), ("tags", "x"), ("votes", "a"))
    meta = read.meta(Span("f", 0, 9))
    assert (meta.status, meta.tags, meta.author) == ("off", ("x",), "")
    assert {"status", "tags"} <= meta.given
