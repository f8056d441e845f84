"""What knowledge bases say of a pair: which of them have it, and the documents that they name for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from biolabel.kb.pairs import Pair, PairIndex


@dataclass(frozen=True, slots=True)
class Statement:
    """A knowledge base that has a pair, and the documents that state it there: PubMed ids, older first."""

    kb: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The knowledge bases that make a pair known, by name; the leak guard's documents are not in them."""

    bases: Mapping[str, PairIndex]

    def of(self, pair: Pair) -> tuple[Statement, ...]:
        """Return what the bases state of a pair, nothing where none has it."""
        return tuple(
            Statement(name, base.cited(pair))
            for name, base in self.bases.items()
            if pair in base.counts[""]
        )
