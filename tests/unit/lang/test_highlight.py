"""The words that editors color are those of the grammar."""

import json
import os
import re
from pathlib import Path

from biolabel.lang.grammar import declaration_words, field_words, reserved_words
from biolabel.lang.highlight import declarations, fields, keywords, textmate_grammar

CHECKOUT = Path(__file__).resolve().parents[3]
EXTENSION = CHECKOUT / "docs" / "editors" / "vscode"
FILE = EXTENSION / "syntaxes" / "biolabel.tmLanguage.json"


def test_the_words_are_those_of_the_grammar() -> None:
    assert set("|".join(declarations()).split("|")) == declaration_words()
    assert set(fields().split("|")) == set(field_words().values())
    assert set(keywords().split("|")) == reserved_words()


def test_the_file_is_what_the_grammar_says() -> None:
    text = json.dumps(textmate_grammar(), indent=2) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_text(text, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == text


def scope(line: str, at: int) -> str:
    """Return the scope of the first rule that matches at a place, as editors choose it."""
    for rule in textmate_grammar()["patterns"]:
        pattern = rule.get("match", rule.get("begin"))
        found = re.compile(pattern, re.MULTILINE).match(line, at) if pattern else None
        if found:
            captures = rule.get("captures", rule.get("beginCaptures", {}))
            return str(rule.get("name") or captures["1"]["name"])
    return ""


def test_every_word_is_colored_as_what_it_is() -> None:
    for word in declaration_words():
        assert scope(f"{word} x", 0).startswith("storage.type"), word
    for word in field_words().values():
        assert scope(f"  {word}: x", 2).startswith("entity.other"), word
    for word in reserved_words() - {"words"}:
        assert scope(f"  x {word} y", 4).startswith("keyword.control"), word
    assert scope("  when: rule", 8).startswith("variable.other")


def test_the_extension_names_files_that_are_there() -> None:
    package = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    contributed = package["contributes"]
    paths = [
        package["main"],
        *(each["configuration"] for each in contributed["languages"]),
        *(each["path"] for each in contributed["grammars"]),
    ]
    for path in paths:
        assert (EXTENSION / path).is_file(), path
    assert contributed["grammars"][0]["scopeName"] == textmate_grammar()["scopeName"]
    assert contributed["languages"][0]["extensions"] == [".rules"]
    assert set(package["dependencies"]) == {"vscode-languageclient"}
    json.loads((EXTENSION / "language-configuration.json").read_text(encoding="utf-8"))
