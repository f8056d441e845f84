"""From documents and their sentences to the columns of a corpus."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, islice
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from biolabel.data.corpus import SCHEMAS, Corpus, corpus_from
from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.data.rows import Ints, lowered
from biolabel.errors import CorpusError
from biolabel.text.layout import Layout, layout_of
from biolabel.text.projection import Tokens, told
from biolabel.text.store_tables import Tables, joined_tables, without_unknown


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
_BATCH = 250
"""Documents whose columns are made at once: more of them gain nothing and need more memory."""

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
        CorpusError: as `tables_of` and `checked`.
    """
    tables = tables_of((document, annotate(document)) for document in checked(documents))
    return corpus_from(tables, content_hash_of(hashes_of(tables)))


def checked(documents: Iterable[Document], ids: Iterable[str] = ()) -> Iterator[Document]:
    """Yield documents as a corpus can hold them; ids: those that it has already.

    Raises:
        CorpusError: BL606 for an id that was there before; BL607 for offsets outside the text;
            BL660 for a text that has no UTF-8.
    """
    known = frozenset(ids)
    seen = set(known)
    for document in documents:
        if document.id in seen:
            hint = (
                "replace it, or skip those that are there already" if document.id in known else ""
            )
            raise CorpusError("BL606", f"document {document.id} is there twice", hint=hint)
        seen.add(document.id)
        _check(document)
        yield document


def tables_of(annotated: Iterable[tuple[Document, Annotation]]) -> Tables:
    """Return the tables of a corpus, as `SCHEMAS` says, from documents that were `checked`.

    The hash of a document is the SHA-256 of everything in it and of all that was found in it, and
    so the same on every machine.

    Raises:
        CorpusError: BL605 no documents.
    """
    waiting = iter(annotated)
    batches = iter(lambda: list(islice(waiting, _BATCH)), [])
    parts = [_tables(batch) for batch in batches]
    if not parts:
        raise CorpusError(
            "BL605", "there are no documents", hint="look at the rejects for the reasons"
        )
    return joined_tables(parts)


def hashes_of(tables: Tables) -> Sequence[bytes]:
    """Return the hash of each document, with all that was found in it."""
    hashes: Sequence[bytes] = tables["documents"]["hash"].to_pylist()
    return hashes


def content_hash_of(hashes: Iterable[bytes]) -> str:
    """Return what identifies documents in their order: the SHA-256 of their hashes, hexadecimal."""
    return hashlib.sha256(b"".join(hashes)).hexdigest()


_FIELDS = {
    known: attrgetter(*(field.name for field in fields(known)))
    for known in (Document, Passage, Mention, Relation, Annotation, Abbreviation, Tokens)
}


def _json(value: object) -> bytes:
    """Return values of this module and of documents as JSON: the fields of each, in their order."""

    def plain(each: Any) -> object:
        known = _FIELDS.get(type(each))
        return dict(each) if known is None else known(each)

    return json.dumps(value, default=plain, sort_keys=True, ensure_ascii=False).encode()


def _check(document: Document) -> None:
    """Refuse what would make columns point outside the text, or cannot be written."""
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
    try:
        _json(document)
    except UnicodeEncodeError as error:
        raise CorpusError(
            "BL660",
            f"document {document.id!r} holds U+{ord(error.object[error.start]):04X}, half of a"
            " character",
            hint="write the file as UTF-8, not as two JSON escapes for one character",
        ) from error


def _tables(annotated: Sequence[tuple[Document, Annotation]]) -> Tables:
    """Return the tables of some documents."""
    documents = [replace(d, mentions=tuple(sorted(d.mentions, key=_place))) for d, _ in annotated]
    found = [annotation for _, annotation in annotated]
    hashes = [hashlib.sha256(_json(pair)).digest() for pair in zip(documents, found, strict=True)]
    layout = layout_of(documents, [annotation.sentence_starts for annotation in found])
    return {
        "documents": _table(
            "documents",
            [document.id for document in documents],
            hashes,
            [document.text for document in documents],
            [[(k, list(v)) for k, v in document.meta.items()] for document in documents],
            [list(document.topics.items()) for document in documents],
        ),
        "sections": _section_table(layout, documents),
        "sentences": _table(
            "sentences",
            layout.section_doc[layout.sentence_section],
            layout.sentence_section,
            layout.sentence_start,
            layout.sentence_end,
            layout.sentence_first_row[:-1],
            layout.sentence_first_row[1:],
        ),
        "rows": _row_table(layout, found),
        "mentions": _mention_table(layout, documents),
        "relations": _relation_table(documents),
        "abbreviations": _abbreviation_table(layout, found),
    }


