import pytest

from biolabel.data.documents import Document, Passage, Relation, mention_key
from biolabel.text.formats.carried import carried, restored
from biolabel.text.formats.given import UnusableError

PASSAGES = (Passage("title", 0, "Zinc"), Passage("methods", 5, "We ate.", "Methods"))


def test_what_the_tools_do_not_show_comes_back() -> None:
    shown = Relation("x", mention_key(0, 4, "A"), mention_key(0, 4, "B"), "x")
    hidden = Relation("cid", "C:1", "D:1", "CID", 0.5)
    document = Document("1", PASSAGES, (), (shown, hidden), {"year": ("2001",)}, {"t": "y"})
    found = restored(document.text, carried(document))
    assert found == {
        "passages": [
            {"kind": "title", "offset": 0, "text": "Zinc"},
            {"kind": "methods", "heading": "Methods", "offset": 5, "text": "We ate."},
        ],
        "relations": [
            {"task": "cid", "subject": "C:1", "object": "D:1", "label": "CID", "probability": 0.5}
        ],
        "meta": {"year": ("2001",)},
        "topics": {"t": "y"},
    }


def test_without_it_the_text_is_one_passage() -> None:
    assert restored("Tea.", None) == {"passages": [{"offset": 0, "text": "Tea."}]}


@pytest.mark.parametrize("value", [3, {}, {"passages": 3}, {"passages": [{"offset": 0}]}])
def test_something_else_is_refused(value: object) -> None:
    with pytest.raises(UnusableError):
        restored("Tea.", value)
