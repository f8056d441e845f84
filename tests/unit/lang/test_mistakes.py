"""What syntax errors say beyond their code: the hint and the place."""

import pytest

from biolabel.errors import SourceFile
from biolabel.lang.parse import parse

RULE = "biolabel 1\nrule r for cid\n  votes: causes\n"


def only(text: str) -> tuple[str, str, str]:
    """Return code, underlined text and hint of the only finding."""
    (found,) = parse(SourceFile("f", text))[1]
    return found.code, text[found.span.start : found.span.end], found.hint


@pytest.mark.parametrize(
    ("field", "code", "under", "hint"),
    [
        ("when between has x", "BL007", "when", "write `when:`"),
        ("precision 0.9", "BL007", "precision", "write `precision:`"),
        ("Votes: x", "BL007", "Votes", "did you mean `votes:`?"),
        ("when: sentence has x annd distance < 9 words", "BL006", "<", "`and` instead of `annd`"),
        ('when: between has "a" "b" or "c"', "BL006", '"c"', "write | for alternatives"),
        ('when: between has "a" and "b"', "BL006", '"b"', "write them one after another"),
        ("when: between has 'a'", "BL003", "'", "straight double quotes"),
        ("when: between has\u00a0x", "BL003", "\u00a0", "ordinary blank"),
        ("when: between has /a", "BL004", "/a", "add the closing /"),
        ("when: between has {chem", "BL006", "{", "expected"),
        ("when: between has [text=/a/", "BL005", "[", "add ]"),
        ("when: adjacent)", "BL005", ")", ""),
        ("when:", "BL008", "when:", ""),
        ("precision: 0.9 when adjacent", "BL006", "when", "write `when:` on a line of its own"),
        ("precision: high", "BL006", "high", "expected a number"),
        ("precision: 1234567890123", "BL006", "0123", ""),
        ("note: no quotes here", "BL006", "no", 'expected "text"'),
    ],
)
def test_mistakes_in_a_field(field: str, code: str, under: str, hint: str) -> None:
    found = only(f"{RULE}  {field}\n")
    assert found[:2] == (code, under)
    assert hint in found[2]


@pytest.mark.parametrize(
    ("piece", "code", "under", "hint"),
    [
        ("RULE r for cid\n", "BL001", "RULE", "did you mean `rule`?"),
        ("xyzzy\n", "BL001", "xyzzy", "a declaration starts with"),
        (")\n", "BL001", ")", "indent"),
        ("\u201cx\u201d\n", "BL003", "\u201c", "straight"),
        ("\x0c\n", "BL003", "\x0c", "delete"),
        ("votes: x\n", "BL002", "votes", "indent"),
        ("rule\n", "BL008", "rule", ""),
        ("rule # r for cid\n", "BL008", "rule", ""),
        ("pipeline[ off\n", "BL006", "[", ""),
        ("rule r\n", "BL008", "r", ""),
        ("rule r fr cid\n", "BL006", "fr", "did you mean `for`?"),
    ],
)
def test_mistakes_in_a_first_line(piece: str, code: str, under: str, hint: str) -> None:
    found = only(f"biolabel 1\n{piece}")
    assert found[:2] == (code, under)
    assert hint in found[2]


def test_indented_first_line_has_its_own_hint() -> None:
    assert only("  biolabel 1\n")[0] == "BL013"
    assert only(f"{RULE}  list names\n    words: a\n")[::2] == (
        "BL013",
        "remove the blanks before it",
    )


def test_a_condition_about_sections_is_no_declaration() -> None:
    text = f"{RULE}  when: adjacent and\n    section is title\n"
    assert parse(SourceFile("f", text))[1] == ()


def test_a_sign_behind_the_version() -> None:
    (found,) = parse(SourceFile("f", "biolabel 1\\\n"))[1]
    assert (found.code, found.hint) == ("BL006", "expected the end")
