"""From documents and their sentences to the columns of a corpus."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.corpus import SCHEMAS, Corpus, corpus_from
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.rows import rows_of
from biolabel.errors import CorpusError
from biolabel.text.projection import Tokens, Words, project, rows_over


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """One occurrence of a short form and the long form that the document defines for it.

    Offsets are code points of the document, half-open.
    """

    short_start: int
    short_end: int
    long_start: int
    long_end: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """What text processing finds in a document: ascending starts of sentences, abbreviations.

    tokens: what a tagger, and a parser if it is another pipeline, say of the document.
    """

    sentence_starts: tuple[int, ...]
    abbreviations: tuple[Abbreviation, ...] = ()
    tokens: tuple[Tokens, ...] = ()


Annotate = Callable[[Document], Annotation]
Ints = NDArray[np.int32]
NAMED = ("lemma", "pos", "tag", "dep")
"""The columns of rows that a tagger and a parser give."""

_SENTENCE_END = re.compile(r"[.?!]\s+(?=[^\W\d_])")


def naive(document: Document) -> Annotation:
    """Start a sentence after `.`, `?` or `!`, blanks and before a capital."""
    starts = ((p.offset, naive_starts(p.text)) for p in document.passages)
    return Annotation(tuple(offset + start for offset, found in starts for start in found))


def naive_starts(text: str) -> tuple[int, ...]:
    """Return where `naive` starts the sentences of a passage, the first one left out."""
    ends = (match.end() for match in _SENTENCE_END.finditer(text))
    return tuple(end for end in ends if text[end].isupper())


def corpus_of(documents: Iterable[Document], annotate: Annotate = naive) -> Corpus:
    """Build a corpus in memory.

    Raises:
        CorpusError: as `tables_of` and `distinct`.
    """
    tables = tables_of((document, annotate(document)) for document in distinct(documents))
    return corpus_from(tables, content_hash_of(hashes_of(tables)))


def distinct(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield documents.

    Raises:
        CorpusError: BL606 for an id that was there before.
    """
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise CorpusError("BL606", f"document {document.id} is there twice")
        seen.add(document.id)
        yield document


def hashes_of(tables: Mapping[str, pa.Table]) -> Sequence[bytes]:
    """Return the hash of each document, with all that was found in it."""
    hashes: Sequence[bytes] = tables["documents"]["hash"].to_pylist()
    return hashes


def content_hash_of(hashes: Iterable[bytes]) -> str:
    """Return what identifies documents in their order: the SHA-256 of their hashes, hexadecimal."""
    return hashlib.sha256(b"".join(hashes)).hexdigest()


def tables_of(annotated: Iterable[tuple[Document, Annotation]]) -> Mapping[str, pa.Table]:
    """Return the tables of a corpus, as `SCHEMAS` says.

    The hash of a document is the SHA-256 of everything in it and of all that was found in it, and
    so the same on every machine.

    Raises:
        CorpusError: BL605 no documents; BL607 offsets outside the text.
    """
    parts: dict[str, list[tuple[object, ...]]] = {name: [] for name in SCHEMAS}
    rows = [np.zeros((0, 6), np.int32)]
    forms: list[str] = []
    named: dict[str, list[str | None]] = {name: [] for name in NAMED}
    for document, annotation in annotated:
        _check(document)
        table = _rows(document, annotation, len(parts["documents"]), len(forms), parts)
        text = document.text
        own = [text[start:end] for start, end in table[:, 2:4].tolist()]
        for tokens in annotation.tokens:
            _add_words(project(tokens, table[:, 2:4], own), table, len(forms), named)
        rows.append(table)
        forms += own
        for column in named.values():
            column += [None] * (len(forms) - len(column))
    if not parts["documents"]:
        raise CorpusError(
            "BL605", "there are no documents", hint="look at the rejects for the reasons"
        )
    tables = {name: _table(name, part) for name, part in parts.items() if name != "rows"}
    table = _row_table(np.concatenate(rows), forms, named)
    return tables | {"rows": table}


def _hash(document: Document, annotation: Annotation) -> bytes:
    found = asdict(replace(annotation, tokens=()))
    del found["tokens"]
    digest = hashlib.sha256(json.dumps([asdict(document), found], sort_keys=True).encode())
    for tokens in annotation.tokens:
        digest.update(json.dumps(asdict(tokens)).encode())
    return digest.digest()


def _add_words(
    words: Words, table: Ints, first: int, named: Mapping[str, list[str | None]]
) -> None:
    """Add what a tagger or parser says of the rows of a document, which are the last of the table.

    An edge that leaves its sentence is cut.
    """
    for name, column in named.items():
        values: list[str] = getattr(words, name)
        if any(values):
            column += [value or None for value in values]
    if any(words.dep):
        alike = table[:, 1] == table[words.head, 1]
        table[:, 5] = np.where((words.head >= 0) & alike, words.head + first, -1)


def _check(document: Document) -> None:
    """Refuse what would make columns point outside the text."""
    at = 0
    for passage in document.passages:
        if passage.offset < at:
            raise CorpusError(
                "BL607",
                f"document {document.id}: the passage {passage.kind} starts at {passage.offset},"
                f" before the end of the one before it, {at}",
            )
        at = passage.offset + len(passage.text)
    for mention in document.mentions:
        if not 0 <= mention.start < mention.end <= at:
            raise CorpusError(
                "BL607",
                f"document {document.id}: the mention {mention.start}-{mention.end} is not inside"
                f" the text of {at} characters",
            )


