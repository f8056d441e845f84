"""The parser of the rule language, and the words that can be read off its grammar."""

import re
from functools import cache

from lark import Lark
from lark.lexer import PatternStr

from biolabel.lang.tables import parser_of
from biolabel.resources import root

# The shortest first line of the declarations that need more than a name.
_FIRST_LINES = {
    "biolabel": "biolabel 1",
    "import": 'import "x"',
    "pipeline": "pipeline",
    "relation": "relation x(x: x, y: x)",
    "condition": "condition x for x",
    "defaults": "defaults for x",
    "rule": "rule x for x",
}
_DESCRIPTIONS = {
    "NAME": "a name",
    "STRING": '"text"',
    "NUMBER": "a number",
    "UNIT": "words, characters, sentences or edges",
    "REGEX": "/regex/",
    "ARG": "{argument}",
    "GAP": "..",
    "OP": "a comparison",
    "EDGE": "a path step such as <nsubj",
    "BARE": "a word",
    "$END": "the end",
    # The lexer has another name for it than the parser.
    "<END-OF-FILE>": "the end",
}


@cache
def parser(*, strict: bool = False) -> Lark:
    """Return the LALR parser of one piece of a file, with contextual lexer.

    `strict` is one of whole files, which also proves that no terminals collide. Without what may
    follow on a declaration, the parser of pieces has half as many expressions to compile.

    Raises:
        RunError: BL901 when the grammar is not installed.
    """
    path = root("grammar") / "biolabel.lark"
    return Lark.open(str(path), parser="lalr", strict=True) if strict else parser_of(path, "piece")


@cache
def declaration_words() -> frozenset[str]:
    """Return the words that start a declaration: `rule`, `list`, ..."""
    return frozenset(
        re.sub(r"\(.*?\)|\\b", "", terminal.pattern.value)
        for terminal in parser().terminals
        if terminal.name.startswith("D_")
    )


@cache
def field_words() -> dict[str, str]:
    """Return the field names by terminal: `F_ABBREV` is `abbreviations`."""
    return {
        terminal.name: terminal.pattern.value.split("[")[0]
        for terminal in parser().terminals
        if terminal.name.startswith("F_")
    }


@cache
def fields_of(declaration: str) -> tuple[str, ...]:
    """Return the field names that a declaration accepts, sorted."""
    state = parser().parse_interactive(_FIRST_LINES.get(declaration, f"{declaration} x"))
    state.exhaust_lexer()
    accepted: set[str] = state.accepts()  # type: ignore[no-untyped-call]
    return tuple(sorted(word for name, word in field_words().items() if name in accepted))


@cache
def reserved_words() -> frozenset[str]:
    """Return the words with a meaning in conditions, votes or patterns (LANGUAGE.md 2.9)."""
    return frozenset(
        terminal.pattern.value
        for terminal in parser().terminals
        if isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isidentifier()
    )


@cache
def description(terminal: str) -> str:
    """Return how a message names a terminal: `NAME` is "a name", a literal is quoted as typed."""
    if terminal in _DESCRIPTIONS:
        return _DESCRIPTIONS[terminal]
    value: str = next(t.pattern.value for t in parser().terminals if t.name == terminal)
    return f"`{value}`"
