from biolabel.data.documents import Document, Passage
from biolabel.text.passages import placed


def test_passages_stand_one_blank_apart_and_empty_texts_are_left_out() -> None:
    parts = [("", "", "x"), ("title", "Zinc β", ""), ("body", "", "A"), ("body", "slept", "B")]
    found = placed(parts)
    assert found == (Passage("title", 0, "Zinc β"), Passage("body", 7, "slept", "B"))
    assert Document("1", found).text == "Zinc β slept"
    assert placed([]) == ()
