"""Rules on full texts: sections, captions and metadata of JATS articles, from files to votes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from tests.conftest import Done
from tests.unit.apply.world import TOPIC, holds

TASK = Path(__file__).parent.parent / "data" / "full_text"
DECLARED = 'section patients\n  headings: "Patients", "People"\n'


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ('section results has "bleeding"', "+-"),
        ('section methods has "bleeding"', "++"),
        ('section methods has "sailors"', "+-"),
        ('section patients has "nine"', "+-"),
        ('section patients has "asked"', "--"),
        ('section figure has "bleeding"', "-+"),
        ('section results has "no bleeding"', "--"),
        ('section late_events has "bleeding"', "+-"),
        ('title has "sea"', "+-"),
        ("section is results", "++"),
        ('meta keywords has "adverse effects" and meta year >= 2010', "+-"),
    ],
)
def test_conditions(tmp_path: Path, condition: str, truth: str) -> None:
    documents = list(read_documents(TASK / "articles", Rejects()))
    assert [document.id for document in documents] == ["PMC1", "PMC2"]
    assert holds(tmp_path, condition, *documents, task=TOPIC, declared=DECLARED) == truth


def test_a_task_of_full_texts(command: Callable[..., Done], tmp_path: Path) -> None:
    done = command("apply", TASK, "--workspace", tmp_path / "out", "--quiet")
    assert done.status == 0, done.err
    assert "5 votes of 5 rules on 2 candidates" in done.out


def test_abstracts_of_pubmed_have_the_same_fields(
    command: Callable[..., Done], tmp_path: Path
) -> None:
    article = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>5</PMID><Article>
      <Journal><JournalIssue><PubDate><Year>2015</Year></PubDate></JournalIssue></Journal>
      <ArticleTitle>Heparin again</ArticleTitle><Abstract>
      <AbstractText Label="PATIENTS" NlmCategory="METHODS">We saw nine with bleeding.</AbstractText>
      <AbstractText Label="FINDINGS" NlmCategory="RESULTS">All was well.</AbstractText></Abstract>
      </Article><KeywordList><Keyword>Adverse effects</Keyword></KeywordList>
      </MedlineCitation></PubmedArticle></PubmedArticleSet>"""
    path = tmp_path / "pubmed.xml"
    path.write_text(article)
    done = command("apply", TASK, "--corpus", path, "--workspace", tmp_path / "out", "--quiet")
    assert done.status == 0, done.err
    assert "3 votes of 5 rules on 1 candidates" in done.out
