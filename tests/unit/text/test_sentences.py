"""Our sentences are scispaCy's, to the character."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scispacy.custom_sentence_segmenter import pysbd_sentencizer
from spacy.language import Language

from biolabel.text.formats.pubtator import read
from biolabel.text.pipeline import _tokenizer
from biolabel.text.rejects import Rejects
from biolabel.text.sentences import LONG, scispacy_starts

PARTS = (
    "We saw rats.", " It died", "He said \"No.\" She left.", "Fig. 3 shows", "et al. found", "i.e. ",
    "e.g., the", "vs. 5.5 mg", "Dr. Who", "at 5 p.m. We", "in the U.S. The", "No. 5", "1. First ",
    "2. Second ", "a) one ", "b) two ", "(i) The", "(see Ref. 2). A", "'quoted. It'", "?!", "!!! ",
    "...", ". . . ", "\n", "\n\n", " \n \n ", "\t", "  ", ".", "sp. nov. A", "\u017ft. x", "\u0130nc.",
    "\u212ag. A", "ph.d. He", "ph-d. He", "[1,2] The", "drug.12 The", "\u03b1. B", "co. KG",
)  # fmt: skip


@cache
def nlp() -> Language:
    return _tokenizer("scispacy")


def both(text: str) -> list[tuple[int, ...]]:
    """Return where sentences start, by scispaCy and by us."""
    theirs = pysbd_sentencizer(nlp().make_doc(text)).sents
    return [
        tuple(sentence.start_char for sentence in theirs),
        scispacy_starts(text, nlp().make_doc(text)),
    ]


@settings(deadline=None, max_examples=250)
@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@example("")
@example("\n\nA rat. It died.\n \nNo. 5 died, vs. 6.")
@example("ph-d. He ph.d. we")
def test_sentences_are_those_of_scispacy(text: str) -> None:
    theirs, ours = both(text)
    assert ours == theirs


def test_a_long_text_is_cut_between_sentences() -> None:
    sentence = "Zinc made 5 old mice ill, vs. 3.5 that Dr. Who saw. "
    text = sentence * (2 * LONG // len(sentence))
    starts = scispacy_starts(text, nlp().make_doc(text))
    assert starts == tuple(range(0, len(text), len(sentence)))
    # One word in three pieces is no three sentences.
    word = "x" * (2 * LONG + 1)
    assert scispacy_starts(word, nlp().make_doc(word)) == (0,)


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize("name", ["cdr/train", "cdr/dev", "ncbi_disease/train", "ncbi_disease/dev"])
def test_sentences_of_real_abstracts_are_those_of_scispacy(data_root: Path, name: str) -> None:
    documents = read(data_root / "corpora" / f"{name}.pubtator.gz", Rejects())
    texts = [passage.text for document in documents for passage in document.passages]
    assert len(texts) > 150
    for text in texts:
        theirs, ours = both(text)
        assert ours == theirs
