import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.build import corpus_of

HARM = "Zinc-induced hiccups (n=2) in 3.5 hours."
MORE = "No harm? None."


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    first = Document(
        "a",
        (Passage("title", 0, HARM), Passage("abstract", len(HARM) + 1, MORE)),
        (
            Mention(13, 20, "Disease", ("MESH:D006606",)),
            Mention(0, 4, "Chemical", ("MESH:D015032",)),
        ),
        (Relation("cid", "MESH:D015032", "MESH:D006606", "causes", 0.5),),
        {"mesh": ("Zinc", "Hiccup")},
        {"topic": "harm"},
    )
    empty = Document("b", (Passage("title", 0, "'"),))
    return corpus_of([first, empty, Document("c", (Passage("abstract", 1, "Zinc."),))])


def test_columns_point_into_the_texts(corpus: Corpus) -> None:
    assert corpus.ids == ("a", "b", "c")
    assert list(corpus.texts) == [f"{HARM} {MORE}", "'", " Zinc."]
    assert list(corpus.texts[1:]) == ["'", " Zinc."]
    forms = [corpus.forms[form] for form in corpus.row_form]
    texts = [
        corpus.texts[doc][start:end]
        for doc, start, end in zip(corpus.row_doc, corpus.row_start, corpus.row_end, strict=True)
    ]
    assert forms == texts
    assert [corpus.lowers[lower] for lower in corpus.row_lower] == [form.lower() for form in forms]
    assert corpus.row_form[0] == corpus.row_form[-2]


def test_words_before_counts_words_only(corpus: Corpus) -> None:
    rows = [corpus.forms[form] for form in corpus.row_form]
    left, right = rows.index("hiccups"), rows.index("hours")
    assert rows[left + 1 : right] == ["(", "n", "=", "2", ")", "in", "3.5"]
    assert corpus.words_before[right] - corpus.words_before[left + 1] == 4
    assert corpus.words_before[-1] == corpus.row_is_word.sum()
    assert corpus.words_before.dtype == np.int32


def test_offsets_find_the_rows_of_a_document(corpus: Corpus) -> None:
    assert np.diff(corpus.doc_rows).tolist() == np.bincount(corpus.row_doc, minlength=3).tolist()
    assert corpus.words(1).shape == (0, 2)
    assert corpus.words(2).tolist() == [[1, 5], [5, 6]]
    assert np.diff(corpus.doc_sentences).tolist() == [3, 0, 1]
    assert np.diff(corpus.doc_sections).tolist() == [2, 1, 1]
    assert np.diff(corpus.doc_mentions).tolist() == [2, 0, 0]


def test_sentences_have_their_text(corpus: Corpus) -> None:
    texts = [corpus.sentence_text(sentence) for sentence in range(4)]
    assert texts == [HARM, "No harm?", "None.", "Zinc."]
    kinds = [corpus.section_kinds[corpus.section_kind[s]] for s in corpus.sentence_section]
    assert kinds == ["title", "abstract", "abstract", "abstract"]


def test_mentions_are_sorted_and_know_their_rows(corpus: Corpus) -> None:
    assert [corpus.mention_types[kind] for kind in corpus.mention_type] == ["Chemical", "Disease"]
    assert corpus.mention_concepts == (("MESH:D015032",), ("MESH:D006606",))
    assert corpus.mention_first_row.tolist() == [0, 2]
    assert corpus.mention_end_row.tolist() == [1, 3]


def test_the_rest_of_the_documents_is_there(corpus: Corpus) -> None:
    relation = Relation("cid", "MESH:D015032", "MESH:D006606", "causes", 0.5)
    assert corpus.relations == ((relation,), (), ())
    assert corpus.meta == ({"mesh": ("Zinc", "Hiccup")}, {}, {})
    assert corpus.topics == ({"topic": "harm"}, {}, {})


def test_columns_cannot_be_changed(corpus: Corpus) -> None:
    with pytest.raises(ValueError, match="read-only"):
        corpus.row_start[0] = 7
