"""The words of the language by what they are, and the TextMate grammar that editors color with.

`docs/editors/vscode/syntaxes/biolabel.tmLanguage.json` holds what `textmate_grammar` returns; a test
compares them, and `make golden` writes the file anew.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from biolabel.lang.grammar import declaration_words, field_words, parser, reserved_words

NAMELESS = ("biolabel", "defaults", "import", "pipeline")
"""Declarations whose first line has no name of their own behind the first word."""

Rule = Mapping[str, Any]


def terminal(name: str) -> str:
    """Return the regular expression of a terminal, as the grammar has it."""
    return next(t.pattern.to_regexp() for t in parser().terminals if t.name == name)


def one_of(words: Iterable[str]) -> str:
    """Return a regular expression for one of several words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def declarations() -> tuple[str, str]:
    """Return regular expressions of the words that start a declaration with a name, and without."""
    return one_of(declaration_words() - set(NAMELESS)), one_of(NAMELESS)


def fields() -> str:
    """Return a regular expression of the names of fields."""
    return one_of(field_words().values())


def keywords() -> str:
    """Return a regular expression of the words with a meaning in conditions, votes and patterns."""
    return one_of(reserved_words())


def textmate_grammar() -> dict[str, Any]:
    """Return the grammar for editors: what is what, line by line."""
    named, nameless = declarations()
    head = "storage.type.declaration.biolabel"
    field = "entity.other.attribute-name.biolabel"
    colon = {"2": {"name": "punctuation.separator.biolabel"}}
    return {
        "name": "biolabel rules",
        "scopeName": "source.biolabel",
        "fileTypes": ["rules"],
        "patterns": [
            {"include": "#comment"},
            {
                "match": rf"^({named})[ \t]+([A-Za-z_][\w.]*)",
                "captures": {
                    "1": {"name": head},
                    "2": {"name": "entity.name.function.biolabel"},
                },
            },
            {"match": rf"^({nameless})\b", "captures": {"1": {"name": head}}},
            {
                "begin": r"\b(words)[ \t]*(:)",
                "end": r"(?=^[ \t]+\w+[ \t]*:)|(?=^[^ \t\r\n#])",
                "beginCaptures": {"1": {"name": field}, **colon},
                "patterns": [
                    {"include": "#comment"},
                    {"include": "#text"},
                    {"name": "string.unquoted.biolabel", "match": terminal("BARE")},
                ],
            },
            {
                "match": rf"\b({fields()})[ \t]*(:)",
                "captures": {"1": {"name": field}, **colon},
            },
            {"include": "#text"},
            _match("string.regexp", terminal("REGEX")),
            _match("variable.parameter", terminal("ARG")),
            _match("keyword.operator.quantifier", terminal("REPEAT")),
            _match("keyword.operator.gap", terminal("GAP")),
            _match("entity.name.tag", terminal("EDGE")),
            _match("keyword.operator", r"->|=>|>=|<=|!=|[<>=|&!]"),
            _match("constant.numeric", terminal("NUMBER")),
            _match("keyword.control", rf"\b(?:{keywords()})\b(?!\.)"),
            _match("support.type.unit", terminal("UNIT")),
            _match("variable.other", terminal("NAME")),
        ],
        "repository": {
            "comment": _match("comment.line.number-sign", terminal("COMMENT")),
            "text": {
                "name": "string.quoted.double.biolabel",
                "begin": '"',
                "end": '"|$',
                "patterns": [
                    _match("constant.character.escape", r"\\."),
                    _match("variable.parameter", r"\{[^{}\"]*\}"),
                    _match("keyword.operator.wildcard", r"[*~](?=[\s\"])|(?<=[\s\"])\*"),
                ],
            },
        },
    }


def _match(scope: str, pattern: str) -> Rule:
    return {"name": f"{scope}.biolabel", "match": pattern}
