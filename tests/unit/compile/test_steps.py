from pathlib import Path

import pytest

from biolabel.compile.steps import steps_of
from tests.unit.apply.world import PAIR, TAGGED, plan_of

ENTITY = "entity e\n  labels: A, B\nlist l\n  words: a\n"
RULE = "rule {} for r\n  votes: yes\n  when: {}\n"


@pytest.mark.parametrize(
    ("rules", "steps"),
    [
        (PAIR + RULE.format("x", "adjacent"), set()),
        (PAIR + RULE.format("x", "sentence has [lemma=a]"), {"tagger"}),
        (PAIR + RULE.format("x", "not path like {a} << {b}"), {"parser"}),
        (PAIR + RULE.format("x", "path like {a} << [pos=VERB] >> {b}"), {"tagger", "parser"}),
        (PAIR + RULE.format("x", "adjacent\n  unless: path_length > 3"), {"parser"}),
        (PAIR + "rule x for r\n  case: yes when path has \"x\"\n", {"parser"}),
        (PAIR + "  when: sentence has [dep=x]\n" + RULE.format("x", "adjacent"), {"parser"}),
        (PAIR + RULE.format("x", "adjacent\n  status: off\n  unless: path_length > 3"), set()),
        (PAIR + "pattern p\n  is: [lemma=a]\n" + RULE.format("x", "adjacent"), set()),
        (PAIR + "pattern p\n  is: [lemma=a]\n" + RULE.format("x", "between has p"), {"tagger"}),
        (
            PAIR + "context c\n  cues_before: [pos=DET]\n" + RULE.format("x", "a is c"),
            {"tagger"},
        ),
        (ENTITY + "rule x for e\n  votes: A\n  find: [tag=\"NN\"] l\n", {"tagger"}),
    ],
)  # fmt: skip
def test_steps(tmp_path: Path, rules: str, steps: set[str]) -> None:
    assert steps_of(plan_of(tmp_path, TAGGED + rules)) == steps
