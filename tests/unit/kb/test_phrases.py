import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.kb.phrases import Phrases, splice, split, together

TEXTS = st.lists(
    st.lists(st.sampled_from("abcé"), min_size=1, max_size=4).map(" ".join), max_size=8
)


def cut(texts: list[str]) -> tuple[Phrases, list[str]]:
    return split(pa.array(texts, pa.string()))


@settings(deadline=None)
@given(TEXTS)
def test_texts_come_back(texts: list[str]) -> None:
    phrases, words = cut(texts)
    assert phrases.joined(words).to_pylist() == texts
    assert phrases.sizes.tolist() == [len(text.split(" ")) for text in texts]
    assert phrases.place.tolist() == [i for text in texts for i in range(len(text.split(" ")))]
    assert sorted(words) == sorted({word for text in texts for word in text.split(" ")})


@settings(deadline=None)
@given(TEXTS, st.data())
def test_some_of_them(texts: list[str], data: st.DataObject) -> None:
    phrases, words = cut(texts)
    wanted = np.array([data.draw(st.booleans()) for _ in texts], dtype=bool)
    some = [text for text, on in zip(texts, wanted, strict=True) if on]
    assert phrases.take(wanted).joined(words).to_pylist() == some
    assert phrases.take(np.flatnonzero(wanted)).joined(words).to_pylist() == some
    assert together([phrases, phrases.take(wanted)]).joined(words).to_pylist() == [*texts, *some]
    marked = np.array([word == "a" for word in words], dtype=bool)
    assert phrases.any(marked).tolist() == ["a" in text for text in texts]


def test_stretches_are_joined_in_their_order() -> None:
    phrases, words = cut(["a b c", "d e"])
    starts, ends = np.array([[2, 0], [4, 3]]), np.array([[3, 2], [5, 3]])
    assert splice(phrases.word, starts, ends).joined(words).to_pylist() == ["c a b", "e"]


def test_nothing() -> None:
    assert len(together([])) == 0
    assert together([]).joined([]).to_pylist() == []
