"""Tokens of unfinished fields."""

import pytest

from biolabel.lsp.tokens import accepted, field_at, token_at, tokens_of

TEXT = """biolabel 1

rule a for b
  votes: !! wrong
  when: sentence has "x" and
  precision: 0.5
"""


def test_a_field_stands_alone() -> None:
    at = TEXT.index("sentence")
    field = field_at(TEXT, at)
    assert field is not None
    assert (field.declaration, field.name) == ("rule", "when")
    assert "wrong" not in field.text
    assert TEXT[field.start : field.end].strip() == 'when: sentence has "x" and'
    words = [(str(token), field.base + (token.start_pos or 0)) for token in tokens_of(field)]
    assert words[-1] == ("and", TEXT.index("and"))
    assert all(TEXT[start : start + len(text)] == text for text, start in words)


def test_the_first_line_is_a_field_without_a_name() -> None:
    field = field_at(TEXT, TEXT.index("for b"))
    assert field is not None
    assert field.name == ""


@pytest.mark.parametrize(("mark", "token"), [("has", "has"), ('"x"', '"x"'), ("when", "when:")])
def test_the_token_at_a_place(mark: str, token: str) -> None:
    found = token_at(TEXT, TEXT.index(mark) + 1)
    assert found is not None
    assert str(found[1]) == token


def test_no_token_between_words_and_no_field_in_an_empty_file() -> None:
    assert token_at(TEXT, TEXT.index("\n  precision") + 1) is None
    assert field_at("", 0) is None
    assert token_at("# only a comment", 4) is None


def test_what_may_follow() -> None:
    assert "HAS" in accepted("rule a for b\n  when: sentence ")
    assert accepted("rule a for b\n  when: sentence sentence ") == frozenset()
