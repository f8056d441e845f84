"""Documents as they are read: text in passages, given mentions and relations."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's text: its kind (title, abstract), offset and text."""

    kind: str
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A typed span of a document, in code points, half-open, with its concepts as CURIEs."""

    start: int
    end: int
    type: str
    concepts: tuple[str, ...] = ()
    source: str = "given"
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Relation:
    """A labeled pair of concepts (CURIEs) of one document; `task` names the relation."""

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
