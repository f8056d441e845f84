"""The formatter on random declarations of the grammar, with comments and line breaks anywhere."""

import re
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark, UnexpectedInput

from biolabel.errors import SourceFile
from biolabel.lang.format import format_text, layout
from biolabel.lang.format.tokens import comments_of, words_of
from biolabel.lang.grammar import declaration_words, field_words, parser
from biolabel.lang.parse import parse
from biolabel.lang.pieces import cut
from biolabel.resources import root

GRAMMAR = (root("grammar") / "biolabel.lark").read_text(encoding="utf-8")
CHECKOUT = Path(__file__).resolve().parents[2]
LITERALS = {
    "NAME": ["a", "cid", "chemical", "shared.negated", "words_that_are_rather_long"],
    "STRING": [
        '"x"',
        '"due to"',
        '"{chemical: Heparin} # \\" 😀"',
        '"a phrase of many words in it"',
    ],
    "REGEX": [r"/[A-Z]\d+/", "/a|b/is", "/x#y/"],
    "BARE": ["treat*", "cause~", "5-ht", "associated", "with"],
    "NUMBER": ["3", "0.75", "90%"],
    "GAP": ["..", "..5", "..2-5"],
    "ARG": ["{chemical}", "{disease}"],
    "EDGE": ["<nsubj", ">>", ">(dobj|obl)"],
    "REPEAT": ["?", "+", "{1,3}"],
    "UNIT": ["words", "sentence"],
    "WS": [" ", "  ", "\n    ", "\n\n\t"],
    "COMMENT": ["# why not?\n  ", '# "text" | more  \n ', "#\n\t"],
}


def programs() -> st.SearchStrategy[str]:
    """Return random rule files of a few declarations, most of which can be parsed."""
    explicit = {name: st.sampled_from(values) for name, values in LITERALS.items()}
    for terminal in parser().terminals:
        if terminal.name.startswith("D_"):
            word = next(w for w in declaration_words() if terminal.name == f"D_{w.upper()}")
            explicit[terminal.name] = st.just(f"\n{word} ")
        elif terminal.name.startswith("F_"):
            field = field_words()[terminal.name]
            explicit[terminal.name] = st.sampled_from([f"\n {field}:", f"\n   {field} : "])
        elif re.fullmatch(r"\w+", terminal.pattern.value):
            explicit[terminal.name] = st.just(f" {terminal.pattern.value} ")
    grammar = Lark(GRAMMAR, start="decl", parser="lalr")
    names = {terminal.name for terminal in grammar.terminals}
    kept = {name: found for name, found in explicit.items() if name in names}
    one = from_lark(grammar, start="decl", explicit=kept)
    return st.lists(one, min_size=1, max_size=3).map(
        lambda found: "biolabel 1\n" + "\n".join(found)
    )


def tokens(text: str) -> list[tuple[str, str]]:
    """Return the tokens of a file, of which a parse tree is made."""
    return [
        (word.kind, word.text) for start, end in cut(text) for word in words_of(text[start:end])[0]
    ]


def comments(text: str) -> list[str]:
    """Return all comments of a file, in order."""
    found: list[str] = []
    end = 0
    for start, stop in cut(text):
        piece = text[start:stop]
        found.extend(comments_of(text[end:start]))
        end = start
        for token in parser().parse_interactive(piece).iter_parse():
            found.extend(comments_of(text[end : start + (token.start_pos or 0)]))
            end = start + (token.start_pos or 0) + len(token)
        found.extend(comments_of(text[end:stop]))
        end = stop
    return [*found, *comments_of(text[end:])]


def check(text: str) -> None:
    """Check that formatting keeps tokens and comments, and changes nothing the second time."""
    result = format_text(text)
    assert tokens(result) == tokens(text)
    assert comments(result) == comments(text)
    assert format_text(result) == result


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.sampled_from([20, 50, 100]))
def test_random_programs(text: str, width: int) -> None:
    try:
        tokens(text)
    except UnexpectedInput:
        assume(False)
    with mock.patch.object(layout, "WIDTH", width):
        check(text)


def readable(path: Path) -> bool:
    """Return whether a rule file has no syntax errors."""
    text = path.read_bytes().decode(errors="replace")
    return not any(d.severity == "error" for d in parse(SourceFile("", text))[1])


FILES = sorted(filter(readable, {
    *CHECKOUT.glob("tasks/*/rules/*.rules"), *CHECKOUT.glob("tests/golden/language/*.rules")
}))  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_rule_files(path: Path) -> None:
    text = path.read_text("utf-8")
    check(text)
    result = format_text(text)
    assert parse(SourceFile("x", result))[0] == parse(SourceFile("x", text))[0]
    assert all(len(line) <= layout.WIDTH or not can_break(line) for line in result.splitlines())


def can_break(line: str) -> bool:
    """Return whether a line has a sign at which it could be broken outside of its texts."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|#.*|\{[^{}]*\}|/(?:[^/\\]|\\.)+/', "x", line.lstrip(" |&"))
    return bool(re.search(r"[,|&]| and | or ", bare))


def test_rule_files_were_found() -> None:
    assert len(FILES) >= 10
