"""Tasks of every kind go through the whole pipeline beside those of the tiny task."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.run import run

OpenBench = Callable[..., Bench]
RULES = """biolabel 1

import "tiny.rules"

entity salts
  labels: Salt, Acute
  unit: span
  pick: many

rule near_chemicals for salts
  votes: Salt
  find: Chemical | "acute" Disease

rule acute for salts
  votes: Acute
  find: "acute" []? | Disease

rule nothing for salts
  status: draft
  votes: none
  find: "was" | "the"

rule of_harmful_texts for salts
  votes: one of (Salt, Acute)
  find: "severe" Disease
  when: any topic voted harm or any mentions voted Chemical

document claims
  labels: harm_said, harmless
  unit: sentence

rule said for claims
  votes: harm_said
  when: sentence has Chemical .. Disease
  else: harmless

rule unsure for claims
  votes: harmless
  when: sentence has "no" | "not"

relation triple(chemical: Chemical, first: Disease, second: Disease)
  labels: both_of_them, none
  scope: document
  mentions: mentions
  level: mention
  order: text

rule listed for triple
  votes: both_of_them
  when: same sentence
  else: none

relation pairs_of_diseases(one_side: Disease, other_side: Disease)
  labels: together, none
  scope: document
  mentions: mentions
  level: concept
  pick: many

rule close for pairs_of_diseases
  votes: together
  when: distance < 20 words
  else: none

constraint claims_are_harm
  if: any claims is harm_said
  then: topic is harm
  strength: 0.6
"""


@pytest.fixture(scope="module")
def kinds(shared_task: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds") / "kinds"
    shutil.copytree(shared_task, folder)
    (folder / "rules" / "kinds.rules").write_text(RULES, encoding="utf-8")
    return folder


def test_every_kind_of_task_runs(kinds: Path, open_bench: OpenBench) -> None:
    bench = open_bench(kinds, kinds.parent / "workspace")
    finished = run(bench)
    assert finished.report.is_file()
    votes = open_applied(apply(bench, "corpus")).votes
    assert set(votes) == {
        "mentions", "salts", "cid", "triple", "pairs_of_diseases", "topic", "claims",
    }  # fmt: skip
    assert votes["salts"].spans is not None
    assert {lf.name: lf.draft for lf in votes["salts"].matrix.lfs}["nothing"]
    assert votes["claims"].matrix.n_candidates == len(bench.corpus("corpus").sentence_doc)
    assert len(votes["triple"].others) == 1
    assert all(len(found.matrix.mask) for found in votes.values())
    order = [task.task.name for task in bench.plan.tasks]
    assert order.index("topic") < order.index("salts")
    assert {row.task for row in finished.scores} >= {"mentions", "cid", "topic"}
