import numpy as np

from biolabel.data.documents import Document, Passage
from biolabel.text.layout import layout_of, rows_over


def document(*texts: str, gap: int = 1) -> Document:
    passages, at = [], 0
    for text in texts:
        passages.append(Passage("", at, text))
        at += len(text) + gap
    return Document("1", tuple(passages))


def test_rows_over_spans() -> None:
    start, end = np.array([0, 4, 6]), np.array([3, 6, 7])
    first, last = rows_over(start, end, np.array([0, 3, 5, 7]), np.array([3, 4, 7, 9]))
    assert first.tolist() == [0, 1, 1, 3]
    assert last.tolist() == [1, 1, 3, 3]


def test_documents_stand_one_behind_the_other() -> None:
    layout = layout_of([document("Ab c", "d"), document(""), document("E. F")], [[], [], [3]])
    assert layout.section_doc.tolist() == [0, 0, 1, 2]
    assert layout.row_section.tolist() == [0, 0, 1, 3, 3, 3]
    assert layout.row_sentence.tolist() == [0, 0, 1, 2, 2, 3]
    assert layout.sentence_start.tolist() == [0, 5, 0, 3]
    assert layout.sentence_end.tolist() == [4, 6, 2, 4]
    assert layout.sentence_first_row.tolist() == [0, 2, 3, 5, 6]
    docs = layout.section_doc[layout.row_section]
    assert layout.offsets(docs, layout.start).tolist() == [0, 3, 5, 0, 1, 3]


def test_spans_find_rows_of_their_document_only() -> None:
    layout = layout_of([document("a"), document("-"), document("b c")], [[], [], []])
    docs = np.array([0, 1, 2, 2], np.int32)
    first, end = layout.rows_over(docs, np.array([0, 0, 0, 2]), np.array([1, 1, 3, 3]))
    assert (first.tolist(), end.tolist()) == ([0, 1, 1, 2], [1, 1, 3, 3])


def test_a_start_of_one_document_is_none_of_the_next() -> None:
    layout = layout_of([document("a"), document("b c")], [[1, 9], []])
    assert layout.sentence_section.tolist() == [0, 1]


def test_nothing_has_no_rows() -> None:
    layout = layout_of([document(""), document()], [[0], []])
    assert layout.sentence_first_row.tolist() == [0]
    assert len(layout.start) == len(layout.sentence_start) == 0
