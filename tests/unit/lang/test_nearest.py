"""Did you mean."""

import pytest

from biolabel.lang.nearest import did_you_mean, listed, nearest, nearest_few


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


def test_where_nothing_is_near_three_stand_for_all() -> None:
    many = ["cause_between", "cause_by", "treats", "zzz", "zz"]
    assert nearest_few("caus_by", many, "rules") == "did you mean `cause_by`?"
    hint = nearest_few("because", many, "rules")
    assert hint == "nearest of 5 rules: `cause_by`, `treats`, `cause_between`"
    assert nearest_few("q", ["b", "a"], "rules") == "rules: `a`, `b`"
    assert nearest_few("q", [], "rules") == "there are no rules"
