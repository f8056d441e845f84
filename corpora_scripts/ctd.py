"""The Comparative Toxicogenomics Database: chemicals, diseases, and the pairs that curators found.

Pairs that CTD infers from genes are left out. Tested on made-up reports only.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.ontologies import Terms, convert_terms
from corpora_scripts.writing import Base, Pair, not_at_hand, write_pairs

from biolabel.kb.ctd import read_ctd, read_ctd_pairs
from biolabel.text.lines import read_lines

REPORTS = "https://ctdbase.org/reports"
PAIRS = ("CTD_chemicals_diseases.tsv*",)
_CREATED = "# Report created:"


def created(path: Path) -> str:
    """Return when a report says that it was made, in the comments that it begins with."""
    for line in read_lines(path):
        if line.text.startswith(_CREATED):
            return line.text.removeprefix(_CREATED).strip()
        if not line.text.startswith("#"):
            break
    return "not stated"


TERMS = (
    Terms(
        ("CTD_diseases.tsv*",),
        Base("ctd_diseases", "MEDIC: CTD's diseases, of MeSH and OMIM", "MESH"),
        read_ctd,
        created,
    ),
    Terms(
        ("CTD_chemicals.tsv*",),
        Base("ctd_chemicals", "CTD's chemicals, of MeSH", "MESH"),
        read_ctd,
        created,
    ),
)


def convert(source: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write kb/ctd_diseases, kb/ctd_chemicals and kb/ctd_chemicals_diseases."""
    yield from convert_terms(source, files, to, terms=TERMS)
    title = "Chemicals and diseases that CTD's curators found together, by kind of evidence"
    member = files.first(*PAIRS)
    if member is None:
        yield not_at_hand(to / "kb" / "ctd_chemicals_diseases", PAIRS)
        return
    path = files.on_disk(member)
    base = Base("ctd_chemicals_diseases", title, "MESH", created(path))
    yield write_pairs(source, to, base, pairs(path))


def pairs(path: Path) -> Iterator[Pair]:
    """Yield the curated pairs of a report.

    Raises:
        KnowledgeError: as `read_ctd_pairs`.
    """
    for batch in read_ctd_pairs(path).to_batches():
        for row in batch.to_pylist():
            yield Pair(row["subject"], row["object"], row["subset"], row["evidence"])


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
