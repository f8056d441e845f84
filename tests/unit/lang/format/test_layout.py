"""Lines of at most 100 columns."""

from biolabel.lang.format.layout import WIDTH, lines_of
from biolabel.lang.format.spacing import items_of
from biolabel.lang.format.tokens import words_of


def laid_out(piece: str) -> list[str]:
    words, _ = words_of(piece)
    at = next(i for i, word in enumerate(words) if word.kind.startswith("F_"))
    return [line.text for line in lines_of(items_of(words[at:], words[0].kind), 2)]


def test_the_authors_breaks_stay_if_all_fits() -> None:
    assert laid_out("list a\n words: x,\n  y, z") == ["  words: x,", "         y, z"]
    assert laid_out('pattern p\n is: "a" |\n "b"') == ['  is: "a"', '    | "b"']


def test_a_break_inside_of_a_condition_does_not_stay() -> None:
    assert laid_out("rule a for b\n when: x\n is not\n y") == ["  when: x is not y"]


def test_a_long_list_is_filled() -> None:
    lines = laid_out("list a\n words: " + ", ".join(["word"] * 40))
    assert [len(line) for line in lines] == [98, 98, 67]
    assert all(line.endswith(",") for line in lines[:-1])


def test_the_authors_breaks_that_filling_would_not_make_stay() -> None:
    lines = laid_out("list a\n words: short,\n " + ", ".join(["word"] * 20))
    assert lines[0] == "  words: short,"
    assert len(lines) == 3


def test_a_long_condition_is_broken_at_every_and() -> None:
    part = 'sentence has "a long phrase of words"'
    lines = laid_out(f"rule a for b\n when: {part} and {part} or {part}")
    assert [line.split()[0] for line in lines] == ["when:", "or"]
    lines = laid_out(f"rule a for b\n when: {part} and {part} and {part}")
    assert [line[:8] for line in lines] == ["  when: ", "    and ", "    and "]


def test_long_brackets_are_broken_after_what_is_around_them() -> None:
    many = " | ".join(['"alternative"'] * 5)
    lines = laid_out(f"pattern p\n is: first ({many}) ..3 ({many}) last")
    assert lines[0].startswith('  is: first ("')
    assert lines[1].startswith('      ..3 ("')
    assert all(len(line) <= WIDTH for line in lines)


def test_an_example_a_line() -> None:
    assert laid_out('pattern p\n matches: "a" "b"') == ['  matches: "a"', '           "b"']


def test_what_cannot_be_broken_stays_long() -> None:
    assert len(laid_out(f'list a\n words: "{"x" * 120}"')) == 1
