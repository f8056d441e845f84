"""Tables of pairs as they are read: a row each, columns of numbers, and the documents that rows cite."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import entry_of, table_path
from biolabel.kb.ctd import read_ctd_pairs
from biolabel.kb.curie import column_curies
from biolabel.kb.sources import TABLES, Source, check_columns, filtered, located, table_format
from biolabel.kb.tables import column, keep_rows, need, read_table
from biolabel.kb.umls import PREFIX, read_relations

ROLES = ("subject", "object", "subset", "evidence", "count")
"""What a column of a table of pairs can be; all but subject and object may be missing."""
FEW = 10_000
"""A number of papers rather than a paper, if half of a column are below it."""
_REFERENCE = r"(?i)^(?:pmid|pubmed)\s*:\s*"
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PairRows:
    """The rows of one or more tables.

    subject, object: int64[n], indices into `concepts`, -1 for none; subset: int64[n], indices into
    `subsets`; number: int64[n], the pieces of evidence without a document; cited_by, document: int64[k],
    the row of each citation, ascending, and its document as an index into `documents`.
    """

    concepts: tuple[str, ...]
    subject: Ints
    object: Ints
    subsets: tuple[str, ...]
    subset: Ints
    number: Ints
    documents: tuple[str, ...]
    cited_by: Ints
    document: Ints


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one table, read but not numbered; citations as in `PairRows`."""

    subjects: Sequence[str | None]
    objects: Sequence[str | None]
    subsets: Sequence[str]
    numbers: Sequence[int]
    cited_by: Ints
    documents: Sequence[str]


def read_rows(source: Source) -> PairRows:
    """Read all tables of a source.

    Raises:
        KnowledgeError: as `pairs.read_pairs`.
    """
    check_columns(source)
    tables = list(_tables(source))
    sides = _numbered([*(t.subjects for t in tables), *(t.objects for t in tables)])
    subsets = _numbered([t.subsets for t in tables])
    documents = _numbered([t.documents for t in tables])
    sizes = [len(t.subjects) for t in tables]
    before = np.cumsum([0, *sizes])
    half = sum(sizes)
    return PairRows(
        concepts=sides[0],
        subject=sides[1][:half],
        object=sides[1][half:],
        subsets=subsets[0],
        subset=subsets[1],
        number=np.fromiter((n for t in tables for n in t.numbers), dtype=np.int64, count=half),
        documents=documents[0],
        cited_by=np.concatenate([t.cited_by + n for t, n in zip(tables, before, strict=False)]),
        document=documents[1],
    )


def _numbered(columns: Sequence[Sequence[str | None]]) -> tuple[tuple[str, ...], Ints]:
    """Return the different texts of some columns, in order, and the number of each cell, -1 for none."""
    cells = pa.chunked_array([pa.array(c, pa.string()) for c in columns]).combine_chunks()
    coded = pc.dictionary_encode(cells)
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return tuple(coded.dictionary.to_pylist()), codes.astype(np.int64)


def _tables(source: Source) -> Iterator[_Cells]:
    if source.format == "umls":
        folders = [located(path, source.base, folder=True) for path in source.paths]
        table, file = read_relations(folders)
        roles = {"subject": "subject", "object": "object", "subset": "subset"}
        yield _cells(table, roles, replace(source, ids=source.ids or PREFIX), file, "BL402")
        return
    for path in source.paths:
        if source.format == "catalog":
            found = entry_of("pairs", path, source.catalog)
            if source.ids and source.ids.upper() != found.prefix.upper():
                message = f'`ids: {source.ids}`, but the table "{path}" holds {found.prefix}'
                raise KnowledgeError("BL712", message)
            file = table_path(found, source.catalog)
            if found.format == "ctd":
                yield _of_ctd(source, file)
                continue
            named = found.columns.model_dump()
            roles = {role: named[role] for role in ROLES if named.get(role)}
            own = replace(source, ids=found.prefix, columns={"separator": found.separator})
            yield _cells(filtered(read_table(file), found, file), roles, own, file, "BL706")
        elif source.format == "ctd":
            file = located(path, source.base)
            yield _of_ctd(source, file)
        elif source.format in TABLES:
            file = located(path, source.base)
            table = read_table(file, table_format(source.format))
            roles = {role: role for role in ROLES if role in table.column_names}
            yield _cells(table, roles | dict(source.roles), source, file, "BL402")
        else:
            message = f"`{source.format}` files hold terms, not pairs"
            raise KnowledgeError(
                "BL709", message, hint="a kb reads catalog, ctd, tsv, csv, parquet, umls"
            )


