"""Documents from rows of named columns."""

from datetime import date
from math import nan

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.rows import Layout, document_of, items_of, layout_of


def caught(names: list[str], columns: dict[str, str] | None = None) -> CorpusError:
    with pytest.raises(CorpusError) as error:
        layout_of(names, columns or {}, "t.csv")
    assert error.value.code == "BL641"
    return error.value


def test_usual_names_are_known_in_any_case() -> None:
    assert layout_of(["PMID", "Title", "ABSTRACT", "year"], {}, "t") == Layout(
        "PMID", {"Title": "title", "ABSTRACT": "abstract"}, {}, {"year": "year"}
    )
    assert layout_of(["text"], {}, "t") == Layout("", {"text": ""}, {}, {})


def test_a_text_beside_title_and_abstract_is_both_once_more() -> None:
    texts = {"title": "title", "abstract": "abstract"}
    assert layout_of(["title", "abstract", "text"], {}, "t").texts == texts
    assert layout_of(["title", "text"], {}, "t").texts == {"title": "title", "text": ""}
    assert layout_of(["title", "text"], {"text": "text"}, "t").texts == {"text": ""}


def test_a_map_of_columns_decides() -> None:
    names = ["key", "body", "head", "y", "j", "good", "text"]
    columns = {
        "id": "KEY",
        "text": "body",
        "title": "head",
        "topics": "relevant = good, y",
        "meta": "journal=j",
    }
    assert layout_of(names, columns, "t") == Layout(
        "key",
        {"head": "title", "body": ""},
        {"good": "relevant", "y": "y"},
        {"j": "journal"},
    )
    assert layout_of(names, {"meta": ""}, "t").meta == {}


def test_missing_columns_are_named_with_the_nearest() -> None:
    error = caught(["id", "Abstarct"], {"text": "abstract"})
    assert "no column 'abstract'" in error.message
    assert error.hint == "did you mean Abstarct? it has: id, Abstarct"
    assert "no column for the text" in caught(["id", "body"]).message
    assert "columns.text" in caught(["id", "body"]).hint
    assert "no column 'x'" in caught(["text"], {"meta": "text, x"}).message


@pytest.mark.parametrize("names", [["text", "a", "a"], ["text", "A", "a"]])
def test_a_name_twice_is_refused(names: list[str]) -> None:
    assert "two columns called 'a'" in caught(names).message.lower()


def test_a_document() -> None:
    layout = layout_of(["id", "title", "abstract", "year", "label"], {"topics": "label"}, "t")
    row = {"id": 7, "title": "Zinc", "abstract": "Slept.", "year": 2001, "label": True}
    assert document_of(row, layout, "x") == Document(
        "7",
        (Passage("title", 0, "Zinc"), Passage("abstract", 5, "Slept.")),
        meta={"year": ("2001",)},
        topics={"label": "true"},
    )
    bare = document_of({"id": "7", "title": None, "abstract": "Slept."}, layout, "x")
    assert bare == Document("7", (Passage("abstract", 0, "Slept."),))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "", "text": "a"}, "no id"),
        ({"id": True, "text": "a"}, "no id"),
        ({"text": "a"}, "no id"),
        ({"id": "1", "text": " "}, "no text"),
        ({"id": "1"}, "no text"),
        ({"id": "1", "text": ["a"]}, "text is no text, but list"),
    ],
)
def test_rows_that_cannot_be_used(row: dict[str, object], reason: str) -> None:
    with pytest.raises(UnusableError, match=reason) as error:
        document_of(row, layout_of(["id", "text"], {}, "t"), "x")
    assert error.value.lost == "document"


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (None, ()),
        ("", ()),
        ("a b", ("a b",)),
        (["a", None, "", ["b", 1]], ("a", "b", "1")),
        (1.5, ("1.5",)),
        (nan, ()),
        (False, ("false",)),
        (date(2001, 2, 3), ("2001-02-03",)),
        ({"a": "é"}, ('{"a": "é"}',)),
    ],
)
def test_items(value: object, items: tuple[str, ...]) -> None:
    assert items_of(value) == items
