import pytest

from biolabel.compile.gaps import can_be_empty, loose_gaps
from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.parse import parse


def pattern(text: str) -> tree.Pattern:
    found, problems = parse(SourceFile("x", f"biolabel 1\npattern p\n  is: {text}\n"))
    assert problems == ()
    (declaration,) = found.declarations
    assert isinstance(declaration, tree.PatternDecl)
    assert declaration.pattern is not None
    return declaration.pattern


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ('"a" ..3 "b"', 0),
        ('"a" ..3 "b"? "c"', 0),
        ('"a" ("b" .. "c")', 0),
        ('.. "a" ..5', 0),  # holds in the same places without
        ('.. "a" | "b" ..', 0),
        ('keep(.. "a")', 0),
        ('"a"? ..3 "b"', 0),
        ('..2-3 "a"', 1),
        ('"a" ..2-3 "b"?', 1),
        ('"a" (..3 "b" | "c")', 1),
        ('("a" ..3)+ "b"', 1),
        ('"a" ..3? "b"', 1),
        ('"a" ("b" | ..) "c"', 1),
        ('"a" keep("b" ..2) "c"', 1),
        ('("a"? ..3 "b") "c"', 1),  # until `expand_program` writes the group out
        ('("x" | "a"? ..3 "b") "c"', 1),
    ],
)
def test_gaps_without_a_required_part_on_each_side(text: str, loose: int) -> None:
    assert len(list(loose_gaps(pattern(text)))) == loose


def test_no_pattern_has_no_gaps() -> None:
    assert list(loose_gaps(None)) == []


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ('"a"', False),
        ('"a"?', True),
        ('"a"+', False),
        ('("a"? | "b")', True),
        ('("a"? "b")', False),
        ('("a"? "b"*)', True),
        ('("a"?){2}', True),
        ('keep("a"?)', True),
        ("..3", True),
        ("[]", False),
    ],
)
def test_can_be_empty(text: str, empty: bool) -> None:
    assert can_be_empty(pattern(text)) is empty
