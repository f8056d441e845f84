"""Word lists written out: their own entries, the lines of their files, the lists that they include."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.words import check_phrase

Lists = Mapping[str, tree.ListDecl]


def expand_lists(lists: Lists) -> tuple[Lists, tuple[Diagnostic, ...]]:
    """Return the lists with nothing but words, and what is wrong with their files.

    A file holds one entry a line; blank lines and lines that start with `#` are skipped. Errors:
    BL708 a file that cannot be read; BL304, BL309 and BL310 as for entries of the rule file.
    """
    problems: list[Diagnostic] = []
    read: dict[str, tree.ListDecl] = {}
    for name, declaration in lists.items():
        words = dict.fromkeys(declaration.words)
        for file in declaration.files:
            lines, found = _lines(file, declaration)
            words.update(dict.fromkeys(lines))
            problems += found
        read[name] = replace(declaration, words=tuple(words), files=())
    expanded = {
        name: replace(declaration, words=tuple(dict.fromkeys(_words(name, read))), include=())
        for name, declaration in read.items()
    }
    return expanded, tuple(problems)


def _words(name: str, lists: Lists) -> Iterator[str]:
    yield from lists[name].words
    for other in lists[name].include:
        yield from _words(other.text, lists)


def _lines(file: str, declaration: tree.ListDecl) -> tuple[list[str], list[Diagnostic]]:
    span = declaration.name.span
    path = Path(file)  # linking has joined it to the rule file's folder
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the word list {path} cannot be read: {error}"
        hint = "paths are relative to the rule file"
        return [], [Diagnostic("BL708", "error", message, span, hint)]
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if line and not line.startswith("#")]
    found = [p for line in lines for p in check_phrase(line, declaration.name, in_list=True)]
    return lines, found
