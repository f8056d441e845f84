"""Books of names, kept between runs: made once, opened in milliseconds and shared by processes.

Keys of 130,000 names in all ways take seconds to make. One file for each set of names, in the cache folder;
one that cannot be read, written or understood costs time and nothing else.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from biolabel.apply import spelling
from biolabel.apply.norm.book import WAYS, NameBook, book_of
from biolabel.data import words
from biolabel.kb import mapped, spellings
from biolabel.kb.kept import LARGE, mark_of, size_of
from biolabel.kb.mapped import Column, read_columns, write_columns
from biolabel.kb.ontology import Ontology
from biolabel.resources import cache_root

_NAMED = ("names", "concepts", "kinds")


class KeyTable(Mapping[str, Sequence[int]]):
    """A key to the numbers of its names, in Arrow columns that may be memory-mapped.

    keys: string[k], in the order in which they first occur; order: int32[k], that by their texts; names:
    list<int32>[k].
    """

    def __init__(self, keys: pa.Array, order: pa.Array, names: pa.Array) -> None:
        """Keep the columns."""
        self._keys, self._order, self._names = keys, order, names
        self._sorted = Column[str](order, lambda row: keys[row].as_py())

    def __getitem__(self, key: str) -> Sequence[int]:
        """Return the numbers of the names with a key, ascending."""
        place = bisect_left(self._sorted, key)
        if place == len(self._sorted) or self._sorted[place] != key:
            raise KeyError(key)
        return list(self._names[self._order[place].as_py()].as_py())

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in their order."""
        return iter(self._keys.to_pylist())

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._keys)


def kept_book(ontologies: Sequence[Ontology]) -> NameBook:
    """Return `book_of` ontologies, from the file of an earlier run if there is one."""
    if sum(size_of(each.names) for each in ontologies) < LARGE:
        return book_of(ontologies)
    said = [
        [mark_of(o.names), sorted((c, sorted(k.items())) for c, k in o.kinds.items())]
        for o in ontologies
    ]
    asked = hashlib.sha256(json.dumps(said).encode() + _own())
    path = cache_root() / "names" / f"{asked.hexdigest()[:32]}.arrow"
    with suppress(OSError, pa.ArrowInvalid, KeyError):
        return _opened(path, ontologies)
    book = book_of(ontologies)
    with suppress(OSError):
        write_columns(path, _columns(book), {})
    return book


def _columns(book: NameBook) -> dict[str, pa.Array]:
    columns = {name: pa.array(getattr(book, name), pa.string()) for name in _NAMED}
    for way, table in zip(WAYS, book.tables, strict=True):
        keys = pa.array(table, pa.string())
        columns |= {
            f"{way}_keys": keys,
            f"{way}_order": pc.sort_indices(keys).cast(pa.int32()),
            f"{way}_names": pa.array(table.values(), pa.list_(pa.int32())),
        }
    return columns


def _opened(path: Path, ontologies: Sequence[Ontology]) -> NameBook:
    columns, _ = read_columns(path)
    names, concepts, kinds = (Column[str](columns[name]) for name in _NAMED)
    tables = tuple(
        KeyTable(*(columns[f"{way}_{part}"] for part in ("keys", "order", "names"))) for way in WAYS
    )
    return NameBook(names, concepts, kinds, tables, tuple(ontologies))


@cache
def _own() -> bytes:
    """Return what tells biolabel's ways of making keys apart: the hash of the code that does it."""
    here = Path(__file__).parent
    files = [
        *(here / f"{name}.py" for name in ("book", "forms", "kept")),
        *(Path(str(module.__file__)) for module in (spelling, words, mapped, spellings)),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()
