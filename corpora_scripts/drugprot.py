"""DrugProt: abstracts with chemicals, genes, and what the one does to the other.

The archive holds the tables in folders: training/drugprot_training_abstracs.tsv (spelt so) and its
like for development; test-background has texts and entities only, those of the test among them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from corpora_scripts.chemprot import Part, convert_tables
from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand

PARTS = (
    Part("train", ("drugprot_training_abstra*s.tsv",), 3500),
    Part("dev", ("drugprot_development_abstra*s.tsv",), 750),
    Part("background", ("test_background_abstra*s.tsv",), 10750, related=False),
)
"""Sizes as Miranda et al. 2021 give them."""


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/drugprot/{train,dev,background}.jsonl.gz."""
    return convert_tables(files, to / "corpora" / "drugprot", PARTS)


SOURCE = Source(
    name="drugprot",
    title="DrugProt, the corpus of BioCreative VII's drug-protein task",
    release="Zenodo record 5119892",
    licence="CC BY 4.0; publishers may hold rights in the abstracts",
    cite="Miranda et al. 2021, BioCreative VII Workshop",
    home="https://zenodo.org/record/5119892",
    remotes=(
        Remote(
            "https://zenodo.org/record/5119892/files/"
            "drugprot-training-development-test-background.zip"
        ),
    ),
    convert=convert,
    archives=("drugprot-*.zip",),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
