import numpy as np

from biolabel.curation.known import Base, Known, Standing, Statement
from biolabel.kb.pairs import Citations, PairIndex

PAIR = ("X:1", "Y:1")
CAUSES = frozenset({"causes"})
CITED = Citations(np.array([0, 2]), np.array([0, 1], dtype=np.int32), ("11", "12"))


def index(*pairs: tuple[str, str], subset: str = "") -> PairIndex:
    return PairIndex({"": dict.fromkeys(pairs, 1), subset: dict.fromkeys(pairs, 1)})


def test_bases_that_have_a_pair_are_cited() -> None:
    bases = {
        "ctd": Base(PairIndex({"": {PAIR: 2}}, citations={"": CITED}), labels=CAUSES),
        "labels": Base(index(PAIR), labels=CAUSES),
        "other": Base(index(PAIR[::-1]), labels=CAUSES),
    }
    stated = (Statement("ctd", ("11", "12")), Statement("labels"))
    assert Known(bases).standing(PAIR, "causes") == Standing("known", stated)
    assert Known(bases).standing(("X:1", "X:1"), "causes") == Standing("new")


def test_a_base_is_about_the_labels_that_rules_vote_for() -> None:
    found = Known({"ctd": Base(index(PAIR), labels=CAUSES)})
    assert found.standing(PAIR, "treats") == Standing("unchecked")


def test_a_base_against_all_labels_contradicts() -> None:
    therapy = {"therapy": Base(index(PAIR))}
    denied = (Statement("therapy"),)
    assert Known(therapy).standing(PAIR, "causes") == Standing("contradicts", (), denied)
    assert Known(therapy).standing(("X:1", "Y:2"), "causes") == Standing("unchecked")
    both = therapy | {"ctd": Base(index(PAIR), labels=CAUSES)}
    expected = Standing("known", (Statement("ctd"),), denied)
    assert Known(both).standing(PAIR, "causes") == expected


def test_only_the_part_that_rules_ask_for_counts() -> None:
    whole = PairIndex({"": {PAIR: 1}, "marker": {}})
    found = Known({"ctd.marker": Base(whole, "marker", CAUSES)})
    assert found.standing(PAIR, "causes") == Standing("new")


def test_a_pair_may_count_in_either_order() -> None:
    for both, status in ((True, "known"), (False, "new")):
        found = Known({"ppi": Base(index(PAIR[::-1]), labels=CAUSES, both_ways=both)})
        assert found.standing(PAIR, "causes").status == status


def test_the_closest_more_general_pairs_are_refined() -> None:
    above = {
        "Y:1": frozenset({"Y:10", "Y:11"}),
        "Y:10": frozenset({"Y:100"}),
        "X:1": frozenset({"X:10"}),
    }
    near, wide = ("X:1", "Y:10"), ("X:1", "Y:100")
    found = Known({"ctd": Base(index(near, wide, ("X:10", "Y:1")), labels=CAUSES)}, above)
    general = (Statement("ctd", (), ("X:10", "Y:1")), Statement("ctd", (), near))
    assert found.standing(PAIR, "causes") == Standing("refines", refines=general)
    far = Known({"ctd": Base(index(wide), labels=CAUSES)}, above)
    assert far.standing(PAIR, "causes").refines == (Statement("ctd", (), wide),)
    both = Known({"ctd": Base(index(("X:10", "Y:10")), labels=CAUSES)}, above)
    assert both.standing(PAIR, "causes").status == "new", "one side must be as it is"


def test_a_more_general_therapy_contradicts_nothing() -> None:
    above = {"Y:1": frozenset({"Y:10"})}
    bases = {
        "therapy": Base(index(("X:1", "Y:10"))),
        "ctd": Base(index(("X:9", "Y:9")), labels=CAUSES),
    }
    assert Known(bases, above).standing(PAIR, "causes") == Standing("new")


def test_a_circle_in_the_hierarchy_ends() -> None:
    above = {"Y:1": frozenset({"Y:2"}), "Y:2": frozenset({"Y:1"})}
    found = Known({"ctd": Base(index(("X:9", "Y:9")), labels=CAUSES)}, above)
    assert found.standing(PAIR, "causes").status == "new"
