"""PubMed's XML, on articles that nobody wrote."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.known import format_of, read_documents
from biolabel.text.formats.medline import read
from biolabel.text.rejects import Rejects

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet SYSTEM "http://example.org/pubmed.dtd">
<PubmedArticleSet>
"""
TAIL = "</PubmedArticleSet>\n"
FULL = """<PubmedArticle>
  <MedlineCitation Status="MEDLINE">
    <PMID Version="1">501</PMID>
    <Article PubModel="Print">
      <Journal>
        <JournalIssue><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate></JournalIssue>
        <Title>Journal of quiet experiments</Title>
        <ISOAbbreviation>J Quiet Exp</ISOAbbreviation>
      </Journal>
      <ArticleTitle>Zinc, H<sub>2</sub>O and <i>slow</i>
        boats.</ArticleTitle>
      <ELocationID EIdType="doi">10.1/ignored</ELocationID>
      <Abstract>
        <AbstractText Label="AIM" NlmCategory="OBJECTIVE">To ask if p &lt; 0.05.</AbstractText>
        <AbstractText Label="Results" NlmCategory="RESULTS">It was 10<sup>6</sup>.</AbstractText>
        <AbstractText Label="WHO PAID" NlmCategory="UNASSIGNED">Nobody.</AbstractText>
        <AbstractText></AbstractText>
        <AbstractText>Also <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mn>1</mml:mn></mml:math>.</AbstractText>
        <CopyrightInformation>Nobody, 1998.</CopyrightInformation>
      </Abstract>
      <Language>fre</Language>
      <PublicationTypeList>
        <PublicationType UI="D016428">Journal Article</PublicationType>
        <PublicationType UI="D002363">Case Reports</PublicationType>
      </PublicationTypeList>
    </Article>
    <MeshHeadingList>
      <MeshHeading>
        <DescriptorName UI="D015032" MajorTopicYN="N">Zinc</DescriptorName>
        <QualifierName UI="Q000009" MajorTopicYN="Y">adverse effects</QualifierName>
        <QualifierName UI="Q000493" MajorTopicYN="N">pharmacokinetics</QualifierName>
      </MeshHeading>
      <MeshHeading><DescriptorName UI="D006801" MajorTopicYN="N">Humans</DescriptorName></MeshHeading>
    </MeshHeadingList>
    <OtherAbstract Type="Publisher" Language="fre"><AbstractText>Le zinc.</AbstractText></OtherAbstract>
    <KeywordList Owner="NOTNLM"><Keyword>boats</Keyword><Keyword>boats</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData><ArticleIdList>
    <ArticleId IdType="doi">10.1/quiet</ArticleId><ArticleId IdType="pmc">PMC77</ArticleId>
  </ArticleIdList></PubmedData>
</PubmedArticle>
"""


def article(pmid: str, title: str = "A title.", version: int = 1, more: str = "") -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="{version}">{pmid}</PMID><Article>'
        f"<ArticleTitle>{title}</ArticleTitle>{more}</Article></MedlineCitation></PubmedArticle>\n"
    )


def written(folder: Path, *articles: str) -> Path:
    path = folder / "pubmed26n0001.xml"
    path.write_text(HEAD + "".join(articles) + TAIL, encoding="utf-8")
    return path


def both(path: Path) -> tuple[list[Document], list[tuple[int, str, str, str]]]:
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.line, row.doc, row.lost, row.reason) for row in rejects.rows]


def test_texts_and_metadata_of_an_article(tmp_path: Path) -> None:
    (document,), rejects = both(written(tmp_path, FULL))
    assert rejects == []
    assert document.id == "501"
    assert document.passages == (
        Passage("title", 0, "Zinc, H2O and slow boats."),
        Passage("abstract", 26, "To ask if p < 0.05.", "OBJECTIVE > AIM"),
        Passage("abstract", 46, "It was 106.", "Results"),
        Passage("abstract", 58, "Nobody.", "WHO PAID"),
        Passage("abstract", 66, "Also x=1."),
    )
    assert document.meta == {
        "journal": ("Journal of quiet experiments", "J Quiet Exp"),
        "year": ("1998",),
        "mesh": ("Zinc/adverse effects/pharmacokinetics", "Humans"),
        "mesh_ids": ("MESH:D015032", "MESH:D006801"),
        "keywords": ("boats",),
        "publication_types": ("Journal Article", "Case Reports"),
        "language": ("fre",),
        "doi": ("10.1/quiet",),
        "pmcid": ("PMC77",),
    }


