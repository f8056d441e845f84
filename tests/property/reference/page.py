"""One document of a corpus, read row by row."""

from dataclasses import dataclass
from functools import cached_property

from biolabel.data.corpus import Corpus

Rows = tuple[int, int]


@dataclass(frozen=True)
class Mention:
    """A mention of one document: half-open rows, type, concepts, number and key.

    concept: the concept that it stands for in a candidate, None where it has none.
    """

    rows: Rows
    type: str
    concepts: tuple[str, ...]
    number: int
    key: str
    concept: str | None = None


@dataclass(frozen=True)
class Page:
    """A document: its rows, sentences, sections and mentions."""

    corpus: Corpus
    doc: int

    @cached_property
    def document(self) -> Rows:
        """The rows of the document."""
        return int(self.corpus.doc_rows[self.doc]), int(self.corpus.doc_rows[self.doc + 1])

    @cached_property
    def mentions(self) -> list[Mention]:
        """The mentions of the document."""
        c = self.corpus
        return [
            Mention(
                (int(c.mention_first_row[i]), int(c.mention_end_row[i])),
                c.mention_types[c.mention_type[i]],
                c.mention_concepts[i],
                i,
                f"@{c.mention_start[i]}-{c.mention_end[i]}:{c.mention_types[c.mention_type[i]]}",
            )
            for i in range(len(c.mention_doc))
            if c.mention_doc[i] == self.doc
        ]

    def together(self, pair: dict[str, Mention]) -> bool:
        """Return whether all mentions begin in one sentence."""
        return len({self.sentence(mention.rows[0]) for mention in pair.values()}) == 1

    def sentence(self, row: int) -> int:
        """Return the sentence of a row."""
        return int(self.corpus.row_sentence[row])

    def sentence_rows(self, row: int) -> Rows:
        """Return all rows of the sentence of a row."""
        rows = [r for r in range(*self.document) if self.sentence(r) == self.sentence(row)]
        return rows[0], rows[-1] + 1

    def alike(self, row: int, start: int) -> bool:
        """Return whether a row exists and stands in the sentence of another."""
        return row < self.document[1] and self.sentence(row) == self.sentence(start)

    def section(self, row: int) -> int:
        """Return the number of the section in which a row stands."""
        return int(self.corpus.sentence_section[self.sentence(row)])

    def form(self, row: int) -> str:
        """Return the text of a row."""
        return self.corpus.forms[self.corpus.row_form[row]]

    def text(self, rows: Rows) -> tuple[str, ...]:
        """Return the texts of some rows in lower case."""
        return tuple(self.form(row).lower() for row in range(*rows))

    def is_word(self, row: int) -> bool:
        """Return whether a row is no sign."""
        return self.form(row)[0].isalnum()

    def words(self, first: int, end: int) -> int:
        """Return the number of words in some rows."""
        return sum(self.is_word(row) for row in range(first, end))
