"""JATS, on full texts that nobody published."""

from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.text.formats.jats import read
from biolabel.text.formats.known import format_of, read_documents
from biolabel.text.rejects import Rejects

FRONT = """<front>
<journal-meta><journal-title-group><journal-title>Annals of Made Up Medicine</journal-title>
<abbrev-journal-title>Ann Made Up Med</abbrev-journal-title></journal-title-group></journal-meta>
<article-meta>
<article-id pub-id-type="pmid">42</article-id><article-id pub-id-type="pmc">900</article-id>
<article-id pub-id-type="doi">10.1/made.up</article-id>
<title-group><article-title>Zinc and <italic>yawning</italic><xref ref-type="fn">*</xref></article-title>
<subtitle>a small study</subtitle></title-group>
<pub-date pub-type="ppub"><month>2</month><year>2012</year></pub-date>
<pub-date pub-type="epub"><year>2011</year></pub-date>
<abstract abstract-type="graphical"><p>A picture.</p></abstract>
<abstract><sec><title>Background</title><p>Zinc is old.</p></sec>
<sec><title>Results</title><p>Nobody yawned.</p><p>Not once.</p></sec></abstract>
<trans-abstract xml:lang="de"><p>Zink ist alt.</p></trans-abstract>
<kwd-group><kwd>zinc</kwd><kwd>sleep</kwd></kwd-group>
<kwd-group kwd-group-type="abbreviations"><kwd>Zn</kwd></kwd-group>
</article-meta></front>"""

BODY = """<body>
<p>A word before.</p>
<sec sec-type="intro"><title>1. Why</title>
<p>Others looked [<xref ref-type="bibr">3</xref>] twice<sup><xref ref-type="bibr">4</xref>,<xref
ref-type="bibr">5</xref></sup> or<xref ref-type="bibr"><sup>6</sup></xref> more; 10<sup>3</sup>.</p></sec>
<sec><title>2. Materials &amp; Methods</title>
<p>We asked:<list><list-item><p>when</p></list-item><list-item><p>how</p></list-item></list></p>
<fig id="f1"><label>Figure 1.</label><caption><title>A bed.</title><p>Seen from above.</p></caption>
<graphic xlink:href="f1.jpg"/></fig>
<p>The cost was <inline-formula><alternatives><tex-math>\\documentclass{minimal}
\\begin{document}$x = 1$\\end{document}</tex-math><mml:math><mml:mi>x</mml:mi>
<mml:mo> = </mml:mo><mml:mn>1</mml:mn></mml:math><inline-graphic/></alternatives
></inline-formula>, or <tex-math>\\begin{document}$y^2$\\end{document}</tex-math>.
<fn><p>A note.</p></fn></p>
<sec><title>People</title><p>Nine of them.<table-wrap><label>Table 2</label><caption><p>Who came.</p>
</caption><table><tr><td>cell</td></tr></table></table-wrap></p></sec></sec>
<sec sec-type="results|discussion"><title>Results and discussion</title><p>None yawned.</p>
<sec><title>Results</title><p>None.</p></sec></sec>
</body>
<back><ack><p>Thanks.</p></ack>
<ref-list><ref><mixed-citation>Other work.</mixed-citation></ref></ref-list></back>
<floats-group><fig><caption><p>A chair.</p></caption></fig></floats-group>
<sub-article article-type="reply"><body><p>A reply.</p></body></sub-article>"""

OPEN = (
    '<article xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:mml="http://www.w3.org/1998/Math/MathML" article-type="research-article" xml:lang="en">'
)
FULL = f"{OPEN}\n{FRONT}\n{BODY}\n</article>"


def both(path: Path) -> tuple[list[Document], list[tuple[int, str, str, str]]]:
    rejects = Rejects()
    documents = list(read(path, rejects))
    return documents, [(row.line, row.doc, row.lost, row.reason) for row in rejects.rows]


def article(folder: Path, content: str = FULL) -> Document:
    path = folder / "some_work.nxml"
    path.write_text(f'<?xml version="1.0"?>\n<!DOCTYPE article SYSTEM "x.dtd">\n{content}', "utf-8")
    (document,), rejects = both(path)
    assert rejects == []
    return document


def small(id_: str = "", body: str = "<p>Text.</p>") -> str:
    ids = f'<article-id pub-id-type="pmc">{id_}</article-id>' if id_ else ""
    front = f"<front><article-meta>{ids}</article-meta></front>"
    return f"<article>{front}<body>{body}</body></article>\n"


