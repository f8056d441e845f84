"""The indices of large sets of names, kept between runs: built once, opened in milliseconds.

One Arrow file for each set of names and way of indexing it, in the cache folder, memory-mapped. It is
known by all that it depends on, biolabel's own code included. A file that cannot be read, written or
understood costs time and nothing else.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, overload

import pyarrow as pa

from biolabel.data import words
from biolabel.kb import mapped
from biolabel.kb import spellings as spellings_module
from biolabel.kb import terms as terms_module
from biolabel.kb import trie as trie_module
from biolabel.kb.mapped import MappedTexts, read_columns, write_columns
from biolabel.kb.terms import Admission, CasePolicy, Terms, build_terms
from biolabel.kb.trie import Trie
from biolabel.resources import cache_root

T = TypeVar("T")
LARGE = 5_000
"""So many names are worth a file: building takes 0.1 s there, and opening 0.01 s."""
_COLUMNS = ("keys", "spellings", "concepts", "written")
_TRIE = ("words", "edges", "offsets", "names")


class Column(Sequence[T]):
    """Values that stay in their Arrow column until they are asked for."""

    def __init__(self, column: pa.Array, read: Callable[[Any], T]) -> None:
        """Keep the column, which may be memory-mapped, and what makes a value of one of Arrow."""
        self._column = column
        self._read = read

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self._column)

    def __iter__(self) -> Iterator[T]:
        """Yield all values, which is faster than asking for one after the other."""
        return map(self._read, self._column.to_pylist())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> "Column[T]": ...
    def __getitem__(self, index: int | slice) -> "T | Column[T]":
        """Return one value, or a view of several."""
        if isinstance(index, slice):
            return Column(self._column[index], self._read)
        return self._read(self._column[int(index)].as_py())


def kept_terms(
    names: Mapping[str, tuple[str, ...]],
    *,
    plural: bool = False,
    reorder: bool = False,
    spelling: bool = False,
    case: CasePolicy = "fold",
    admission: Admission,
) -> Terms:
    """Return `build_terms` of the same arguments, from the file of an earlier run if there is one."""

    def build() -> Terms:
        return build_terms(
            names, plural=plural, reorder=reorder, spelling=spelling, case=case, admission=admission
        )

    if size_of(names) < LARGE:
        return build()
    path = kept_at(
        names, plural=plural, reorder=reorder, spelling=spelling, case=case, admission=admission
    )
    with suppress(OSError, pa.ArrowInvalid, KeyError):
        return opened(path)
    built = build()
    with suppress(OSError):
        keep(built, path)
    return built


def kept_at(
    names: Mapping[str, tuple[str, ...]],
    *,
    plural: bool = False,
    reorder: bool = False,
    spelling: bool = False,
    case: CasePolicy = "fold",
    admission: Admission,
) -> Path:
    """Return the file that `kept_terms` of the same arguments reads or writes, if they are `LARGE`."""
    options = (plural, reorder, spelling, case, admission.unwanted.pattern, admission.min_length)
    asked = hashlib.sha256(json.dumps([options, mark_of(names)]).encode())
    asked.update(_own())
    return cache_root() / "terms" / f"{asked.hexdigest()[:32]}.arrow"


def size_of(names: Mapping[str, tuple[str, ...]]) -> int:
    """Return the number of names."""
    return names.total if isinstance(names, MappedTexts) else sum(map(len, names.values()))


def mark_of(names: Mapping[str, tuple[str, ...]]) -> str:
    """Return what tells names apart from any others."""
    if isinstance(names, MappedTexts):
        return names.mark
    return hashlib.sha256(json.dumps(list(names.items())).encode()).hexdigest()


def keep(terms: Terms, path: Path) -> None:
    """Write an index to a file."""
    columns: dict[str, pa.Array] = {
        "keys": pa.array(terms.keys, pa.large_string()),
        "spellings": pa.array(terms.spellings, pa.large_string()),
        "concepts": pa.array(terms.concepts, pa.large_list(pa.large_string())),
        "written": pa.array(terms.written, pa.large_string()),
    }
    for name, trie in (("folded", terms.folded), ("spelled", terms.spelled)):
        columns |= {f"{name}_{part}": pa.array(getattr(trie, part)) for part in _TRIE}
    write_columns(path, columns, {})


def opened(path: Path) -> Terms:
    """Return the index in a file, memory-mapped.

    Raises:
        OSError, pa.ArrowInvalid, KeyError: if there is none, or it is damaged.
    """
    values, _ = read_columns(path)

    def trie(name: str) -> Trie:
        found, *numbers = (values[f"{name}_{part}"] for part in _TRIE)
        return Trie(found, *(each.to_numpy() for each in numbers))

    return Terms(
        keys=Column(values["keys"], _same),
        spellings=Column(values["spellings"], _same),
        concepts=Column(values["concepts"], tuple),
        written=Column(values["written"], _same),
        folded=trie("folded"),
        spelled=trie("spelled"),
    )


def _same(value: Any) -> Any:
    return value


@cache
def _own() -> bytes:
    """Return what tells biolabel's ways of indexing apart: the hash of the code that does it."""
    files = (
        words.__file__,
        spellings_module.__file__,
        terms_module.__file__,
        trie_module.__file__,
        str(mapped.__file__),
        __file__,
    )
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).digest()
