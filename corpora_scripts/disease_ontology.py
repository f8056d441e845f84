"""The Human Disease Ontology, from its OBO file."""

import sys
from functools import partial

from corpora_scripts.download import Remote
from corpora_scripts.frame import Source, run
from corpora_scripts.ontologies import Terms, convert_terms, version_of_obo
from corpora_scripts.writing import Base

from biolabel.kb.obo import read_obo

RELEASE = "2026-07-31"
TERMS = Terms(
    ("doid.obo", "HumanDO.obo"),
    Base("doid", "Human Disease Ontology: all names", "DOID"),
    read_obo,
    version_of_obo,
)
SOURCE = Source(
    name="disease_ontology",
    title="The Human Disease Ontology",
    release=RELEASE,
    licence="CC0",
    cite="Schriml et al. 2022, Nucleic Acids Research 50:D1255",
    home="https://disease-ontology.org",
    remotes=(
        Remote(
            "https://raw.githubusercontent.com/DiseaseOntology/HumanDiseaseOntology/"
            f"v{RELEASE}/src/ontology/doid.obo",
            size=7_000_000,
        ),
    ),
    convert=partial(convert_terms, terms=(TERMS,)),
    note="The releases of 2015 were CC BY 3.0.",
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
