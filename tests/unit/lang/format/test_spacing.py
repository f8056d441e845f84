"""Blanks between tokens, and where lines may break."""

import pytest

from biolabel.lang.format.spacing import items_of
from biolabel.lang.format.tokens import words_of


def spaced(piece: str) -> str:
    words, _ = words_of(piece)
    at = next((i for i, word in enumerate(words) if word.kind.startswith("F_")), 0)
    return "".join(" " * i.blanks + i.word.text for i in items_of(words[at:], words[0].kind))


@pytest.mark.parametrize(
    "text",
    [
        "rule a for b\n when:not x is not y and pair(c, d)not in k.s with evidence>=3",
        'rule a for b\n when: distance(a, b) < 20 characters or count("x"|w) in title = 1',
        'pattern p\n is: (  "a"|use m( x, "y" ) ) ? keep( [ ] ){1,2} ..3 ("b")',
        'pattern p\n is: [lemma = ( cause | induce ) & ! is_upper|(tag="X")|text in l] +',
        "rule a for b\n when: path like {a} <nsubj [x=1] >>? {b}",
        "relation r ( a:A|B ,b : C )",
        'kb k\n columns: a="x"',
        "rule a for b\n case: one of(c, d) when x",
        "constraint c\n if: any r( a, b ) is not x",
        'rule a for b\n matches: "x" with mesh("a" ,"b")=>l',
    ],
)
def test_blanks(text: str) -> None:
    expected = {
        "not x is": "when: not x is not y and pair(c, d) not in k.s with evidence >= 3",
        "distance": 'when: distance(a, b) < 20 characters or count("x" | w) in title = 1',
        "use m": 'is: ("a" | use m(x, "y"))? keep([]){1,2} ..3 ("b")',
        "lemma": 'is: [lemma=(cause|induce) & !is_upper | (tag="X") | text in l]+',
        "path like": "when: path like {a} <nsubj [x=1] >>? {b}",
        "relation": "relation r(a: A | B, b: C)",
        "columns": 'columns: a = "x"',
        "one of": "case: one of (c, d) when x",
        "any r": "if: any r(a, b) is not x",
        "mesh": 'matches: "x" with mesh ("a", "b") => l',
    }
    key = next(key for key in expected if key in text)
    assert spaced(text) == expected[key]


def test_breaks_are_allowed_at_separators_the_outermost_first() -> None:
    words, _ = words_of('rule a for b\n when: x and (y or sentence has "a" | "b" ..3 "c")')
    items = items_of(words[4:], "D_RULE")
    assert {item.word.text: item.level for item in items if item.level} == {
        "and": (0, 2),
        "or": (1, 1),
        "|": (1, 4),
        "..3": (1, 6),
    }
    assert [item.word.text for item in items if item.every] == ["and", "or"]


def test_separators_lead_their_line_and_commas_end_it() -> None:
    words, _ = words_of('pattern p\n is: "a" | # why\n "b"\n')
    first, bar = items_of(words[2:], "D_PATTERN")[1:3]
    assert (first.word.note, bar.forced) == ("# why", True)
    words, _ = words_of("list l\n words: a # why\n , b\n")
    items = items_of(words[2:], "D_LIST")
    assert [(item.word.text, item.word.note) for item in items[1:3]] == [("a", ""), (",", "# why")]
