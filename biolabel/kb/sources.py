"""Where a rule file's ontologies come from: a format, paths, and what of the files is meant."""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import Entry, entry, entry_of, table_path, trees_path
from biolabel.kb.chebi import read_chebi
from biolabel.kb.hierarchy import check_circles
from biolabel.kb.ontology import Ontology, by_reference, merged
from biolabel.kb.prefixes import prefix_of
from biolabel.kb.readers import read_file
from biolabel.kb.sssom import ENDING, OWN, Link, read_links, with_references
from biolabel.kb.tables import RowFilter, TableFormat, keep_rows, read_table
from biolabel.kb.tabular import KINDS, TermColumns, ontology_of_table, tree_numbers
from biolabel.kb.umls import files_of, read_umls
from biolabel.resources import data_root

TABLES = frozenset({"tsv", "csv", "parquet"})
_PREFIXES: Mapping[str, str] = {
    "chebi": "CHEBI", "mesh": "MESH", "hgnc": "HGNC", "umls": "UMLS",
}  # fmt: skip
"""The prefix of formats whose files hold one vocabulary."""
_log = logging.getLogger(__name__)
SEPARATOR = "separator"
"""The role in `columns:` that is no column: what stands between several values of a cell."""


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

    Mappings (SSSOM) among them, told by the ending `.sssom.tsv` or the catalog, give the others
    cross-references. What is mended in a source is logged as a warning.

    Raises:
        KnowledgeError: BL701 to BL706 and BL709 from the catalog, BL402 unknown columns, BL703 a
            missing file, BL705 a broken one, BL712 other identifiers than `ids` says, BL713 a number
            asked of a column of texts, BL717 `columns:` without a table, BL720 to BL723 files that must
            not be believed.
    """
    check_columns(source)
    if source.format == "umls":
        folders = [located(path, source.base, folder=True) for path in source.paths]
        return told(_checked(read_umls(folders, source.where), source))
    if source.format == "chebi":
        tables = [located(path, source.base) for path in source.paths]
        return told(_checked(read_chebi(tables, source.where), source))
    mappings = [path for path in source.paths if _is_mapping(path, source)]
    if len(mappings) == len(source.paths):
        mappings = []
    terms = tuple(path for path in source.paths if path not in mappings)
    of_mappings = [each for each in source.where if each.column in OWN] if mappings else []
    alone = replace(
        source, paths=terms, where=tuple(w for w in source.where if w not in of_mappings)
    )
    links = [link for path in mappings for link in _links(path, source, of_mappings)]
    parts = [with_references(_read(path, alone), links) for path in terms]
    # A table of old identifiers beside others names nothing, so no prefix is asked of it.
    some = any(part.names for part in parts)
    found = merged([_checked(p, alone) if p.names or not some else p for p in parts])
    if len(parts) > 1:
        check_circles(found.parents, lambda *_: f"{' and '.join(terms)} together")
    return told(found)


def told(found: Ontology) -> Ontology:
    """Log what was mended in the source of an ontology, as warnings, and return it."""
    for remark in found.remarks:
        code, _, text = remark.partition(": ")
        _log.warning("warning[%s]: %s", code, text)
    return found


def _is_mapping(path: str, source: Source) -> bool:
    if source.format == "catalog":
        return entry_of("terms", path, source.catalog).format == "sssom"
    return ENDING in Path(path).name


def _links(path: str, source: Source, where: Sequence[RowFilter]) -> Sequence[Link]:
    if source.format == "catalog":
        return read_links(
            table_path(entry_of("terms", path, source.catalog), source.catalog), where
        )
    return read_links(located(path, source.base), where)


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
    return read_file(source.format, file, source.where, source.ids)


def table_format(name: str) -> TableFormat:
    """Return the format of a table that a rule file names."""
    return "parquet" if name == "parquet" else "csv" if name == "csv" else "tsv"


def _from_catalog(name: str, source: Source) -> Ontology:
    found = entry_of("terms", name, source.catalog)
    path = table_path(found, source.catalog)
    if found.format != "table":
        return read_file(found.format, path, source.where, source.ids)
    columns = _columns(found)
    table = filtered(read_table(path), found, path)
    ontology = ontology_of_table(table, columns, source.where, path)
    if found.trees is None:
        return ontology
    beside = trees_path(found, found.trees, source.catalog)
    trees = tree_numbers(read_table(beside), found.trees.id, found.trees.trees, columns, beside)
    own = {concept: trees.get(concept, ()) for concept in ontology.names}
    return replace(ontology, trees=own)


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
    roles |= {role: getattr(named, role) for role in (*KINDS, "kind", "type", "old_ids")}
    return TermColumns(
        {role: name for role, name in roles.items() if name},
        found.separator,
        found.prefix,
        code="BL706",
        kinds=found.kinds,
        references=found.references,
    )


def _checked(found: Ontology, source: Source) -> Ontology:
    """Return an ontology by the identifiers that `ids:` says: its own, or those that it refers to.

    Raises:
        KnowledgeError: BL712 other identifiers.
    """
    wanted = prefix_of(source.ids) if source.ids else ""
    if not wanted or wanted in found.prefixes:
        return found
    others = by_reference(found, wanted)
    if others.names:
        return others
    if wanted == prefix_of(found.prefix):
        return found
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


def declared_prefix(source: Source) -> str:
    """Return the prefix of identifiers without one, as a source declares it; empty where nothing does."""
    if source.ids:
        return prefix_of(source.ids)
    if source.format == "catalog":
        try:
            found = entry(source.paths[0], source.catalog)
        except KnowledgeError:
            return ""
        return _PREFIXES.get(found.format, prefix_of(found.prefix))
    return _PREFIXES.get(source.format, "")


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
