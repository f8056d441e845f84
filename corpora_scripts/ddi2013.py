"""DDI-2013: texts of DrugBank and MedLine with drugs and their interactions.

Layout, as known from its papers and readers, and tested on made-up files only: Train/DrugBank/*.xml,
Train/MedLine/*.xml and, for test, "Test for DDI Extraction task/DrugBank/*.xml" and its like, each

    <document id="DDI-DrugBank.d1">
      <sentence id="DDI-DrugBank.d1.s0" text="Aspirin may increase the effect of warfarin.">
        <entity id="DDI-DrugBank.d1.s0.e0" charOffset="0-6" type="drug" text="Aspirin"/>
        <entity id="DDI-DrugBank.d1.s0.e1" charOffset="35-42" type="drug" text="warfarin"/>
        <pair id="DDI-DrugBank.d1.s0.p0" e1="..." e2="..." ddi="true" type="effect"/>
      </sentence>
    </document>

Offsets count characters of the sentence, the last one included; `;` joins the parts of a
discontinuous entity. A pair that interacts has a type: mechanism, effect, advise or int. In what is
written here each sentence is a passage and an interacting pair a relation that is called as its type;
pairs that do not interact are those without a relation.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand, Member
from corpora_scripts.writing import not_at_hand, write_corpus

from lxml import etree

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.formats.given import UnusableError, mention_at
from biolabel.text.formats.repeated import Seen
from biolabel.text.rejects import Rejects

COMMIT = "819b0fa538ed83ab2a8b4f5417bba3c03249b7f3"
PARTS = {
    "train": (("Train/DrugBank/*.xml", "Train/MedLine/*.xml"), 714),
    "test": (
        (
            "Test for DDI Extraction task/DrugBank/*.xml",
            "Test for DDI Extraction task/MedLine/*.xml",
        ),
        191,
    ),
}
"""Where the files of each part lie, and how many there are (Herrero-Zazo et al. 2013)."""
UNTYPED = "int"
"""What the corpus calls an interaction of which nothing more is said."""


def convert(_: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write corpora/ddi2013/{train,test}.jsonl.gz."""
    for part, (patterns, published) in PARTS.items():
        out = to / "corpora" / "ddi2013" / f"{part}.jsonl.gz"
        members = files.all(*patterns)
        if not members:
            yield not_at_hand(out, patterns)
            continue
        rejects = Rejects()
        yield write_corpus(out, documents(members, rejects), rejects, published)


def documents(members: Iterable[Member], rejects: Rejects) -> Iterator[Document]:
    """Yield the document of each file; what cannot be used costs itself.

    Raises:
        KnowledgeError: BL751 when the archive is damaged.
    """
    # Neither entities nor anything outside the file is loaded.
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    seen = Seen()
    for member in members:
        path = Path(member.path)
        try:
            root = etree.fromstring(member.read(), safe)
            document = _document(root, path, rejects)
            if again := seen.again(document.id, document):
                raise UnusableError(*again)
        except etree.XMLSyntaxError as error:
            rejects.add(path, error.lineno or 0, "", "document", f"it is no XML: {error}", "")
        except UnusableError as fault:
            rejects.add(path, 0, "", fault.lost, fault.reason, "")
        else:
            yield document


def _document(root: etree._Element, path: Path, rejects: Rejects) -> Document:
    """Return a document with its sentences as passages, a blank between them."""
    name = root.get("id") or ""
    passages: list[Passage] = []
    mentions: dict[str, Mention] = {}
    relations: dict[Relation, None] = {}
    at = 0
    for sentence in root.iterfind("sentence"):
        text = sentence.get("text") or ""
        for item in sentence:
            try:
                if item.tag == "entity":
                    mentions[item.get("id") or ""] = _mention(item, " " * at + text, at)
                elif item.tag == "pair" and item.get("ddi") == "true":
                    relations[_relation(item, mentions)] = None
            except UnusableError as fault:
                line = item.sourceline or 0
                shown = etree.tostring(item, encoding="unicode").strip()
                rejects.add(path, line, name, fault.lost, fault.reason, shown)
        if text.strip():
            passages.append(Passage("", at, text))
            at += len(text) + 1
    if root.tag != "document" or not name or not passages:
        raise UnusableError("document", "it has no document with an id and sentences")
    return Document(name, tuple(passages), tuple(mentions.values()), tuple(relations))


def _mention(item: etree._Element, text: str, at: int) -> Mention:
    """Return an entity; `text` ends with its sentence, which begins at `at`.

    Raises:
        UnusableError: when its offsets do not give its text.
    """
    spans = []
    for part in (item.get("charOffset") or "").split(";"):
        first, _, last = part.strip().partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            raise UnusableError("mention", f"{part!r} is no span")
        spans.append((at + int(first), at + int(last) + 1))
    return mention_at(text, spans, item.get("text") or "", item.get("type") or "")


def _relation(item: etree._Element, mentions: dict[str, Mention]) -> Relation:
    """Return an interaction between two entities.

    Raises:
        UnusableError: when it names an entity that the document does not have.
    """
    ends = [mentions.get(item.get(side) or "") for side in ("e1", "e2")]
    first, second = ends
    if first is None or second is None:
        raise UnusableError("relation", "the document has no such entity")
    label = item.get("type") or UNTYPED
    return Relation(label, first.names[-1], second.names[-1], label)


SOURCE = Source(
    name="ddi2013",
    title="The DDI corpus of 2013",
    release=f"isegura/DDICorpus {COMMIT[:8]}",
    licence="CC BY-NC 4.0 (not for commercial use), as far as known; DrugBank and publishers may hold"
    " rights in the texts",
    cite="Herrero-Zazo et al. 2013, Journal of Biomedical Informatics 46:914",
    home="https://github.com/isegura/DDICorpus",
    remotes=(Remote(f"https://github.com/isegura/DDICorpus/raw/{COMMIT}/DDICorpus-2013.zip"),),
    convert=convert,
    archives=("DDICorpus-2013.zip",),
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
