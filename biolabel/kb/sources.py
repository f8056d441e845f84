"""Where a rule file's ontologies come from: a format, paths, and what of the files is meant."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import Entry, entry_of, table_path, trees_path
from biolabel.kb.mesh import read_mesh
from biolabel.kb.obo import read_obo
from biolabel.kb.obograph import read_obograph
from biolabel.kb.ontology import Ontology, by_reference, merged
from biolabel.kb.owl import read_owl
from biolabel.kb.prefixes import prefix_of
from biolabel.kb.tables import RowFilter, TableFormat, keep_rows, read_table
from biolabel.kb.tabular import TermColumns, ontology_of_table, tree_numbers
from biolabel.kb.umls import files_of, read_umls
from biolabel.resources import data_root

TABLES = frozenset({"tsv", "csv", "parquet"})
SEPARATOR = "separator"
"""The role in `columns:` that is no column: what stands between several values of a cell."""
_COMPRESSED = frozenset({".gz", ".bz2"})


@dataclass(frozen=True, slots=True)
class Source:
    """What `from:` and the fields beside it say.

    paths: names of the catalog, or files as seen from the current folder; base: the folder of the rule
    file; ids: the prefix of identifiers, empty for that of the source; columns: role to column;
    catalog: the folder of the catalog's entries, None for that of biolabel.
    """

    format: str
    paths: tuple[str, ...]
    base: Path = Path()
    ids: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    where: tuple[RowFilter, ...] = ()
    catalog: Path | None = None

    @property
    def separator(self) -> str:
        """What stands between several values of a cell."""
        return self.columns.get(SEPARATOR, "|")

    @property
    def roles(self) -> Mapping[str, str]:
        """The columns by role."""
        return {role: name for role, name in self.columns.items() if role != SEPARATOR}


def read_ontology(source: Source) -> Ontology:
    """Read an ontology from all its paths.

    Raises:
        KnowledgeError: BL701 to BL706 and BL709 from the catalog, BL402 unknown columns, BL703 a
            missing file, BL705 a broken one, BL712 other identifiers than `ids` says, BL713 a number
            asked of a column of texts, BL717 `columns:` without a table.
    """
    check_columns(source)
    if source.format == "umls":
        folders = [located(path, source.base, folder=True) for path in source.paths]
        return _checked(read_umls(folders, source.where), source)
    return merged([_checked(_read(path, source), source) for path in source.paths])


def check_columns(source: Source) -> None:
    """Check that `columns:` stands beside a table of the rule file's own.

    Raises:
        KnowledgeError: BL717 where another format, or a kb.toml, says what the columns are.
    """
    if source.columns and source.format not in TABLES:
        known = "kb.toml says" if source.format == "catalog" else "the format says"
        message = f"`columns:` has no effect on `from: {source.format}`: {known} what they are"
        raise KnowledgeError("BL717", message, hint="leave `columns:` out")


def _read(path: str, source: Source) -> Ontology:
    if source.format == "catalog":
        return _from_catalog(path, source)
    file = located(path, source.base)
    if source.format in TABLES:
        columns = TermColumns(source.roles, source.separator, source.ids)
        table = read_table(file, table_format(source.format))
        return ontology_of_table(table, columns, source.where, file)
    if source.format == "mesh":
        return read_mesh(file, source.where)
    suffixes = [suffix for suffix in file.suffixes if suffix not in _COMPRESSED]
    match suffixes[-1] if suffixes else "":
        case ".json":
            return read_obograph(file, source.where)
        case ".owl" | ".rdf" | ".xml":
            return read_owl(file, source.where)
        case _:
            return (read_owl if source.format == "owl" else read_obo)(file, source.where)


def table_format(name: str) -> TableFormat:
    """Return the format of a table that a rule file names."""
    return "parquet" if name == "parquet" else "csv" if name == "csv" else "tsv"


def _from_catalog(name: str, source: Source) -> Ontology:
    found = entry_of("terms", name, source.catalog)
    path = table_path(found, source.catalog)
    columns = _columns(found)
    table = filtered(read_table(path), found, path)
    ontology = ontology_of_table(table, columns, source.where, path)
    if found.trees is None:
        return ontology
    beside = trees_path(found, found.trees, source.catalog)
    trees = tree_numbers(read_table(beside), found.trees.id, found.trees.trees, columns, beside)
    own = {concept: trees.get(concept, ()) for concept in ontology.names}
    return Ontology(
        ontology.names, own, ontology.parents, prefix=ontology.prefix, omitted=ontology.omitted
    )


def filtered(table: pa.Table, found: Entry, path: Path) -> pa.Table:
    """Return the rows of a catalog's table that its kb.toml wants.

    Raises:
        KnowledgeError: BL706 when kb.toml names a column that is not there.
    """
    wanted = [RowFilter(found.filter.column, "=", found.filter.equals)] if found.filter else []
    return keep_rows(table, wanted, path)


def _columns(found: Entry) -> TermColumns:
    named = found.columns
    roles = {
        "id": named.id,
        "name": named.name,
        "synonyms": named.synonyms,
        "parents": named.parents,
        "tree": named.trees,
    }
    return TermColumns(
        {role: name for role, name in roles.items() if name},
        found.separator,
        found.prefix,
        code="BL706",
    )


def _checked(found: Ontology, source: Source) -> Ontology:
    """Return an ontology by the identifiers that `ids:` says: its own, or those that it refers to.

    Raises:
        KnowledgeError: BL712 other identifiers.
    """
    wanted = prefix_of(source.ids) if source.ids else ""
    if not wanted or wanted in {prefix_of(found.prefix), *found.prefixes}:
        return found
    others = by_reference(found, wanted)
    if others.names:
        return others
    prefixes = ", ".join(sorted(found.prefixes)[:3]) or found.prefix
    message = f"`ids: {source.ids}`, but the names of {', '.join(source.paths)} are of {prefixes}"
    raise KnowledgeError("BL712", message)


def located(path: str, base: Path, *, folder: bool = False) -> Path:
    """Return where a path of a rule file leads: beside the rule file, else below BIOLABEL_DATA.

    path: as seen from the current folder, as the linker writes it; base: the rule file's folder.

    Raises:
        KnowledgeError: BL703 when neither place has it.
    """
    here = Path(path)
    there = data_root() / os.path.relpath(path, base)
    for place in (here, there):
        if place.is_dir() if folder else place.is_file():
            return place
    what = "folder" if folder else "file"
    siblings = [file.name for place in (here, there) for file in place.parent.glob("*")]
    near = get_close_matches(here.name, siblings, n=1)
    hint = "paths are relative to the rule file, or to the folder that BIOLABEL_DATA names"
    hint = f"did you mean `{near[0]}`? {hint}" if near else hint
    raise KnowledgeError("BL703", f"there is no {what} {here}, nor {there}", hint=hint)


def files(source: Source) -> Sequence[Path]:
    """Return the files that a source reads, for their content to be hashed.

    Raises:
        KnowledgeError: BL701 to BL704 and BL709 from the catalog, BL703 a missing file.
    """
    if source.format == "umls":
        folders = [located(path, source.base, folder=True) for path in source.paths]
        return [file for folder in folders for file in files_of(folder)]
    if source.format != "catalog":
        return [located(path, source.base) for path in source.paths]
    return []