def _of_ctd(source: Source, file: Path) -> _Cells:
    roles = {role: role for role in ("subject", "object", "subset", "evidence")}
    table = read_ctd_pairs(file, source.where)
    return _cells(table, roles, replace(source, where=(), columns={}), file, "BL402")


def _cells(
    table: pa.Table, roles: Mapping[str, str], source: Source, path: Path, code: str
) -> _Cells:
    for role in ("subject", "object"):
        if role not in roles:
            message = f"nothing says which column of {path} is the {role}"
            hint = f'write `columns: {role} = "..."`; columns: {", ".join(table.column_names)}'
            raise KnowledgeError(code, message, hint=hint)
    need(table, list(roles.values()), path, code)
    where = [replace(each, column=roles.get(each.column, each.column)) for each in source.where]
    table = keep_rows(table, where, path, "BL402")
    n = table.num_rows

    def cells(role: str) -> list[str]:
        return column(table, roles[role], path, code) if role in roles else [""] * n

    cited_by, documents = np.empty(0, dtype=np.int64), pa.array([], pa.string())
    if "evidence" in roles:
        cited_by, documents = _references(table[roles["evidence"]], source.separator)
    counts = cells("count")
    if "count" not in roles and _are_numbers(cited_by, documents):
        roles = {**roles, "count": roles["evidence"]}
        counts = [cell.strip(f"{source.separator} ") for cell in cells("evidence")]
        cited_by, documents = cited_by[:0], documents[:0]
    stated = np.bincount(cited_by, minlength=n)
    return _Cells(
        subjects=column_curies(cells("subject"), source.ids, path),
        objects=column_curies(cells("object"), source.ids, path),
        subsets=cells("subset"),
        numbers=_numbers(counts, stated, roles, path),
        cited_by=cited_by,
        documents=documents.to_pylist(),
    )


def _references(cells: pa.ChunkedArray, separator: str) -> tuple[Ints, pa.Array]:
    """Return the row and id of each document that cells name, a row's documents once each.

    PubMed ids lose their prefix, as corpora have them without.
    """
    parts = pc.split_pattern(cells.combine_chunks(), separator)
    rows = pc.list_parent_indices(parts)
    names = pc.utf8_trim_whitespace(pc.list_flatten(parts))
    names = pc.utf8_trim_whitespace(pc.replace_substring_regex(names, _REFERENCE, ""))
    table = pa.table([rows, names], names=["row", "name"]).filter(pc.not_equal(names, ""))
    once = table.group_by(["row", "name"], use_threads=False).aggregate([])
    # Groups of long tables come block by block, and not in the order of their rows.
    once = once.sort_by("row")
    found = once["row"].combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)
    return found, once["name"].combine_chunks()


def _are_numbers(cited_by: Ints, documents: pa.Array) -> bool:
    """Return whether a column of evidence holds numbers of papers, and no papers.

    So it is if every cell has one whole number at most, and the median is below `FEW`: PubMed ids so
    small are those of 1975. A column called `count` is never asked.
    """
    if not len(documents) or (np.diff(cited_by) == 0).any():
        return False
    if not pc.all(pc.match_substring_regex(documents, r"^[0-9]+$")).as_py():
        return False
    return median(map(int, documents.to_pylist())) < FEW


def _numbers(cells: Sequence[str], stated: Ints, roles: Mapping[str, str], path: Path) -> list[int]:
    """Return the pieces of evidence of each row that have no document."""
    if "count" not in roles:
        return [0 if n else 1 for n in stated.tolist()]
    for cell in set(cells):
        if cell.strip() and not re.fullmatch(r"[0-9]+", cell.strip()):
            message = f"`{cell}` in the column `{roles['count']}` of {path} is no whole number"
            raise KnowledgeError("BL715", message)
    return [
        0 if n else int(cell.strip() or 0) for cell, n in zip(cells, stated.tolist(), strict=True)
    ]
