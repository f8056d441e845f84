"""The Pygments lexer."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pygments.token import Error, Keyword, Name, String, Token

from biolabel.errors import SourceFile
from biolabel.lang.grammar import declaration_words, field_words, reserved_words
from biolabel.lang.parse import parse
from biolabel.lang.pygments import RulesLexer

CHECKOUT = Path(__file__).resolve().parents[3]
FILES = [
    path
    for path in sorted(
        {*CHECKOUT.glob("tasks/*/rules/*.rules"), *CHECKOUT.glob("tests/golden/language/*.rules")}
        | {*CHECKOUT.glob("biolabel/workflow/templates/rules/*.rules")}
    )
    if not any(
        d.severity == "error"
        for d in parse(SourceFile("", path.read_bytes().decode(errors="replace")))[1]
    )
]


def kinds(text: str) -> list[tuple[object, str]]:
    found = RulesLexer().get_tokens(text)
    return [(kind, value) for kind, value in found if value.strip()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rule_files_have_no_errors(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = list(RulesLexer(ensurenl=False, stripnl=False).get_tokens(text))
    assert [value for kind, value in tokens if kind in Error] == []
    assert "".join(value for _, value in tokens) == text


def test_rule_files_were_found() -> None:
    assert len(FILES) > 10


def test_every_word_is_what_it_is() -> None:
    for word in declaration_words():
        assert kinds(f"{word} x")[0] == (Keyword.Declaration, word)
    for word in field_words().values():
        assert kinds(f"  {word}: x")[0] == (Name.Attribute, word)
    for word in reserved_words():
        assert kinds(f"  when: {word} y")[2] == (Keyword, word)


def test_words_of_lists_are_texts_and_end_at_the_next_field() -> None:
    text = 'list a\n  words: not in, "x y",\n# why\n    mg/kg*\n  note: "n"\nrule r for t\n'
    found = kinds(text)
    assert (String.Symbol, "not") in found
    assert (String.Symbol, "mg/kg*") in found
    assert (Name.Attribute, "note") in found
    assert (Keyword.Declaration, "rule") in found
    assert (Keyword, "for") in found


def test_marks_and_patterns() -> None:
    found = kinds(
        'rule r for t\n  when: path like {a} <nsubj [lemma=/x/i]\n  matches: "{a: b} \\" c"'
    )
    for expected in (
        (Name.Variable, "{a}"),
        (Name.Tag, "<nsubj"),
        (String.Regex, "/x/i"),
        (String.Interpol, "{a: b}"),
        (String.Escape, '\\"'),
    ):
        assert expected in found


def test_what_is_no_rule_is_an_error_and_goes_on() -> None:
    found = kinds("rule r for t\n  when: § \u201cx\u201d\n  votes: y\n")
    assert any(kind in Token.Error for kind, _ in found)
    assert (Name.Attribute, "votes") in found


def test_the_entry_point_names_the_lexer() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'biolabel = "biolabel.lang.pygments:RulesLexer"' in text
    for found in entry_points(group="pygments.lexers", name="biolabel"):
        assert found.load() is RulesLexer
