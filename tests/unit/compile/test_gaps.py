import pytest

from biolabel.compile.gaps import can_be_empty
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
        ("..2-3", False),
        ('("a" | ..)', True),
        ("[]", False),
    ],
)
def test_can_be_empty(text: str, empty: bool) -> None:
    assert can_be_empty(pattern(text)) is empty
