"""Renaming: everywhere at once, or not at all."""

import re
from collections.abc import Iterable

from biolabel.errors import Edit
from biolabel.lang.grammar import reserved_words
from biolabel.lang.references import CONTEXTS
from biolabel.lsp.names import Names, Occurrence, Symbol

_NAME = re.compile(r"[A-Za-z_]\w*")


class RenameError(ValueError):
    """Why a name cannot be given to something."""


def renamable(found: Occurrence | None) -> Occurrence:
    """Return an occurrence of something that may be renamed.

    Raises:
        RenameError: for no name, and for `none`, which is a word of the language.
    """
    if found is None:
        raise RenameError("there is no name here that could be changed")
    if found.symbol.kind == "label" and found.symbol.name == "none":
        raise RenameError("`none` is a label of every task and keeps its name")
    return found


def renamed(symbol: Symbol, new: str, all_names: Iterable[Names]) -> list[Edit]:
    """Return the edits that give a symbol another name in all files, each place once.

    Raises:
        RenameError: when the new name is no name, a reserved word, or taken.
    """
    if not _NAME.fullmatch(new):
        raise RenameError(f"`{new}` is no name: letters, digits and _, and no digit first")
    if new in reserved_words() or new in CONTEXTS:
        raise RenameError(f"`{new}` is a reserved word")
    edits: dict[Edit, None] = {}
    for names in all_names:
        found = names.of(symbol)
        if found:
            _check_free(symbol, new, names, {occurrence.span.file for occurrence in found})
        edits.update(dict.fromkeys(Edit(occurrence.span, new) for occurrence in found))
    return list(edits)


def _check_free(symbol: Symbol, new: str, names: Names, files: set[str]) -> None:
    if symbol.kind in ("declaration", "type"):
        # A name that an import puts into a name space cannot clash there: `ns.new`.
        for path in files:
            if new in names.scopes.of(path):
                raise RenameError(f"`{new}` is defined already, as {path} sees it")
    same = (o.symbol for o in names.occurrences if o.symbol.kind == symbol.kind)
    if any(other.name == new and other.home == symbol.home for other in same):
        raise RenameError(f"there is {_a(symbol.kind)} `{new}` already")
    if symbol.kind == "declaration" and any(
        o.symbol.kind == "type" and o.symbol.name == new for o in names.occurrences
    ):
        raise RenameError(f"`{new}` is a type of mentions")


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "argument" else f"a {kind}"
