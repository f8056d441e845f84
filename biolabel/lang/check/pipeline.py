"""Checks of `pipeline`: each setting has a value that text processing knows."""

import re
from collections.abc import Iterator

from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.link import Linked
from biolabel.lang.nearest import did_you_mean
from biolabel.lang.scopes import Unit

_TRAINED = 'spacy "NAME"'
# What stands before a colon in `pipeline`, and what may stand behind it.
VALUES: dict[str, tuple[str, ...]] = {
    "tokens": ("scispacy", "blank", _TRAINED),
    "sentences": ("scispacy", "naive", _TRAINED),
    "tagger": ("off", _TRAINED),
    "parser": ("off", _TRAINED),
    "abbreviations": ("on", "off"),
    "sections": ("given", "pubmed"),
}


def check_pipeline(linked: Linked) -> Iterator[Diagnostic]:
    """Yield BL012 values that a setting of a pipeline does not have."""
    for unit in linked.units:
        for declaration in unit.parsed.declarations:
            if isinstance(declaration, tree.PipelineDecl):
                for field, words in declaration.settings:
                    yield from _setting(field, words, declaration, unit)


def _setting(
    field: str, words: tuple[str, ...], declaration: tree.PipelineDecl, unit: Unit
) -> Iterator[Diagnostic]:
    values = VALUES.get(field)
    trained = values is not None and _TRAINED in values
    if values is None or words in [(value,) for value in values]:
        return
    if trained and len(words) == 2 and words[0] == "spacy":
        return
    shown = " ".join(words)
    message = f"`{field}:` does not take `{shown}`"
    listed = f"values: {', '.join(values)}"
    if trained and words == ("spacy",):
        hint = f"name the pipeline: {_TRAINED}"
    elif len(words) == 1 and trained and "_" in shown:
        hint = f'write spacy "{shown}"'
    else:
        hint = did_you_mean(words[0], [value.split()[0] for value in values], listed)
    yield Diagnostic("BL012", "error", message, _place(field, declaration, unit), hint)


def _place(field: str, declaration: tree.PipelineDecl, unit: Unit) -> Span:
    """Return where the value of a field stands, or the whole declaration."""
    span = declaration.span
    text = unit.source.text[span.start : span.end]
    at = re.search(rf"(?m)^[ \t]+{field}[ \t]*:[ \t]*([^#\r\n]*[^#\s])", text)
    return span if at is None else Span(span.file, span.start + at.start(1), span.start + at.end(1))
