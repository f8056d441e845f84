"""Columns of cases and of comments."""

from biolabel.lang.format.columns import with_comments
from biolabel.lang.format.layout import Line
from biolabel.lang.format.source import format_text


def test_cases_are_aligned_where_they_follow_each_other() -> None:
    text = "biolabel 1\n\nrule a for t\n  case: b when x\n  case: not longer when y\n"
    assert format_text(text).splitlines()[3:] == [
        "  case: b          when x",
        "  case: not longer when y",
    ]
    apart = text.replace("  case: not", "  precision: 0.5\n  case: not")
    assert "case: b when x" in format_text(apart)


def test_a_very_long_vote_is_no_measure() -> None:
    long = f"one of ({', '.join(['label'] * 8)})"
    text = f"biolabel 1\n\nrule a for t\n  case: b when x\n  case: {long} when y\n"
    assert format_text(text) == text


def test_comments_of_consecutive_lines_are_aligned() -> None:
    lines = [Line("ab", "# 1"), Line("abcd", "# 2"), Line("x"), Line("x", "# 3")]
    assert list(with_comments(lines)) == ["ab    # 1", "abcd  # 2", "x", "x  # 3"]


def test_comments_of_lines_that_differ_much_are_not() -> None:
    assert next(with_comments([Line("a", "#"), Line("a" * 50, "#")])) == "a  #"