def _rows(
    document: Document,
    annotation: Annotation,
    doc: int,
    row: int,
    parts: dict[str, list[tuple[object, ...]]],
) -> Ints:
    """Add a document to the small tables; return its rows: doc, sentence, start, end, is a word, head."""
    first_row = row
    found = []
    parts["documents"].append(
        (
            document.id,
            _hash(document, annotation),
            document.text,
            [(key, list(values)) for key, values in document.meta.items()],
            list(document.topics.items()),
        )
    )
    for passage in document.passages:
        end = passage.offset + len(passage.text)
        spans, is_word = rows_of(passage.text)
        spans = spans + np.int32(passage.offset)
        sentences = _sentences(passage, spans, annotation)
        table = np.empty((len(spans), 6), np.int32)
        table[:, 0], table[:, 2:4], table[:, 4], table[:, 5] = doc, spans, is_word, -1
        for start, stop, first, last in sentences:
            table[first:last, 1] = len(parts["sentences"])
            parts["sentences"].append(
                (doc, len(parts["sections"]), start, stop, row + first, row + last)
            )
        parts["sections"].append((doc, passage.offset, end, passage.kind, passage.heading))
        found.append(table)
        row += len(spans)
    table = np.concatenate([np.zeros((0, 6), np.int32), *found])
    _spans(document, annotation, doc, table[:, 2:4], first_row, parts)
    return table


def _sentences(
    passage: Passage, rows: NDArray[np.int32], annotation: Annotation
) -> list[tuple[int, int, int, int]]:
    """Return start, end, first and end row of each sentence of a passage.

    A start inside a row is moved behind it, and a sentence without rows joins the one before it (or
    the next, at the start of the passage), so that sentences partition the rows.
    """
    if not len(rows):
        return []
    starts = np.array(annotation.sentence_starts, np.int32)
    number = np.searchsorted(starts, rows[:, 0], side="right")
    firsts = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist()]
    borders = [passage.offset]
    borders += [max(int(starts[number[i] - 1]), int(rows[i - 1, 1])) for i in firsts[1:]]
    borders.append(passage.offset + len(passage.text))
    lasts = [*firsts[1:], len(rows)]
    sentences = []
    for first, last, start, end in zip(firsts, lasts, borders, borders[1:], strict=False):
        raw = passage.text[start - passage.offset : end - passage.offset]
        start += len(raw) - len(raw.lstrip())
        sentences.append((start, start + len(raw.strip()), first, last))
    return sentences


def _spans(
    document: Document,
    annotation: Annotation,
    doc: int,
    rows: NDArray[np.int32],
    first_row: int,
    parts: dict[str, list[tuple[object, ...]]],
) -> None:
    """Add mentions, relations and abbreviations with the rows that they overlap."""

    def ranges(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        table = np.array(spans, np.int32).reshape(-1, 2)
        first, end = rows_over(rows, table[:, 0], table[:, 1])
        return list(zip((first + first_row).tolist(), (end + first_row).tolist(), strict=True))

    mentions = sorted(document.mentions, key=_place)
    for mention, over in zip(mentions, ranges([_place(m) for m in mentions]), strict=True):
        rest = (mention.type, mention.source, list(mention.concepts), mention.probability)
        flat = [end for part in mention.parts for end in part]
        parts["mentions"].append((doc, *_place(mention), *over, *rest, flat))
    for relation in document.relations:
        parts["relations"].append((doc, *asdict(relation).values()))
    found = annotation.abbreviations
    shorts, longs = (
        ranges([(a.short_start, a.short_end) for a in found]),
        ranges([(a.long_start, a.long_end) for a in found]),
    )
    for abbreviation, short, long in zip(found, shorts, longs, strict=True):
        parts["abbreviations"].append((doc, *asdict(abbreviation).values(), *short, *long))


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def _table(name: str, part: list[tuple[object, ...]]) -> pa.Table:
    schema = SCHEMAS[name]
    columns = [pa.array([row[i] for row in part], field.type) for i, field in enumerate(schema)]
    return pa.table(columns, schema=schema)


def _row_table(rows: Ints, forms: list[str], named: Mapping[str, list[str | None]]) -> pa.Table:
    """Return the table of rows; texts are numbered as they first occur."""
    form = pa.array(forms, pa.string()).dictionary_encode()
    lower = pa.array([text.lower() for text in form.dictionary.to_pylist()], pa.string())
    lower = lower.dictionary_encode()
    of_row = pa.DictionaryArray.from_arrays(lower.indices.take(form.indices), lower.dictionary)
    numbers = [pa.array(np.ascontiguousarray(rows[:, i])) for i in range(4)]
    is_word = pa.array(rows[:, 4].astype(np.uint8))
    words = [pa.array(column, pa.string()).dictionary_encode() for column in named.values()]
    head = pa.array(np.ascontiguousarray(rows[:, 5]))
    return pa.table([*numbers, form, of_row, is_word, *words, head], schema=SCHEMAS["rows"])
