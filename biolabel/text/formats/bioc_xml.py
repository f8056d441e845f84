"""BioC XML: collections of documents with their annotations and relations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.bioc import LINE, document_of
from biolabel.text.formats.bioc_trees import tree_of
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.records import read_records
from biolabel.text.formats.repeated import Seen
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

_HEAD = (
    b"<?xml version='1.0' encoding='UTF-8'?>\n"
    b"<collection>\n<source>biolabel</source>\n<date></date>\n<key></key>\n"
)
_LISTS = {"passages": "passage", "sentences": "sentence", "annotations": "annotation"}
_LISTS |= {"relations": "relation", "locations": "location", "nodes": "node"}
_ORDER = ("infons", "offset", "locations", "nodes", "text", "sentences", "annotations", "passages")
"""The order of parts in the DTD of BioC; `relations` come last."""

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STRINGS = ("id", "text", "offset")


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a BioC XML file, plain or gzip, holding one at a time.

    How trees become documents says `biolabel.text.formats.bioc`. Of documents with the same id the
    first good one is kept.

    Raises:
        CorpusError: as `read_records`.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    for record in read_records(path, ("document",)):
        if record.element is None:
            rejects.add(path, record.line, "", record.lost, record.fault, record.raw)
        elif entity := next(record.element.iter(etree.Entity), None):
            reason = f"it uses {entity.text}, and entities are not expanded"
            rejects.add(path, record.line, "", "document", reason, record.raw)
        elif document := document_of(
            _tree(record.element, record.line), path, record.line, rejects
        ):
            if again := seen.again(document.id, document):
                reason, lost = again.reason, again.lost
                rejects.add(path, record.line, document.id, lost, reason, document.text)
            else:
                yield document


def _tree(element: etree._Element, first: int) -> dict[str, Any]:
    """Return an element as a tree; `first` is the line on which the record begins."""
    tree: dict[str, Any] = {LINE: element.sourceline + first - 1, **element.attrib}
    for name in _LISTS:
        tree[name] = []
    infons: dict[str, list[str]] = {}
    for child in element:
        if child.tag == "infon":
            infons.setdefault(child.get("key", ""), []).append(child.text or "")
        elif child.tag in _STRINGS:
            tree[child.tag] = child.text or ""
        elif f"{child.tag}s" in _LISTS:
            tree[f"{child.tag}s"].append(_tree(child, first))
    return tree | {"infons": infons}


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as BioC XML, gzip if the name ends in `.gz`, and their topics beside it.

    Offsets count code points. Relations between mentions have nodes, those between concepts the infons
    `subject` and `object`.

    Raises:
        CorpusError: BL604 when the file cannot be written; BL610 for a document with characters that
            XML does not have.
    """
    write_pieces(path, documents, _piece, head=_HEAD, tail=b"</collection>\n")


def unfit(document: Document) -> str:
    """Return why XML cannot hold a document, or nothing."""
    found = _NO_XML.search(repr_of(document))
    if not found:
        return ""
    return f"XML cannot hold the character U+{ord(found[0]):04X} of document {document.id!r}"


def repr_of(document: Document) -> str:
    """Return all texts of a document in one, as they stand."""
    meta = (text for key, values in document.meta.items() for text in (key, *values))
    headings = (text for p in document.passages for text in (p.kind, p.heading))
    mentions = (text for m in document.mentions for text in (m.type, m.source, *m.concepts))
    relations = (
        text for r in document.relations for text in (r.task, r.label, r.subject, r.object)
    )
    return "\n".join((document.id, document.text, *meta, *headings, *mentions, *relations))


def _piece(document: Document) -> bytes:
    if reason := unfit(document):
        raise CorpusError("BL610", reason)
    element = _element("document", tree_of(document))
    etree.indent(element)
    data: bytes = etree.tostring(element, encoding="utf-8")
    return data + b"\n"


def _element(tag: str, tree: Mapping[str, Any]) -> etree._Element:
    """Return a tree as an element."""
    element = etree.Element(tag)
    if tag == "document":
        etree.SubElement(element, "id").text = tree["id"]
    elif tag in ("location", "node"):
        element.attrib.update({key: str(value) for key, value in tree.items()})
        return element
    elif "id" in tree:
        element.set("id", tree["id"])
    for part in (*_ORDER, "relations"):
        value = tree.get(part, ())
        if part == "infons":
            for key, values in value.items():
                for text in [values] if isinstance(values, str) else values:
                    etree.SubElement(element, "infon", key=key).text = text
        elif part in _LISTS:
            element.extend(_element(_LISTS[part], child) for child in value)
        elif part in tree:
            etree.SubElement(element, part).text = str(value)
    return element


def _looks(head: bytes) -> bool:
    return re.search(rb"<collection[\s>]", head) is not None


FORMAT = Format(
    name="bioc-xml",
    title="BioC XML",
    endings=(".bioc.xml", ".bioc", ".xml"),
    read=no_columns(read),
    write=write,
    looks=_looks,
    holds=ALL,
    unfit=unfit,
)
