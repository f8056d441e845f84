"""Plain words: only those that no rule names, only away from mentions."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biolabel.augment.version import Version
from biolabel.augment.wording import REACH, Wording, rule_words, vary_words
from biolabel.compile.plan import Plan
from biolabel.errors import ModelError
from biolabel.workflow.rules import read_rules
from biolabel.workflow.settings import load_task

Labeled = Callable[..., Version]
WORDS = Wording({"showed": ("revealed",), "Study": (), "study": ("trial",)}, frozenset({"also"}))
RULES = """biolabel 1

list harm
  words: cause~, severe*

relation cid(chemical: Chemical, disease: Disease)
  labels: causes, none
  level: concept
  mentions: given

rule lead for cid
  votes: causes
  when: sentence has ("largely" | /clearly|re?ally/)

rule listed for cid
  votes: causes
  when: sentence has harm
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("words")
    (folder / "task.toml").write_text('name = "w"\ntitle = "w"\nrules = "w.rules"\n', "utf-8")
    (folder / "w.rules").write_text(RULES, "utf-8")
    return read_rules(load_task(Path(folder))).ready()


def test_words_that_rules_name_are_used_in_all_forms(plan: Plan) -> None:
    used = rule_words(plan)
    assert all(map(used, ["causes", "caused", "severely", "largely", "clearly"]))
    assert not any(map(used, ["also", "trial", "severance"]))


def test_lists_lose_words_that_rules_name(plan: Plan) -> None:
    words = Wording.of(plan)
    assert "largely" not in words.omissible
    assert "clearly" not in words.omissible
    assert "also" in words.omissible
    assert all("largely" not in others for others in words.others.values())
    assert words.others["mainly"] == ("chiefly", "mostly")


def test_words_vary_away_from_mentions(labeled: Labeled, rng: np.random.Generator) -> None:
    far = "one two three four five "
    old = labeled([f"Showed that it also showed {far}", ("zinc", "X:1"), f" {far}also showed."])
    new = vary_words(old, WORDS, 1.0, rng)
    expected = f"Revealed that it revealed {far}zinc {far}revealed."
    assert new.document.text == expected
    assert new.origin.tolist()[:4] == [-1, 1, 2, -1]


def test_words_near_mentions_stay(labeled: Labeled, rng: np.random.Generator) -> None:
    filler = " ".join(["x"] * (REACH - 1))
    near = labeled([f"also {filler} ", ("zinc", "X:1"), f" {filler} showed"])
    assert vary_words(near, WORDS, 1.0, rng) is near


def test_nothing_is_left_out_at_an_edge(labeled: Labeled, rng: np.random.Generator) -> None:
    for text in ("Also here", "also here", "it was also, here", "it was also"):
        old = labeled([text])
        assert vary_words(old, WORDS, 1.0, rng) is old
    with pytest.raises(ModelError):
        vary_words(labeled(["x1"]), WORDS, -0.5, rng)
