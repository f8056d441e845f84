"""The NCBI disease corpus: abstracts with diseases and their MeSH or OMIM ids, in PubTator.

The hashes are those that another project's loader (percevalw/nlstruct) has pinned.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.parts import convert_parts

BASE = "https://www.ncbi.nlm.nih.gov/CBBresearch/Dogan/DISEASE"
PARTS = {
    part: (f"NCBI{official}set_corpus.txt", published)
    for part, official, published in (
        ("train", "train", 592),
        ("dev", "develop", 100),
        ("test", "test", 100),
    )
}
"""The official file of each part, and its documents; train has one of its 593 twice."""


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/ncbi_disease/{train,dev,test}.pubtator.gz."""
    yield from convert_parts(files, to / "corpora" / "ncbi_disease", PARTS)


SOURCE = Source(
    name="ncbi_disease",
    title="The NCBI disease corpus",
    release="the files of 2013, whose hashes are known",
    licence="made by NCBI, a work of the US government, public domain; publishers may hold rights in"
    " the abstracts",
    cite="Dogan et al. 2014, Journal of Biomedical Informatics 47:1",
    home="https://www.ncbi.nlm.nih.gov/CBBresearch/Dogan/DISEASE/",
    remotes=(
        Remote(
            f"{BASE}/NCBItrainset_corpus.zip",
            sha256="26157233d70aeda0b2ac1dda4fc9369b0717bd888f5afe511d0c1c6a5ad307a0",
        ),
        Remote(
            f"{BASE}/NCBIdevelopset_corpus.zip",
            sha256="61681ad09356619c8f4f3e1738663dd007ad0135720fdc90195120fea944cbe9",
        ),
        Remote(
            f"{BASE}/NCBItestset_corpus.zip",
            sha256="b978442f39c739deb6619c70e7b07327d9eb1b71aff64996c02a592435583f46",
        ),
    ),
    convert=convert,
    archives=("NCBI*set_corpus.zip",),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
