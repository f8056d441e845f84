"""What a name on the command line means: an entry of the catalog, or a file of terms or of pairs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from lxml import etree

from biolabel.errors import KnowledgeError
from biolabel.kb import pair_rows, tabular
from biolabel.kb.catalog import Entry, Kind, entry, names
from biolabel.kb.delimited import header_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import PairIndex, read_pairs
from biolabel.kb.sources import SEPARATOR, TABLES, Source, located, read_ontology
from biolabel.kb.sssom import ENDING
from biolabel.kb.streams import opened
from biolabel.kb.tables import read_table

_PACKED = (".gz", ".bz2")
_FORMATS: Mapping[str, str] = {
    ".tsv": "tsv", ".tab": "tsv", ".txt": "tsv", ".csv": "csv", ".parquet": "parquet",
    ".obo": "obo", ".json": "obo", ".owl": "owl", ".rdf": "owl",
}  # fmt: skip
_OTHERS = ("mesh", "umls", "chebi", "ctd", "hgnc", "sssom")
"""Formats that no ending tells."""
_KNOWN = ", ".join(sorted({*_FORMATS.values(), *_OTHERS}))
_MESH_ROOTS = ("DescriptorRecordSet", "SupplementalRecordSet")
_NEEDS: Mapping[Kind, tuple[str, str]] = {"pairs": ("subject", "object"), "terms": ("id", "name")}


@dataclass(frozen=True, slots=True)
class Described:
    """What a user says of a file that does not say it itself.

    format: one that `from:` of a rule file knows; ids: the prefix of identifiers written without one;
    columns: role to column.
    """

    format: str = ""
    ids: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A knowledge base that somebody named: what it holds, how it is read, its entry if it has one."""

    name: str
    kind: Kind
    source: Source
    entry: Entry | None = None

    def ontology(self) -> Ontology:
        """Read the terms.

        Raises:
            KnowledgeError: as `read_ontology`.
        """
        return read_ontology(self.source)

    def pairs(self, documents: frozenset[str] = frozenset()) -> PairIndex:
        """Read the pairs, without the evidence from some documents.

        Raises:
            KnowledgeError: as `read_pairs`.
        """
        return read_pairs(self.source, documents)


def named(
    text: str,
    described: Described | None = None,
    like: Entry | None = None,
    folder: Path | None = None,
) -> Named:
    """Return what a text names: an entry of the catalog, else a file or folder.

    like: the entry of another version, whose columns and identifiers a table has if nothing else is
    said; folder: the catalog's, None for biolabel's.

    Raises:
        KnowledgeError: BL701 a name that is neither, BL702 a broken kb.toml, BL703 no such file, BL705 a
            table that cannot be read, BL730 a file that does not say what it holds.
    """
    path = Path(text)
    if text in names(folder):
        found = entry(text, folder)
        return Named(text, found.kind, Source("catalog", (text,), catalog=folder), found)
    if not path.exists():
        if len(path.parts) == 1 and not path.suffix:
            entry(text, folder)
        located(text, Path())
    said = described or Described()
    format_ = _checked(said.format) or _format(path)
    if format_ not in TABLES:
        kind: Kind = "pairs" if format_ == "ctd" and _of_ctd(_header(path, "tsv")) else "terms"
        return Named(text, kind, Source(format_, (text,), ids=said.ids))
    columns, kind = _columns(path, format_, said, like)
    ids = said.ids or (like.prefix if like is not None else "")
    return Named(text, kind, Source(format_, (text,), ids=ids, columns=columns))


def _checked(format_: str) -> str:
    if format_ in ("", *_FORMATS.values(), *_OTHERS):
        return format_
    near = get_close_matches(format_, [*_FORMATS.values(), *_OTHERS], n=1)
    hint = f"did you mean `{near[0]}`? " if near else ""
    raise KnowledgeError("BL730", f"no format is called `{format_}`", hint=f"{hint}known: {_KNOWN}")


def _format(path: Path) -> str:
    if path.is_dir():
        return "umls"
    suffix = next((s.lower() for s in reversed(path.suffixes) if s not in _PACKED), "")
    if suffix == ".xml":
        return "mesh" if _root(path) in _MESH_ROOTS else "owl"
    if suffix not in _FORMATS:
        message = f"the name of {path} does not say what it holds"
        raise KnowledgeError("BL730", message, hint=f"say it: --format, one of {_KNOWN}")
    found = _FORMATS[suffix]
    return _dialect(path, found) if found in ("tsv", "csv") else found


def _dialect(path: Path, found: str) -> str:
    """Return the format of a table whose columns are those of a known source, else its own."""
    if ENDING in path.name:
        return "sssom"
    header = _header(path, found)
    if _of_ctd(header) is not None:
        return "ctd"
    if {"chebi_accession", "parent_id"} <= {name.lower() for name in header}:
        return "chebi"
    return "hgnc" if {"hgnc_id", "symbol"} <= set(header) else found


def _of_ctd(header: Sequence[str]) -> bool | None:
    """Return whether a report of CTD is on pairs; None for another table."""
    sides = sum(f"{side}ID" in header for side in ("Chemical", "Gene", "Disease"))
    names = sum(name in header for name in ("ChemicalName", "GeneSymbol", "DiseaseName"))
    return sides == 2 if sides and names else None


def _header(path: Path, format_: str) -> Sequence[str]:
    if format_ == "parquet":
        return read_table(path, "parquet").column_names
    return header_of(path, format_ == "csv" or ".csv" in path.suffixes).names


def _root(path: Path) -> str:
    """Return the tag of the first element of an XML file."""
    with opened(path) as stream:
        events = etree.iterparse(stream, events=("start",), no_network=True, load_dtd=False)
        return next((str(element.tag) for _, element in events), "")


def _columns(
    path: Path, format_: str, said: Described, like: Entry | None
) -> tuple[Mapping[str, str], Kind]:
    """Return the columns of a table by role, and whether they make terms or pairs."""
    header = _header(path, format_)
    roles = {role: role for role in {*pair_rows.ROLES, *tabular.ROLES} if role in header}
    kinds = list(_kinds({**roles, **said.columns}))
    if not kinds and like is not None:
        known = like.columns.model_dump()
        own = {"tree" if r == "trees" else r: c for r, c in known.items() if c in header}
        if set(_NEEDS[like.kind]) <= own.keys():
            return {**own, **said.columns, SEPARATOR: like.separator}, like.kind
    if len(kinds) != 1:
        message = f"nothing says which columns of {path} are which"
        hint = "--column id=... --column name=..., or subject=... and object=...; columns: "
        hint += ", ".join(header)
        raise KnowledgeError("BL730", message, hint=hint)
    return said.columns, kinds[0]


def _kinds(roles: Mapping[str, str]) -> Iterator[Kind]:
    for kind, needed in _NEEDS.items():
        if set(needed) <= roles.keys():
            yield kind
