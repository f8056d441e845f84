"""Renaming."""

from collections.abc import Callable, Mapping

import pytest

from biolabel.lsp.names import Names, Symbol
from biolabel.lsp.rename import RenameError, renamable, renamed

Make = Callable[[Mapping[str, str]], Names]
MAIN = """biolabel 1
import "other.rules" as ns

entity mentions
  labels: Chemical, Disease

relation r(a: Chemical, b: Disease)
  labels: causes, none

rule first for r
  votes: causes
  when: sentence has ns.words and sentence has own

list own
  words: x
"""
OTHER = "biolabel 1\nlist words\n  words: x\n\nlist more\n  words: y\n"


def symbol(names: Names, kind: str, name: str) -> Symbol:
    return next(
        o.symbol for o in names.occurrences if (o.symbol.kind, o.symbol.name) == (kind, name)
    )


def test_names_are_changed_where_they_stand(names: Make) -> None:
    found = names({"main.rules": MAIN, "other.rules": OTHER})
    edits = renamed(symbol(found, "declaration", "words"), "terms", [found, found])
    texts = {path: unit.source.text for path, unit in found.units.items()}
    for edit in sorted(edits, key=lambda e: -e.span.start):
        text = texts[edit.span.file]
        texts[edit.span.file] = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert [text for path, text in texts.items()] == [
        MAIN.replace("ns.words", "ns.terms"),
        OTHER.replace("list words", "list terms"),
    ]


@pytest.mark.parametrize(
    ("kind", "name", "new", "reason"),
    [
        ("declaration", "own", "first", "defined already"),
        ("declaration", "words", "more", "defined already"),
        ("declaration", "own", "Disease", "a type of mentions"),
        ("type", "Chemical", "Disease", "there is a type"),
        ("type", "Chemical", "own", "defined already"),
        ("argument", "a", "b", "there is an argument"),
        ("label", "causes", "none", "reserved"),
        ("declaration", "own", "plural", "reserved"),
        ("declaration", "own", "a.b", "no name"),
        ("declaration", "own", "", "no name"),
    ],
)
def test_names_that_cannot_be_given(
    names: Make, kind: str, name: str, new: str, reason: str
) -> None:
    found = names({"main.rules": MAIN, "other.rules": OTHER})
    with pytest.raises(RenameError, match=reason):
        renamed(symbol(found, kind, name), new, [found])


def test_what_has_no_name_and_none_stay(names: Make) -> None:
    found = names({"main.rules": MAIN, "other.rules": OTHER})
    with pytest.raises(RenameError, match="no name here"):
        renamable(None)
    none = next(o for o in found.occurrences if o.symbol.name == "none")
    with pytest.raises(RenameError, match="keeps its name"):
        renamable(none)
