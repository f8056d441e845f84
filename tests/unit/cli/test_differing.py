from biolabel.cli.differing import diff_json, diff_lines, effect_lines
from biolabel.curation.assertions import Assertion
from biolabel.kb.versions import OntologyDiff, PairsDiff
from biolabel.workflow.knowledge.effects import Effects, HitChange, TouchedAssertion

TERMS = OntologyDiff(
    added=("X:4", "X:5"),
    gone=(),
    merged=(("X:3", "Grippe", "X:4"),),
    obsoleted=("X:6",),
    renamed=(),
    names_added=(),
    names_gone=(),
    moved=(),
    called={"X:4": "Influenza", "X:5": "Measles", "X:6": "Vapours"},
)
ASSERTION = Assertion("X:3", "causes", "Y:1", "grippe", "fever", 0.9, 0.9, 1, "new", ())


def test_each_kind_of_change_has_its_number() -> None:
    lines = list(diff_lines(TERMS, 1))
    assert lines == [
        "concepts added: 2",
        "  X:4  Influenza",
        "  and 1 more",
        "concepts merged: 1",
        "  X:3  Grippe: now X:4  Influenza",
        "concepts obsolete now: 1",
        "  X:6  Vapours",
    ]


def test_pairs() -> None:
    found = PairsDiff((("a", "b"),), (), ((("c", "d"), 1, 1200),), (), ("marker",))
    assert list(diff_lines(found, 5)) == [
        "pairs added: 1", "  a b", "other evidence: 1", "  c d: 1, now 1,200", "parts gone: 1",
        "  marker",
    ]  # fmt: skip
    assert list(diff_lines(PairsDiff((), (), (), (), ()), 5)) == ["no difference"]


def test_whom_it_concerns() -> None:
    hits = (
        HitChange("drugs", 10, 8, 1, 3, 0, (("tea", "X:3 to nothing", 3),)),
        HitChange("foods", problem="error[BL403]: no term"),
    )
    touched = (TouchedAssertion(ASSERTION, "X:3: merged into X:4"),)
    again = {"assertions": touched, "accepted assertions": touched * 7}
    lines = [str(line) for line in effect_lines(Effects((), hits), None, again, "old", 5)]
    assert "hits of drugs in the corpus: 10, now 8 (1 gained, 3 lost, 0 of other concepts)" in lines
    assert '  3 times "tea": X:3 to nothing' in lines
    assert "hits of foods in the corpus: none, error[BL403]: no term" in lines
    assert "  grippe causes fever: X:3: merged into X:4" in lines
    assert lines[-8:-6] == ["", "accepted assertions to look at again: 7"]
    assert lines[-1] == "  and 2 more"
    plain = diff_json(TERMS, Effects((), hits), again)
    assert plain["task"]["hits"][0]["lost"] == 3
    assert plain["assertions"] == [
        {"subject": "X:3", "predicate": "causes", "object": "Y:1", "why": "X:3: merged into X:4"}
    ]
    assert len(plain["accepted_assertions"]) == 7


def test_what_was_not_asked_is_not_said() -> None:
    assert list(effect_lines(None, None, {}, "old", 5)) == []
