"""The tables of the Comparative Toxicogenomics Database as it ships them, terms and pairs.

Their header is a comment. Columns are told by their names, which all reports share.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import column_curies
from biolabel.kb.delimited import header_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.tables import RowFilter, TableFormat, keep_rows, read_table
from biolabel.kb.tabular import TermColumns, ontology_of_table

_SIDES = {"Chemical": "MESH", "Gene": "NCBIGENE", "Disease": "MESH"}
"""What pairs are made of, in the order of their direction, and the prefix of bare identifiers."""
_SUBSETS = ("DirectEvidence", "InteractionActions")
_CURATED = RowFilter("DirectEvidence", "!=", "")


@dataclass(frozen=True, slots=True)
class _Report:
    """A file of CTD: its columns, and the kinds of things whose identifiers are among them."""

    path: Path
    columns: tuple[str, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        return tuple(side for side in _SIDES if f"{side}ID" in self.columns)

    @property
    def format(self) -> TableFormat:
        return "csv" if ".csv" in self.path.suffixes else "tsv"


def read_ctd(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read a vocabulary of CTD: chemicals, diseases or genes, with synonyms, parents and tree numbers.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, others as `ontology_of_table`.
    """
    report = _report(path)
    if len(report.sides) != 1:
        raise _other(report, "a vocabulary", "CTD_chemicals, CTD_diseases and CTD_genes")
    (side,) = report.sides
    name = "GeneSymbol" if side == "Gene" else f"{side}Name"
    roles = {
        "id": f"{side}ID", "name": name, "synonyms": "Synonyms", "related": "GeneName",
        "parents": "ParentIDs", "tree": "TreeNumbers", "old_ids": f"Alt{side}IDs",
    }  # fmt: skip
    known = {role: column for role, column in roles.items() if column in report.columns}
    other = {"CasRN": "CAS", "PharmGKBIDs": "PHARMGKB", "UniProtIDs": "UNIPROT"}
    columns = TermColumns(
        known,
        prefix=_SIDES[side],
        references={c: prefix for c, prefix in other.items() if c in report.columns},
    )
    return ontology_of_table(read_table(path, report.format), columns, where, path)


def read_ctd_pairs(path: Path, where: Sequence[RowFilter] = ()) -> pa.Table:
    """Read a report on pairs as subject, object, subset, evidence: CURIEs, and PubMed ids joined by `|`.

    Chemicals stand before genes and genes before diseases. The subset is the direct evidence (such as
    `marker/mechanism`) or, in a row for each, the actions (`increases expression`). Only curated pairs
    count, unless `where` asks for a `DirectEvidence`: those without are inferred from a gene or chemical
    in common. Rows that are not wanted are dropped as the file is read.

    Raises:
        KnowledgeError: BL402 an unknown column of `where`, BL703 a missing file, BL705 a broken one or
            no report on pairs, BL713 as `tables.keep_rows`.
    """
    report = _report(path)
    if len(report.sides) != 2:
        raise _other(report, "a report on pairs", "CTD_chemicals_diseases and its like")
    asked = {each.column for each in where}
    subset = next((name for name in _SUBSETS if name in report.columns), None)
    curated = (_CURATED,) if subset == "DirectEvidence" and subset not in asked else ()
    ids = [f"{side}ID" for side in report.sides]
    wanted = {*ids, *asked, *filter(None, [subset]), "PubMedIDs"}

    def keep(block: pa.Table) -> pa.Table:
        return keep_rows(block, (*where, *curated), path, "BL402")

    unknown = [name for name in asked if name not in report.columns]
    columns = None if unknown else sorted(wanted)
    table = read_table(path, report.format, columns, keep)
    one, two = (column_curies(table[i].to_pylist(), _SIDES[i[:-2]], path) for i in ids)
    papers = table["PubMedIDs"].to_pylist() if "PubMedIDs" in table.column_names else None
    parts = table[subset].to_pylist() if subset else [""] * table.num_rows
    rows: list[tuple[str, ...]] = list(
        _rows(one, two, parts, papers or [""] * table.num_rows, subset)
    )
    found = zip(*rows, strict=True) if rows else [()] * 4
    names = ("subject", "object", "subset", "evidence")
    return pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, found, strict=True)})


def _rows(
    subjects: Sequence[str | None],
    objects: Sequence[str | None],
    parts: Sequence[str],
    papers: Sequence[str],
    subset: str | None,
) -> Iterator[tuple[str, str, str, str]]:
    for subject, object_, part, stated in zip(subjects, objects, parts, papers, strict=True):
        each = part.replace("^", " ").split("|") if subset == "InteractionActions" else [part]
        for one in each:
            yield subject or "", object_ or "", one, stated


def _report(path: Path) -> _Report:
    comma = ".csv" in path.suffixes
    return _Report(path, header_of(path, comma).names)


def _other(report: _Report, wanted: str, examples: str) -> KnowledgeError:
    message = f"{report.path} cannot be read: it is not {wanted} of CTD"
    hint = f"{examples} are; this has the columns {', '.join(report.columns)}"
    return KnowledgeError("BL705", message, hint=hint)
