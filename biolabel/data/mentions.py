"""Mentions as columns: the arguments of relation candidates and what entity types match."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Mention, mention_key

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Meanings:
    """Which mention means which concept: a row for each, by mention and then as it lists them.

    names: the concepts, sorted; mention, concept: int32[k], the latter an index into `names`; only:
    int32[m], the concept of a mention that has one, -1 for none, -2 for several.
    """

    names: tuple[str, ...]
    mention: Ints
    concept: Ints
    only: Ints


@dataclass(frozen=True)
class MentionTable:
    """Mentions of a corpus, sorted by (document, start).

    doc, start, end (code points), first_row, end_row (half-open): int32[m]; type: int32[m], an index
    into `types`; concepts: one tuple of CURIEs a mention, empty where no concept is known.
    """

    doc: Ints
    start: Ints
    end: Ints
    first_row: Ints
    end_row: Ints
    type: Ints
    types: tuple[str, ...]
    concepts: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        """Return the number of mentions."""
        return len(self.doc)

    @cached_property
    def by_concept(self) -> tuple[NDArray[np.int64], Ints]:
        """The mentions of each concept of a document: keys doc * (concepts + 1) + concept, and mentions.

        Both are sorted by key and then by mention; the number of a concept is that of `meanings`.
        """
        found = self.meanings
        keys = self.doc[found.mention].astype(np.int64) * (len(found.names) + 1) + found.concept
        order = np.argsort(keys, kind="stable")
        return keys[order], found.mention[order]

    @cached_property
    def meanings(self) -> Meanings:
        """Which mention means which concept, each once."""
        sizes = np.array([len(found) for found in self.concepts], dtype=np.int32)
        listed = list(chain.from_iterable(self.concepts))
        names = tuple(sorted(set(listed)))
        ids = dict(zip(names, range(len(names)), strict=True))
        mention = np.repeat(np.arange(len(self), dtype=np.int32), sizes)
        concept = np.array([ids[name] for name in listed], dtype=np.int32)
        for i in np.flatnonzero(sizes > 1).tolist():
            if len(set(self.concepts[i])) < sizes[i]:
                return replace(self, concepts=tuple(map(_once, self.concepts))).meanings
        only = np.where(sizes > 0, -2, -1).astype(np.int32)
        single = sizes[mention] == 1
        only[mention[single]] = concept[single]
        return Meanings(names, mention, concept, only)

    def of_type(self, name: str) -> NDArray[np.bool_]:
        """Return bool[m]: which mentions have the type."""
        return self.type == (self.types.index(name) if name in self.types else -1)

    def keys(self) -> tuple[str, ...]:
        """Return the key of each mention, which names it within its document."""
        columns = zip(self.start.tolist(), self.end.tolist(), self.type.tolist(), strict=True)
        return tuple(mention_key(start, end, self.types[type_]) for start, end, type_ in columns)

    def places(self) -> Ints:
        """Return int32[m], for each mention the first one of the same document, span and type.

        Annotations may name the concepts of one mention in several lines.
        """
        table = np.stack([self.doc, self.start, self.end, self.type])
        _, first, same = np.unique(table, axis=1, return_index=True, return_inverse=True)
        return first[same.reshape(-1)].astype(np.int32)


def _once(concepts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(concepts))


def without_types(table: MentionTable, types: Collection[str]) -> MentionTable:
    """Return the mentions of other types than these."""
    kept = np.array([name not in types for name in table.types], dtype=bool)[table.type]
    return MentionTable(
        table.doc[kept],
        table.start[kept],
        table.end[kept],
        table.first_row[kept],
        table.end_row[kept],
        table.type[kept],
        table.types,
        tuple(table.concepts[i] for i in np.flatnonzero(kept)),
    )


def given_mentions(corpus: Corpus) -> MentionTable:
    """Return the mentions that the documents came with, those without a row left out."""
    keep = np.flatnonzero(corpus.mention_end_row > corpus.mention_first_row)
    return MentionTable(
        doc=corpus.mention_doc[keep],
        start=corpus.mention_start[keep],
        end=corpus.mention_end[keep],
        first_row=corpus.mention_first_row[keep],
        end_row=corpus.mention_end_row[keep],
        type=corpus.mention_type[keep],
        types=corpus.mention_types,
        concepts=tuple(corpus.mention_concepts[i] for i in keep),
    )


def mentions_of_rows(
    corpus: Corpus,
    first_row: Ints,
    end_row: Ints,
    types: Sequence[str],
    concepts: Sequence[tuple[str, ...]],
) -> MentionTable:
    """Return a table of mentions given by their rows; `types` and `concepts` are one a mention."""
    order = np.lexsort((end_row, first_row))
    names = tuple(sorted(set(types)))
    first, end = first_row[order], end_row[order]
    return MentionTable(
        doc=corpus.row_doc[first],
        start=corpus.row_start[first],
        end=corpus.row_end[end - 1],
        first_row=first,
        end_row=end,
        type=np.array([names.index(types[i]) for i in order], dtype=np.int32),
        types=names,
        concepts=tuple(concepts[i] for i in order),
    )


def joined(tables: Sequence[MentionTable]) -> MentionTable:
    """Return the mentions of several tables as one; of none, an empty one."""
    types = tuple(sorted({name for table in tables for name in table.types}))
    numbers = [
        np.array([types.index(table.types[i]) for i in table.type], dtype=np.int32)
        for table in tables
    ]
    none = [np.empty(0, dtype=np.int32)]
    doc = np.concatenate([*none, *(table.doc for table in tables)])
    start = np.concatenate([*none, *(table.start for table in tables)])
    order = np.lexsort((start, doc))
    concepts = [found for table in tables for found in table.concepts]
    return MentionTable(
        doc=doc[order],
        start=start[order],
        end=np.concatenate([*none, *(table.end for table in tables)])[order],
        first_row=np.concatenate([*none, *(table.first_row for table in tables)])[order],
        end_row=np.concatenate([*none, *(table.end_row for table in tables)])[order],
        type=np.concatenate([*none, *numbers])[order],
        types=types,
        concepts=tuple(concepts[i] for i in order),
    )


def document_mentions(
    table: MentionTable, n_documents: int, source: str
) -> list[tuple[Mention, ...]]:
    """Return the mentions of each document as objects."""
    return list(each_documents_mentions(table, n_documents, source))


def each_documents_mentions(
    table: MentionTable, n_documents: int, source: str
) -> Iterator[tuple[Mention, ...]]:
    """Yield the mentions of one document after the other as objects, which take much memory."""
    bounds = np.searchsorted(table.doc, np.arange(n_documents + 1)).tolist()
    for low, high in pairwise(bounds):
        yield tuple(
            Mention(
                int(table.start[i]),
                int(table.end[i]),
                table.types[table.type[i]],
                table.concepts[i],
                source,
            )
            for i in range(low, high)
        )
