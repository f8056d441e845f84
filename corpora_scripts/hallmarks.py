"""Hallmarks of Cancer: abstracts and which hallmarks each gives evidence of.

Layout, tested on made-up files only: text/PMID.txt has a sentence a line, its tokens with blanks
between them, and labels/PMID.txt the labels of all sentences in one line, each after a `<`: nothing,
NULL, or paths of the taxonomy such as

    Resisting cell death--Apoptosis AND Evading growth suppressors--By deregulating cell cycle checkpoints

Some files have one label more than sentences, so that it is not sure which belongs to which. Here a
document has a label for each of the ten hallmarks: yes if any of its sentences has it or something
below it, else no.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand, Member
from corpora_scripts.writing import not_at_hand, write_corpus

from biolabel.data.documents import Document, Passage
from biolabel.text.rejects import Rejects

COMMIT = "d066469dddce321ab9414222007432e60f7bfc38"
PUBLISHED = 1852
HALLMARKS = (
    "activating_invasion_and_metastasis",
    "avoiding_immune_destruction",
    "cellular_energetics",
    "enabling_replicative_immortality",
    "evading_growth_suppressors",
    "genomic_instability_and_mutation",
    "inducing_angiogenesis",
    "resisting_cell_death",
    "sustaining_proliferative_signaling",
    "tumor_promoting_inflammation",
)
_AND = re.compile(r"\s+AND\s*")


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/hallmarks/all.jsonl.gz."""
    out = to / "corpora" / "hallmarks" / "all.jsonl.gz"
    texts = files.all("text/*.txt")
    if not texts:
        yield not_at_hand(out, ("text/*.txt",))
        return
    labels = {member.path.name: member for member in files.all("labels/*.txt")}
    rejects = Rejects()
    found = documents(texts, labels, rejects)
    yield write_corpus(out, found, rejects, PUBLISHED)


def documents(
    texts: tuple[Member, ...], labels: Mapping[str, Member], rejects: Rejects
) -> Iterator[Document]:
    """Yield the document of each text; one without labels costs itself.

    Raises:
        KnowledgeError: BL751 when the archive is damaged.
    """
    for member in texts:
        path, name = Path(member.path), member.path.stem
        try:
            sentences = [" ".join(line.split()) for line in member.read().decode().splitlines()]
            written = labels[member.path.name].read().decode()
        except UnicodeDecodeError as error:
            rejects.add(path, 0, name, "document", f"it is not UTF-8: {error}", "")
            continue
        except KeyError:
            rejects.add(path, 0, name, "document", "there is no file of its labels", "")
            continue
        found = hallmarks_of(written)
        if strange := found - set(HALLMARKS):
            reason = f"{min(strange)!r} is none of the ten hallmarks"
            rejects.add(path, 0, name, "topic", reason, written)
        if not any(sentences):
            rejects.add(path, 0, name, "document", "it has no text", "")
        else:
            topics = {topic: "yes" if topic in found else "no" for topic in HALLMARKS}
            yield Document(name, _passages(sentences), topics=topics)


def hallmarks_of(written: str) -> frozenset[str]:
    """Return the hallmarks in a file of labels: the first step of each path, in our spelling."""
    paths = [path.strip() for cell in written.split("<") for path in _AND.split(cell)]
    tops = (path.partition("--")[0].strip() for path in paths if path not in ("", "NULL"))
    return frozenset("_".join(top.lower().split()) for top in tops)


def _passages(sentences: list[str]) -> tuple[Passage, ...]:
    found: list[Passage] = []
    at = 0
    for sentence in filter(None, sentences):
        found.append(Passage("abstract", at, sentence))
        at += len(sentence) + 1
    return tuple(found)


SOURCE = Source(
    name="hallmarks",
    title="The Hallmarks of Cancer corpus",
    release=f"sb895/Hallmarks-of-Cancer {COMMIT[:8]}",
    licence="GPL 3.0; publishers may hold rights in the abstracts",
    cite="Baker et al. 2016, Bioinformatics 32:432",
    home="https://github.com/sb895/Hallmarks-of-Cancer",
    remotes=(Remote(f"https://github.com/sb895/Hallmarks-of-Cancer/archive/{COMMIT}.zip"),),
    convert=convert,
    archives=(f"{COMMIT}.zip", "Hallmarks-of-Cancer*.zip"),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
