import numpy as np
import pytest

from biolabel.apply.trees import Trees
from tests.unit.apply.world import corpus, grammar

# a <- b -> c -> (d, "(") and d -> e; a second tree: g -> f
SAID = grammar("a/X x b; b/X ROOT; c/X y b; d/X x c; e/X Z d; (/X p c; f/X x g; g/X ROOT")
TEXT = "a b c d ( e f g h"


@pytest.fixture(scope="module")
def trees() -> Trees:
    return Trees(corpus(TEXT, annotate=SAID))


def rows(letters: str) -> list[int]:
    return [TEXT.split().index(letter) for letter in letters]


def keys(trees: Trees, letters: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return trees.keys(np.zeros(len(letters), np.int32), np.array(rows(letters), np.int32))


def letters(trees: Trees, found: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    owner, row = trees.places(found)
    assert not owner.any()
    return "".join(TEXT.split()[i] for i in row)


def head(trees: Trees, first: str, last: str) -> str:
    start, end = rows(first)[0], rows(last)[0] + 1
    return TEXT.split()[int(trees.heads(np.array([start]), np.array([end]))[0])]


def test_heads(trees: Trees) -> None:
    assert head(trees, "a", "a") == "a"
    assert head(trees, "a", "c") == "b"
    assert head(trees, "c", "e") == "c"
    assert head(trees, "d", "(") == "d"  # both hang on c: a word goes before a later sign
    assert head(trees, "(", "(") == "("
    assert head(trees, "e", "f") == "f"  # of several the last
    assert head(trees, "h", "h") == "h"


def test_steps(trees: Trees) -> None:
    assert letters(trees, trees.up(keys(trees, "acbdh"), None)) == "bc"
    assert letters(trees, trees.up(keys(trees, "acde"), ["x"])) == "bc"
    assert letters(trees, trees.up(keys(trees, "e"), ["Z", "q"])) == "d"
    assert letters(trees, trees.up(keys(trees, "e"), ["z"])) == "d"
    assert letters(trees, trees.up(keys(trees, "e"), ["q"])) == ""
    assert letters(trees, trees.down(keys(trees, "bc"), None)) == "acd("
    assert letters(trees, trees.down(keys(trees, "bcg"), ["x"])) == "adf"
    assert letters(trees, trees.down(keys(trees, "aeh"), None)) == ""


def test_steps_keep_owners_apart(trees: Trees) -> None:
    owner, row = trees.places(
        trees.down(trees.keys(np.array([0, 3, 3]), np.array(rows("bbd"))), None)
    )
    assert owner.tolist() == [0, 0, 3, 3, 3]
    assert row.tolist() == rows("acace")


def test_shortest_paths(trees: Trees) -> None:
    pairs = ["ae", "ea", "bd", "dd", "af", "ah", "(e"]
    a, b = (np.array([rows(pair[i])[0] for pair in pairs], np.int32) for i in (0, 1))
    found = trees.shortest(a, b)
    assert np.array_equal(found.length, [4, 4, 2, 0, np.nan, np.nan, 3], equal_nan=True)
    paths = [
        "".join(TEXT.split()[i] for i in found.row[found.owner == n]) for n in range(len(pairs))
    ]
    assert paths == ["abcde", "edcba", "bcd", "d", "", "", "(cde"]
    inner = ["".join(TEXT.split()[i] for i in found.row[found.between & (found.owner == n)])
             for n in range(len(pairs))]  # fmt: skip
    assert inner == ["bcd", "dcb", "c", "", "", "", "cd"]
    assert found.place.tolist()[:5] == [0, 1, 2, 3, 4]


def test_rows_without_a_parse(trees: Trees) -> None:
    assert trees.parsed(np.array(rows("abh"))).tolist() == [True, True, False]
    nobody = Trees(corpus(TEXT))
    assert not nobody.parsed(np.arange(9)).any()
    assert letters(nobody, nobody.up(keys(nobody, "abc"), None)) == ""
    none = np.empty(0, dtype=np.int32)
    assert len(nobody.shortest(none, none).length) == 0
    assert nobody.heads(none, none).tolist() == []
