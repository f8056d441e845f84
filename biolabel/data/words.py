r"""The fixed word rule: the same rows for documents, patterns and ontology names.

A row is a word (`\d+([.,]\d+)+` or `\w+`) or a hard sign. Soft signs (hyphens, slashes, apostrophes,
quotes) and blanks make no row, so "lidocaine-induced" and "lidocaine induced" are the same two rows.
"""

import re
from functools import lru_cache
from itertools import filterfalse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOFT = frozenset("-‐‑‒–—−/\\'\"’‘‚‛“”„‟`´ʼ′″")
_ROW = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")


def rows_of(text: str) -> tuple["NDArray[np.int32]", "NDArray[np.bool_]"]:
    """Return the rows of a text: int32[n, 2] start and end, and bool[n], true for words."""
    # Checking rule files needs words, but no arrays, and answers sooner without them.
    import numpy as np

    spans: list[tuple[int, int]] = []
    words: list[bool] = []
    for match in _ROW.finditer(text):
        sign = match.end() - match.start() == 1 and match.group() in SOFT
        if not sign:
            spans.append(match.span())
            words.append(match.group()[0].isalnum() or match.group()[0] == "_")
    return np.array(spans, dtype=np.int32).reshape(-1, 2), np.array(words, dtype=bool)


def words_of(text: str) -> list[str]:
    """Return the texts of the rows of a short text, such as a phrase or an ontology name."""
    return list(filterfalse(SOFT.__contains__, _ROW.findall(text)))


@lru_cache(maxsize=1 << 18)
def key_of(name: str) -> str:
    """Return the form under which a name is looked up: its rows in lower case, joined by blanks."""
    return " ".join(words_of(name.lower()))
