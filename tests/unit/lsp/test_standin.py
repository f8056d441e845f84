"""What a name at a place could be."""

import pytest

from biolabel.lsp.standin import stand_ins

RULE = "rule a for r\n  when: "


@pytest.mark.parametrize(
    ("start", "kinds"),
    [
        ("rule a for ", {"task"}),
        (RULE + "pair in ", {"knowledge base"}),
        (RULE + "a is ", {"context"}),
        (RULE + "sentence has (x | ", {"pattern", "type"}),
        (RULE + "sentence has [text in ", {"list or ontology"}),
        (RULE + 'sentence has keep([ent="x)" | text in ', {"list or ontology"}),
        (RULE + "distance(", {"argument"}),
        (RULE + "around ", {"argument"}),
        (RULE + "any t voted ", {"label"}),
        (RULE, {"argument", "condition", "rule"}),
        (RULE + "none of (", {"argument", "condition", "rule"}),
        (RULE + "at least 2 of (x, a is not ", {"context"}),
        ("relation r(a: ", {"type"}),
        ("list l\n  words: ", set()),
        (RULE + ") ", set()),
    ],
)
def test_kinds(start: str, kinds: set[str]) -> None:
    found = {
        use.reference.needed if use.reference else use.kind for use, _ in stand_ins(start, "x")
    }
    assert found == kinds
