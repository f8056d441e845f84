"""MeSH, descriptors and supplementary concepts, from the XML; tested on made-up files only."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from biolabel.kb.mesh import read_mesh
from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.ontologies import names_of
from corpora_scripts.writing import Base, not_at_hand, write_names

YEAR = 2025
FOLDER = f"https://nlmpubs.nlm.nih.gov/projects/mesh/{YEAR}/xmlmesh"
"""Where NLM keeps the releases of past years."""
FILES = {
    "desc": Base("mesh", "MeSH descriptors: all entry terms", "MESH"),
    "supp": Base("mesh_supplement", "MeSH supplementary concepts: all names", "MESH"),
}


def convert(source: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write kb/mesh and kb/mesh_supplement, the second with the descriptors above each concept."""
    for kind, base in FILES.items():
        names = (f"{kind}[12][0-9][0-9][0-9].gz", f"{kind}[12][0-9][0-9][0-9].xml*")
        member = files.first(*names)
        if member is None:
            yield not_at_hand(to / "kb" / base.name, names)
            continue
        year = re.sub(r"\D", "", member.path.name)
        of_year = base._replace(version=year)
        yield write_names(source, to, of_year, names_of(files.on_disk(member), read_mesh))


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
    convert=convert,
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
