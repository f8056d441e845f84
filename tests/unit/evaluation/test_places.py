from pathlib import Path

from biolabel.data.corpus import Corpus
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.places import Placed, place_candidates
from tests.unit.apply.world import PAIR, corpus, plan_of, text_of, votes_of


def placed(folder: Path, rules: str, task: str, over: Corpus) -> Placed:
    plan = plan_of(folder, rules)
    votes, _ = votes_of(plan, over, task)
    declared = next(each.declaration for each in plan.tasks if each.task.name == task)
    return place_candidates(votes, over, given_mentions(over), declared)


def test_of_several_mentions_the_nearest_pair_counts(tmp_path: Path) -> None:
    over = corpus("{A=X:1: Iron} or {A=X:1: ferrum} harms {B=Y:1: liver} and {B=Y:2: rash}")
    found = placed(tmp_path, PAIR, "r", over)
    assert found.doc.tolist() == [0, 0]
    texts = [
        [text_of(over, first, end) for first, end in zip(side.first, side.end, strict=True)]
        for side in found.sides.values()
    ]
    assert texts == [["ferrum", "ferrum"], ["liver", "rash"]]
    a, b = found.sides.values()
    assert [a.types[i] for i in a.type] == ["A", "A"]
    assert [b.types[i] for i in b.type] == ["B", "B"]


def test_candidates_without_mentions_have_no_place(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, PAIR)
    over = corpus("{A=X:1: Iron} harms {B=Y:1: liver}", "{A=X:1: Iron} harms {B=Y:2: rash}")
    votes, _ = votes_of(plan, over, "r")
    less = given_mentions(corpus("No more", "{A=X:1: Iron} harms {B=Y:2: rash}"))
    found = place_candidates(votes, over, less, plan.tasks[0].declaration)
    assert [side.first[0] >= 0 for side in found.sides.values()] == [False, False]
    assert [side.first[1] >= 0 for side in found.sides.values()] == [True, True]


def test_documents_have_no_place(tmp_path: Path) -> None:
    rules = "document t\n  labels: yes, other\n"
    assert placed(tmp_path, rules, "t", corpus("One.", "Two.")).sides == {}
