"""Human gene nomenclature (HGNC) as its tables: the complete set, and the entries withdrawn."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of
from biolabel.kb.delimited import header_of
from biolabel.kb.entries import Entry, EntryName, ontology_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.tables import RowFilter, read_table

PREFIX = "HGNC"
_NAMES = {
    "symbol": "exact", "name": "exact", "alias_symbol": "related", "alias_name": "related",
    "prev_symbol": "related", "prev_name": "related",
}  # fmt: skip
_REFERENCES = {
    "entrez_id": "NCBIGENE", "omim_id": "OMIM", "uniprot_ids": "UNIPROT", "ensembl_gene_id": "ENSEMBL",
}  # fmt: skip
_WITHDRAWN = "withdrawn_symbol"
_MERGED = re.compile(r"HGNC:\d+")
Row = Mapping[str, str]


def read_hgnc(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read `hgnc_complete_set.txt`, or `withdrawn.txt`, which tells what took the place of old entries.

    Approved symbols and names are exact, alias and previous ones related; `tag` is the column a name is
    from (`prev_symbol`), `namespace` the locus group. NCBI Gene, OMIM, UniProt and Ensembl are
    cross-references.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, others as `ontology_of`.
    """
    header = header_of(path, comma=False)
    table = read_table(path, "tsv")
    table = table.rename_columns([name.strip().lower() for name in table.column_names])
    withdrawn = _WITHDRAWN in table.column_names
    needed = ("hgnc_id",) if withdrawn else ("hgnc_id", "symbol", "name")
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        message = f"{path} cannot be read: it is no table of HGNC, as it has no `{missing[0]}`"
        hint = "hgnc_complete_set.txt and withdrawn.txt are; others are read by `from: tsv`"
        raise KnowledgeError("BL705", message, hint=hint)
    rows = (row for batch in table.to_batches() for row in batch.to_pylist())
    entry = _withdrawn if withdrawn else _entry
    entries = (entry(row, line) for line, row in enumerate(rows, header.line + 1))
    return ontology_of((each for each in entries if each), where, path)


def _entry(row: Row, line: int) -> Entry | None:
    concept = curie_of(row["hgnc_id"], PREFIX)
    if concept is None:
        return None
    names = (
        EntryName(text, kind, column)
        for column, kind in _NAMES.items()
        for text in _values(row, column)
    )
    references = (
        curie_of(value, prefix)
        for column, prefix in _REFERENCES.items()
        for value in _values(row, column)
    )
    return Entry(
        id=concept,
        names=tuple(names),
        references=tuple(found for found in references if found),
        obsolete="withdrawn" in row.get("status", "").lower(),
        namespace=row.get("locus_group", ""),
        line=line,
    )


def _withdrawn(row: Row, line: int) -> Entry | None:
    concept = curie_of(row["hgnc_id"], PREFIX)
    merged = next((cell for column, cell in row.items() if column.startswith("merged_into")), "")
    new = tuple(_MERGED.findall(merged))
    # An entry that was split has no one successor.
    replaced_by = new if len(new) == 1 else ()
    return Entry(id=concept, replaced_by=replaced_by, obsolete=True, line=line) if concept else None


def _values(row: Row, column: str) -> Iterator[str]:
    """Yield the values of a cell; cells with several stand in quotation marks."""
    cell = row.get(column, "").strip()
    if cell.startswith('"') and cell.endswith('"') and len(cell) > 1:
        cell = cell[1:-1].replace('""', '"')
    yield from filter(None, cell.split("|"))
