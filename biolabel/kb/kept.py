"""The indices of large sets of names, kept between runs: built once, opened in milliseconds.

One Arrow file for each set of names and way of indexing it, in the cache folder, memory-mapped. It is
known by all that it depends on, biolabel's own code included. A file that cannot be read, written or
understood costs time and nothing else.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from functools import cache
from pathlib import Path

import pyarrow as pa

from biolabel.data import words
from biolabel.kb.forms import ALL, Admission, Ways
from biolabel.kb.lexicon import Lexicon, lexicon_of
from biolabel.kb.mapped import Column, MappedTexts, read_columns, write_columns
from biolabel.kb.terms import PLAIN, CasePolicy, Terms, build_terms
from biolabel.kb.trie import Trie
from biolabel.resources import cache_root

LARGE = 5_000
"""So many names are worth a file: building takes 0.1 s there, and opening 0.01 s."""
_COLUMNS = ("keys", "spellings", "concepts", "written")
_TRIE = ("words", "edges", "offsets", "names")


def kept_terms(
    names: Mapping[str, tuple[str, ...]],
    ways: Ways = PLAIN,
    *,
    case: CasePolicy = "fold",
    admission: Admission = ALL,
) -> Terms:
    """Return `build_terms` of the same arguments, from the file of an earlier run if there is one."""

    def build() -> Terms:
        return build_terms(names, ways, case=case, admission=admission)

    if size_of(names) < LARGE:
        return build()
    path = kept_at(names, ways, case=case, admission=admission)
    with suppress(OSError, pa.ArrowInvalid, KeyError):
        return opened(path)
    built = build()
    with suppress(OSError):
        keep(built, path)
    return built


def kept_at(
    names: Mapping[str, tuple[str, ...]],
    ways: Ways = PLAIN,
    *,
    case: CasePolicy = "fold",
    admission: Admission = ALL,
) -> Path:
    """Return the file that `kept_terms` of the same arguments reads or writes, if they are `LARGE`."""
    options = [*astuple(ways), case, sorted(admission.stopped), admission.unwanted]
    asked = hashlib.sha256(json.dumps([*options, admission.min_length, mark_of(names)]).encode())
    asked.update(_own())
    return cache_root() / "terms" / f"{asked.hexdigest()[:32]}.arrow"


def kept_lexicon(terms: Sequence[Terms], places: Sequence[Path]) -> Lexicon:
    """Return `lexicon_of` terms, from the file of an earlier run if there is one.

    places: where `kept_at` has the terms, which says what they are.
    """
    if sum(len(each.keys) for each in terms) < LARGE:
        return lexicon_of(terms)
    path = lexicon_at(places)
    with suppress(OSError, pa.ArrowInvalid, KeyError):
        values = read_columns(path)[0]
        starts = values["starts"].to_numpy()
        return Lexicon(starts, _trie(values, "folded"), _trie(values, "spelled"))
    built = lexicon_of(terms)
    with suppress(OSError):
        write_columns(path, {"starts": pa.array(built.starts), **_columns_of(built)}, {})
    return built


def lexicon_at(places: Sequence[Path]) -> Path:
    """Return the file that `kept_lexicon` of the same places reads or writes, if there are many names."""
    asked = hashlib.sha256(" ".join(place.stem for place in places).encode() + _own())
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
    columns = {name: getattr(terms, name).column for name in _COLUMNS}
    write_columns(path, {**columns, **_columns_of(terms)}, {})


def opened(path: Path) -> Terms:
    """Return the index in a file, memory-mapped.

    Raises:
        OSError, pa.ArrowInvalid, KeyError: if there is none, or it is damaged.
    """
    values, _ = read_columns(path)
    return Terms(
        keys=Column(values["keys"]),
        spellings=Column(values["spellings"]),
        concepts=Column(values["concepts"], tuple),
        written=Column(values["written"]),
        folded=_trie(values, "folded"),
        spelled=_trie(values, "spelled"),
    )


def _columns_of(tries: Terms | Lexicon) -> dict[str, pa.Array]:
    """Return the columns of both tries."""
    both = {"folded": tries.folded, "spelled": tries.spelled}
    return {f"{n}_{part}": pa.array(getattr(t, part)) for n, t in both.items() for part in _TRIE}


def _trie(values: Mapping[str, pa.Array], name: str) -> Trie:
    found, *numbers = (values[f"{name}_{part}"] for part in _TRIE)
    return Trie(found, *(each.to_numpy() for each in numbers))


@cache
def _own() -> bytes:
    """Return what tells biolabel's ways of indexing apart: the hash of the code that does it."""
    data, here = Path(words.__file__).parent, Path(__file__).parent
    own = ("forms", "kept", "lexicon", "mapped", "phrases", "spellings", "terms", "trie")
    files = [*(data / f"{name}.py" for name in ("words", "rows")), *(here / f"{n}.py" for n in own)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()
