"""The word lists: plain lower-case words, each with something to be exchanged for."""

from biolabel.augment.wordlists import OMISSIBLE, SYNONYMS


def test_groups_are_of_distinct_words() -> None:
    for group in SYNONYMS:
        assert len(set(group)) == len(group) > 1
    words = {word for group in SYNONYMS for word in group} | OMISSIBLE
    assert all(word.isalpha() and word == word.lower() for word in words)
    assert len(SYNONYMS) > 60
    assert len(OMISSIBLE) > 60
