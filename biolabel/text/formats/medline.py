"""PubMed/MEDLINE XML: baseline and update files, and what PubMed and its E-utilities give out.

Title and abstract are the text, each labeled part of the abstract a passage of its own, with one blank
between passages; the labels are headings and no part of the text, so offsets differ from PubTator's,
where they are. Markup inside texts leaves its characters ("H<sub>2</sub>O" is "H2O"). The abstract in
other languages is left out.

Metadata: `journal` (title and abbreviation), `year`, `mesh` (a heading with its qualifiers,
"Heparin/adverse effects"), `mesh_ids` (the descriptors, "MESH:D006493"), `keywords`,
`publication_types`, `language`, `doi`, `pmcid`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from biolabel.data.documents import HEADING_BREAK, Document
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.records import read_records, text_of
from biolabel.text.formats.repeated import Seen
from biolabel.text.passages import placed
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
"""The elements that are read; a book article is a chapter or book of NCBI's Bookshelf."""

_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_UNSAID = ("", "UNASSIGNED", "UNLABELLED")
_NO_TITLE = ("", "[Not Available].", "[In Process Citation].")


@dataclass(frozen=True, slots=True)
class _Article:
    line: int
    version: int
    document: Document


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the articles of a MEDLINE file, plain or gzip, holding one at a time; PMIDs are the ids.

    Of versions of one article that stand one after the other the highest is kept, of any other
    repetition the first. Deleted citations of update files are noted in `rejects`.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL640 when it has no article.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    for article in _latest(_articles(path, rejects), path, rejects):
        document = article.document
        if again := seen.again(document.id, document):
            rejects.add(path, article.line, document.id, again.lost, again.reason, document.text)
        else:
            yield document


def _articles(path: Path, rejects: Rejects) -> Iterator[_Article]:
    for record in read_records(path, TAGS):
        if record.element is None:
            rejects.add(path, record.line, "", record.lost, record.fault, record.raw)
        elif record.tag == "DeleteCitation":
            for pmid in record.element.iterfind("PMID"):
                reason = "PubMed deleted this article"
                rejects.add(path, record.line, text_of(pmid), "nothing", reason, "")
        else:
            article = _article(record.line, record.element)
            if article.document.id and article.document.passages:
                yield article
                continue
            lacks = "neither a title nor an abstract" if article.document.id else "no PMID"
            reason = f"the article has {lacks}"
            rejects.add(path, record.line, article.document.id, "document", reason, record.raw)


def _latest(articles: Iterable[_Article], path: Path, rejects: Rejects) -> Iterator[_Article]:
    """Yield articles with only the highest of the versions that stand one after the other."""
    held: _Article | None = None
    for article in articles:
        if held and held.document.id == article.document.id:
            lower, held = sorted((held, article), key=lambda found: found.version)
            reason = f"version {held.version} of the article is kept, not {lower.version}"
            rejects.add(path, lower.line, held.document.id, "nothing", reason, "")
            continue
        if held:
            yield held
        held = article
    if held:
        yield held


def _article(line: int, record: etree._Element) -> _Article:
    # An article has its texts in MedlineCitation/Article, a book's chapter directly in BookDocument.
    outer = next(record.iterfind("*"), record)
    inner = outer.find("Article") if outer.find("Article") is not None else outer
    pmid = outer.find("PMID")
    version = "" if pmid is None else pmid.get("Version", "")
    title = text_of(inner.find("ArticleTitle"))
    if title in _NO_TITLE:
        title = text_of(inner.find("VernacularTitle")) or title
    parts = [("title", title or text_of(inner.find("Book/BookTitle")), "")]
    parts += [
        ("abstract", text_of(part), _heading(part))
        for part in inner.iterfind("Abstract/AbstractText")
    ]
    meta = {name: tuple(dict.fromkeys(values)) for name, values in _meta(outer, inner, record)}
    return _Article(
        line,
        int(version) if version.isdecimal() else 1,
        Document(text_of(pmid), placed(parts), meta={k: v for k, v in meta.items() if v}),
    )


def _heading(part: etree._Element) -> str:
    """Return the label of a part of an abstract, under PubMed's category where that says more."""
    label = " ".join(part.get("Label", "").split())
    category = part.get("NlmCategory", "")
    names = [category, label] if category.casefold() != label.casefold() else [label]
    return HEADING_BREAK.join(name for name in names if name not in _UNSAID)


def _meta(
    outer: etree._Element, inner: etree._Element, record: etree._Element
) -> Iterator[tuple[str, list[str]]]:
    def texts(element: etree._Element, *paths: str) -> list[str]:
        found = (text_of(item) for path in paths for item in element.iterfind(path))
        return [text for text in found if text]

    published = (
        "Journal/JournalIssue/PubDate/Year",
        "Journal/JournalIssue/PubDate/MedlineDate",
        "ArticleDate/Year",
        "Book/PubDate/Year",
    )
    years = (_YEAR.search(text) for text in texts(inner, *published))
    # The descriptor comes first, its qualifiers follow.
    headings = outer.findall("MeshHeadingList/MeshHeading")
    ids = (name.get("UI", "") for heading in headings for name in heading[:1])
    yield "journal", texts(inner, "Journal/Title", "Journal/ISOAbbreviation")
    yield "year", [year[0] for year in years if year][:1]
    yield "mesh", ["/".join(map(text_of, heading)) for heading in headings]
    yield "mesh_ids", [f"MESH:{ui}" for ui in ids if ui]
    yield "keywords", texts(outer, "KeywordList/Keyword")
    yield (
        "publication_types",
        texts(inner, "PublicationTypeList/PublicationType", "PublicationType"),
    )
    yield "language", texts(inner, "Language")
    for kind, field in (("doi", "doi"), ("pmc", "pmcid")):
        found = record.iterfind("PubmedData/ArticleIdList/ArticleId")
        yield field, [text_of(item) for item in found if item.get("IdType") == kind]


FORMAT = Format(
    name="medline",
    title="MEDLINE XML",
    endings=(".xml",),
    read=no_columns(read),
    looks=lambda head: (
        re.search(rb"<(PubmedArticleSet|Pubmed(Book)?Article)[\s>]", head) is not None
    ),
)
