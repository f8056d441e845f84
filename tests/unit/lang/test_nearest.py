"""Did you mean."""

import pytest

from biolabel.lang.nearest import did_you_mean, listed, nearest


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        ("haz", ["has", "starts", "ends"], "has"),
        ("cdi", ["ddi", "cid", "topic"], "cid"),
        ("Votes", ["votes", "notes"], "votes"),
        ("caus_words", ["caused_by", "cause_words"], "cause_words"),
        ("abc", ["xyz", "def"], None),
        ("abc", [], None),
        ("", ["a"], None),
    ],
)
def test_nearest(word: str, options: list[str], expected: str | None) -> None:
    assert nearest(word, options) == expected
    assert nearest(word, reversed(options)) == expected


def test_hints() -> None:
    assert did_you_mean("haz", ["has"], "other") == "did you mean `has`?"
    assert did_you_mean("haz", ["xyz"], "other") == "other"


def test_lists() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b or c"
