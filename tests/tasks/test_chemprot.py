"""The rules of tasks/chemprot: what they promise, and what they find in real abstracts."""

from functools import reduce
from itertools import islice
from operator import or_
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.engine import apply_task
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.rules import analyze_rules
from biolabel.text.build import corpus_of
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.types import with_types
from biolabel.workflow.examples import read_any, try_examples
from biolabel.workflow.rules import read_rules
from biolabel.workflow.settings import load_task

TASK = load_task(Path("tasks/chemprot"))
LABELS = {
    "inhibitor", "regulator", "downregulator", "upregulator", "substrate", "activator", "part_of",
    "antagonist", "product_of", "agonist", "none",
}  # fmt: skip


def test_every_label_has_rules_and_nearly_every_rule_an_example() -> None:
    (task,) = read_rules(TASK).ready().tasks
    assert set(task.task.labels) == LABELS
    masks = [mask for rule in task.rules for mask in (rule.mask, *(c.mask for c in rule.cases))]
    bits = reduce(or_, (mask for mask in masks if isinstance(mask, int)))
    assert bits == (1 << len(LABELS)) - 1
    assert len(task.rules) >= 45
    examples = try_examples(read_any([TASK.folder]))
    assert examples.diagnostics == ()
    assert examples.covered >= 0.8 * len(task.rules)


@pytest.mark.data
def test_rules_are_right_on_real_abstracts(data_root: Path) -> None:
    path = data_root / "corpora" / "chemprot" / "train_abstracts.tsv.gz"
    documents = islice(read_documents(path, Rejects()), 150)
    over = corpus_of(with_types(documents, TASK.task.types))
    plan = read_rules(TASK).ready()
    scene = Scene(over, plan, TermFinder(over, Knowledge({}, {})), given_mentions(over))
    votes = apply_task(plan.tasks[0], scene, {})
    names = {"acts_on": TASK.task.gold["acts_on"].names}
    gold = gold_labels(votes, over, names)
    none = 1 << plan.tasks[0].task.labels.index("none")
    assert 0.2 < np.mean(gold != none) < 0.35
    found = analyze_rules(votes.matrix, gold)
    assert found.coverage > 0.8
    for none_only, least in ((False, 0.5), (True, 0.85)):
        rules = [rule for rule in found.rules if (rule.labels == ("none",)) == none_only]
        measures = [rule.measure for rule in rules if rule.measure is not None]
        right = sum(measure.right for measure in measures)
        assert right / sum(measure.judged for measure in measures) > least
