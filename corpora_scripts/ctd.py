"""The Comparative Toxicogenomics Database: chemicals, diseases, and the pairs that curators found.

A report begins with lines of comments, `#` before each; the last of them that has tabs names the
columns. Pairs that CTD infers from genes have no DirectEvidence and are left out. The tables of the
project's own data folder, whose columns have other names, are read too; of official reports only
made-up ones were tested.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from biolabel.errors import KnowledgeError
from biolabel.kb.streams import broken
from biolabel.text.lines import Line, read_lines
from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.writing import Base, Name, Pair, not_at_hand, write_names, write_pairs

REPORTS = "https://ctdbase.org/reports"
_CREATED = "# Report created:"
DISEASES = ("CTD_diseases.tsv*", "medic_diseases.tsv.gz")
CHEMICALS = ("CTD_chemicals.tsv*",)
PAIRS = ("CTD_chemicals_diseases.tsv*", "ctd_chemical_disease.tsv.gz")
_OURS = {
    "id": ("DiseaseID", "ChemicalID", "id"),
    "name": ("DiseaseName", "ChemicalName", "name"),
    "parents": ("ParentIDs", "parent_ids"),
    "tree": ("TreeNumbers", "tree_numbers"),
    "synonyms": ("Synonyms", "synonyms"),
}
_PAIR = {
    "subject": ("ChemicalID", "chemical_id"),
    "object": ("DiseaseID", "disease_id"),
    "evidence": ("PubMedIDs", "pubmed_ids"),
}
_KIND = "DirectEvidence"
_CURATED = "marker/mechanism"
"""What the pairs of our own table are, which has no column that says so."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report: when it was made, its columns, and its lines from the first row on."""

    created: str
    columns: tuple[str, ...]
    lines: Iterator[Line]
    path: Path

    def rows(self, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
        """Yield our columns of each row, by the first of their names that the report has.

        Raises:
            KnowledgeError: BL705 a line that is damaged or has a wrong number of cells, BL706 a
                missing column.
        """
        places = {}
        for ours, theirs in wanted.items():
            known = [self.columns.index(name) for name in theirs if name in self.columns]
            if not known:
                message = f"column `{theirs[0]}` is not in {self.path}"
                raise KnowledgeError("BL706", message, hint=f"columns: {', '.join(self.columns)}")
            places[ours] = known[0]
        for line in self.lines:
            cells = line.text.split("\t")
            if line.fault or len(cells) != len(self.columns):
                what = line.fault or f"{len(cells)} cells, not {len(self.columns)}"
                raise broken(self.path, f"line {line.number}: {what}")
            yield {ours: cells[place].strip() for ours, place in places.items()}


def report(path: Path) -> Report:
    """Return a report, read as far as the line before its first row.

    Raises:
        KnowledgeError: BL705 when it has no line of columns.
    """
    created = "not stated"
    columns: tuple[str, ...] = ()
    lines = read_lines(path)
    for line in lines:
        if line.fault:
            break
        if not line.text.startswith("#"):
            if columns:
                return Report(created, columns, chain((line,), lines), path)
            return Report(created, tuple(line.text.split("\t")), lines, path)
        if line.text.startswith(_CREATED):
            created = line.text.removeprefix(_CREATED).strip() or created
        if "\t" in line.text:
            columns = tuple(line.text.removeprefix("#").strip().split("\t"))
    raise broken(path, "it is no table of CTD: no line names the columns")


def convert(source: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write kb/ctd_diseases, kb/ctd_chemicals and kb/ctd_chemicals_diseases."""
    terms = (
        (Base("ctd_diseases", "MEDIC: CTD's diseases, of MeSH and OMIM", "MESH"), DISEASES),
        (Base("ctd_chemicals", "CTD's chemicals, of MeSH", "MESH"), CHEMICALS),
    )
    for base, patterns in terms:
        if member := files.first(*patterns):
            found = report(files.on_disk(member))
            dated = base._replace(version=found.created)
            yield write_names(source, to, dated, names(found))
        else:
            yield not_at_hand(to / "kb" / base.name, patterns)
    title = "Chemicals and diseases that CTD's curators found together, by kind of evidence"
    base = Base("ctd_chemicals_diseases", title, "MESH")
    if member := files.first(*PAIRS):
        found = report(files.on_disk(member))
        dated = base._replace(version=found.created)
        yield write_pairs(source, to, dated, pairs(found))
    else:
        yield not_at_hand(to / "kb" / base.name, PAIRS)


def names(found: Report) -> Iterator[Name]:
    """Yield the names of each concept of a vocabulary.

    Raises:
        KnowledgeError: as `Report.rows`.
    """
    for row in found.rows(_OURS):
        yield Name(row["id"], row["name"], "exact", row["parents"], row["tree"])
        for text in filter(None, row["synonyms"].split("|")):
            yield Name(row["id"], text, "synonym")


def pairs(found: Report) -> Iterator[Pair]:
    """Yield the pairs that curators found, a row for each kind of evidence.

    Raises:
        KnowledgeError: as `Report.rows`.
    """
    kind = {_KIND: (_KIND,)} if _KIND in found.columns else {}
    for row in found.rows({**_PAIR, **kind}):
        for each in filter(None, row.get(_KIND, _CURATED).split("|")):
            yield Pair(row["subject"], row["object"], each, row["evidence"])


SOURCE = Source(
    name="ctd",
    title="The Comparative Toxicogenomics Database",
    release="the month of the download: CTD keeps no releases, so that only the lock pins it",
    licence="CTD's terms: free for research, cite CTD, ask before commercial use",
    cite="Davis et al. 2025, Nucleic Acids Research 53:D1328",
    home="https://ctdbase.org",
    remotes=(
        Remote(f"{REPORTS}/CTD_diseases.tsv.gz", size=1_800_000),
        Remote(f"{REPORTS}/CTD_chemicals.tsv.gz", size=10_000_000),
        Remote(f"{REPORTS}/CTD_chemicals_diseases.tsv.gz", size=120_000_000),
    ),
    convert=convert,
    note="CTD's curators read the documents of BC5CDR: leave the evidence from the documents that"
    " you label out, as the leak guard does by default.",
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
