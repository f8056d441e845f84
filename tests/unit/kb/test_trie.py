from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.kb.trie import trie_of

WORDS = st.sampled_from(["a", "b", "c", "é", "("])
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=12)
SENTENCES = st.lists(st.lists(WORDS | st.just("x"), min_size=1, max_size=8), max_size=6)
FEW = st.lists(st.lists(WORDS | st.just("x"), min_size=1, max_size=4), max_size=2)

Hit = tuple[int, int, int]


def found(
    names: list[str],
    numbers: list[int],
    sentences: list[list[str]],
    meant: dict[str, list[str]] | None = None,
) -> list[Hit]:
    rows = [word for sentence in sentences for word in sentence]
    entries = sorted(set(rows))
    ids = np.array([entries.index(word) for word in rows], dtype=np.int32)
    begins = np.cumsum([0, *map(len, sentences)])[:-1].astype(np.int32)
    columns = trie_of(names, numbers).find(entries, ids, begins, meant or {})
    assert all(column.dtype == np.int32 for column in columns)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def one_by_one(names: list[str], numbers: list[int], sentences: list[list[str]]) -> list[Hit]:
    hits = []
    before = 0
    for sentence in sentences:
        for first in range(len(sentence)):
            for end in range(first + 1, len(sentence) + 1):
                text = " ".join(sentence[first:end])
                hits += [
                    (before + first, before + end, number)
                    for name, number in zip(names, numbers, strict=True)
                    if name == text
                ]
        before += len(sentence)
    return hits


@given(NAMES, SENTENCES)
def test_all_names_are_found_in_order(names: list[str], sentences: list[list[str]]) -> None:
    numbers = list(range(5, 5 + len(names)))
    assert found(names, numbers, sentences) == one_by_one(names, numbers, sentences)


@settings(deadline=None)
@given(NAMES, FEW, st.permutations(["a", "b", "c", "d"]).map(lambda p: p[:2]))
def test_a_word_may_stand_for_others(
    names: list[str], sentences: list[list[str]], meant: list[str]
) -> None:
    numbers = list(range(len(names)))
    expected = {
        hit
        for words in product(meant, repeat=sum(s.count("x") for s in sentences))
        for hit in one_by_one(names, numbers, filled(sentences, list(words)))
    }
    assert sorted(expected) == sorted(found(names, numbers, sentences, {"x": meant}))


def filled(sentences: list[list[str]], words: list[str]) -> list[list[str]]:
    return [[words.pop() if word == "x" else word for word in each] for each in sentences]


def test_no_name_goes_over_the_end_of_a_sentence() -> None:
    names, numbers = ["a b", "b a b", "b"], [0, 1, 2]
    assert found(names, numbers, [["a", "b"], ["a"], ["b"]]) == [(0, 2, 0), (1, 2, 2), (3, 4, 2)]


def test_a_name_may_have_several_numbers() -> None:
    assert found(["a", "a b", "a"], [7, 8, 9], [["a", "b"]]) == [(0, 1, 7), (0, 1, 9), (0, 2, 8)]


def test_nothing_to_find_or_to_look_in() -> None:
    assert found([], [], [["a"]]) == []
    assert found(["a"], [0], []) == []
    assert found(["b c"], [0], [["a", "b"]]) == []


def test_many_names() -> None:
    generator = np.random.default_rng(3)
    names = sorted({" ".join(generator.choice(list("abcdefgh"), 3)) for _ in range(300)})
    text = generator.choice(list("abcdefgh"), 2000).tolist()
    numbers = list(range(len(names)))
    expected = [
        (i, i + 3, names.index(" ".join(text[i : i + 3])))
        for i in range(len(text) - 2)
        if " ".join(text[i : i + 3]) in names
    ]
    assert found(names, numbers, [text]) == expected
    assert len(expected) > 500
