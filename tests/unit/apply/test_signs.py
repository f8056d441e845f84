import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biolabel.apply.signs import Signs, signs_of


def signs(text: str) -> Signs:
    return signs_of(np.frombuffer(text.encode(), np.uint8), np.array([0]))[0]


@pytest.mark.parametrize(
    ("text", "read"),
    [("a b\n", "a b\n"), ("aβ±\xa0.", "a_\x01\t."), ("\x0b\x1f\x02", "\t\t\x01"), ("", "")],
)
def test_a_sign_for_a_sign(text: str, read: str) -> None:
    assert signs(text).codes.tobytes().decode("ascii") == read


@given(st.lists(st.text("ab β\U0001d400\x02\n", max_size=6), max_size=5))
def test_stretches_are_read_back_as_written(texts: list[str]) -> None:
    found = signs("-".join(texts))
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64) - 1
    starts = ends - np.array([len(text) for text in texts], np.int64)
    assert found.texts(starts, ends) == texts
    assert [len(each) for each in found.cut(starts, ends).to_pylist()] == [*map(len, texts)]


def test_places_of_bytes_become_places_of_signs() -> None:
    written = np.frombuffer("aβ\U0001d400b".encode(), np.uint8)
    assert signs_of(written, np.array([0, 1, 3, 7, 8]))[1].tolist() == [0, 1, 2, 3, 4]


def test_places_of_some_signs() -> None:
    assert signs("β a β\xa0").places("β".__contains__).tolist() == [0, 4]
