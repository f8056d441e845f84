"""Results are kept while what they were made from is the same."""

from biolabel.errors import Span
from biolabel.lang.memo import Memo


def test_made_anew_only_when_something_changed() -> None:
    memo, made = Memo(), []

    def make() -> int:
        made.append(1)
        return len(made)

    here, there = Span("f", 0, 1), Span("f", 1, 2)
    assert [memo.get("check", here, given, make) for given in (1, 1, 2, 2)] == [1, 1, 2, 2]
    assert memo.get("link", here, 1, make) == 3
    assert memo.get("check", there, 1, make) == 4
    memo.forget(lambda span: span == there)
    assert memo.get("check", there, 1, make) == 4
    assert memo.get("check", here, 2, make) == 5
