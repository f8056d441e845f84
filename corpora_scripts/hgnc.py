"""HGNC's human genes: symbols, names, aliases and what they were called before.

Tested on a made-up file only.
"""

import re
import sys
from functools import partial
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Source, run
from corpora_scripts.ontologies import Terms, convert_terms
from corpora_scripts.writing import Base

from biolabel.kb.hgnc import read_hgnc

RELEASE = "2025-04-01"


def date_of(path: Path) -> str:
    """Return the date in a file's name, which is its release."""
    found = re.search(r"\d{4}-\d\d-\d\d", path.name)
    return found[0] if found else "not stated"


TERMS = Terms(
    ("hgnc_complete_set*.txt", "hgnc_complete_set*.tsv"),
    Base("hgnc", "Human genes: symbols, names, aliases and former names", "HGNC"),
    read_hgnc,
    date_of,
)
SOURCE = Source(
    name="hgnc",
    title="The HUGO Gene Nomenclature Committee's genes",
    release=RELEASE,
    licence="CC0",
    cite="Seal et al. 2023, Nucleic Acids Research 51:D1003",
    home="https://www.genenames.org",
    remotes=(
        Remote(
            "https://storage.googleapis.com/public-download-files/hgnc/archive/archive/quarterly/tsv/"
            f"hgnc_complete_set_{RELEASE}.txt",
            size=16_700_000,
        ),
    ),
    convert=partial(convert_terms, terms=(TERMS,)),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
