"""ChemProt: abstracts with chemicals, genes, and what the one does to the other.

The archive holds an archive a part, with the tables chemprot_training_abstracts.tsv, ..._entities.tsv
and ..._relations.tsv. The texts are in DrugProt too, with other labels (`corpora_scripts.drugprot`).
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand, Member
from corpora_scripts.writing import not_at_hand, write_corpus

from biolabel.text.formats import drugprot
from biolabel.text.rejects import Rejects

_ABSTRACTS = re.compile(r"abstract?s")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a corpus: what it becomes, what its table of abstracts may be called, its documents.

    related: whether it has relations.
    """

    out: str
    abstracts: tuple[str, ...]
    published: int
    related: bool = True


PARTS = (
    Part("train", ("chemprot_training_abstracts.tsv", "chemprot/train_abstracts.tsv.gz"), 1020),
    Part("dev", ("chemprot_development_abstracts.tsv", "chemprot/dev_abstracts.tsv.gz"), 612),
    Part("test", ("chemprot_test_abstracts_gs.tsv",), 800),
)
"""Sizes as Krallinger et al. 2017 give them."""


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/chemprot_original/{train,dev,test}.jsonl.gz."""
    return convert_tables(files, to / "corpora" / "chemprot_original", PARTS)


def convert_tables(files: AtHand, folder: Path, parts: Sequence[Part]) -> Iterator[Made]:
    """Write a file of JSON Lines for each part, of its three tables."""
    for part in parts:
        out = folder / f"{part.out}.jsonl.gz"
        member = files.first(*part.abstracts)
        if member is None:
            yield not_at_hand(out, part.abstracts)
            continue
        rejects = Rejects()
        path = _staged(files, member, part.out)
        made = write_corpus(out, drugprot.read(path, rejects), rejects, part.published)
        if part.related and not drugprot.sisters(path)[1].is_file():
            made = replace(made, gaps=(*made.gaps, "its table of relations is not at hand"))
        yield made


def _staged(files: AtHand, abstracts: Member, part: str) -> Path:
    """Return the table of abstracts, with the other two beside it, under names that the reader knows."""
    packed = ".gz" if abstracts.path.suffix == ".gz" else ""
    for other in ("entities", "relations"):
        sister = str(abstracts.path.with_name(_ABSTRACTS.sub(other, abstracts.path.name)))
        if member := files.first(sister):
            files.on_disk(member, f"{part}/{other}.tsv{packed}")
    return files.on_disk(abstracts, f"{part}/abstracts.tsv{packed}")


SOURCE = Source(
    name="chemprot",
    title="ChemProt, the corpus of BioCreative VI's chemical-protein task",
    release="ChemProt_Corpus.zip of 2017",
    licence="free for research, as far as known; publishers may hold rights in the abstracts",
    cite="Krallinger et al. 2017, BioCreative VI Workshop",
    home="https://biocreative.bioinformatics.udel.edu/news/corpora/chemprot-corpus-biocreative-vi/",
    remotes=(
        Remote(
            "https://biocreative.bioinformatics.udel.edu/media/store/files/2017/ChemProt_Corpus.zip"
        ),
    ),
    convert=convert,
    archives=("ChemProt_Corpus.zip", "chemprot_*.zip"),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
