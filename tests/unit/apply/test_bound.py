from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.bound import bindable, bound_matches
from biolabel.apply.matches import placed
from biolabel.apply.patterns import Matcher
from biolabel.lang import tree
from tests.unit.apply.world import PAIR, corpus, plan_of, world


def pattern_of(folder: Path, written: str) -> tree.Pattern:
    plan = plan_of(folder, f"{PAIR}rule x for r\n  votes: yes\n  when: sentence has {written}\n")
    when = plan.tasks[0].rules[0].when
    assert isinstance(when, tree.Has)
    return when.pattern


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ('{a} ..2 "by" {b}', True),
        ('"so"? {b} {a} ..1', True),
        ('{a} "x"', False),
        ('{a} {b} "and" {a}', False),
        ('{a} ({b} | "x")', False),
        ('{a} | {b}', False),
    ],
)  # fmt: skip
def test_bindable(tmp_path: Path, written: str, answer: bool) -> None:
    assert bindable(pattern_of(tmp_path, written)) is answer


@pytest.mark.parametrize(
    "written",
    [
        '{a} ..2 "by" {b}',
        '{a} {b}',
        '"no"? {a} ..3 {b} "x"*',
        '..1 {b} ..4 ("by" | "x") ..2 {a} ..1',
        '"x"{2} {b} {a}',
    ],
)  # fmt: skip
def test_matches_are_those_of_every_pair(tmp_path: Path, written: str) -> None:
    """What is joined at mentions is what is found for each pair of them."""
    pattern = pattern_of(tmp_path, written)
    assert isinstance(pattern, tree.Seq)
    text = (
        "no {A=X:1: one} by {B=Y:1: two} x x {A=X:2: three} {B=Y:1|Y:2: four} x by {A=X:1: five}."
        " X x {B=Y:2: six} {A=X:1: seven} by"
    )
    plan = plan_of(tmp_path, f"{PAIR}rule y for r\n  votes: yes\n  when: adjacent\n")
    here = world(plan, corpus(text))
    near = Matcher(here.scene, here.frame)
    levels = here.frame.by_mention
    places = {
        name: placed(near.scene.corpus, Matcher(here.scene, level.frame).find(tree.Arg(name)))
        for name, level in levels.items()
    }
    found = bound_matches(near, pattern, places)
    ids = dict(zip(found.names, found.ids, strict=True))
    joined = set()
    for first, end, owner in zip(
        found.matches.first, found.matches.end, found.matches.owner, strict=True
    ):
        rows = np.ones(len(here.frame), dtype=bool)
        for name, numbers in ids.items():
            rows &= levels[name].of_row == numbers[owner]
        (row,) = np.flatnonzero(rows).tolist()
        joined.add((int(first), int(end), row))
    every = near.find(pattern)
    wanted = {*zip(every.first.tolist(), every.end.tolist(), every.owner.tolist(), strict=True)}
    assert joined == wanted
    assert wanted
