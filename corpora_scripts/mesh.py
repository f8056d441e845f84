"""MeSH, descriptors and supplementary concepts, from the XML; tested on made-up files only."""

import re
import sys
from functools import partial
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Source, run
from corpora_scripts.ontologies import Terms, convert_terms
from corpora_scripts.writing import Base

from biolabel.kb.mesh import read_mesh

YEAR = 2025
FOLDER = f"https://nlmpubs.nlm.nih.gov/projects/mesh/{YEAR}/xmlmesh"
"""Where NLM keeps the releases of past years."""


def year_of(path: Path) -> str:
    """Return the year in a file's name, which is its release."""
    return re.sub(r"\D", "", path.name)


TERMS = (
    Terms(
        ("desc[12][0-9][0-9][0-9].gz", "desc[12][0-9][0-9][0-9].xml*"),
        Base("mesh", "MeSH descriptors: all entry terms", "MESH"),
        read_mesh,
        year_of,
    ),
    Terms(
        ("supp[12][0-9][0-9][0-9].gz", "supp[12][0-9][0-9][0-9].xml*"),
        Base("mesh_supplement", "MeSH supplementary concepts: all names", "MESH"),
        read_mesh,
        year_of,
    ),
)
SOURCE = Source(
    name="mesh",
    title="Medical Subject Headings",
    release=f"{YEAR}",
    licence="free to use with acknowledgement, courtesy of the US National Library of Medicine; say"
    " which release it is, and that it may not be the newest",
    cite="US National Library of Medicine, Medical Subject Headings",
    home="https://www.nlm.nih.gov/mesh",
    remotes=(
        Remote(f"{FOLDER}/desc{YEAR}.gz", size=16_840_289, exact=True),
        Remote(f"{FOLDER}/supp{YEAR}.gz", size=65_000_000),
    ),
    convert=partial(convert_terms, terms=TERMS),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
