import re

import pytest

from biolabel.apply.pieces import Pieces, pieces_of


@pytest.mark.parametrize(
    ("source", "whole", "needed"),
    [
        (r"\b[a-z]+itis\b", True, (r"\b(?:[a-z]){1,}itis\b",)),
        (r"renal failure", False, ("failure", "renal")),
        (r"p\s*=\s*0", False, ("p", r"\x3d", "0")),
        (r"(?i)dose", True, ("(?i)dose",)),
        (r"(a|bc) d", False, ("(?:a|bc)", "d")),
        (r"(a|b c) d", False, ("(?:a|b)", "d")),
        (r"x? y", False, ("y",)),
        (r"ab(?= c)", False, ("ab", "c")),
        (r"ab(?! c)", False, ("ab",)),
        (r"^ab", False, ("ab",)),
        (r"\w+-induced", False, ("induced", r"(?:[\w]){1,}")),
        (r"\d{2,3}", True, (r"(?:[\d]){2,3}",)),
        (r"(\w)\1 x", False, (r"[\w]", "x")),
        (r"...", False, ()),
        (r"[^a] b", False, ("b",)),
        (r"a*", False, ()),
        (r"(?a)\w b", False, ()),
    ],
)
def test_pieces(source: str, whole: bool, needed: tuple[str, ...]) -> None:
    found = pieces_of(source)
    assert (found.whole, set(found.needed)) == (whole, set(needed))


@pytest.mark.parametrize(
    ("source", "sign"), [("[<>]", True), ("%", True), ("%%", False), ("-", False)]
)
def test_one_sign(source: str, sign: bool) -> None:
    assert pieces_of(source).sign is sign


def test_pieces_that_match_more_signs_come_first() -> None:
    assert pieces_of("a bcd ef").needed == ("bcd", "ef", "a")


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
        assert any(re.search(piece, row) for row in rows), piece
