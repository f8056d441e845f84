"""Kept votes are those that a fresh run makes, whatever was edited between the runs."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.knowledge import Knowledge
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.votes import TaskVotes
from biolabel.text.build import corpus_of
from biolabel.workflow.marks import digest
from biolabel.workflow.shards import Recipe, ShardRun
from tests.unit.apply.world import PAIR, document, ontology, pairs, plan_of

KNOWLEDGE = Knowledge(
    {"o": ontology({"X:1": ["iron"], "X:2": ["iron salt", "salts"]}, "A", "exact", "plural")},
    {"k": pairs(("X:1", "Y:1"), ("X:2", "Y:2"))},
)
MARKS = {"o": "1", "k": "1"}
RULES = """
entity e
  labels: A, B
document t
  labels: good, bad
ontology o
  from: catalog "o"
  type: A
kb k
  from: catalog "k"
  complete: yes
  pairs: A -> B
list l
  words: iron*{more}
context denied
  cues_before: "no"
  reach: {reach} words
condition near for r
  is: distance <= {near} words
rule named for e
  votes: found type
  find: o
rule listed for e
  votes: not B
  find: l ..{gap} "salt~"
  unless: span is denied
rule known for r
  votes: yes
  when: pair in k
  else: none
rule close for r
  status: {status}
  votes: yes
  when: near and not b is denied
rule late for r
  votes: none
  when: not close fires and count({{a}}) <= {most}
rule many for t
  votes: bad
  when: at least {least} r voted yes
  else: good
rule titled for t
  case: good when title has l
  case: bad when title has at least {least} "no"
"""
NUMBERS = {"reach": (1, 4), "near": (1, 3), "gap": (1, 3), "most": (1, 2), "least": (1, 2)}
VALUES = st.fixed_dictionaries({
    **{name: st.sampled_from(few) for name, few in NUMBERS.items()},
    "more": st.sampled_from(["", ", salts"]),
    "status": st.sampled_from(["active", "draft"]),
})  # fmt: skip
PIECES = st.sampled_from([
    "iron", "salt", "salts", "no", "in", "by", "causes", ",", ". So", "||",
    "{A=X:1: iron}", "{A=X:2: salts}", "{B=Y:1: pain}", "{B=Y:2: rash}", "{A: zinc}",
])  # fmt: skip
TEXTS = st.lists(st.lists(PIECES, min_size=1, max_size=14).map(" ".join), min_size=1, max_size=3)


def plan(folder: Path, values: Mapping[str, object]) -> Plan:
    return plan_of(folder, PAIR + RULES.format(**values))


def run(plan: Plan, corpus: Corpus, workspace: Path) -> dict[str, TaskVotes]:
    world = digest(plan.lists, plan.contexts, plan.sections, MARKS)
    recipe = Recipe(plan, "given", workspace, "code", MARKS, world, {})
    shard = ShardRun(recipe, corpus, KNOWLEDGE)
    return {task.task.name: shard.votes(task) for task in plan.tasks}


def columns(votes: TaskVotes) -> list[object]:
    matrix = votes.matrix
    numbers = (matrix.candidate, matrix.lf, matrix.mask, votes.evidence, votes.documents)
    return [*(column.tolist() for column in numbers), votes.subjects, votes.objects]


@settings(max_examples=25, deadline=None)
@given(texts=TEXTS, before=VALUES, after=VALUES)
def test_kept_votes_are_fresh_ones(
    texts: list[str], before: dict[str, object], after: dict[str, object]
) -> None:
    corpus = corpus_of([document(text, f"d{i}") for i, text in enumerate(texts)])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, second = plan(folder, before), plan(folder, after)
        run(first, corpus, folder / "kept")
        kept = run(second, corpus, folder / "kept")
        fresh = run(second, corpus, folder / "fresh")
        again = run(second, corpus, folder / "kept")
    for task in fresh:
        assert columns(kept[task]) == columns(fresh[task]) == columns(again[task])
        assert np.array_equal(kept[task].matrix.lf, again[task].matrix.lf)
