from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.atoms import Levels, atoms
from biolabel.apply.together import Together
from biolabel.apply.truths import Judgement
from biolabel.lang import tree
from tests.unit.apply.world import PAIR, World, corpus, plan_of, shown, world

TEXT = (
    "{A=X:1: one} and {B=Y:1: two} || No {A=X:1: one} by x {B=Y:2: six}. Then {A=X:2: ten} with x."
    " X {B=Y:1: two} {A=X:2: ten}, x"
)


def asked(folder: Path, condition: str, task: str = PAIR) -> tuple[World, tree.Condition]:
    plan = plan_of(folder, f"{task}rule x for r\n  votes: yes\n  when: {condition}\n")
    when = plan.tasks[0].rules[0].when
    assert when is not None
    return world(plan, corpus(TEXT)), when


def together(here: World) -> Together:
    return Together(here.scene, here.frame, Levels(here.scene, {}))


def test_rows_of_one_sentence(tmp_path: Path) -> None:
    here, _ = asked(tmp_path, "adjacent")
    found = together(here)
    sentence = here.scene.corpus.row_sentence
    a, b = (sentence[side.first] for side in here.frame.sides.values())
    assert found.rows.tolist() == np.flatnonzero(a == b).tolist()
    assert len(found.rows) == 3


@pytest.mark.parametrize(
    "condition",
    [
        "same sentence",
        "adjacent",
        'sentence has "x"',
        'sentence has {a} ..1 "by"',
        'sentence has {a} "by" "x" {b}',
        'sentence has "no" {a} | "x"',
        'sentence has {b} {a} both ways',
        'sentence has at least 1 "x"',
        'between has "x" | "and"',
        'between starts with "by"',
        'title has {a} ..1 {b}',
    ],
)  # fmt: skip
def test_what_is_asked_of_few_rows_is_what_all_say(tmp_path: Path, condition: str) -> None:
    here, when = asked(tmp_path, condition)
    truth = together(here).truth(when)
    assert truth is not None
    everywhere = atoms(here.scene, here.frame, {}).column(when)
    assert shown(Judgement(here.frame, truth)) == shown(everywhere)
    assert "+" in shown(everywhere)


@pytest.mark.parametrize("number", [0, 1])
def test_shared_sentences(tmp_path: Path, number: int) -> None:
    here, when = asked(tmp_path, f"shared_sentences = {number}")
    truth = together(here).truth(when)
    assert truth is not None
    column = atoms(here.scene, here.frame, {}).column(when)
    assert shown(Judgement(here.frame, truth)) == shown(column)
    assert {"+", "-"} == set(shown(column))


def test_sentences_that_concepts_share_are_not_told_by_one_pair_of_mentions(tmp_path: Path) -> None:
    by_mention = PAIR.replace("level: concept", "level: mention")
    here, when = asked(tmp_path, "shared_sentences = 1", by_mention)
    assert here.frame.whole_concepts
    assert together(here).truth(when) is None


@pytest.mark.parametrize(
    "condition",
    ["a before b", 'before a has "x"', 'sentence has at most 1 "x"', "distance < 2 words"],
)
def test_what_other_rows_may_fulfil_too(tmp_path: Path, condition: str) -> None:
    here, when = asked(tmp_path, condition)
    assert together(here).truth(when) is None
