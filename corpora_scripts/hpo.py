"""The Human Phenotype Ontology, from its OBO file; names for lay people have the kind `lay`.

Tested on a made-up file only, in which lay names are synonyms of the type `layperson`.
"""

import sys
from functools import partial

from corpora_scripts.download import Remote
from corpora_scripts.frame import Source, run
from corpora_scripts.ontologies import Terms, convert_terms, version_of_obo
from corpora_scripts.writing import Base

from biolabel.kb.obo import read_obo

RELEASE = "2026-01-08"
TERMS = Terms(
    ("hp.obo",),
    Base("hp", "Human Phenotype Ontology: all names, lay ones too", "HP"),
    read_obo,
    version_of_obo,
)
SOURCE = Source(
    name="hpo",
    title="The Human Phenotype Ontology",
    release=RELEASE,
    licence="HPO's licence: free to use with citation and its version, not to be altered",
    cite="Gargano et al. 2024, Nucleic Acids Research 52:D1333",
    home="https://hpo.jax.org",
    remotes=(
        Remote(
            "https://github.com/obophenotype/human-phenotype-ontology/releases/download/"
            f"v{RELEASE}/hp.obo",
            size=10_000_000,
        ),
    ),
    convert=partial(convert_terms, terms=(TERMS,)),
    note="The table holds what the ontology says, in another form; do not pass it on as HPO.",
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
