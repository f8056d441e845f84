from dataclasses import FrozenInstanceError

import pytest

from biolabel.data.documents import Document, Mention, Passage, place_of_key


def test_the_text_has_blanks_where_offsets_leave_room() -> None:
    passages = (Passage("title", 0, "Zinc"), Passage("abstract", 7, "It helps."))
    document = Document("1", passages)
    assert document.text == "Zinc   It helps."
    for passage in passages:
        assert document.text[passage.offset :].startswith(passage.text)


def test_a_text_may_begin_late_or_be_empty() -> None:
    assert Document("1", (Passage("abstract", 1, "Zinc"),)).text == " Zinc"
    assert Document("1", ()).text == ""


def test_offsets_count_code_points() -> None:
    document = Document("1", (Passage("title", 0, "β\N{ROCKET}"), Passage("abstract", 3, "x")))
    assert document.text == "β\N{ROCKET} x"


def test_what_was_given_is_sure_and_cannot_be_changed() -> None:
    mention = Mention(0, 4, "Chemical")
    assert (mention.source, mention.probability, mention.concepts) == ("given", 1.0, ())
    with pytest.raises(FrozenInstanceError):
        mention.start = 1  # type: ignore[misc]


def test_a_mention_is_named_by_its_concepts_and_its_place() -> None:
    assert Mention(3, 9, "A", ("X:1", "X:2")).names == ("X:1", "X:2", "@3-9:A")
    assert place_of_key("@3-9:A b") == (3, 9, "A b")
    assert place_of_key("MESH:D000001") is None
    assert place_of_key("@3-9") is None
