"""ChEBI's flat tables: the compounds, and their other names.

Old releases (to 244) write columns in capitals, a status by letter and `null` for nothing; new ones write a
name with HTML beside one in plain letters. ChEBI's OBO file has all this too, and what is above what.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of
from biolabel.kb.delimited import header_of
from biolabel.kb.entries import Entry, EntryName, ontology_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.tables import RowFilter, read_table

PREFIX = "CHEBI"
_COMPOUNDS = frozenset({"id", "chebi_accession", "parent_id", "name"})
_NAMES = frozenset({"compound_id", "type", "name"})
_EXACT = frozenset({"name", "iupac name"})
_GONE = frozenset({"D", "O"})
"""The statuses of compounds that are deleted or obsolete, in old releases."""
Row = Mapping[str, str]


def read_chebi(paths: Sequence[Path], where: Sequence[RowFilter] = ()) -> Ontology:
    """Read `compounds.tsv` and `names.tsv` (plain or packed), told by their columns; names may be missing.

    The compound's own name comes first; recommended and IUPAC names are exact, all others related, and
    `tag` is the type that the table gives (`INN`, `BRAND NAME`). Names in other languages than English
    are left out. A compound that was merged into another one stands for it, and gives it its names.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken or another one, or no compounds; others as
            `ontology_of`.
    """
    tables = {_role(path): path for path in paths}
    if "compounds" not in tables:
        message = f"{', '.join(map(str, paths))} has no compounds"
        raise KnowledgeError("BL705", message, hint='from: chebi "compounds.tsv", "names.tsv"')
    path = tables["compounds"]
    compounds = list(_rows(path))
    above = {row["id"]: row["parent_id"] for _, row in compounds if row["parent_id"]}
    names: defaultdict[str, list[EntryName]] = defaultdict(list)
    for _, row in _rows(tables["names"]) if "names" in tables else ():
        if row.get("language", row.get("language_code", "")) in ("", "en"):
            compound = row["compound_id"]
            names[above.get(compound, compound)].append(_name(row))
    return ontology_of((_entry(row, names, n) for n, row in compounds), where, path)


def _role(path: Path) -> str:
    columns = {name.strip().lower() for name in header_of(path, comma=False).names}
    if columns >= _COMPOUNDS:
        return "compounds"
    if columns >= _NAMES:
        return "names"
    message = f"{path} cannot be read: it is neither the compounds nor the names of ChEBI"
    raise KnowledgeError("BL705", message, hint=f"it has the columns {', '.join(sorted(columns))}")


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the line of each row and its cells, by columns in lower case."""
    table = read_table(path, "tsv")
    table = table.rename_columns([name.strip().lower() for name in table.column_names])
    first = header_of(path, comma=False).line + 1
    rows = (row for batch in table.to_batches() for row in batch.to_pylist())
    for line, row in enumerate(rows, first):
        yield line, {name: "" if cell == "null" else cell.strip() for name, cell in row.items()}


def _name(row: Row) -> EntryName:
    kind = "exact" if row["type"].lower() in _EXACT else "related"
    return EntryName(_text(row), kind, row["type"])


def _text(row: Row) -> str:
    return row.get("ascii_name") or row["name"]


def _entry(row: Row, names: Mapping[str, Sequence[EntryName]], line: int) -> Entry:
    concept, parent = f"{PREFIX}:{row['id']}", curie_of(row["parent_id"], PREFIX)
    if parent is not None or row.get("status") in _GONE:
        replaced_by = (parent,) if parent is not None else ()
        return Entry(id=concept, replaced_by=replaced_by, obsolete=True, line=line)
    own = (EntryName(_text(row)), *names.get(row["id"], ()))
    return Entry(id=concept, names=tuple(name for name in own if name.text), line=line)
