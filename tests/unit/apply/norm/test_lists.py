import numpy as np
import pytest

from biolabel.apply.matches import matches
from biolabel.apply.norm.lists import lists_of
from tests.unit.apply.world import corpus, text_of

NAMES = {
    "breast cancer", "ovarian cancer", "cancer of the breast", "cancer of the ovary", "cleft lip",
    "cleft palate", "renal cell cancer", "pain",
}  # fmt: skip


def lists(text: str, *names: str) -> list[str]:
    held = corpus(text)
    low = [held.lowers[i] for i in held.row_lower]
    rows = []
    for name in names:
        words = name.split()
        at = next(i for i in range(len(low)) if low[i : i + len(words)] == words)
        rows.append((at, at + len(words)))
    table = np.array(rows, dtype=np.int32)
    found = lists_of(held, matches(table[:, 0], table[:, 1]), lambda _, text: text in NAMES)
    return [text_of(held, *span) for _, span in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("breast and ovarian cancer", "ovarian cancer"),
        ("breast, renal cell, and/or ovarian cancer", "ovarian cancer"),
        ("breast/ovarian cancer", "ovarian cancer"),
        ("breast-ovarian cancer", "ovarian cancer"),
        ("cancer of the breast or ovary", "cancer of the breast"),
        ("cleft lip and palate", "cleft lip"),
    ],
)
def test_what_shares_words_with_a_name_belongs_to_it(text: str, name: str) -> None:
    assert lists(f"Some {text} here", name) == [text]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("skin and ovarian cancer", ("ovarian cancer",)),
        ("breast ovarian cancer", ("ovarian cancer",)),
        ("breast of ovarian cancer", ("ovarian cancer",)),
        ("breast. And ovarian cancer", ("ovarian cancer",)),
        ("pain and ovarian cancer", ("pain", "ovarian cancer")),
        ("cleft lip, cleft palate", ("cleft lip", "cleft palate")),
        ("or , and , ovarian cancer", ("ovarian cancer",)),
        ("pain", ("pain",)),
    ],
)
def test_names_beside_others_stay_apart(text: str, names: tuple[str, ...]) -> None:
    assert lists(text, *names) == []
