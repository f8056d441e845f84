"""JATS XML, the full texts of PubMed Central: single articles, sets of them, folders.

Passages are the title, the paragraphs of each section of the abstract and the body, with line ends
between them, and behind these the captions of the section's figures and tables, each by itself; one
blank is between passages. Left out are references, footnotes, the cells of tables,
what stands behind the body, and responses and reviews that come with an article. Markers of references
stay as text ("as before [12]", with a blank before raised ones), formulas as the characters of their
MathML, or else as TeX.

A passage's kind is `title`, `abstract`, `introduction`, `methods`, `results`, `discussion`,
`conclusions`, `figure`, `table`, or `body` for any other section; its heading names its section and
those around it ("Methods > Patients"), or the label of its figure ("Figure 1").

Metadata: `journal`, `year` (the earliest), `keywords`, `publication_types` (JATS's one), `language`,
`pmid`, `pmcid`, `doi`. An article's id is its PMC number ("PMC123"), else its PMID, its DOI, or the name
of its file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path

from lxml import etree

from biolabel.data.documents import HEADING_BREAK, Document
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.records import collapsed, read_records
from biolabel.text.formats.repeated import Seen
from biolabel.text.passages import placed
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

Part = tuple[str, str, str]

_KINDS: Mapping[str, str] = {
    name: kind
    for kind, names in {
        "introduction": "intro introduction background",
        "methods": (
            "methods method materials subjects methodology materials-and-methods"
            " methods-and-materials material-and-methods patients-and-methods"
            " subjects-and-methods experimental-procedures experimental-section"
        ),
        "results": "results result findings",
        "discussion": "discussion",
        "conclusions": "conclusions conclusion",
    }.items()
    for name in names.split()
}
"""What the names of sections mean: values of `sec-type` that JATS proposes, and usual headings."""

_NUMBER = re.compile(r"^(?:\d+|[IVX]+)(?:\.\d*)*\.?\s+")
_TEX = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)
_FLOATS = ("fig", "table-wrap", "fig-group", "table-wrap-group")
_OUTSIDE = frozenset({
    "fn", "fn-group", "ref-list", "table", "graphic", "media", "supplementary-material", "ack",
    "inline-graphic", "inline-supplementary-material", "object-id", "glossary",
    "sec-meta", *_FLOATS,
})  # fmt: skip
_APART = frozenset({
    "p", "list", "list-item", "disp-formula", "disp-formula-group", "disp-quote", "def-list",
    "def-item", "def", "term", "title", "label", "break", "verse-group", "verse-line", "statement",
    "speech", "boxed-text", "code", "preformat", "attrib", "sec",
})  # fmt: skip
_HEADS = ("title", "label", "caption")
_AS_TEXT = ("math", "textual-form", "tex-math")


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the articles of a JATS file, plain or gzip, holding one at a time.

    Of articles with the same id the first is kept.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL640 when it has no article.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    alone = path.name.partition(".")[0]
    for number, record in enumerate(read_records(path, ("article",)), 1):
        if record.element is None:
            rejects.add(path, record.line, "", record.lost, record.fault, record.raw)
            continue
        document = _article(record.element, alone if number == 1 else f"{alone}-{number}")
        if not document.passages:
            reason = "the article has no text"
            rejects.add(path, record.line, document.id, "document", reason, record.raw)
        elif again := seen.again(document.id, document):
            rejects.add(path, record.line, document.id, again.lost, again.reason, document.text)
        else:
            yield document


def _article(article: etree._Element, otherwise: str) -> Document:
    for element in article.iter("{*}*"):
        element.tag = etree.QName(element).localname
    meta = {name: tuple(dict.fromkeys(values)) for name, values in _meta(article)}
    meta = {name: values for name, values in meta.items() if values}
    ids = [meta[name][0] for name in ("pmcid", "pmid", "doi") if name in meta]
    return Document([*ids, otherwise][0], placed(_joined(_parts(article))), meta=meta)


def _parts(article: etree._Element) -> Iterator[Part]:
    group = article.find("front/article-meta/title-group")
    titles = (
        [] if group is None else [_text(t) for t in group if t.tag in ("article-title", "subtitle")]
    )
    yield "title", ": ".join(filter(None, titles)), ""
    abstracts = article.findall("front/article-meta/abstract")
    plain = [abstract for abstract in abstracts if "abstract-type" not in abstract.attrib]
    for abstract in plain or abstracts[:1]:
        yield from _passages(abstract, "abstract", ())
    for body in article.iterchildren("body", "floats-group"):
        yield from _passages(body, "body", ())


def _passages(section: etree._Element, kind: str, path: tuple[str, ...]) -> Iterator[Part]:
    """Yield kind, text and heading of the paragraphs in a section, and of the captions behind them."""
    captions: list[Part] = []
    for child in section:
        if child.tag in ("sec", "boxed-text"):
            yield from captions
            captions = []
            title = _title(child)
            inner = _kind(child, title) or kind if kind == "body" else kind
            yield from _passages(child, inner, (*path, title) if title else path)
        elif child.tag not in _HEADS:
            if child.tag not in _OUTSIDE:
                yield kind, _text(child), HEADING_BREAK.join(path)
            captions += map(_caption, child.iter(*_FLOATS))
    yield from captions


def _caption(floating: etree._Element) -> Part:
    kind = "table" if floating.tag.startswith("table") else "figure"
    return kind, _text(floating.find("caption")), _text(floating.find("label")).rstrip(".: ")


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts with neighbors of one kind and heading as one, a line end between their texts."""
    for (kind, heading), same in groupby(parts, lambda part: (part[0], part[2])):
        yield kind, "\n".join(text for _, text, _ in same if text), heading


