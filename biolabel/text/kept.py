"""What text processing found, kept between runs: a killed run goes on where it was.

One SQLite file for each way of processing, in the cache folder. A text is known by its hash, so
other corpora and other workspaces profit. A file that cannot be read, written or understood costs
time and nothing else.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.text.build import Abbreviation, Annotation
from biolabel.text.projection import Tokens

_PATIENCE = 5.0
"""Seconds to wait for another run that writes."""
_ASKED = 500
"""Texts that one query asks for; old versions of SQLite allow 999."""

_CREATE = "CREATE TABLE IF NOT EXISTS annotations (text BLOB PRIMARY KEY, found BLOB) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class Kept:
    """Annotations by text; the file and its folder are made when first written to."""

    path: Path

    def find(self, documents: Sequence[Document]) -> list[Annotation | None]:
        """Return what is known of each document, None where nothing is."""
        keys = [_key(document) for document in documents]
        known: dict[bytes, bytes] = {}
        if self.path.is_file():
            with self._forgiving(), closing(self._opened()) as connection:
                for first in range(0, len(keys), _ASKED):
                    asked = keys[first : first + _ASKED]
                    marks = ", ".join("?" * len(asked))
                    query = f"SELECT text, found FROM annotations WHERE text IN ({marks})"
                    known.update(connection.execute(query, asked))
        return [_read(known.get(key)) for key in keys]

    def add(self, documents: Sequence[Document], found: Sequence[Annotation]) -> None:
        """Keep what was found in documents, all or nothing."""
        rows = [(_key(d), _written(a)) for d, a in zip(documents, found, strict=True)]
        with self._forgiving():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._opened()) as connection, connection:
                connection.execute(_CREATE)
                connection.executemany("INSERT OR REPLACE INTO annotations VALUES (?, ?)", rows)

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_PATIENCE)
        # Many read while one writes; what a killed process had written stays.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Let what goes wrong end the block and nothing else; remove a file that is damaged."""
        try:
            yield
        except (OSError, sqlite3.OperationalError):
            return  # locked, full, or not to be written
        except sqlite3.DatabaseError:
            for end in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self.path.with_name(self.path.name + end).unlink(missing_ok=True)


def name_of(*asked: object) -> str:
    """Return the name of the file for a way of processing, from whatever it depends on."""
    return f"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]}.sqlite"


def _key(document: Document) -> bytes:
    texts = [(passage.offset, passage.text) for passage in document.passages]
    return hashlib.sha256(json.dumps(texts).encode()).digest()


def _written(found: Annotation) -> bytes:
    shorts = [astuple(each) for each in found.abbreviations]
    tokens = [[getattr(each, f.name) for f in fields(Tokens)] for each in found.tokens]
    # Compressed for its check sum as much as for its size.
    return zlib.compress(json.dumps([found.sentence_starts, shorts, tokens]).encode(), 1)


def _read(written: bytes | None) -> Annotation | None:
    """Return what was written, None where it was not, or not so."""
    if written is None:
        return None
    with suppress(zlib.error, ValueError, TypeError):
        starts, shorts, tokens = json.loads(zlib.decompress(written))
        return Annotation(
            _whole(starts),
            tuple(Abbreviation(*_whole(places)) for places in shorts),
            tuple(Tokens(*map(tuple, columns)) for columns in tokens),
        )
    return None


def _whole(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(map(int, numbers))
