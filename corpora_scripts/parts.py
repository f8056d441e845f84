"""Corpora in PubTator whose parts are files of their own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from corpora_scripts.frame import Made
from corpora_scripts.members import AtHand
from corpora_scripts.writing import not_at_hand, write_corpus

from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects


def convert_parts(
    files: AtHand, corpus: Path, parts: Mapping[str, tuple[str, int]]
) -> Iterator[Made]:
    """Write CORPUS/PART.pubtator.gz for each part: its official file and its number of documents.

    A file that lies as this writes it, in a folder of the corpus's name, does as well.
    """
    for part, (official, published) in parts.items():
        out = corpus / f"{part}.pubtator.gz"
        names = (official, f"{corpus.name}/{out.name}")
        if member := files.first(*names):
            rejects = Rejects()
            documents = pubtator.read(files.on_disk(member), rejects)
            yield write_corpus(out, documents, rejects, published)
        else:
            yield not_at_hand(out, names)
