from biolabel.text.formats.repeated import Seen


def test_a_repeated_document_is_told_with_whether_it_differs() -> None:
    seen = Seen()
    assert seen.again("1", ("a", "b")) is None
    assert seen.again("2", ("a", "b")) is None
    same, other = seen.again("1", ("a", "b")), seen.again("1", ("a", "c"))
    assert same == ("nothing", "the document is repeated, exactly the same")
    assert other == ("document", "the document is repeated, with other content")
    assert seen.again("1", ("a", "b")) == same


def test_text_that_is_no_unicode_counts_too() -> None:
    seen = Seen()
    assert seen.again("1", "\ud800") is None
    assert seen.again("1", "\ud800") is not None
