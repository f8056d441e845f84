"""Opening the files of ontologies: plain, gzip or bzip2, and XML that may reach for nothing outside."""

import bz2
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from lxml import etree

from biolabel.errors import KnowledgeError


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, decompressed by its ending; errors while it is read are coded.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 one that cannot be read or parsed.
    """
    try:
        with _decompressed(path) as stream:
            yield stream
    except FileNotFoundError as error:
        raise KnowledgeError("BL703", f"there is no file {path}") from error
    except (
        OSError, EOFError, UnicodeDecodeError, zlib.error, etree.XMLSyntaxError,
        json.JSONDecodeError, RecursionError,
    ) as error:  # fmt: skip
        raise broken(path, str(error)) from error


def _decompressed(path: Path) -> BinaryIO:
    match path.suffix:
        case ".gz":
            return cast(BinaryIO, gzip.open(path, "rb"))
        case ".bz2":
            return cast(BinaryIO, bz2.open(path, "rb"))
        case _:
            return path.open("rb")


def broken(path: Path, what: str) -> KnowledgeError:
    """Return BL705: a file that is not what its format says."""
    return KnowledgeError("BL705", f"{path} cannot be read: {what}")


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
