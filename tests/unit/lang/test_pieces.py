"""Cutting files and declarations."""

import pytest

from biolabel.lang.pieces import MAX_DEPTH, cut, field_around, field_starts, too_deep


def test_pieces_start_at_the_margin() -> None:
    text = "# c\nbiolabel 1\n\nlist a\n  words: x\n# c\n  y\nrule\n"
    assert [text[start:end].split("\n")[0] for start, end in cut(text)] == [
        "biolabel 1", "list a", "rule",
    ]  # fmt: skip
    assert cut(text)[-1][1] == len(text)


def test_indented_start_is_a_piece_but_blanks_and_comments_are_none() -> None:
    assert cut("  list a\nrule r\n") == [(0, 9), (9, 16)]
    assert cut("") == []
    assert cut("\n  \n # only a comment\n") == []


def test_fields_start_at_known_names_and_at_others_outside_brackets() -> None:
    piece = 'rule r for t\n  vots: a\n  when: (a or\n    b: c\n  note: "x (\n  y: z"\n'
    assert [piece[at:].split(":")[0].strip() for at in field_starts(piece)[1:]] == [
        "vots", "when", "note",
    ]  # fmt: skip
    start, end = field_around(piece, piece.index("b: c"))
    assert piece[start:end] == "  when: (a or\n    b: c\n"
    assert field_around(piece, 3) == (0, piece.index("  vots"))


@pytest.mark.parametrize("sign", ["(", "[", "!", "not "])
def test_nesting_is_bounded(sign: str) -> None:
    assert too_deep(sign * MAX_DEPTH) is None
    assert too_deep(sign * (MAX_DEPTH + 1)) is not None


def test_nesting_ignores_texts_comments_and_closed_brackets() -> None:
    assert too_deep('"' + "(" * 99 + '"') is None
    assert too_deep("# " + "(" * 99) is None
    assert too_deep("(a) " * 99) is None
    assert too_deep("not a " * 99) is None
