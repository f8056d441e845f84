import re

import pytest

from biolabel.apply.pieces import Pieces, literals_of, pieces_of, signs_of_piece, words_of_piece


@pytest.mark.parametrize(
    ("source", "whole", "needed"),
    [
        (r"\b[a-z]+itis\b", True, (r"\b(?:[a-z]){1,}itis\b",)),
        (r"renal failure", False, (r"renal\b", r"\bfailure")),
        (r"p\s*=\s*0", False, (r"p\b", r"\x3d", r"\b0")),
        (r"(?i)dose", True, ("(?i)dose",)),
        (r"(a|bc) d", False, (r"(?:a|bc)\b", r"\bd")),
        (r"(a|b c) d", False, (r"(?:a|b\b)", r"\bd")),
        (r"x? y", False, (r"\by",)),
        (r"ab(?= c)", False, (r"ab\b", r"\bc")),
        (r"ab(?! c)", False, ("ab",)),
        (r"^ab", False, ("ab",)),
        (r"\w+-induced", False, (r"(?:[\w]){1,}\b", r"\binduced")),
        (r"\d{2,3}", True, (r"(?:[\d]){2,3}",)),
        (r"(\w)\1 x", False, (r"[\w][\w]\b", r"\bx")),
        (
            r"(\bab) \1",
            False,
            (r"\bab\b",),
        ),  # what stands before the first is not before the second
        (r"(?i:(ab)) \1", False, ()),
        (r"a (±|\+)", False, (r"a\b", r"[±\x2b]")),
        (r"\d\s*(?:mg|g)(?:/kg)?\b", False, (r"[\d]", r"(?:mg|g)\b")),
        (r"...", False, ()),
        (r"[^a] b", False, (r"\bb",)),
        (r"a*", False, ()),
        (r"(?a)\w b", False, ()),
    ],
)
def test_pieces(source: str, whole: bool, needed: tuple[str, ...]) -> None:
    found = pieces_of(source)
    assert (found.whole, tuple(piece.source for piece in found.needed)) == (whole, needed)


@pytest.mark.parametrize(
    ("source", "sign"), [("[<>]", True), ("%", True), ("%%", False), ("-", False)]
)
def test_one_sign(source: str, sign: bool) -> None:
    assert pieces_of(source).sign is sign


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("a b", (1, 1)),
        (r"a\s*b", (0, 1)),
        ("a-b", (1, 1)),
        (r"1\.5", (0, 2)),  # one row, as all of the number is
        ("a, b", (1, 2)),
        (r"a (?:\w+ )?b", (1, 2)),
        (r"a (?:\w+ ){0,3}b", (1, 4)),
        (r"a(?: \(c\))? b", (1, 4)),
        ("a.b", (0, 2)),
        ("a.{0,20}b", (0, 21)),
        ("a.*b", (0, None)),
        (r"a[^%]+b", (0, None)),
        (r"(?<=a )b", (1, 1)),
        ("a(?: (?=x))?b", (0, None)),
    ],
)
def test_how_many_rows_pieces_are_apart(source: str, rows: tuple[int, int | None]) -> None:
    first, second = pieces_of(source).needed
    assert first.most is None
    assert (second.low, second.most) == rows


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\b(?:side|adverse)\b", {"side", "adverse"}),
        (r"\beffects?\b", {"effect", "effects"}),
        (r"\b[ab]\b", {"a", "b"}),
        (r"\b[a-c]\b", None),
        (r"[<%]", {"<", "%"}),
        (r"(?:\+|±)", {"+", "±"}),
        (r"\.", None),  # also in "1.95"
        ("-", None),
        (r"effects?\b", None),
        (r"\b95\b", None),  # also in "1.95"
        (r"(?i)\bdose\b", None),
        (r"\ba{2}\b", None),
        (r"\b(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)\b", None),
    ],
)
def test_words_of_a_piece(source: str, words: set[str] | None) -> None:
    assert words_of_piece(source) == words


