"""Completion: what fits at a place of a rule file.

Words of the language are those that the grammar accepts there, names those that a stand-in could be.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.builder.fields import REPEATABLE
from biolabel.lang.grammar import (
    declaration_words,
    fields_of,
    parser,
    reserved_words,
)
from biolabel.lang.load import read
from biolabel.lang.parse import parse_piece
from biolabel.lang.references import CONTEXTS
from biolabel.lang.scopes import KINDS
from biolabel.lsp import manual
from biolabel.lsp.names import Names, Use, names_of, relation_of, task_of
from biolabel.lsp.standin import stand_ins
from biolabel.lsp.tokens import Field, accepted, field_at
from biolabel.resources import root

if TYPE_CHECKING:
    # It needs numpy, which would double the time to start.
    from biolabel.lsp.results import Results

_MOST = 50
"""Words of the corpus that are offered at once."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to write: its text, what kind of thing it is, and what is known of it."""

    text: str
    kind: str
    detail: str = ""
    documentation: str = ""


def completions(
    source: SourceFile, offset: int, names: Names, results: "Results | None"
) -> list[Offer]:
    """Return what can be written at an offset of a file, in place of the word before it."""
    start = source.text.rfind("\n", 0, offset) + 1
    before = source.text[start:offset]
    word = re.search(r"[\w.]*$", before)
    typed = word.group() if word else ""
    if _in_comment(before):
        return []
    if before == typed:
        return [Offer(w, "keyword", "declaration", manual.of_declaration(w))
                for w in sorted(declaration_words())]  # fmt: skip
    field = field_at(source.text, offset)
    if field is None:
        return []
    if _in_text(before):
        return list(_in_a_text(field, before, source, names, results))
    if before[: len(before) - len(typed)].endswith("{"):
        return list(_arguments(_declaration(field, source.path), names, source.path))
    offers: list[Offer] = []
    if re.fullmatch(r"[ \t]+\w*", before):
        offers.extend(_fields(source.text, field))
    offers.extend(_values(field, offset - len(typed), source, names))
    if field.declaration == "list" and field.name == "words" and results:
        offers.extend(_corpus_words(typed, results))
    unique = {(offer.text, offer.kind): offer for offer in offers}
    return list(unique.values())


def _in_comment(before: str) -> bool:
    return "#" in re.sub(r'"(?:[^"\\]|\\.)*("|$)', "", before)


def _in_text(before: str) -> bool:
    return len(re.findall(r'(?<!\\)"', before)) % 2 == 1


def _fields(text: str, field: Field) -> Iterator[Offer]:
    """Yield the fields of the declaration that it does not have yet."""
    piece = text[field.base : field.base + len(field.text)]
    given = set(re.findall(r"(?m)^[ \t]+(\w+)[ \t]*:", piece))
    for name in fields_of(field.declaration) if field.declaration in declaration_words() else ():
        if name not in given or name in REPEATABLE:
            about = manual.of_field(field.declaration, name)
            yield Offer(f"{name}:", "field", field.declaration, about)


def _values(field: Field, offset: int, source: SourceFile, names: Names) -> Iterator[Offer]:
    """Yield words and names that can follow on the text before an offset."""
    start = field.text[: offset - field.base]
    terminals = accepted(start)
    by_name = {t.name: t.pattern.value for t in parser().terminals}
    for terminal in sorted(terminals):
        value = by_name.get(terminal, "")
        if value in reserved_words():
            yield Offer(value, "keyword", "", manual.of_word(value))
    if "NAME" not in terminals:
        return
    for value in manual.values_of(field.declaration, field.name):
        yield Offer(value, "value", f"{field.name}:")
    if field.declaration == "import":
        yield from _exported(start, Path(source.path))
    if re.search(r"\bent[ \t]*=[ \t]*(\([^()]*)?$", start):
        yield from _types(names)
    for use, declaration in stand_ins(start, source.path):
        yield from _names(use, declaration, names, source.path)


