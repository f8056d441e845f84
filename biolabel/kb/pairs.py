"""Knowledge bases of pairs, for distant supervision."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from biolabel.data.words import key_of
from biolabel.kb.catalog import entry, table_path
from biolabel.kb.curie import curie_of
from biolabel.kb.tables import column, keep_rows, read_table


@dataclass(frozen=True, slots=True)
class PairIndex:
    """Pairs of concepts with the number of pieces of evidence that remain after the leak guard.

    counts: subset name ("" = all subsets together) to (subject, object) CURIEs to evidence count;
    withheld: pieces of evidence left out because they come from the documents being labeled.
    """

    counts: Mapping[str, Mapping[tuple[str, str], int]]
    withheld: int = 0


def read_pairs(
    name: str, documents: frozenset[str] = frozenset(), folder: Path | None = None
) -> PairIndex:
    """Read a knowledge base of pairs, without the evidence from the given documents (leak guard).

    A row without an evidence column counts as one piece. A pair whose evidence is all withheld is gone.

    Raises:
        KnowledgeError: BL701 to BL706 as the catalog and its tables raise them.
    """
    found = entry(name, folder)
    path = table_path(found, folder)
    table = read_table(path)
    if found.filter:
        table = keep_rows(table, found.filter.column, found.filter.equals, path)
    n = table.num_rows
    evidence = column(table, found.columns.evidence, path) if found.columns.evidence else [""] * n
    subsets = column(table, found.columns.subset, path) if found.columns.subset else [""] * n
    subjects = (curie_of(raw, found.prefix) for raw in column(table, found.columns.subject, path))
    objects = (curie_of(raw, found.prefix) for raw in column(table, found.columns.object, path))
    counts: dict[str, dict[tuple[str, str], int]] = {"": {}}
    withheld = 0
    for subject, object_, subset, cell in zip(subjects, objects, subsets, evidence, strict=True):
        if subject is None or object_ is None:
            continue
        pieces = [piece for piece in cell.split(found.separator) if piece]
        kept = [piece for piece in pieces if piece not in documents]
        withheld += len(pieces) - len(kept)
        number = _number(cell) if pieces and _number(cell) else len(kept)
        if pieces and not kept:
            continue
        for part in {"", key_of(subset).replace(" ", "_")}:
            pairs = counts.setdefault(part, {})
            pairs[subject, object_] = pairs.get((subject, object_), 0) + max(number, 1)
    return PairIndex(counts, withheld)


def _number(cell: str) -> int:
    """Return the count that a cell states, or 0 where it lists documents (PubMed ids are longer)."""
    return int(cell) if cell.isdigit() and len(cell) < 5 else 0
