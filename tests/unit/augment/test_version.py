"""Versions: documents of a corpus and back, with all that hangs on offsets."""

import numpy as np

from biolabel.augment.version import corpus_of, untouched, versions_of
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.mentions import given_mentions
from biolabel.data.training import LabeledDocument
from biolabel.text.build import Abbreviation, Annotation
from biolabel.text.build import corpus_of as corpus_from_documents

TITLE, ABSTRACT = "Renal failure (RF).", "It was not RF. No."


def corpus() -> Corpus:
    mention = Mention(15, 17, "Disease", ("MESH:D1",))
    passages = (Passage("title", 0, TITLE), Passage("abstract", 20, ABSTRACT, "results"))
    document = Document("1", passages, (mention,), meta={"year": ("1999",)})
    annotation = Annotation((0, 20, 35), (Abbreviation(15, 17, 0, 13), Abbreviation(31, 33, 0, 13)))
    return corpus_from_documents([document], lambda _: annotation)


def labeled(found: Corpus) -> LabeledDocument:
    mention = Mention(15, 17, "Disease", ("MESH:D1",))
    return LabeledDocument("1", found.texts[0], found.words(0), (mention,))


def test_a_corpus_goes_to_versions_and_back() -> None:
    found = corpus()
    [version] = versions_of(found, [labeled(found)])
    assert version.sentences.tolist() == [0, 20, 35]
    assert version.abbreviations.tolist() == [[15, 17, 0, 13], [31, 33, 0, 13]]
    assert version.origin.tolist() == list(range(len(found.row_doc)))
    again = corpus_of([version, version])
    for name in ("row_start", "sentence_start", "short_start", "long_end", "section_start"):
        column = getattr(found, name)
        np.testing.assert_array_equal(getattr(again, name), np.concatenate([column, column]))
    assert again.meta == (*found.meta, *found.meta)
    assert again.section_headings == found.section_headings
    assert given_mentions(again).concepts == (("MESH:D1",), ("MESH:D1",))


def test_a_text_without_passages_is_one() -> None:
    found = corpus()
    version = untouched(labeled(found))
    assert version.passages == (Passage("", 0, found.texts[0]),)
    assert version.made == ()
    assert version.abbreviations.shape == (0, 4)