def test_titles(tmp_path: Path) -> None:
    other = "<VernacularTitle>Ein Titel.</VernacularTitle>"
    documents, _ = both(
        written(
            tmp_path,
            article("1", "[On boats.]", more=other),
            article("2", "[Not Available].", more=other),
            article("3", "", more=other),
            article("4", "[Not Available]."),
        )
    )
    assert [document.text for document in documents] == [
        "[On boats.]", "Ein Titel.", "Ein Titel.", "[Not Available].",
    ]  # fmt: skip


def test_a_chapter_of_a_book(tmp_path: Path) -> None:
    chapter = """<PubmedBookArticle><BookDocument><PMID Version="1">9</PMID>
      <Book><BookTitle book="x">All of zinc</BookTitle><PubDate><Year>2011</Year></PubDate></Book>
      <ArticleTitle book="x" part="y">Zinc at sea</ArticleTitle><Language>eng</Language>
      <Abstract><AbstractText>Salty.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"""
    (document,), _ = both(written(tmp_path, chapter))
    assert (document.id, document.text) == ("9", "Zinc at sea Salty.")
    assert document.meta == {"year": ("2011",), "language": ("eng",)}


def test_the_highest_of_versions_side_by_side_is_kept(tmp_path: Path) -> None:
    versions = [article("8", f"Version {n}.", n) for n in (1, 3, 2)]
    documents, rejects = both(written(tmp_path, article("7"), *versions, article("9")))
    assert [(d.id, d.text) for d in documents][1] == ("8", "Version 3.")
    assert len(documents) == 3
    assert rejects == [
        (5, "8", "nothing", "version 3 of the article is kept, not 1"),
        (7, "8", "nothing", "version 3 of the article is kept, not 2"),
    ]


def test_the_first_of_other_repetitions_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, article("1"), article("2"), article("1"), article("2", "New."))
    documents, rejects = both(path)
    assert [document.text for document in documents] == ["A title.", "A title."]
    assert [(line, doc, lost) for line, doc, lost, _ in rejects] == [
        (6, "1", "nothing"), (7, "2", "document"),
    ]  # fmt: skip


def test_what_cannot_be_used_is_rejected(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        article("", "No id."),
        article("2", ""),
        article("3", "<b>Broken"),
        article("4"),
        "<DeleteCitation><PMID Version='1'>11</PMID>\n<PMID>12</PMID></DeleteCitation>",
    )
    documents, rejects = both(path)
    assert [document.id for document in documents] == ["4"]
    assert [(line, doc, lost) for line, doc, lost, _ in rejects] == [
        (4, "", "document"), (5, "2", "document"), (6, "", "document"),
        (8, "11", "nothing"), (8, "12", "nothing"),
    ]  # fmt: skip
    assert rejects[0][3] == "the article has no PMID"
    assert rejects[1][3] == "the article has neither a title nor an abstract"
    assert rejects[2][3].startswith("it is no well-formed XML: Opening and ending tag mismatch")


def test_the_content_tells_the_format(tmp_path: Path) -> None:
    assert format_of(written(tmp_path, FULL)).name == "medline"
    (tmp_path / "pubmed26n0001.xml.topics.tsv").write_text("501\trelevant\tyes\n")
    (document,) = read_documents(written(tmp_path, FULL), Rejects())
    assert document.topics == {"relevant": "yes"}


def test_a_file_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        both(written(tmp_path))
    assert caught.value.code == "BL640"


def test_articles_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "endless.xml"
    path.write_text(HEAD + "".join(article(str(n)) * 1 for n in range(20_000)) + "<Pub")
    found: Iterator[Document] = read(path, Rejects())
    assert [document.id for document in islice(found, 3)] == ["0", "1", "2"]
