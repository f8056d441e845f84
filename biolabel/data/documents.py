"""Documents as they are read: text in passages, given mentions and relations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

HEADING_BREAK = " > "
"""What stands between a section's heading and those of the sections around it."""

_KEY = re.compile(r"@(\d+)-(\d+):(.+)")


def mention_key(start: int, end: int, type_: str) -> str:
    """Return what names a mention within its document: `@start-end:type`, in code points.

    No CURIE begins with `@`. The type is part of it because one span can have several.
    """
    return f"@{start}-{end}:{type_}"


def place_of_key(key: str) -> tuple[int, int, str] | None:
    """Return start, end and type of a mention key, None for anything else, such as a CURIE."""
    found = _KEY.fullmatch(key)
    return (int(found[1]), int(found[2]), found[3]) if found else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's text: its kind (title, abstract), offset, text and heading.

    A kind or heading that is not known is empty. A heading may begin with those of the sections
    around it, outermost first, with `HEADING_BREAK` between them.
    """

    kind: str
    offset: int
    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A typed span of a document, in code points, half-open, with its concepts as CURIEs.

    parts: the spans of a discontinuous mention, ascending, the first from `start`, the last to `end`;
    nothing for any other. Rules see start to end.
    """

    start: int
    end: int
    type: str
    concepts: tuple[str, ...] = ()
    source: str = "given"
    probability: float = 1.0
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What a relation may call the mention: its concepts, or itself by its key."""
        return (*self.concepts, mention_key(self.start, self.end, self.type))


@dataclass(frozen=True, slots=True)
class Relation:
    """A labeled pair of concepts (CURIEs) or of mentions (keys) of one document.

    `task` names the relation.
    """

    task: str
    subject: str
    object: str
    label: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Document:
    """A document: passages whose offsets count code points from the document's start.

    Between passages the text has exactly the separators that the offsets imply (blanks).
    `topics` holds gold or predicted document labels, task name to label.
    """

    id: str
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole text, such that every offset of the document points into it."""
        parts: list[str] = []
        at = 0
        for passage in self.passages:
            parts += [" " * (passage.offset - at), passage.text]
            at = passage.offset + len(passage.text)
        return "".join(parts)