def _section_table(layout: Layout, documents: Sequence[Document]) -> pa.Table:
    passages = [passage for document in documents for passage in document.passages]
    start = [passage.offset for passage in passages]
    end = [passage.offset + len(passage.text) for passage in passages]
    kinds = [passage.kind for passage in passages]
    headings = [passage.heading for passage in passages]
    return _table("sections", layout.section_doc, start, end, kinds, headings)


def _mention_table(layout: Layout, documents: Sequence[Document]) -> pa.Table:
    doc = _owners([len(document.mentions) for document in documents])
    mentions = [mention for document in documents for mention in document.mentions]
    start = np.array([mention.start for mention in mentions], np.int32)
    end = np.array([mention.end for mention in mentions], np.int32)
    return _table(
        "mentions",
        doc,
        start,
        end,
        *layout.rows_over(doc, start, end),
        [mention.type for mention in mentions],
        [mention.source for mention in mentions],
        [mention.concepts for mention in mentions],
        [mention.probability for mention in mentions],
        [tuple(chain.from_iterable(mention.parts)) for mention in mentions],
    )


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def _relation_table(documents: Sequence[Document]) -> pa.Table:
    doc = _owners([len(document.relations) for document in documents])
    every = [_FIELDS[Relation](r) for document in documents for r in document.relations]
    columns = zip(*every, strict=True) if every else [()] * len(fields(Relation))
    return _table("relations", doc, *columns)


def _abbreviation_table(layout: Layout, found: Sequence[Annotation]) -> pa.Table:
    doc = _owners([len(annotation.abbreviations) for annotation in found])
    every = [_FIELDS[Abbreviation](a) for annotation in found for a in annotation.abbreviations]
    places = np.array(every, np.int32).reshape(-1, 4).T
    short = layout.rows_over(doc, places[0], places[1])
    return _table("abbreviations", doc, *places, *short, *layout.rows_over(doc, *places[2:]))


def _owners(numbers: Sequence[int]) -> Ints:
    """Return, for things of which the first owner has `numbers[0]` and so on, the owner of each."""
    return np.repeat(np.arange(len(numbers), dtype=np.int32), numbers)


def _row_table(layout: Layout, found: Sequence[Annotation]) -> pa.Table:
    """Return the table of rows; texts are numbered as they first occur."""
    rows, doc = layout.rows, layout.section_doc[layout.row_section]
    form = pa.DictionaryArray.from_arrays(pa.array(rows.form), rows.forms)
    lower = pa.array(lowered(rows.forms.to_pylist()), pa.string()).dictionary_encode()
    lower = pa.DictionaryArray.from_arrays(lower.indices.take(form.indices), lower.dictionary)
    table = _table(
        "rows",
        doc,
        layout.row_sentence,
        layout.offsets(doc, layout.start),
        layout.offsets(doc, layout.end),
        form,
        lower,
        rows.is_word.view(np.uint8),
        *_words(layout, lower, found),
    )
    return without_unknown(table)


def _words(
    layout: Layout, lower: pa.DictionaryArray, found: Sequence[Annotation]
) -> Sequence[pa.Array | Ints]:
    """Return what taggers and parsers say of rows: lemma, pos, tag, dep and head."""
    said = [
        [
            (int(base), annotation.tokens[number])
            for base, annotation in zip(layout.base, found, strict=True)
            if number < len(annotation.tokens)
        ]
        for number in range(max(len(annotation.tokens) for annotation in found))
    ]
    texts = lower.dictionary.take(lower.indices)
    is_word, sentence = layout.rows.is_word, layout.row_sentence
    columns, head = told(said, layout.start, layout.end, is_word, sentence, texts)
    return [*(column.dictionary_encode() for column in columns), head]


def _table(name: str, *columns: Any) -> pa.Table:
    """Return a table of `SCHEMAS` from its columns: arrays, or lists of Python objects."""
    schema = SCHEMAS[name]
    arrays = [
        column if isinstance(column, pa.Array) else _array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.table(arrays, schema=schema)


def _array(column: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(column, np.ndarray):
        return pa.array(np.ascontiguousarray(column), kind)
    if pa.types.is_dictionary(kind):
        return pa.array(column, kind.value_type).dictionary_encode()
    return pa.array(column, kind)
