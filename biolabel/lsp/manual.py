"""What editors show of the words of the language: manual.toml, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_suffix(".toml")


@cache
def manual() -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of manual.toml: declarations, fields, words, values."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def of_declaration(word: str) -> str:
    """Return what a declaration is, empty for no declaration."""
    return str(manual()["declarations"].get(word, ""))


def of_field(declaration: str, field: str) -> str:
    """Return what a field of a declaration is, empty for none."""
    return str(_of("fields", declaration, field, ""))


def of_word(word: str) -> str:
    """Return what a word of conditions, votes and patterns means, empty for none."""
    return str(manual()["words"].get(word, ""))


def values_of(declaration: str, field: str) -> tuple[str, ...]:
    """Return the words that a field takes, if it takes certain words."""
    return tuple(_of("values", declaration, field, ()))


def _of(table: str, declaration: str, field: str, default: object) -> Any:
    found = manual()[table]
    return found.get(f"{declaration}.{field}", found.get(field, default))
