from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.api.html import code, frame, marked, note, shown, table

PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
PLACES = st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32), PLAIN), max_size=5)


@settings(deadline=None, max_examples=50)
@given(PLAIN, PLACES)
def test_a_marked_text_is_the_text(text: str, places: list[tuple[int, int, str]]) -> None:
    found = ElementTree.fromstring(str(marked(text, places)))
    assert "".join(found.itertext()) == text
    inside = {
        at for start, end, _ in places if 0 <= start < end <= len(text) for at in range(start, end)
    }
    assert sum(len(each.text or "") for each in found.iter("mark")) == len(inside)


def test_what_overlaps_is_told_together() -> None:
    found = ElementTree.fromstring(str(marked("abc", [(0, 2, "x"), (1, 3, "y")])))
    assert [(m.text, m.get("title")) for m in found.iter("mark")] == [
        ("a", "x"), ("b", "x; y"), ("c", "y"),
    ]  # fmt: skip


@settings(deadline=None, max_examples=50)
@given(PLAIN)
def test_every_text_is_escaped(text: str) -> None:
    whole = frame(text, note(text), code(text), table((text,), [(text,)]))
    assert "".join(ElementTree.fromstring(whole).itertext()) == text * 5


def test_numbers_stand_to_the_right_and_what_is_left_out_is_counted() -> None:
    made = str(table(("a", "b"), [("x", 1), ("y", None)], more=1200))
    assert made.count("text-align:right") == 3
    assert "and 1,200 more" in made
    assert [shown(each) for each in ("x", 1234, 0.5, None)] == ["x", "1,234", "0.500", ""]
