"""The corpus as columns: what rules, augmentation and models read instead of documents.

Tables are sorted by document. Offsets are code points of the document's text, half-open. A row is a
word or a hard sign (`biolabel.data.words`). Columns called `..._kind`, `..._heading`, `..._type`,
`..._source`, `row_form` and `row_lower` hold ids into the vocabulary of the matching plural name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.documents import Relation

Ints = NDArray[np.int32]

_NAME = pa.dictionary(pa.int32(), pa.string())
_VOCABULARY = ("form", "lower", "lemma")


def _schema(numbers: str, **others: pa.DataType) -> pa.Schema:
    return pa.schema([(name, pa.int32()) for name in numbers.split()] + list(others.items()))


SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": _schema(
        "",
        id=pa.string(),
        hash=pa.binary(32),
        text=pa.large_string(),
        meta=pa.map_(pa.string(), pa.list_(pa.string())),
        topics=pa.map_(pa.string(), pa.string()),
    ),
    "sections": _schema("doc start end", kind=_NAME, heading=_NAME),
    "sentences": _schema("doc section start end first_row end_row"),
    "rows": _schema(
        "doc sentence start end",
        form=_NAME,
        lower=_NAME,
        is_word=pa.uint8(),
        lemma=_NAME,
        pos=_NAME,
        tag=_NAME,
        dep=_NAME,
        head=pa.int32(),
    ),
    "mentions": _schema(
        "doc start end first_row end_row",
        type=_NAME,
        source=_NAME,
        concepts=pa.list_(pa.string()),
        probability=pa.float64(),
        parts=pa.list_(pa.int32()),
    ),
    "relations": _schema(
        "doc", task=_NAME, subject=_NAME, object=_NAME, label=_NAME, probability=pa.float64()
    ),
    "abbreviations": _schema(
        "doc short_start short_end long_start long_end"
        " short_first_row short_end_row long_first_row long_end_row"
    ),
}
"""The Arrow schema of each table of a corpus store, and of the same tables in memory."""

GRAMMAR = ("lemma", "pos", "tag", "dep", "head")
"""The columns of rows that are left out where no tagger or parser said anything of any row."""


class Texts(Sequence[str]):
    """Strings that stay in their Arrow column until one is asked for."""

    def __init__(self, column: pa.LargeStringArray) -> None:
        """Keep the column, which may be memory-mapped."""
        self._column = column

    def __len__(self) -> int:
        """Return the number of strings."""
        return len(self._column)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> "Texts": ...
    def __getitem__(self, index: int | slice) -> "str | Texts":
        """Return one string, or a view of several."""
        found = self._column[index]
        return Texts(found) if isinstance(index, slice) else str(found.as_py())


@dataclass(frozen=True, eq=False)
class Corpus:
    """A processed corpus; every array is read-only and may lie in memory-mapped files.

    d documents, c sections, s sentences, r rows, m mentions, a abbreviations. Rows are partitioned
    by sentences, each sentence has a row and stands in one section; a mention may cross sentences.
    Lemma, part of speech, tag and dependency label of a row are -1 where no tagger or parser said
    them; `row_head` is the row above in the dependency tree of its sentence, -1 for a root and
    where `row_dep` is -1.
    Mentions are sorted by (doc, start, end); their rows overlap them, and are an empty range for a
    mention of soft signs only. Of an abbreviation every occurrence of the short form is an entry.

    columns: the Arrow columns of each table of `SCHEMAS` (of rows the names only, not which row has
    which); those that are no numbers become Python objects only when a property is asked for.
    """

    content_hash: str
    columns: Mapping[str, Mapping[str, pa.Array]]
    texts: Texts

    section_doc: Ints
    section_kind: Ints
    section_start: Ints
    section_end: Ints
    section_kinds: tuple[str, ...]
    section_heading: Ints
    section_headings: tuple[str, ...]

    sentence_doc: Ints
    sentence_section: Ints
    sentence_start: Ints
    sentence_end: Ints
    sentence_first_row: Ints
    sentence_end_row: Ints

    row_doc: Ints
    row_sentence: Ints
    row_start: Ints
    row_end: Ints
    row_form: Ints
    row_lower: Ints
    row_is_word: NDArray[np.bool_]
    row_lemma: Ints
    row_pos: Ints
    row_tag: Ints
    row_dep: Ints
    row_head: Ints
    poses: tuple[str, ...]
    tags: tuple[str, ...]
    deps: tuple[str, ...]

    mention_doc: Ints
    mention_start: Ints
    mention_end: Ints
    mention_first_row: Ints
    mention_end_row: Ints
    mention_type: Ints
    mention_source: Ints
    mention_probability: NDArray[np.float64]
    mention_types: tuple[str, ...]
    mention_sources: tuple[str, ...]

    abbreviation_doc: Ints
    short_start: Ints
    short_end: Ints
    short_first_row: Ints
    short_end_row: Ints
    long_start: Ints
    long_end: Ints
    long_first_row: Ints
    long_end_row: Ints

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The id of each document."""
        return tuple(self.columns["documents"]["id"].to_pylist())

    @cached_property
    def meta(self) -> tuple[Mapping[str, tuple[str, ...]], ...]:
        """The metadata of each document: the values of each field."""
        found = self.columns["documents"]["meta"].to_pylist()
        return tuple({name: tuple(values) for name, values in fields} for fields in found)

    @cached_property
    def topics(self) -> tuple[Mapping[str, str], ...]:
        """The given label of each document for each task that has one."""
        return tuple(map(dict, self.columns["documents"]["topics"].to_pylist()))

    @cached_property
    def relations(self) -> tuple[tuple[Relation, ...], ...]:
        """The given relations of each document."""
        grouped: list[list[Relation]] = [[] for _ in range(len(self.texts))]
        names = ("task", "subject", "object", "label", "probability")
        columns = [self.columns["relations"][name].to_pylist() for name in ("doc", *names)]
        for doc, *rest in zip(*columns, strict=True):
            grouped[doc].append(Relation(*rest))
        return tuple(map(tuple, grouped))

    @cached_property
    def mention_concepts(self) -> tuple[tuple[str, ...], ...]:
        """The concepts of each given mention."""
        column = self.columns["mentions"]["concepts"]
        every, ends = column.values.to_pylist(), column.offsets.to_pylist()
        return tuple(tuple(every[a:b]) for a, b in pairwise(ends))

    @cached_property
    def mention_parts(self) -> Mapping[int, tuple[tuple[int, int], ...]]:
        """The spans of each discontinuous given mention; others have no entry."""
        column = self.columns["mentions"]["parts"]
        several = np.flatnonzero(np.diff(column.offsets.to_numpy())).tolist()
        flat = {mention: column[mention].as_py() for mention in several}
        return {i: tuple(zip(ends[::2], ends[1::2], strict=True)) for i, ends in flat.items()}

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The different texts of rows."""
        return tuple(self.columns["rows"]["form"].to_pylist())

    @cached_property
    def lowers(self) -> tuple[str, ...]:
        """The different texts of rows in lower case."""
        return tuple(self.columns["rows"]["lower"].to_pylist())

    @cached_property
    def lemmas(self) -> tuple[str, ...]:
        """The different lemmas."""
        return tuple(self.columns["rows"]["lemma"].to_pylist())

    @cached_property
    def words_before(self) -> Ints:
        """The number of words before each row: int32[r + 1], so differences count words only."""
        return np.concatenate([[0], np.cumsum(self.row_is_word)]).astype(np.int32)

    @cached_property
    def doc_rows(self) -> Ints:
        """The first row of each document and the end: int32[d + 1]."""
        return self._offsets(self.row_doc)

    @cached_property
    def doc_sentences(self) -> Ints:
        """The first sentence of each document and the end: int32[d + 1]."""
        return self._offsets(self.sentence_doc)

    @cached_property
    def doc_sections(self) -> Ints:
        """The first section of each document and the end: int32[d + 1]."""
        return self._offsets(self.section_doc)

    @cached_property
    def doc_mentions(self) -> Ints:
        """The first mention of each document and the end: int32[d + 1]."""
        return self._offsets(self.mention_doc)

    def words(self, doc: int) -> Ints:
        """Return the start and end of every row of a document: int32[n, 2]."""
        rows = slice(self.doc_rows[doc], self.doc_rows[doc + 1])
        return np.stack([self.row_start[rows], self.row_end[rows]], axis=1)

    @cached_property
    def lower_postings(self) -> tuple[Ints, Ints]:
        """The rows of each lower-cased word (`data.postings`), for all rules that look for words."""
        from biolabel.data.postings import postings  # it needs scipy, which a reader does not

        return postings(self.row_lower, len(self.lowers))

    @cached_property
    def form_postings(self) -> tuple[Ints, Ints]:
        """The rows of each word as written."""
        from biolabel.data.postings import postings

        return postings(self.row_form, len(self.forms))

    @cached_property
    def word_starts(self) -> Ints:
        """The first row with at least so many words before it: int32[words + 2], behind all for more."""
        words = np.flatnonzero(self.row_is_word).astype(np.int32)
        return np.concatenate([[0], words + 1, [len(self.row_start) + 1]], dtype=np.int32)

    def sentence_text(self, sentence: int) -> str:
        """Return the text of one sentence, without the blanks around it."""
        text = self.texts[int(self.sentence_doc[sentence])]
        return text[self.sentence_start[sentence] : self.sentence_end[sentence]]

    def _offsets(self, docs: Ints) -> Ints:
        return np.searchsorted(docs, np.arange(len(self.texts) + 1)).astype(np.int32)


def corpus_from(tables: Mapping[str, pa.Table], content_hash: str) -> Corpus:
    """View the tables of a corpus, which must follow `SCHEMAS`.

    Numbers are not copied, but for named columns that are known in part.
    """
    one = {
        name: {field: _array(table.column(field)) for field in table.column_names}
        for name, table in tables.items()
    }

    def view(table: str, prefix: str, names: str) -> dict[str, Ints]:
        return {f"{prefix}{name}": one[table][name].to_numpy() for name in names.split()}

    def names(table: str, name: str) -> pa.StringArray:
        return one[table][name].dictionary if name in one[table] else pa.array([], pa.string())

    def coded(table: str, name: str) -> tuple[Ints, tuple[str, ...]]:
        return codes(table, name), tuple(names(table, name).to_pylist())

    def codes(table: str, name: str) -> Ints:
        if not len(names(table, name)):
            return np.broadcast_to(np.int32(-1), tables[table].num_rows)
        column = one[table][name]
        numbers = column.indices.fill_null(-1) if column.null_count else column.indices
        found: Ints = numbers.to_numpy()
        return found

    section_kind, section_kinds = coded("sections", "kind")
    section_heading, section_headings = coded("sections", "heading")
    row_pos, poses = coded("rows", "pos")
    row_tag, tags = coded("rows", "tag")
    row_dep, deps = coded("rows", "dep")
    mention_type, mention_types = coded("mentions", "type")
    mention_source, mention_sources = coded("mentions", "source")
    return Corpus(
        content_hash=content_hash,
        # Columns of rows that nobody gave would otherwise stay in memory for nothing.
        columns={**one, "rows": {name: names("rows", name) for name in _VOCABULARY}},
        texts=Texts(one["documents"]["text"]),
        section_kind=section_kind,
        section_kinds=section_kinds,
        section_heading=section_heading,
        section_headings=section_headings,
        row_form=codes("rows", "form"),
        row_lower=codes("rows", "lower"),
        row_is_word=one["rows"]["is_word"].to_numpy().view(np.bool_),
        row_lemma=codes("rows", "lemma"),
        row_pos=row_pos,
        row_tag=row_tag,
        row_dep=row_dep,
        row_head=one["rows"]["head"].to_numpy() if "head" in one["rows"] else row_dep,
        poses=poses,
        tags=tags,
        deps=deps,
        mention_type=mention_type,
        mention_types=mention_types,
        mention_source=mention_source,
        mention_sources=mention_sources,
        mention_probability=one["mentions"]["probability"].to_numpy(),
        abbreviation_doc=one["abbreviations"]["doc"].to_numpy(),
        **view("sections", "section_", "doc start end"),
        **view("sentences", "sentence_", "doc section start end first_row end_row"),
        **view("rows", "row_", "doc sentence start end"),
        **view("mentions", "mention_", "doc start end first_row end_row"),
        **view("abbreviations", "", "short_start short_end short_first_row short_end_row"),
        **view("abbreviations", "", "long_start long_end long_first_row long_end_row"),
    )


def _array(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array; to combine a single chunk would copy it."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
