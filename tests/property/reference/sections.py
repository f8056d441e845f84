"""Which rows a named section has, and the items of a metadata field."""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from biolabel.data.corpus import Corpus
from biolabel.data.documents import HEADING_BREAK, Document, Passage
from biolabel.lang import tree
from biolabel.text.build import Annotation, corpus_of
from tests.property.reference.page import Rows
from tests.property.reference.patterns import Patterns


@dataclass(frozen=True)
class Place:
    """One match: what tells it from others, its words, and whether it touches its region's borders."""

    key: tuple[int, ...]
    text: tuple[str, ...]
    starts: bool
    ends: bool


@dataclass(frozen=True)
class Sections(Patterns):
    """A candidate with the sections and the metadata of its document."""

    @cached_property
    def parts(self) -> list[tuple[str, str, Rows]]:
        """Return kind, heading and rows of the document's sections."""
        c = self.corpus
        found = []
        for i in range(len(c.section_doc)):
            if c.section_doc[i] == self.doc:
                kind = c.section_kinds[c.section_kind[i]]
                heading = c.section_headings[c.section_heading[i]]
                rows = [
                    row
                    for row in range(*self.document)
                    if c.sentence_section[self.sentence(row)] == i
                ]
                found.append((kind, heading, (rows[0], rows[-1] + 1) if rows else (0, 0)))
        return found

    def section_rows(self, name: str) -> list[Rows] | None:
        """Return the stretches of the sections of a name; None if nobody knows."""
        parts = self.parts
        if name in ("title", "abstract"):
            if all(kind == "" for kind, _, _ in parts):
                return None
            named = [kind == name for kind, _, _ in parts]
        else:
            if all(kind in ("", "title", "abstract") and not head for kind, head, _ in parts):
                return None
            declared = self.plan.sections.get(name)
            meant = {plain(name), *(plain(h) for h in (declared.headings if declared else ()))}
            named = [
                any(plain(said) in meant for said in (kind, head, *head.split(HEADING_BREAK)))
                for kind, head, _ in parts
            ]
        stretches: list[Rows] = []
        for (_, _, (first, end)), right in zip(parts, named, strict=True):
            if right and first < end:
                joins = stretches and stretches[-1][1] == first
                start = stretches.pop()[0] if joins else first
                stretches.append((start, end))
        return stretches

    def items(self, field: str) -> tuple[str, ...] | None:
        """Return the texts of a metadata field; None if the document does not have it."""
        return self.corpus.meta[self.doc].get(field)

    def in_item(self, number: int, item: str, pattern: tree.Pattern) -> list[Place]:
        """Return the matches of a pattern in one item, which is a sentence of its own."""
        page = Patterns(corpus_of_item(item), 0, self.plan, {})
        first, end = page.document
        return [
            Place((number, *m), page.text(m), m[0] == first, m[1] == end)
            for m in page.matches(pattern, {}, False)
        ]


@cache
def corpus_of_item(item: str) -> Corpus:
    """Return a corpus with one document, the item, which is one sentence."""
    document = Document("item", (Passage("meta", 0, item),))
    return corpus_of([document], lambda _: Annotation(()))


def plain(heading: str) -> str:
    """Return the words of a heading, without a number before it."""
    words = re.findall(r"\w+", heading.lower().replace("_", " "))
    return " ".join(words[1:] if len(words) > 1 and words[0].isdigit() else words)
