r"""The fixed word rule: the same rows for documents, patterns and ontology names.

A row is a word (`\d+([.,]\d+)+` or `\w+`) or a hard sign. Soft signs (hyphens, slashes, apostrophes,
quotes) and blanks make no row, so "lidocaine-induced" and "lidocaine induced" are the same two rows.
The rows of long texts, as arrays, come from `biolabel.data.rows`.
"""

import re
from functools import lru_cache
from itertools import filterfalse

SOFT = frozenset("-‐‑‒–—−/\\'\"’‘‚‛“”„‟`´ʼ′″")
_ROW = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")


def words_of(text: str) -> list[str]:
    """Return the texts of the rows of a short text, such as a phrase or an ontology name."""
    return list(filterfalse(SOFT.__contains__, _ROW.findall(text)))


@lru_cache(maxsize=1 << 18)
def key_of(name: str) -> str:
    """Return the form under which a name is looked up: its rows in lower case, joined by blanks."""
    return " ".join(words_of(name.lower()))
