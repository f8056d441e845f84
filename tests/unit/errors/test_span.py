"""Lines and columns of offsets."""

from biolabel.errors import SourceFile, Span


def test_lines_and_columns_count_from_one() -> None:
    source = SourceFile("f", "ab\n\ncé d")
    assert [source.position(i) for i in (0, 2, 3, 4, 5, 8)] == [
        (1, 1), (1, 3), (2, 1), (3, 1), (3, 2), (3, 5),
    ]  # fmt: skip
    assert [source.line(n) for n in (1, 2, 3)] == ["ab", "", "cé d"]


def test_spans_sort_by_file_then_place() -> None:
    spans = [Span("b", 0, 1), Span("a", 5, 6), Span("a", 5, 5)]
    assert sorted(spans) == [Span("a", 5, 5), Span("a", 5, 6), Span("b", 0, 1)]
