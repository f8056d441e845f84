"""Whole files."""

from biolabel.errors import SourceFile
from biolabel.lang.format import format_text, formatted

UNTIDY = """\n\n# about the file


biolabel 1
import "a.rules"
import "b.rules"
list   x
    words :a,b   # two

    # of the list
# ---- of the next


rule r   for t
  when: x"""
TIDY = """# about the file

biolabel 1
import "a.rules"
import "b.rules"

list x
  words: a, b  # two
  # of the list

# ---- of the next

rule r for t
  when: x
"""


def test_blank_lines_and_comments_between_declarations() -> None:
    assert format_text(UNTIDY) == TIDY
    assert format_text(TIDY) == TIDY


def test_line_ends_are_kept() -> None:
    assert format_text(UNTIDY.replace("\n", "\r\n")) == TIDY.replace("\n", "\r\n")


def test_a_file_without_declarations() -> None:
    assert format_text("") == ""
    assert format_text("\n  # only this  \n\n") == "# only this\n"


def test_a_file_with_mistakes_is_left_alone() -> None:
    source = SourceFile("a.rules", "biolabel 1\nlist  x\n  wurds: a\n")
    result = formatted(source)
    assert result.text == source.text
    assert [d.code for d in result.diagnostics] == ["BL007"]


def test_warnings_do_not_keep_a_file_from_being_formatted() -> None:
    result = formatted(SourceFile("a.rules", "biolabel 1\nlist  x\n  words: a\n"))
    assert result.text == "biolabel 1\n\nlist x\n  words: a\n"
    assert result.diagnostics == ()
