"""The stretch of text where a version first differs."""

from biolabel.augment.shown import Difference, first_difference


def test_the_first_change_with_words_around_it() -> None:
    before = "a b c d e f g h old one i j k l m n o p"
    after = "a b c d e f g h new i j k l m n o q"
    assert first_difference(before, after) == Difference(
        "… c d e f g h old one i j k l m n …", "… c d e f g h new i j k l m n …"
    )


def test_neighboring_changes_are_one() -> None:
    assert first_difference("x a b", "y a c") == Difference("x a b", "y a c")


def test_equal_texts_do_not_differ() -> None:
    assert first_difference("a b", "a b") is None
