import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from biolabel.data.postings import postings
from tests.unit.apply.world import corpus


@given(st.lists(st.integers(0, 6)))
def test_rows_of_each_entry(ids: list[int]) -> None:
    starts, rows = postings(np.array(ids, dtype=np.int32), 7)
    found = [rows[starts[i] : starts[i + 1]].tolist() for i in range(7)]
    assert found == [[row for row, entry in enumerate(ids) if entry == i] for i in range(7)]


def test_a_corpus_keeps_its_own() -> None:
    over = corpus("A cat, a dog", "a Cat")
    starts, rows = over.lower_postings
    cat = over.lowers.index("cat")
    held = rows[starts[cat] : starts[cat + 1]].tolist()
    assert held == np.flatnonzero(over.row_lower == cat).tolist()
    assert len(held) == 2
    assert len(over.form_postings[0]) == len(over.forms) + 1
    assert over.lower_postings is over.lower_postings


def test_the_first_row_after_so_many_words() -> None:
    over = corpus("a, b (c)")
    wanted = [int(np.searchsorted(over.words_before, number)) for number in range(5)]
    assert over.word_starts.tolist() == wanted
