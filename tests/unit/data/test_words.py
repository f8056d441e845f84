import unicodedata

import pytest

from biolabel.data.rows import rows_of
from biolabel.data.words import SOFT, key_of, words_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        (" \n\t\u00a0 ", []),
        ("lidocaine-induced", ["lidocaine", "induced"]),
        ("0.5 mg/kg", ["0.5", "mg", "kg"]),
        ("1,200.5mg", ["1,200.5", "mg"]),
        ("1. Next", ["1", ".", "Next"]),
        ("B12.5", ["B12", ".", "5"]),
        ('the "5\u2032-AMP\u2019s" (x_1)', ["the", "5", "AMP", "s", "(", "x_1", ")"]),
        ("β-carotène", ["β", "carotène"]),
        ("IL\u20102±3", ["IL", "2", "±", "3"]),
    ],
)
def test_rows_follow_the_word_rule(text: str, rows: list[str]) -> None:
    spans, is_word = rows_of(text)
    assert [text[start:end] for start, end in spans] == rows
    assert spans.dtype == "int32"
    assert spans.shape == (len(rows), 2)
    assert is_word.tolist() == [row[0].isalnum() for row in rows]
    assert words_of(text) == rows


def test_a_name_is_looked_up_whatever_its_hyphens_and_case() -> None:
    assert key_of("N-acetyl-L-Cysteine") == key_of("n acetyl  L/cysteine") == "n acetyl l cysteine"


def test_soft_signs_are_no_letters() -> None:
    assert not [sign for sign in SOFT if unicodedata.category(sign) in ("Lu", "Ll", "Nd", "Zs")]
