"""Knowledge bases of pairs, for distant supervision."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from biolabel.data.words import key_of
from biolabel.kb.catalog import entry_of, table_path
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

    A row without a piece of evidence counts as one. A pair whose evidence is all withheld is gone,
    but its subset remains known.

    Raises:
        KnowledgeError: BL701 to BL706, BL709 as the catalog and its tables raise them.
    """
    found = entry_of("pairs", name, folder)
    path = table_path(found, folder)
    table = read_table(path)
    if found.filter:
        table = keep_rows(table, found.filter.column, found.filter.equals, path)
    n = table.num_rows
    evidence = column(table, found.columns.evidence, path) if found.columns.evidence else [""] * n
    subsets = column(table, found.columns.subset, path) if found.columns.subset else [""] * n
    subjects = (curie_of(raw, found.prefix) for raw in column(table, found.columns.subject, path))
    objects = (curie_of(raw, found.prefix) for raw in column(table, found.columns.object, path))
    pieces: dict[str, dict[tuple[str, str], set[str]]] = {"": {}}
    withheld = 0
    rows = zip(subjects, objects, subsets, evidence, strict=True)
    for row, (subject, object_, subset, cell) in enumerate(rows):
        parts = {"", key_of(subset).replace(" ", "_")}
        for part in parts:
            pieces.setdefault(part, {})
        if subject is None or object_ is None:
            continue
        # A row without evidence is a piece of its own, and no document has this name.
        stated = set(filter(None, cell.split(found.separator))) or {f"row {row}"}
        kept = stated - documents
        withheld += len(stated) - len(kept)
        for part in parts if kept else ():
            pieces[part].setdefault((subject, object_), set()).update(kept)
    counts = {
        part: {pair: len(kept) for pair, kept in pairs.items()} for part, pairs in pieces.items()
    }
    return PairIndex(counts, withheld)