def _title(section: etree._Element) -> str:
    title = section.find("title")
    return _text(section.find("caption/title") if title is None else title)


def _kind(section: etree._Element, title: str) -> str:
    """Return what a section is by its type, else by its title; nothing where neither tells."""
    types = section.get("sec-type", "").casefold().split("|")
    told = {_KINDS[name.strip()] for name in types if name.strip() in _KINDS}
    words = _NUMBER.sub("", title).casefold().rstrip(".:").replace("&", "and").split()
    return told.pop() if len(told) == 1 else "" if told else _KINDS.get("-".join(words), "")


def _text(element: etree._Element | None) -> str:
    return "" if element is None else collapsed("".join(_pieces(element)))


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _piece(child)
        yield child.tail or ""


def _piece(element: etree._Element) -> Iterator[str]:
    if element.tag == "alternatives":
        ways = (way for tag in _AS_TEXT for way in element.iterchildren(tag))
        for best in islice(ways, 1):
            yield from _piece(best)
    elif element.tag == "math":
        for leaf in element.iter("mi", "mn", "mo", "ms", "mtext"):
            text = leaf.text or ""
            yield text if leaf.tag == "mtext" else text.strip()
    elif element.tag == "tex-math":
        found = _TEX.search(element.text or "")
        yield (found[1] if found else element.text or "").strip().strip("$")
    elif element.tag not in _OUTSIDE:
        apart = " " if element.tag in _APART else ""
        yield " " if _is_raised(element) else apart
        yield from _pieces(element)
        yield apart


def _is_raised(element: etree._Element) -> bool:
    """Return whether an element is the raised marker of a reference: it is no part of its word."""
    marker, inside = ("xref", "sup") if element.tag == "xref" else ("sup", "xref")
    return element.tag == marker and any(
        "bibr" in (element.get("ref-type"), found.get("ref-type")) for found in element.iter(inside)
    )


def _meta(article: etree._Element) -> Iterator[tuple[str, list[str]]]:
    def texts(path: str) -> list[str]:
        found = (_text(item) for item in article.iterfind(f"front/{path}"))
        return [text for text in found if text]

    ids: dict[str, list[str]] = {}
    for item in article.iterfind("front/article-meta/article-id"):
        ids.setdefault(item.get("pub-id-type", ""), []).append(_text(item))
    groups = [
        group
        for group in article.iterfind("front/article-meta/kwd-group")
        if "abbr" not in group.get("kwd-group-type", "")
    ]
    numbers = [f"PMC{text.upper().removeprefix('PMC')}" for text in ids.get("pmc", ())]
    yield (
        "journal",
        [
            *texts("journal-meta/journal-title-group/journal-title"),
            *texts("journal-meta/journal-title"),
            *texts("journal-meta/journal-title-group/abbrev-journal-title"),
        ],
    )
    yield "year", sorted(texts("article-meta/pub-date/year"))[:1]
    yield "keywords", [_text(word) for group in groups for word in group.iter("kwd")]
    yield (
        "publication_types",
        [article.get("article-type", "")] * ("article-type" in article.attrib),
    )
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    yield "language", [article.get(language)] * (language in article.attrib)
    yield "pmid", ids.get("pmid", [])
    yield "pmcid", [*ids.get("pmcid", ()), *numbers]
    yield "doi", ids.get("doi", [])


FORMAT = Format(
    name="jats",
    title="JATS XML",
    endings=(".xml", ".nxml"),
    read=no_columns(read),
    looks=lambda head: re.search(rb"<(pmc-articleset|article)[\s>]", head) is not None,
)
