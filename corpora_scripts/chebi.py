"""ChEBI, chemical entities of biological interest, from its OBO file; tested on a made-up file only."""

import sys
from functools import partial

from corpora_scripts.download import Remote
from corpora_scripts.frame import Source, run
from corpora_scripts.ontologies import Terms, convert_terms, version_of_obo
from corpora_scripts.writing import Base

from biolabel.kb.obo import read_obo

RELEASE = 247
TERMS = Terms(
    ("chebi.obo", "chebi.obo.gz"),
    Base("chebi", "ChEBI: all names of chemicals", "CHEBI"),
    read_obo,
    version_of_obo,
)
SOURCE = Source(
    name="chebi",
    title="ChEBI",
    release=f"{RELEASE}",
    licence="CC BY 4.0",
    cite="Hastings et al. 2016, Nucleic Acids Research 44:D1214",
    home="https://www.ebi.ac.uk/chebi",
    remotes=(
        Remote(
            f"https://ftp.ebi.ac.uk/pub/databases/chebi/archive/rel{RELEASE}/ontology/chebi.obo",
            size=260_000_000,
        ),
    ),
    convert=partial(convert_terms, terms=(TERMS,)),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
