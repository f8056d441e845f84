import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage
from biolabel.errors import CorpusError
from biolabel.text.build import Abbreviation, Annotation, corpus_of, naive


def document(*texts: str, id_: str = "1") -> Document:
    passages, at = [], 0
    for number, text in enumerate(texts):
        passages.append(Passage(f"part{number}", at, text))
        at += len(text) + 1
    return Document(id_, tuple(passages))


def starts(*offsets: int) -> Annotation:
    return Annotation(offsets)


def sentences(corpus: Corpus) -> list[str]:
    return [corpus.sentence_text(number) for number in range(len(corpus.sentence_doc))]


def test_naive_sentences_start_with_a_capital_after_a_stop() -> None:
    corpus = corpus_of([document("It rose, e.g. by 2. Then? it fell.  Énorme! 3 died.")])
    assert sentences(corpus) == ["It rose, e.g. by 2.", "Then? it fell.", "Énorme! 3 died."]


def test_a_start_inside_a_row_moves_behind_it() -> None:
    corpus = corpus_of([document("one second third")], lambda _: starts(6))
    assert sentences(corpus) == ["one second", "third"]


def test_soft_signs_go_with_what_they_touch() -> None:
    corpus = corpus_of([document('He said. "No" twice.')], lambda _: starts(0, 9))
    assert sentences(corpus) == ["He said.", '"No" twice.']


def test_a_sentence_without_rows_joins_the_one_before() -> None:
    corpus = corpus_of([document("Yes. '' - No.")], lambda _: starts(5, 8, 10))
    assert sentences(corpus) == ["Yes. '' -", "No."]


def test_sections_end_sentences_even_without_a_blank() -> None:
    touching = Document("1", (Passage("title", 0, "Acute"), Passage("abstract", 5, "pain")))
    corpus = corpus_of([touching], lambda _: starts())
    assert sentences(corpus) == ["Acute", "pain"]


def test_mentions_of_soft_signs_have_no_rows() -> None:
    given_ = Document("1", (Passage("title", 0, "a - b"),), (Mention(2, 3, "X"),))
    corpus = corpus_of([given_])
    assert corpus.mention_first_row.tolist() == corpus.mention_end_row.tolist() == [1]


def test_mentions_cover_the_words_that_they_cut() -> None:
    given_ = Document("1", (Passage("title", 0, "hypotension of dogs"),), (Mention(5, 14, "X"),))
    corpus = corpus_of([document("x", id_="0"), given_])
    assert corpus.mention_first_row.tolist() == [1]
    assert corpus.mention_end_row.tolist() == [3]


def test_abbreviations_get_rows() -> None:
    found = Annotation((), (Abbreviation(17, 19, 0, 15),))
    corpus = corpus_of(
        [document("x", id_="0"), document("renal tube cell (RC)")],
        lambda d: found if d.id == "1" else starts(),
    )
    assert corpus.abbreviation_doc.tolist() == [1]
    assert (corpus.short_start.tolist(), corpus.short_end.tolist()) == ([17], [19])
    assert (corpus.short_first_row.tolist(), corpus.short_end_row.tolist()) == ([5], [6])
    assert (corpus.long_first_row.tolist(), corpus.long_end_row.tolist()) == ([1], [4])


def test_content_hash_tells_what_changed() -> None:
    hashes = {
        corpus_of([document("A. B.")]).content_hash,
        corpus_of([document("A. B.")]).content_hash,
        corpus_of([document("A. B.")], lambda _: starts()).content_hash,
        corpus_of([document("A. B.", id_="2")]).content_hash,
    }
    assert len(hashes) == 3


def test_content_hash_is_the_same_on_every_machine() -> None:
    hashed = '[["1", [["part0", 0, "É. B.", ""]], [], [], {}, {}], [[3], [], []]]'
    each = hashlib.sha256(hashed.encode()).digest()
    expected = hashlib.sha256(each).hexdigest()
    assert corpus_of([document("É. B.")]).content_hash == expected


def test_content_hash_does_not_depend_on_the_order_of_mentions() -> None:
    mentions = (Mention(0, 1, "X"), Mention(3, 4, "Y"))
    first, second = (replace(document("A. B."), mentions=m) for m in (mentions, mentions[::-1]))
    assert corpus_of([first]).content_hash == corpus_of([second]).content_hash


def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document(f"A{i % 3} b. C d{i}", "e", id_=str(i)) for i in range(7)]
    given_ = [
        replace(found, mentions=(Mention(0, 4, f"X{i}"),)) for i, found in enumerate(documents)
    ]
    whole = corpus_of(given_)
    monkeypatch.setattr("biolabel.text.build._BATCH", 2)
    parts = corpus_of(given_)
    for name, column in vars(whole).items():
        np.testing.assert_array_equal(getattr(parts, name), column, name)
    assert parts.forms == whole.forms
    assert parts.lowers == whole.lowers


@pytest.mark.parametrize(
    ("documents", "code", "said"),
    [
        ([document("a\ud83d")], "BL660", "U\\+D83D"),
        ([replace(document("a"), meta={"k": ("\udc00",)})], "BL660", "U\\+DC00"),
        ([], "BL605", "no documents"),
        ([document("a"), document("b")], "BL606", "1 is there twice"),
        ([Document("1", (Passage("t", 0, "abc"), Passage("a", 2, "d")))], "BL607", "starts at 2"),
        ([Document("1", (Passage("t", 0, "abc"),), (Mention(1, 4, "X"),))], "BL607", "1-4"),
        ([Document("1", (Passage("t", 0, "abc"),), (Mention(2, 2, "X"),))], "BL607", "2-2"),
        ([Document("1", (Passage("t", 0, "abc"),), (Mention(-1, 2, "X"),))], "BL607", "-1-2"),
    ],
)
def test_bad_documents_are_refused(documents: list[Document], code: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said) as caught:
        corpus_of(documents)
    assert caught.value.code == code


texts = st.text("aB1.,?! -'(\u00e9\u4e2d\U0001f600\n", max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(texts, max_size=3), min_size=1, max_size=3), st.data())
def test_sentences_partition_rows(parts: list[list[str]], data: st.DataObject) -> None:
    documents = [document(*part, id_=str(number)) for number, part in enumerate(parts)]
    offsets = st.lists(st.integers(0, 100), max_size=5).map(lambda found: tuple(sorted(found)))
    corpus = corpus_of(documents, lambda _: Annotation(data.draw(offsets)))
    assert (corpus.sentence_first_row < corpus.sentence_end_row).all()
    borders = np.append(corpus.sentence_first_row, len(corpus.row_doc))
    assert borders[0] == 0
    assert (borders[1:] == corpus.sentence_end_row).all()
    sentence = corpus.row_sentence
    assert (corpus.sentence_doc[sentence] == corpus.row_doc).all()
    assert (corpus.sentence_start[sentence] <= corpus.row_start).all()
    assert (corpus.row_end <= corpus.sentence_end[sentence]).all()
    section = corpus.sentence_section
    assert (corpus.section_start[section] <= corpus.sentence_start).all()
    assert (corpus.sentence_end <= corpus.section_end[section]).all()
    same = corpus.sentence_doc[1:] == corpus.sentence_doc[:-1]
    assert (corpus.sentence_end[:-1] <= corpus.sentence_start[1:])[same].all()


def test_naive_keeps_offsets_of_the_document() -> None:
    assert naive(document("Title", "A b. C d.")).sentence_starts == (11,)
