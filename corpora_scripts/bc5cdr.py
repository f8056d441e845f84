"""BC5CDR: abstracts with chemicals, diseases, and which chemical induces which disease.

The archive holds CDR_TrainingSet.PubTator.txt and its like for development and test.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.parts import convert_parts

PARTS = {
    part: (f"CDR_{official}Set.PubTator.txt", 500)
    for part, official in (("train", "Training"), ("dev", "Development"), ("test", "Test"))
}
"""The official file of each part, and its documents (Li et al. 2016)."""


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/cdr/{train,dev,test}.pubtator.gz."""
    yield from convert_parts(files, to / "corpora" / "cdr", PARTS)


SOURCE = Source(
    name="bc5cdr",
    title="BC5CDR, the corpus of BioCreative V's chemical-disease relation task",
    release="CDR.Corpus.v010516",
    licence="made by NCBI, a work of the US government, free for use; publishers may hold rights in"
    " the abstracts",
    cite="Li et al. 2016, Database, baw068",
    home="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-v/track-3-cdr/",
    remotes=(Remote("https://ftp.ncbi.nlm.nih.gov/pub/lu/BC5CDR/CDR_Data.zip"),),
    convert=convert,
    archives=("CDR_Data.zip",),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