def test_passages_of_an_article(tmp_path: Path) -> None:
    document = article(tmp_path)
    assert [(p.kind, p.heading, p.text) for p in document.passages] == [
        ("title", "", "Zinc and yawning*: a small study"),
        ("abstract", "Background", "Zinc is old."),
        ("abstract", "Results", "Nobody yawned.\nNot once."),
        ("body", "", "A word before."),
        ("introduction", "1. Why", "Others looked [3] twice 4,5 or 6 more; 103."),
        (
            "methods",
            "2. Materials & Methods",
            "We asked: when how\nThe cost was x=1, or y^2.",
        ),
        ("figure", "Figure 1", "A bed. Seen from above."),
        ("methods", "2. Materials & Methods > People", "Nine of them."),
        ("table", "Table 2", "Who came."),
        ("body", "Results and discussion", "None yawned."),
        ("results", "Results and discussion > Results", "None."),
        ("figure", "", "A chair."),
    ]
    text = document.text
    for passage in document.passages:
        assert text[passage.offset :].startswith(passage.text)


def test_metadata_of_an_article(tmp_path: Path) -> None:
    document = article(tmp_path)
    assert document.id == "PMC900"
    assert document.meta == {
        "journal": ("Annals of Made Up Medicine", "Ann Made Up Med"),
        "year": ("2011",),
        "keywords": ("zinc", "sleep"),
        "publication_types": ("research-article",),
        "language": ("en",),
        "pmid": ("42",),
        "pmcid": ("PMC900",),
        "doi": ("10.1/made.up",),
    }


def test_an_article_without_ids_has_the_name_of_its_file(tmp_path: Path) -> None:
    assert article(tmp_path, small()).id == "some_work"


def test_namespaces_do_not_matter(tmp_path: Path) -> None:
    content = small("PMC7").replace("<article>", '<article xmlns="https://example.org/jats/">')
    document = article(tmp_path, f"<OAI-PMH><record>{content}</record></OAI-PMH>")
    assert (document.id, document.passages) == ("PMC7", (Passage("body", 0, "Text."),))


def test_an_abstract_that_has_a_type_is_better_than_none(tmp_path: Path) -> None:
    content = FULL.replace("<abstract>", '<abstract abstract-type="executive-summary">')
    assert article(tmp_path, content).passages[1].text == "A picture."


@pytest.mark.parametrize(
    ("attributes", "title", "kind"),
    [
        ("", "Patients and Methods", "methods"),
        ("", "IV. Conclusions", "conclusions"),
        ("", "Results and discussion", "body"),
        (' sec-type="materials|methods"', "What we did", "methods"),
        (' sec-type="results|discussion"', "Results", "body"),
        (' sec-type="other"', "3.1 Findings:", "results"),
        ("", "", "body"),
    ],
)
def test_kinds_of_sections(tmp_path: Path, attributes: str, title: str, kind: str) -> None:
    body = f"<sec{attributes}><title>{title}</title><p>Text.</p></sec>"
    assert article(tmp_path, small("1", body)).passages[0].kind == kind


def test_a_set_of_articles(tmp_path: Path) -> None:
    path = tmp_path / "set.xml"
    parts = [
        small("1"),
        small("2", "<p>Broken.</b>"),
        small("3", ""),
        small(),
        small("1"),
        small("5"),
    ]
    path.write_text(f"<pmc-articleset>\n{''.join(parts)}</pmc-articleset>")
    documents, rejects = both(path)
    assert [document.id for document in documents] == ["PMC1", "set-4", "PMC5"]
    assert [(line, doc, lost) for line, doc, lost, _ in rejects] == [
        (3, "", "document"), (4, "PMC3", "document"), (6, "PMC1", "nothing"),
    ]  # fmt: skip
    assert rejects[1][3] == "the article has no text"


def test_files_one_behind_the_other(tmp_path: Path) -> None:
    path = tmp_path / "set.xml"
    one = '<?xml version="1.0"?>\n<!DOCTYPE article SYSTEM "x.dtd">\n'
    path.write_text("".join(one + small(str(number)) for number in range(3)))
    documents, rejects = both(path)
    assert [document.id for document in documents] == ["PMC0", "PMC1", "PMC2"]
    assert rejects == []


def test_a_folder_of_articles(tmp_path: Path) -> None:
    for number in (2, 1):
        (tmp_path / f"{number}.xml").write_text(small(str(number)))
    assert format_of(tmp_path / "1.xml").name == "jats"
    assert [d.id for d in read_documents(tmp_path, Rejects())] == ["PMC1", "PMC2"]
