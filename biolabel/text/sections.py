"""The parts of a structured abstract, found by the labels that PubMed writes before them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError

# Capitals only, one to eight words, then a colon: "MATERIALS AND METHODS:", "MAIN OUTCOME(S):".
_LABEL = re.compile(r"(?:^|(?<=[.?!)\]] ))([A-Z][A-Z&/,()' -]{1,}[A-Z)]): (?=\S)")
_WORDS = 8


def with_sections(documents: Iterable[Document], how: str) -> Iterable[Document]:
    """Return the documents with the sections that they came with, or those of `split_sections`.

    how: "given" or "pubmed".

    Raises:
        CorpusError: BL613 for any other word.
    """
    if how == "given":
        return documents
    if how == "pubmed":
        return map(split_sections, documents)
    raise CorpusError("BL613", f"there are no sections `{how}`", hint="write given or pubmed")


def split_sections(document: Document) -> Document:
    """Return the document with every structured abstract as one passage a label.

    An abstract is structured if it begins with a label and has a second one. The passages keep their
    kind, the text and all offsets; the label, which becomes the heading, stays in the text.
    """
    parts = tuple(part for passage in document.passages for part in _split(passage))
    return replace(document, passages=parts)


def _split(passage: Passage) -> Iterator[Passage]:
    labels = [
        match
        for match in _LABEL.finditer(passage.text)
        if len(match[1].split()) <= _WORDS and passage.kind == "abstract"
    ]
    if passage.heading or len(labels) < 2 or labels[0].start() > 0:
        yield passage
        return
    starts = [match.start() for match in labels]
    for match, start, end in zip(labels, starts, [*starts[1:], len(passage.text)], strict=True):
        text = passage.text[start:end]
        text = text.rstrip(" ") if end < len(passage.text) else text
        yield Passage(passage.kind, passage.offset + start, text, match[1])
