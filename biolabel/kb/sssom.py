"""Mappings between vocabularies in SSSOM's table form (Matentzoglu et al. 2022, Database, baac035)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of
from biolabel.kb.delimited import header_of
from biolabel.kb.ontology import Ontology, grouped
from biolabel.kb.prefixes import curie_of_address, prefix_of
from biolabel.kb.tables import RowFilter, keep_rows, read_table

ENDING = ".sssom.tsv"
"""Files of this name beside those of another format give these cross-references."""
OWN = ("predicate", "predicate_id", "confidence", "mapping_justification", "subject_source",
       "object_source", "mapping_tool", "mapping_provider", "author_id", "reviewer_id")  # fmt: skip
"""What `where:` asks of mappings where they stand beside the files of an ontology."""
RELATIONS = {
    "exactmatch": "exact", "sameas": "exact", "equivalentclass": "exact", "closematch": "close",
    "broadmatch": "broad", "subclassof": "broad", "narrowmatch": "narrow", "relatedmatch": "related",
    "hasdbxref": "xref",
}  # fmt: skip
"""What the object is to the subject, by the last part of the predicate; others are `other`."""
_INVERSE = {"broad": "narrow", "narrow": "broad"}
_NEEDED = ("subject_id", "predicate_id", "object_id")
_CURIE_MAP = re.compile(r"""["']?([\w.-]+)["']?:\s*["']?(https?://[^\s"']+)["']?""")
_NOTHING = "SSSOM:NOTERMFOUND"


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a mapping, with what it says of both: the identifiers as CURIEs, and their labels."""

    subject: str
    object: str
    labels: tuple[str, str] = ("", "")


def read_links(path: Path, where: Sequence[RowFilter] = ()) -> list[Link]:
    """Read the mappings of a file that are exact, or what `where` asks for, from both sides.

    `where` may name columns, and `predicate`: exact, close, broad, narrow, related, xref or other. Both
    directions are given, the second with broad and narrow exchanged. Negated rows are left out.

    Raises:
        KnowledgeError: BL402 and BL713 as `tables.keep_rows`, BL703 a missing file, BL705 one that is no
            mapping.
    """
    table = read_table(path, "tsv")
    missing = [name for name in _NEEDED if name not in table.column_names]
    if missing:
        message = f"{path} cannot be read: it is no SSSOM mapping, as it has no `{missing[0]}`"
        hint = f"columns: {', '.join(table.column_names)}"
        raise KnowledgeError("BL705", message, hint=hint)
    spaces = dict(_CURIE_MAP.findall("\n".join(header_of(path, comma=False).comments)))
    asked = {each.column for each in where}
    usual = () if {"predicate", "predicate_id"} & asked else (RowFilter("predicate", "=", "exact"),)
    if "predicate_modifier" in table.column_names:
        table = keep_rows(table, [RowFilter("predicate_modifier", "!=", "Not")], path)
    relations = [_relation(written) for written in table["predicate_id"].to_pylist()]
    found: list[Link] = []
    for turned in (False, True):
        kinds = [_INVERSE.get(r, r) if turned else r for r in relations]
        both = table.append_column("predicate", pa.array(kinds, pa.string()))
        rows = keep_rows(both, (*where, *usual), path, "BL402")
        found += _links(rows, spaces, turned)
    return found


def _links(table: pa.Table, spaces: dict[str, str], turned: bool) -> Iterable[Link]:
    sides = []
    for side in ("subject", "object"):
        labels = f"{side}_label"
        ids = [_curie(written, spaces) for written in table[f"{side}_id"].to_pylist()]
        named = table[labels].to_pylist() if labels in table.column_names else [""] * len(ids)
        sides.append(list(zip(ids, named, strict=True)))
    if turned:
        sides.reverse()
    for (subject, label), (object_, other) in zip(*sides, strict=True):
        if subject and object_:
            yield Link(subject, object_, (label.strip(), other.strip()))


def _curie(written: str, spaces: dict[str, str]) -> str | None:
    """Return the CURIE of an identifier by the file's own prefixes, None where there is no term."""
    prefix, _, local = written.strip().partition(":")
    address = spaces.get(prefix)
    known = curie_of_address(f"{address}{local}") if address else None
    found = known or curie_of(written)
    return None if found is None or found.upper() == _NOTHING else found


def _relation(predicate: str) -> str:
    return RELATIONS.get(re.split(r"[:/#]", predicate.strip())[-1].lower(), "other")


def read_sssom(path: Path, where: Sequence[RowFilter] = (), prefix: str = "") -> Ontology:
    """Read a mapping as an ontology of its own: both labels name each identifier with a prefix.

    Without a prefix it is that of the first subject.

    Raises:
        KnowledgeError: as `read_links`.
    """
    links = read_links(path, where)
    first = links[0].subject.partition(":")[0] if links else "MESH"
    wanted = prefix_of(prefix) if prefix else first
    own = [link for link in links if link.subject.partition(":")[0] == wanted]
    return Ontology(
        names=grouped((link.subject, label) for link in own for label in link.labels),
        references=grouped((link.subject, link.object) for link in own),
        prefix=wanted if own else first,
    )


def with_references(found: Ontology, links: Sequence[Link]) -> Ontology:
    """Return an ontology that also refers to what its concepts are mapped to."""
    known = found.names.keys() | found.parents.keys() | found.trees.keys()
    own = [(c, other) for c, others in found.references.items() for other in others]
    more = [(link.subject, link.object) for link in links if link.subject in known]
    return replace(found, references=grouped([*own, *more]))
