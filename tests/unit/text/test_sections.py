import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.sections import split_sections, with_sections

ABSTRACT = "AIM: To see. MATERIALS AND METHODS: Two rats (DNA: no). RESULTS: None died.  "


def document(abstract: str, kind: str = "abstract", heading: str = "") -> Document:
    return Document(
        "1", (Passage("title", 0, "RATS: a tale"), Passage(kind, 20, abstract, heading))
    )


def test_a_structured_abstract_is_split_at_its_labels() -> None:
    found = document(ABSTRACT)
    split = split_sections(found)
    assert split.text == found.text
    assert [(p.kind, p.heading) for p in split.passages] == [
        ("title", ""),
        ("abstract", "AIM"),
        ("abstract", "MATERIALS AND METHODS"),
        ("abstract", "RESULTS"),
    ]
    assert [p.text for p in split.passages[1:3]] == [
        "AIM: To see.",
        "MATERIALS AND METHODS: Two rats (DNA: no).",
    ]


@pytest.mark.parametrize(
    "kept",
    [
        document("Rats. METHODS: Two. RESULTS: None."),  # does not begin with a label
        document("METHODS: Two rats died."),  # one label only
        document("METHODS: Two. RESULTS: None.", "body"),
        document("METHODS: Two. RESULTS: None.", heading="Methods"),
        document("Methods: Two. Results: None."),
        document(""),
    ],
)
def test_other_passages_stay(kept: Document) -> None:
    assert split_sections(kept) == kept


def test_what_the_pipeline_asks_for() -> None:
    found = [document("METHODS: Two. RESULTS: None.")]
    assert list(with_sections(found, "given")) == found
    assert len(next(iter(with_sections(found, "pubmed"))).passages) == 3
    with pytest.raises(CorpusError, match="no sections `medline`") as caught:
        with_sections(found, "medline")
    assert caught.value.code == "BL613"
