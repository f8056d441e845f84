"""Any table as an ontology, by a map of its columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import column_curies, curie_of
from biolabel.kb.ontology import Ontology, grouped
from biolabel.kb.tables import RowFilter, column, keep_rows, need

ROLES = ("id", "name", "synonyms", "parents", "tree", "type")
"""What a column of a table of terms can be; all but id and name may be missing."""


@dataclass(frozen=True, slots=True)
class TermColumns:
    """Which column of a table of terms is what, and how its cells are read.

    roles: our name of a column (`ROLES`) to the table's own; separator: between several values of one
    cell; prefix: of identifiers written without one, empty where none may be; code: BL402 where a rule
    file names the columns, BL706 where a kb.toml does.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    separator: str = "|"
    prefix: str = ""
    code: str = "BL402"


def ontology_of_table(
    table: pa.Table, columns: TermColumns, where: Sequence[RowFilter], path: Path
) -> Ontology:
    """Return the ontology in a table; a column that is not named stands for the role of its name.

    `where` may name columns of the table and roles; it says which rows give names, and all rows give
    the hierarchy.

    Raises:
        KnowledgeError: BL402 or BL706 an unknown column, or none for id and name; BL713 as
            `tables.keep_rows`, BL714 as `curie.column_curies`.
    """
    roles = _roles(table, columns, path)
    asked = [
        RowFilter(columns.roles.get(each.column, each.column), each.operator, each.value)
        for each in where
    ]
    kept = keep_rows(table, asked, path, columns.code)

    def cells(of: pa.Table, role: str) -> Iterator[tuple[str | None, str]]:
        """Yield a concept and one value of its cell in the column of a role."""
        if role in roles:
            concepts = column_curies(of[roles["id"]].to_pylist(), columns.prefix, path)
            for concept, cell in zip(concepts, of[roles[role]].to_pylist(), strict=True):
                for part in cell.split(columns.separator):
                    yield concept, part

    ids = column_curies(kept[roles["id"]].to_pylist(), columns.prefix, path)
    preferred = zip(ids, kept[roles["name"]].to_pylist(), strict=True)
    parents = ((c, curie_of(raw, columns.prefix) or "") for c, raw in cells(table, "parents"))
    return Ontology(
        names=grouped([*preferred, *cells(kept, "synonyms")]),
        trees=grouped(cells(table, "tree")),
        parents=grouped(parents),
        types=grouped(cells(table, "type")),
        prefix=columns.prefix,
        omitted=table.num_rows - kept.num_rows,
    )


def _roles(table: pa.Table, columns: TermColumns, path: Path) -> dict[str, str]:
    roles = {role: role for role in ROLES if role in table.column_names}
    roles |= {role: name for role, name in columns.roles.items() if name}
    for role in ("id", "name"):
        if role not in roles:
            message = f"nothing says which column of {path} is the {role}"
            hint = f'write `columns: {role} = "..."`; columns: {", ".join(table.column_names)}'
            raise KnowledgeError(columns.code, message, hint=hint)
    need(table, list(roles.values()), path, columns.code)
    return roles


def tree_numbers(table: pa.Table, id_: str, trees: str, columns: TermColumns, path: Path) -> dict[
    str, tuple[str, ...]
]:  # fmt: skip
    """Return the tree numbers that a table gives by identifier.

    Raises:
        KnowledgeError: BL402 or BL706 an unknown column.
    """
    numbers = zip(
        column(table, id_, path, columns.code),
        column(table, trees, path, columns.code),
        strict=True,
    )
    return grouped(
        (curie_of(raw, columns.prefix), part)
        for raw, cell in numbers
        for part in cell.split(columns.separator)
    )
