"""Tokens with the comments around them."""

import pytest
from lark import UnexpectedInput

from biolabel.lang.format.tokens import comments_of, words_of


def test_comments_belong_to_the_token_on_their_line_or_to_the_next() -> None:
    words, below = words_of(
        'list a  # first\n  # above\n  words : x, # behind x\n   "y" # last\n# below\n'
    )
    assert [(w.text, w.above, w.broken, w.note) for w in words] == [
        ("list", (), False, ""),
        ("a", (), False, "# first"),
        ("words:", ("# above",), True, ""),
        ("x", (), False, ""),
        (",", (), False, "# behind x"),
        ('"y"', (), True, "# last"),
    ]
    assert below == "# below\n"


def test_a_sign_in_a_text_is_no_comment() -> None:
    words, _ = words_of('pattern p\n  is: "# 1" /#/\n')
    assert [word.note for word in words] == [""] * 5
    assert comments_of("  # a \n\n#b") == ("# a", "#b")


def test_what_is_no_declaration_raises() -> None:
    with pytest.raises(UnexpectedInput):
        words_of("list a b\n")