@pytest.mark.parametrize(
    ("source", "rows"),
    [
        ("ab", (0, 0)),
        (r".{2}ab\s*,", (2, 1)),
        (r"a b.*", (0, None)),
        (r"(?<=a b )c", (0, 0)),
        (r"a(?= b c\b)", (0, 0)),
        (r"(?= a b)c", (None, None)),
        (r"a(?! b c\b)", (4, 4)),  # all of it, and what it refuses
        (r"(?>ab?) c", (5, 5)),
        (r"(?>ab?) c.*", (None, None)),
    ],
)
def test_how_many_rows_are_around_the_pieces(
    source: str, rows: tuple[int | None, int | None]
) -> None:
    found = pieces_of(source)
    assert (found.before, found.behind) == rows


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (r"\b(\w+) and \1\b", [None, None, 0]),
        (r"\b(\w+) \1-\1\b", [None, 0, 0]),
        (r"\b(\w+) and \1", [None, None, None]),
        (r"\b(\w+)s? and \1\b", [None, None, None]),
        (r"(?i)\b(\w+) \1\b", [None, None]),
        (r"(?:\b(\w+) ){2}\1\b", [None, None]),
    ],
)
def test_pieces_in_equal_rows(source: str, same: list[int | None]) -> None:
    assert [piece.same for piece in pieces_of(source).needed] == same


@pytest.mark.parametrize(
    ("source", "rare"), [("[a-z]+", 0), (r"\w{3}", 0), (r"\d{2,}", 2), ("[a-z]{4}(?:ol|ine)", 2)]
)
def test_rare_signs_are_not_just_small_letters(source: str, rare: int) -> None:
    assert [piece.rare for piece in pieces_of(source).needed] == [rare]


@pytest.mark.parametrize(
    ("source", "literals"),
    [
        (r"\b\w+mycin\b", {"mycin"}),
        (r"\b[a-z]{3,}(?:pril|sartan)s?\b", {"pril", "sartan"}),
        (r"(hepato|nephro)toxic(ity)?", {"toxic"}),
        (r"(?i)toxic", set()),
        ("toxics?", {"toxic"}),
        ("(?:toxic)?ab", set()),
        ("a(?:toxic|b)", set()),
        ("é{3}abc", {"abc"}),
        ("éabc", set()),
    ],
)
def test_literals(source: str, literals: set[str]) -> None:
    assert literals_of(source) == literals


@pytest.mark.parametrize(
    ("source", "signs"),
    [
        (r"\b(?:[\d]){2,}", (set("0123456789"), 2)),
        (r"(?:[a-c_]){1,4}\b", (set("abc_"), 1)),
        (r"(?:[\w]){1,}", None),
        (r"(?:[é]){1,}", None),
        (r"(?i)(?:[a]){1,}", None),
        (r"(?:[a]){1,}b", None),
        (r"(?:[^a]){1,}", None),
    ],
)
def test_signs_of_a_piece(source: str, signs: tuple[set[str], int] | None) -> None:
    found = signs_of_piece(source)
    assert (found and ({*map(chr, found[0])}, found[1])) == signs


def test_too_deep_an_expression_has_no_pieces() -> None:
    source = "(" * 5_000 + "a" + ")" * 5_000
    assert pieces_of(source) == Pieces(whole=False, needed=())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"(renal|hepatic) (failure|injury)", "acute hepatic injury"),
        (r"(?i)\bP\s*(<|=)\s*0?\.\d+", "with p < .05 in both"),
        (r"[A-Z]{2,4}-?\d{2,}", "of IL-12 and"),
        (r"(ab|c d){2}x", "abc dx"),
        (r"\((?:[A-Z]{2,6})\)", "pressure (BP) fell"),
    ],
)
def test_each_piece_matches_a_row_wherever_the_expression_does(source: str, text: str) -> None:
    assert re.search(source, text)
    rows = re.findall(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]", text)
    for piece in pieces_of(source).needed:
        assert any(re.search(piece.source, row) for row in rows), piece
