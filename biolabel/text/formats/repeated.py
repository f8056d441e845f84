"""Documents that come twice: the first is kept, and whether the second says the same is told."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from biolabel.text.rejects import Lost


class Again(NamedTuple):
    """What is lost with a repeated document, and the reason to reject it with."""

    lost: Lost
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The ids of the documents that were read, each with 8 bytes of a hash of its content."""

    _digests: dict[str, bytes] = field(default_factory=dict)

    def again(self, id_: str, content: object) -> Again | None:
        """Take a document in, or say how it repeats one.

        content: whatever tells two versions of a document apart, by its `repr`.
        """
        digest = hashlib.blake2b(repr(content).encode(errors="replace"), digest_size=8).digest()
        known = self._digests.setdefault(id_, digest)
        if known is digest:
            return None
        if known == digest:
            return Again("nothing", "the document is repeated, exactly the same")
        return Again("document", "the document is repeated, with other content")
