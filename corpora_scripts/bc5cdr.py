"""BC5CDR: abstracts with chemicals, diseases, and which chemical induces which disease.

The archive holds CDR_TrainingSet.PubTator.txt and its like for development and test.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.writing import not_at_hand, write_corpus

PARTS = {"train": "Training", "dev": "Development", "test": "Test"}
PUBLISHED = 500
"""Documents of each part (Li et al. 2016)."""


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/cdr/{train,dev,test}.pubtator.gz."""
    for part, official in PARTS.items():
        names = (f"CDR_{official}Set.PubTator.txt", f"cdr/{part}.pubtator.gz")
        out = to / "corpora" / "cdr" / f"{part}.pubtator.gz"
        if member := files.first(*names):
            rejects = Rejects()
            documents = pubtator.read(files.on_disk(member), rejects)
            yield write_corpus(out, documents, rejects, PUBLISHED)
        else:
            yield not_at_hand(out, names)


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