def _names(use: Use, declaration: tree.Node, names: Names, path: str) -> Iterator[Offer]:
    scope = names.scopes.of(path)
    match use.kind:
        case "declaration" if use.reference is not None:
            for name, found in scope.items():
                if isinstance(found, use.reference.kinds) and not _of_another_task(
                    found, declaration
                ):
                    yield Offer(name, "name", KINDS[type(found)], found.meta.note)
            if use.reference.needed == "context":
                yield from (Offer(c, "name", "context", manual.of_word(c)) for c in CONTEXTS)
            if tree.ListDecl in use.reference.kinds and use.reference.needed == "pattern":
                yield from _types(names)
                for parameter in getattr(declaration, "params", ()):
                    yield Offer(parameter.text, "argument", "parameter")
            if tree.EntityDecl in use.reference.kinds and isinstance(
                declaration, tree.RelationDecl
            ):
                yield Offer("given", "value", "mentions of the documents")
        case "type":
            yield from _types(names)
        case "argument":
            yield from _arguments(declaration, names, path)
        case "label" if use.task is not None:
            task = task_of(use.task.text, scope)
            labels = [label.text for label in task.labels] if task else []
            for label in dict.fromkeys([*labels, "none"]):
                yield Offer(label, "label", task.name.text if task else "")


def _exported(start: str, path: Path) -> Iterator[Offer]:
    """Yield what the file of an import defines."""
    named = re.search(r'"([^"\n]*)"', start)
    if named and re.search(r"\bonly\b", start):
        shown = os.path.normpath(path.parent / named[1])
        for name, found in names_of(read([Path(shown)], {})).scopes.of(shown).items():
            yield Offer(name, "name", KINDS[type(found)], found.meta.note)


def _of_another_task(found: tree.Decl, user: tree.Node) -> bool:
    """Return whether a rule or condition belongs to another task than its user."""
    if isinstance(found, tree.RuleDecl | tree.ConditionDecl):
        task = getattr(user, "task", None)
        return task is not None and found.task.text != task.text
    return False


def _types(names: Names) -> Iterator[Offer]:
    found = {o.symbol.name for o in names.occurrences if o.symbol.kind == "type"}
    yield from (Offer(name, "type", "type of mentions") for name in sorted(found))


def _arguments(declaration: tree.Node | None, names: Names, path: str) -> Iterator[Offer]:
    task = relation_of(declaration, names.scopes.of(path)) if declaration else None
    for argument in task.arguments if task else ():
        types = " | ".join(name.text for name in argument.types)
        yield Offer(argument.name.text, "argument", types)


def _declaration(field: Field, path: str) -> tree.Node | None:
    """Return the declaration of a field, by its first line at least."""
    first = field.text[: field.text.find("\n") + 1] or field.text
    found = parse_piece(first, path, 0).declarations
    return found[0] if found else None


def _in_a_text(
    field: Field, before: str, source: SourceFile, names: Names, results: "Results | None"
) -> Iterator[Offer]:
    """Yield arguments inside the marks of examples, else words or terms of the corpus."""
    typed = re.search(r"[^\s\"{}]*$", before)
    word = typed.group() if typed else ""
    if field.name in ("matches", "rejects", "todo_matches", "todo_rejects"):
        marked = before[: len(before) - len(word)]
        if re.search(r"\{\s*other\s+$", marked):
            yield from (Offer(f"{o.text}: ", "type", o.detail) for o in _types(names))
        elif marked.endswith("{"):
            yield Offer("other ", "keyword", "a mention that is no argument")
            for offer in _arguments(_declaration(field, source.path), names, source.path):
                yield Offer(f"{offer.text}: ", "argument", offer.detail)
    elif field.declaration == "import" or field.name == "from":
        yield from _paths(field, before, Path(source.path))
    elif results is None or field.name in ("note", "author", "since", "cites", "file"):
        return
    elif field.name in ("drop", "add"):
        yield from _terms(before[before.rfind('"') + 1 :], results)
    else:
        yield from _corpus_words(word, results)


def _paths(field: Field, before: str, path: Path) -> Iterator[Offer]:
    """Yield the rule files beside an importing one, and the tables that biolabel ships."""
    if field.declaration == "import":
        others = sorted(path.parent.glob("*.rules"))
        yield from (Offer(other.name, "file") for other in others if other != path)
    elif "catalog" in before:
        found = sorted(file.parent.name for file in root("kb").glob("*/kb.toml"))
        yield from (Offer(name, "file", "table of biolabel") for name in found)


def _corpus_words(typed: str, results: "Results") -> Iterator[Offer]:
    for word, number in results.words_from(typed.lower(), _MOST):
        yield Offer(word, "word", f"{number:,} times in the corpus")


def _terms(typed: str, results: "Results") -> Iterator[Offer]:
    found: Iterable[tuple[str, str, int]] = results.terms_from(typed.lower(), _MOST)
    for term, concept, number in found:
        yield Offer(term, "word", f"{concept}, {number:,} times in the corpus")
