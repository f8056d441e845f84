"""What readers of given mentions share: spans held to the text, and cells of identifiers."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from biolabel.data.documents import Mention
from biolabel.kb.curie import NO_CONCEPT, curie_of
from biolabel.text.rejects import Lost

WIDEST_GAP = 1000
"""More blanks than stand between two passages: a larger offset is a mistake, and would fill memory."""
_ID = re.compile(r"(?:[^\W\d_][\w.-]*:)?[\w.-]+")
_SEPARATORS = re.compile(r"[|+;,]")


class UnusableError(Exception):
    """A piece of input that has to be rejected: what is lost, and why."""

    def __init__(self, lost: Lost, reason: str) -> None:
        """Keep both for the reject."""
        super().__init__(reason)
        self.lost = lost
        self.reason = reason


class Concepts(NamedTuple):
    """The CURIEs of a cell, and what stands in it but is no identifier."""

    curies: tuple[str, ...]
    malformed: tuple[str, ...]


def concepts_of(cell: str, prefix: str = "MESH") -> Concepts:
    """Return the concepts of a cell: `A|B`, and the same with `+`, `;` or `,`, give several.

    `-1`, `-` and nothing give none. An identifier without a prefix gets `prefix`.
    """
    raws = [raw.strip() for raw in _SEPARATORS.split(cell)]
    good = [raw for raw in raws if raw in NO_CONCEPT or _ID.fullmatch(raw)]
    curies = dict.fromkeys(curie_of(raw, prefix) for raw in good)
    bad = tuple(raw for raw in raws if raw not in good)
    return Concepts(tuple(curie for curie in curies if curie), bad)


def mention_at(
    text: str,
    spans: Sequence[tuple[int, int]],
    written: str,
    type_: str,
    concepts: tuple[str, ...] = (),
    source: str = "given",
    probability: float = 1.0,
) -> Mention:
    """Return a mention whose spans give the text that is written for it; white space does not count.

    Of a discontinuous one its parts may be written, or all from its start to its end. Parts that
    touch are one. Nothing written is not checked.

    Raises:
        UnusableError: for spans that the text does not have, other text, or no type.
    """
    parts = sorted(spans)
    start, end = min(parts, default=(0, 0))[0], max((end for _, end in parts), default=0)
    said = " ".join(f"{low}-{high}" for low, high in parts) or "nothing"
    if not parts or not all(0 <= low < high <= len(text) for low, high in parts):
        reason = f"{said} is no span of the text, which has {len(text)} characters"
        raise UnusableError("mention", reason)
    found = " ".join(text[low:high] for low, high in parts)
    wanted = "".join(written.split())
    if wanted and wanted not in ("".join(found.split()), "".join(text[start:end].split())):
        raise UnusableError("mention", f"the text at {said} is {found!r}, not {written!r}")
    if not type_.strip():
        raise UnusableError("mention", "the mention has no type")
    merged = _merged(parts)
    kept = tuple(merged) if len(merged) > 1 else ()
    return Mention(start, end, type_.strip(), concepts, source, probability, kept)


def _merged(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ascending spans with those that overlap or touch made one."""
    merged = [parts[0]]
    for low, high in parts[1:]:
        if low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged
