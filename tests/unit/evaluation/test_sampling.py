from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.engine import apply_task
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.ground import ground
from biolabel.evaluation.needs import available
from biolabel.evaluation.sampling import Sampled, Sampler, parts_of_vote, proposals
from tests.unit.apply.world import NOTHING, corpus
from tests.unit.evaluation.stand import ABOUT, PAIRS, WORDS, Stand, stand

RULES = f"""{PAIRS}
condition told for cid
  is: sentence has {{chemical}} ..1 verbs ..1 {{disease}}
rule tells for cid
  votes: causes
  when: told
  unless: sentence has "not"
rule close for cid
  votes: causes
  when: distance < 2 words
rule two for cid
  votes: causes
  when: same sentence and sentence has verbs
"""
A, B = "{Chemical=MESH:1: A}", "{Disease=MESH:2: b}"
TEXTS = (
    f"{A} causes {B}",
    f"{A} causes not {B}",
    f"{A} causes x y z {B}",
    f"{A} for {B}",
    f"{A}. No {B}",
)


def sampled(
    here: Stand, over: Corpus, name: str, gold: NDArray[np.int64] | None = None, n: int = 9
) -> Sampled:
    """Return samples of a rule, with the task's votes made here."""
    task = here.program.rules[name].task.text
    judged = ground(here.plan, over, given_mentions(over), NOTHING)
    scene = judged.scenes.get(task, judged.full)
    votes = apply_task(judged.task(task), scene, {})
    if gold is None:
        gold = np.full(votes.matrix.n_candidates, -1, dtype=np.int64)
    return Sampler(judged, here.program, votes, gold).sample(name, n, np.random.default_rng(0))


def documents(found: Sampled, kind: str) -> list[str]:
    return [sample.document for sample in found.samples if sample.kind == kind]


def test_hits_misses_and_borderline_cases(tmp_path: Path) -> None:
    found = sampled(stand(tmp_path, RULES), corpus(*TEXTS), "tells")
    assert documents(found, "hit") == ["0"]
    # Others give the vote in every text; 1 and 2 lack one part.
    assert documents(found, "miss") == ["1", "2", "3", "4"]
    assert documents(found, "borderline") == ["1", "2"]
    lacking = [s.lacking for s in found.samples if s.kind == "borderline"]
    assert lacking == ['unless: sentence has "not"', "told, with gaps wider by 5 words"]
    (hit,) = [s for s in found.samples if s.kind == "hit"]
    assert (hit.others, hit.right) == (("close", "two"), None)
    assert hit.example == "{chemical: A} causes {disease: b}"


def test_one_of_several_parts_may_be_lacking(tmp_path: Path) -> None:
    found = sampled(stand(tmp_path, RULES), corpus(*TEXTS), "two")
    assert [s.lacking for s in found.samples if s.kind == "borderline"] == ["sentence has verbs"]


def test_precision_is_that_of_votes_with_gold(tmp_path: Path) -> None:
    gold = np.array([2, 1, -1, 1, -1], dtype=np.int64)
    found = sampled(stand(tmp_path, RULES), corpus(*TEXTS), "two", gold)
    assert (found.hits, found.judged, found.right) == (3, 2, 1)
    assert found.interval is not None
    assert 0.09 < found.interval.low < 0.1
    assert [s.right for s in found.samples if s.kind == "hit"] == [False, True, None]


def test_samples_are_drawn_with_the_generator(tmp_path: Path) -> None:
    here, over = stand(tmp_path, RULES), corpus(*[TEXTS[0]] * 20)
    first, second = (sampled(here, over, "tells", n=3) for _ in range(2))
    assert documents(first, "hit") == documents(second, "hit")
    assert (len(documents(first, "hit")), first.hits) == (3, 20)


def test_what_gold_says_decides_the_field_of_examples(tmp_path: Path) -> None:
    gold = np.array([1, 2, 1, 2, 2], dtype=np.int64)
    found = sampled(stand(tmp_path, RULES), corpus(*TEXTS), "tells", gold)
    assert {text: field for field, text in proposals(found)} == {
        "{chemical: A}. No {disease: b}": "rejects",
        "{chemical: A} causes {disease: b}": "matches",
        "{chemical: A} causes not {disease: b}": "rejects",
        "{chemical: A} causes x y z {disease: b}": "todo_matches",
        "{chemical: A} for {disease: b}": "rejects",
    }
    wrong = np.array([2, -1, -1, -1, -1], dtype=np.int64)
    found = sampled(stand(tmp_path, RULES), corpus(*TEXTS), "tells", wrong)
    assert proposals(found) == (("todo_rejects", "{chemical: A} causes {disease: b}"),)


def test_rules_that_look_ids_up_get_them_in_examples(tmp_path: Path) -> None:
    kb = 'kb k\n  from: catalog "demo_indications"\n  pairs: Chemical -> Disease\n'
    rules = f"{kb}{PAIRS}rule x for cid\n  votes: causes\n  when: adjacent or pair in k\n"
    here = stand(tmp_path, rules)
    over = corpus(f"{A} {B}")
    knowledge, _ = available(here.plan, frozenset())
    judged = ground(here.plan, over, given_mentions(over), knowledge)
    votes = apply_task(judged.task("cid"), judged.full, {})
    gold = np.full(1, -1, dtype=np.int64)
    found = Sampler(judged, here.program, votes, gold).sample("x", 1, np.random.default_rng(0))
    assert found.samples[0].example == "{chemical=1: A} {disease=2: b}"


def test_spans_that_others_find_and_that_conditions_refuse(tmp_path: Path) -> None:
    rules = f"""{WORDS}
rule x for mentions
  votes: Chemical
  find: "acid" "rain"? | "sun"
  unless: before span ends with "no"
rule y for mentions
  votes: Chemical
  find: "acid" | "snow"
rule z for mentions
  votes: Disease
  find: "wind"
"""
    found = sampled(stand(tmp_path, rules), corpus("acid rain, no sun, snow and wind"), "x")
    texts = {
        kind: [s.example for s in found.samples if s.kind == kind]
        for kind in ("hit", "miss", "borderline")
    }
    assert texts == {
        "hit": ["{acid rain}, no sun, snow and wind"],
        "miss": ["acid rain, no sun, {snow} and wind"],
        "borderline": ["acid rain, no {sun}, snow and wind"],
    }


def test_documents_are_shown_by_their_title(tmp_path: Path) -> None:
    rules = f'{ABOUT}rule x for topic\n  votes: harm\n  when: document has "bad"\n'
    found = sampled(stand(tmp_path, rules), corpus("A title || bad things"), "x")
    assert [piece.text for piece in found.samples[0].context] == ["A title"]


def test_parts_of_named_conjunctions_count_alone(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
condition beside for cid
  is: adjacent and same sentence
rule x for cid
  votes: causes
  when: beside and distance < 2 words
  unless: sentence has verbs
"""
    here = stand(tmp_path, rules)
    parts = parts_of_vote(here.program.rules["x"], here.program)
    assert [blocks for _, blocks, _ in parts] == [False, False, False, True]
