"""What a corpus store holds, in numbers."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.text.store import Store
from biolabel.text.store_tables import Tables

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Of the lengths of documents; the first is the shortest, the last the longest."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Numbers of everything in a corpus store; what is counted by name stands most frequent first.

    characters: code points of all texts; words and signs are rows; vocabulary: different words in
    lower case; sections: by kind; mentions: by type, and by source; concepts: different ones of
    mentions; relations: by task and label, "CID: causes"; topics: the same of documents; meta: the
    documents that have a field; years, journals: the documents of each; lengths: words a document at
    `QUANTILES`; tagged, parsed: rows with a tag or part of speech, and with a place in a tree; bytes:
    of all files.
    """

    documents: int
    shards: int
    bytes: int
    characters: int
    sections: Mapping[str, int]
    sentences: int
    words: int
    signs: int
    vocabulary: int
    tagged: int
    parsed: int
    mentions: Mapping[str, int]
    sources: Mapping[str, int]
    concepts: int
    abbreviations: int
    relations: Mapping[str, int]
    topics: Mapping[str, int]
    meta: Mapping[str, int]
    years: Mapping[str, int]
    journals: Mapping[str, int]
    lengths: tuple[int, ...]


def facts_of(store: Store) -> Facts:
    """Return what a store holds; one shard is looked at at a time."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    sums: Counter[str] = Counter()
    words: set[str] = set()
    concepts: set[str] = set()
    lengths = []
    for tables in store.tables:
        for name, count in _COUNTED.items():
            counts[name].update(count(tables))
        sums.update(_sums(tables))
        is_word = tables["rows"]["is_word"].to_numpy().astype(np.bool_)
        lower = tables["rows"]["lower"].combine_chunks().dictionary_decode()
        words.update(lower.filter(pa.array(is_word)).unique().to_pylist())
        concepts.update(pc.list_flatten(tables["mentions"]["concepts"]).unique().to_pylist())
        doc = tables["rows"]["doc"].to_numpy()
        lengths.append(np.bincount(doc[is_word], minlength=tables["documents"].num_rows))
    found = {name: dict(counted.most_common()) for name, counted in counts.items()}
    return Facts(
        documents=len(store.ids),
        shards=len(store.shards),
        bytes=sum(f.stat().st_size for s in store.shards for f in s.folder.iterdir()),
        characters=sums["characters"],
        sentences=sums["sentences"],
        words=sums["words"],
        signs=sums["rows"] - sums["words"],
        vocabulary=len(words),
        tagged=sums["tagged"],
        parsed=sums["parsed"],
        concepts=len(concepts),
        abbreviations=sums["abbreviations"],
        lengths=_quantiles(np.concatenate(lengths)),
        **found,
    )


def _sums(tables: Tables) -> Mapping[str, int]:
    rows = tables["rows"]
    tagged = parsed = 0
    if "head" in rows.column_names:
        named = pc.or_(pc.is_valid(rows["pos"]), pc.is_valid(rows["tag"]))
        tagged = int(pc.sum(named).as_py() or 0)
        parsed = rows.num_rows - rows["dep"].null_count
    return {
        "characters": pc.sum(pc.utf8_length(tables["documents"]["text"])).as_py(),
        "sentences": tables["sentences"].num_rows,
        "rows": rows.num_rows,
        "words": int(rows["is_word"].to_numpy().sum()),
        "tagged": tagged,
        "parsed": parsed,
        "abbreviations": tables["abbreviations"].num_rows,
    }


def _quantiles(lengths: NDArray[np.int64]) -> tuple[int, ...]:
    ranks = np.quantile(lengths, QUANTILES, method="nearest")
    return tuple(int(length) for length in ranks)


def _values(table: str, column: str) -> Callable[[Tables], Counter[str]]:
    """Return what counts the values of a named column."""

    def count(tables: Tables) -> Counter[str]:
        names = tables[table][column].combine_chunks()
        if not len(names):
            return Counter()
        numbers = np.bincount(names.indices.to_numpy(), minlength=len(names.dictionary))
        pairs = zip(names.dictionary.to_pylist(), numbers.tolist(), strict=True)
        return Counter({name: number for name, number in pairs if number})

    return count


def _relations(tables: Tables) -> Counter[str]:
    task, label = (tables["relations"][name].to_pylist() for name in ("task", "label"))
    return Counter(f"{t}: {name}" for t, name in zip(task, label, strict=True))


def _topics(tables: Tables) -> Counter[str]:
    found = chain.from_iterable(tables["documents"]["topics"].to_pylist())
    return Counter(f"{task}: {label}" for task, label in found)


def _fields(tables: Tables) -> Counter[str]:
    found = chain.from_iterable(tables["documents"]["meta"].to_pylist())
    return Counter(name for name, values in found if values)


def _of_field(field: str) -> Callable[[Tables], Counter[str]]:
    """Return what counts the documents of each value of a field of the metadata."""

    def count(tables: Tables) -> Counter[str]:
        found = chain.from_iterable(tables["documents"]["meta"].to_pylist())
        return Counter(
            value for name, values in found if name == field for value in dict.fromkeys(values)
        )

    return count


_COUNTED: Mapping[str, Callable[[Tables], Counter[str]]] = {
    "sections": _values("sections", "kind"),
    "mentions": _values("mentions", "type"),
    "sources": _values("mentions", "source"),
    "relations": _relations,
    "topics": _topics,
    "meta": _fields,
    "years": _of_field("year"),
    "journals": _of_field("journal"),
}
