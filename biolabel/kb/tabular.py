"""Any table as an ontology, by a map of its columns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import column_curies, curie_of
from biolabel.kb.entries import CONTROL, checked_name, followed, kinds_of, references_of
from biolabel.kb.hierarchy import check_circles
from biolabel.kb.ontology import EXACT, Ontology, grouped
from biolabel.kb.streams import line_of, place
from biolabel.kb.tables import RowFilter, column, keep_rows, need

ROLES = ("id", "name", "synonyms", "parents", "tree", "type")
"""What a column of a table of terms can be by its own name; all but id and name may be missing."""
KINDS = ("related", "broad", "narrow", "lay", "abbreviation")
"""Roles of columns with names of a kind; `synonyms` are exact names."""
OTHER_ROLES = ("kind", *KINDS, "old_ids", "references")
"""Roles that a column has only if it is said: the kind of the row's names, names of a kind, identifiers
that the concept once had, and its identifiers in other vocabularies."""


@dataclass(frozen=True, slots=True)
class TermColumns:
    """Which column of a table of terms is what, and how its cells are read.

    roles: our name of a column (`ROLES`, `OTHER_ROLES`) to the table's own; separator: between several
    values of one cell; prefix: of identifiers written without one, empty where none may be; code: BL402
    where a rule file names the columns, BL706 where a kb.toml does; kinds: the names that count unless
    `where` asks for a `kind`, empty for all; references: columns of identifiers in another vocabulary to
    its prefix.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    separator: str = "|"
    prefix: str = ""
    code: str = "BL402"
    kinds: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)


def ontology_of_table(
    table: pa.Table, columns: TermColumns, where: Sequence[RowFilter], path: Path
) -> Ontology:
    """Return the ontology in a table; a column that is not named stands for the role of its name.

    `where` may name columns of the table and roles, and `kind`, which is that of the names if no column
    is called so. It says which rows give names, and all rows give the hierarchy.

    Raises:
        KnowledgeError: BL402 or BL706 an unknown column, or none for id and name; BL713 as
            `tables.keep_rows`, BL714 as `curie.column_curies`, BL722 a name with a tab, BL723 a concept
            above itself.
    """
    roles = _roles(table, columns, path)
    asked = [
        RowFilter(columns.roles.get(each.column, each.column), each.operator, each.value)
        for each in where
    ]
    of_names = [e for e in asked if e.column == "kind" and "kind" not in table.column_names]
    kept = keep_rows(table, [each for each in asked if each not in of_names], path, columns.code)

    def cells(of: pa.Table, role: str) -> Iterator[tuple[str | None, str]]:
        """Yield a concept and one value of its cell in the column of a role."""
        if role in roles:
            concepts = column_curies(of[roles["id"]].to_pylist(), columns.prefix, path)
            for concept, cell in zip(concepts, of[roles[role]].to_pylist(), strict=True):
                for part in cell.split(columns.separator):
                    yield concept, part

    old = {
        before: concept
        for concept, raw in cells(table, "old_ids")
        if concept and (before := curie_of(raw, columns.prefix))
    }
    current = set(column_curies(table[roles["id"]].to_pylist(), columns.prefix, path))
    replaced = followed({before: now for before, now in old.items() if before not in current})
    above = [(c, curie_of(raw, columns.prefix) or "") for c, raw in cells(table, "parents")]
    parents = grouped((concept, replaced.get(up, up)) for concept, up in above)
    check_circles(parents, lambda one, up: _stated(one, up, table, columns, roles, path))
    names, omitted = _names(kept, roles, columns, of_names, path)
    return Ontology(
        names={concept: tuple(kinds) for concept, kinds in names.items()},
        trees=grouped(cells(table, "tree")),
        parents=parents,
        types=grouped(cells(table, "type")),
        replaced=replaced,
        references=grouped(_references(table, roles, columns, path)),
        kinds=kinds_of(names),
        prefix=columns.prefix,
        omitted=table.num_rows - kept.num_rows + omitted,
    )


def _stated(
    concept: str,
    parent: str,
    table: pa.Table,
    columns: TermColumns,
    roles: Mapping[str, str],
    path: Path,
) -> str:
    """Return where a table says that a concept is below another; old identifiers may stand there."""
    cells = (table[roles[role]].to_pylist() for role in ("id", "parents"))
    rows = [(i, up) for i, up in zip(*cells, strict=True) if curie_of(i, columns.prefix) == concept]
    parts = [(i, part.strip()) for i, up in rows for part in up.split(columns.separator)]
    named = [(i, part) for i, part in parts if curie_of(part, columns.prefix) == parent]
    return place(path, line_of(path, *(named or parts)[0]))


def _names(
    table: pa.Table,
    roles: Mapping[str, str],
    columns: TermColumns,
    of_names: Sequence[RowFilter],
    path: Path,
) -> tuple[dict[str, dict[str, str]], int]:
    """Return the kind of each name of each concept, and how many names have another kind than wanted."""
    ids = column_curies(table[roles["id"]].to_pylist(), columns.prefix, path)
    own = table[roles["kind"]].to_pylist() if "kind" in roles else [EXACT] * len(ids)
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    omitted = 0
    for role in ("name", "synonyms", *KINDS):
        if role not in roles:
            continue
        cells = table[roles[role]]
        _check_names(cells, roles[role], path)
        kinds = [role] * len(ids) if role in KINDS else own
        wanted = {kind: _is_wanted(kind, columns, of_names, path) for kind in set(kinds)}
        for concept, cell, kind in zip(ids, cells.to_pylist(), kinds, strict=True):
            # A preferred name is one name, whatever signs it holds.
            for part in [cell] if role == "name" else cell.split(columns.separator):
                name = part.strip()
                if concept is None or not name:
                    continue
                if wanted[kind]:
                    found[concept].setdefault(name, kind or EXACT)
                else:
                    omitted += 1
    return dict(found), omitted


def _is_wanted(kind: str, columns: TermColumns, of_names: Sequence[RowFilter], path: Path) -> bool:
    if of_names:
        return bool(keep_rows(pa.table({"kind": [kind or EXACT]}), of_names, path).num_rows)
    return not columns.kinds or (kind or EXACT) in columns.kinds


def _check_names(cells: pa.ChunkedArray, name: str, path: Path) -> None:
    if pc.any(pc.match_substring_regex(cells, CONTROL.pattern)).as_py():
        for row, cell in enumerate(cells.to_pylist(), 1):
            if CONTROL.search(cell.strip()):
                line = line_of(path, cell.strip())
                where = place(path, line) if line is not None else f"{path}, row {row}"
                checked_name(cell, f"{where}, column `{name}`")


def _references(
    table: pa.Table, roles: Mapping[str, str], columns: TermColumns, path: Path
) -> Iterator[tuple[str | None, str]]:
    named = dict(columns.references)
    if "references" in roles:
        named.setdefault(roles["references"], "")
    need(table, list(named), path, columns.code)
    ids = column_curies(table[roles["id"]].to_pylist(), columns.prefix, path)
    for name, prefix in named.items():
        for concept, cell in zip(ids, table[name].to_pylist(), strict=True):
            for part in filter(None, cell.split(columns.separator)):
                found = (curie_of(part, prefix),) if prefix else references_of([part])
                yield from ((concept, other) for other in found if other)


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
