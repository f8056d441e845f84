"""Candidates in the text around them: pieces to show with highlights, or to paste as an example."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable

Place = tuple[int, int]
"""Half-open rows."""
LONGEST = 3
"""Sentences that a context shows at most; of more, the first and the last."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; name: what it is highlighted as (`chemical`, `span`), "" for plain text.

    type: the entity type of a bystander, a mention that is no argument.
    """

    text: str
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Highlight:
    """Half-open rows to highlight, with a name; a bystander has a type instead."""

    place: Place
    name: str = ""
    type: str = ""


def pieces(
    corpus: Corpus, marks: Sequence[Highlight], others: Iterable[Highlight] = ()
) -> tuple[Piece, ...]:
    """Return the sentences around some marks, cut at each of them and at bystanders between.

    Bystanders that overlap a mark, or stand in other sentences, are left out.
    """
    first = int(corpus.row_sentence[min(mark.place[0] for mark in marks)])
    last = int(corpus.row_sentence[max(mark.place[1] for mark in marks) - 1])
    sentences = range(first, last + 1) if last - first < LONGEST else (first, last)
    doc = int(corpus.sentence_doc[first])
    text = corpus.texts[doc]
    found: list[Piece] = []
    for at, sentence in enumerate(sentences):
        low, high = (int(c[sentence]) for c in (corpus.sentence_start, corpus.sentence_end))
        if at:
            apart = sentence - sentences[at - 1] > 1
            found.append(Piece(" ... " if apart else " "))
        done = low
        for mark in _apart([m for m in (*marks, *others) if _in(corpus, m, sentence)], marks):
            start = int(corpus.row_start[mark.place[0]])
            end = int(corpus.row_end[mark.place[1] - 1])
            found += [Piece(text[done:start]), Piece(text[start:end], mark.name, mark.type)]
            done = end
        found.append(Piece(text[done:high]))
    return tuple(piece for piece in found if piece.text)


def first_sentence(corpus: Corpus, doc: int) -> tuple[Piece, ...]:
    """Return the first sentence of a document, which is its title where it has one."""
    low, high = corpus.doc_sentences[doc : doc + 2].tolist()
    return (Piece(corpus.sentence_text(low)),) if high > low else ()


def bystanders(table: MentionTable, doc: int) -> list[Highlight]:
    """Return the mentions of a document as highlights without a name."""
    low, high = table.doc.searchsorted([doc, doc + 1])
    return [
        Highlight((int(table.first_row[m]), int(table.end_row[m])), type=table.types[table.type[m]])
        for m in range(low, high)
        if table.end_row[m] > table.first_row[m]
    ]


def example_text(found: Iterable[Piece], concepts: dict[str, str] | None = None) -> str:
    """Return pieces as the marked text of an example; concepts: argument to the id to write down."""
    return "".join(_marked(piece, concepts or {}) for piece in found).strip()


def plain_text(found: Iterable[Piece]) -> str:
    """Return pieces as text, highlights in square brackets."""
    return "".join(f"[{piece.text}]" if piece.name else piece.text for piece in found)


def _marked(piece: Piece, concepts: dict[str, str]) -> str:
    # A rule file's texts stand on one line in double quotes, and braces are marks in them.
    text = re.sub(r"\s+", " ", piece.text).translate({ord('"'): "'", ord("{"): "(", ord("}"): ")"})
    if piece.name == "span":
        return f"{{{text}}}"
    if piece.name:
        named = f"{piece.name}={concepts[piece.name]}" if piece.name in concepts else piece.name
        return f"{{{named}: {text}}}"
    return f"{{other {piece.type}: {text}}}" if piece.type else text


def _in(corpus: Corpus, mark: Highlight, sentence: int) -> bool:
    return bool(
        corpus.sentence_first_row[sentence] <= mark.place[0]
        and mark.place[1] <= corpus.sentence_end_row[sentence]
    )


def _apart(found: Sequence[Highlight], marks: Sequence[Highlight]) -> list[Highlight]:
    """Return highlights in text order, of overlapping ones the named, else the first."""
    chosen: list[Highlight] = []
    for mark in sorted(found, key=lambda m: (m not in marks, m.place)):
        if all(m.place[1] <= mark.place[0] or mark.place[1] <= m.place[0] for m in chosen):
            chosen.append(mark)
    return sorted(chosen, key=lambda m: m.place)
