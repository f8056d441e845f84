"""Opening the files of ontologies: plain or packed, and XML that may reach for nothing outside."""

import bz2
import gzip
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from lxml import etree

from biolabel.data.growth import GROWTH, allowed, limited
from biolabel.errors import KnowledgeError

PACKED = frozenset({".gz", ".bz2", ".zip"})
"""The endings of files that are unpacked as they are read."""


_Packed = gzip.GzipFile | bz2.BZ2File | zipfile.ZipExtFile
_DAMAGED = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, struct.error,
)  # fmt: skip
"""What opening and unpacking a damaged file raises."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, unpacked by its ending; errors while it is read are coded.

    A .zip must hold one file. A plain file may have any size.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 one that cannot be read or parsed, BL720 one that
            unpacks to far more than its size.
    """
    try:
        with _opened(path) as stream:
            packed = path.suffix in PACKED
            content = limited(stream, allowed(path), lambda: bomb(path)) if packed else stream
            yield cast(BinaryIO, content)
    except FileNotFoundError as error:
        raise KnowledgeError("BL703", f"there is no file {path}") from error
    except _DAMAGED as error:
        raise broken(path, f"{error}{_after(path)}") from error
    except etree.XMLSyntaxError as error:
        message = (error.msg or str(error)).partition(", line ")[0]
        raise broken(path, message, error.lineno) from error
    except json.JSONDecodeError as error:
        raise broken(path, error.msg, error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise broken(path, str(error)) from error


def _after(path: Path) -> str:
    """Return the last whole line before the place where a file cannot be unpacked any further."""
    lines = 0
    with suppress(*_DAMAGED), _opened(path) as stream:
        while found := stream.read1(1 << 16):
            lines += found.count(b"\n")
    return f", after line {lines:,}" if lines else ""


def _opened(path: Path) -> io.BufferedReader | _Packed:
    match path.suffix:
        case ".gz":
            return gzip.GzipFile(path, "rb")
        case ".bz2":
            return bz2.BZ2File(path, "rb")
        case ".zip":
            return _only_member(path)
        case _:
            return path.open("rb")


def _only_member(path: Path) -> _Packed:
    with zipfile.ZipFile(path) as archive:
        names = [found for found in archive.namelist() if found and not found.endswith("/")]
        if len(names) != 1:
            raise broken(path, f"it holds {len(names)} files, and one is wanted")
        # The member keeps the archive open as long as it is read.
        try:
            return cast(_Packed, archive.open(names[0]))
        except RuntimeError as error:  # encrypted, or packed in an unknown way
            raise broken(path, str(error)) from error


def bomb(path: Path) -> KnowledgeError:
    """Return BL720: a packed file that holds far more than its size."""
    message = f"{path} unpacks to more than {GROWTH} times its size"
    return KnowledgeError(
        "BL720", message, hint="if that is right, unpack it: plain files may grow"
    )


def broken(path: Path, what: str, line: int | None = None) -> KnowledgeError:
    """Return BL705: a file that is not what its format says, at a line if that is known."""
    return KnowledgeError("BL705", f"{place(path, line)} cannot be read: {what}")


def place(path: Path, line: int | None) -> str:
    """Return a file, or a line of it, as messages name it."""
    return f"{path}:{line}" if line is not None else str(path)


def line_of(path: Path, *texts: str, after: int = 0) -> int | None:
    """Return the first line of a file, after one, in which all of some texts stand as whole words.

    None if there is none, and for Parquet, which has no lines. Of a text of several lines the first one
    counts.
    """
    heads = [text.splitlines()[0] for text in texts if text.strip()]
    wanted = [re.compile(rf"(?<!\w){re.escape(head)}(?!\w)".encode()) for head in heads]
    if _is_parquet(path):
        return None
    with opened(path) as stream:
        numbered = enumerate(stream, 1)
        found = (n for n, line in numbered if n > after and all(w.search(line) for w in wanted))
        return next(found, None)


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def elements(path: Path, *tags: str) -> Iterator[etree._Element]:
    """Yield the elements with some tags, each when it is complete; they are emptied afterwards.

    Only entities of the file itself are expanded, up to libxml2's limit of growth; no DTD is loaded and
    nothing is fetched, whatever the file asks for.

    Raises:
        KnowledgeError: as `opened`.
    """
    with opened(path) as stream:
        found = etree.iterparse(
            stream, tag=tags, resolve_entities="internal", no_network=True, load_dtd=False
        )
        for _, element in found:
            yield element
            parent = element.getparent()
            element.clear()
            # At the top, what is done goes too, or the emptied elements of a large file pile up.
            if parent is not None and parent.getparent() is None:
                while element.getprevious() is not None:
                    del parent[0]
