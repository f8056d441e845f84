from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.engine import apply_task, counts_of_votes
from biolabel.data.mentions import given_mentions
from biolabel.data.models import Model, answers_of
from biolabel.data.votes import TaskVotes
from biolabel.errors import Diagnostic
from biolabel.evaluation.ground import ground
from biolabel.evaluation.lint import lint
from biolabel.evaluation.needs import available
from biolabel.evaluation.rules import MatrixAnalysis, Measure, RuleAnalysis
from tests.unit.apply.world import corpus
from tests.unit.evaluation.stand import ABOUT, CHEMICALS, PAIRS, WORDS, stand

A, B = "{Chemical=MESH:1: A}", "{Disease=MESH:2: b}"


def linted(
    folder: Path,
    rules: str,
    *texts: str,
    judged: dict[str, MatrixAnalysis] | None = None,
    models: dict[str, Model] | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what a corpus says against some rules."""
    here, over = stand(folder, rules), corpus(*texts)
    knowledge, _ = available(here.plan, frozenset())
    knowledge = replace(knowledge, models=models or {})
    found = ground(here.plan, over, given_mentions(over), knowledge)
    votes: dict[str, TaskVotes] = {}
    voted: dict[tuple[str, str], NDArray[np.int64]] = {}
    for task in here.plan.tasks:
        scene = found.scenes.get(task.task.name, found.full)
        votes[task.task.name] = apply_task(task, scene, voted)
        voted |= counts_of_votes(votes[task.task.name], len(texts))
    return lint(here.program, found, votes, judged or {})


def said(found: tuple[Diagnostic, ...], code: str) -> list[str]:
    return [diagnostic.message for diagnostic in found if diagnostic.code == code]


def test_rules_that_never_vote_and_the_part_that_is_to_blame(tmp_path: Path) -> None:
    rules = f"""{PAIRS}{ABOUT}
rule missing for cid
  votes: causes
  when: same sentence and sentence has "zebra"
rule blocked for cid
  votes: causes
  when: same sentence
  unless: same sentence
rule apart for cid
  votes: causes
  when: sentence has "x" and sentence has "y"
rule unknown for topic
  votes: harm
  when: meta year > 2000
rule nothing for mentions
  votes: Chemical
  find: "zebra"
rule refused for mentions
  votes: Chemical
  find: "x"
  unless: span has "x"
"""
    found = linted(tmp_path, rules, f"{A} x {B}", f"{A} y {B}")
    assert said(found, "BL504") == [
        'rule `missing` never votes on 2 documents: `sentence has "zebra"` never holds',
        "rule `blocked` never votes on 2 documents: `same sentence` always holds",
        "rule `apart` never votes on 2 documents: its parts never hold together",
        "rule `unknown` never votes on 2 documents: `meta year > 2000` never holds, as what it asks"
        " is known nowhere",
        "rule `nothing` never votes on 2 documents: `find:` finds nothing",
        "rule `refused` never votes on 2 documents: its conditions refuse all 1 spans that it finds",
    ]


def test_a_task_without_candidates_is_the_reason(tmp_path: Path) -> None:
    rules = f"{PAIRS}rule x for cid\n  votes: causes\n  when: adjacent\n"
    assert said(linted(tmp_path, rules, "nobody"), "BL504") == [
        "rule `x` never votes on 1 documents: its task has no candidates"
    ]


SAME = f"""{ABOUT}
rule first for topic
  votes: harm
  when: document has "bad"
rule second for topic
  votes: harm
  when: document has "bad" | "worse"
rule third for topic
  votes: harm
  when: document has "bad" | "awful"
"""


def test_rules_that_vote_alike_or_within_another(tmp_path: Path) -> None:
    found = linted(tmp_path, SAME, *["bad"] * 10, "worse")
    assert said(found, "BL508") == ["rules `first` and `third` vote alike on 100 % of 10"]
    assert said(found, "BL509") == [
        "rule `first` adds nothing: `second` gives all its 10 votes too",
        "rule `third` adds nothing: `second` gives all its 10 votes too",
    ]


def test_few_votes_groups_and_references_are_no_reason(tmp_path: Path) -> None:
    assert not said(linted(tmp_path, SAME, *["bad"] * 9), "BL508")
    grouped = SAME.replace("  votes: harm\n", "  votes: harm\n  group: g\n")
    found = linted(tmp_path, grouped, *["bad"] * 10, "worse")
    assert not said(found, "BL508") + said(found, "BL509")
    asks = f'{ABOUT}rule a for topic\n  votes: harm\n  when: document has "bad"\n'
    asks += "rule b for topic\n  votes: harm\n  when: a fires\n"
    assert not said(linted(tmp_path, asks, *["bad"] * 10), "BL508")


def test_cases_that_never_decide(tmp_path: Path) -> None:
    rules = f"""{ABOUT}
rule x for topic
  case: harm when document has "bad" | "worse"
  case: other when document has "worse"
"""
    (message,) = said(linted(tmp_path, rules, *["worse"] * 10), "BL509")
    assert message.startswith("case `other` of `x` never decides: a case before it holds on all 10")
    first = rules.replace('"bad" | "worse"', '"bad"')
    assert not said(linted(tmp_path, first, *["worse"] * 10), "BL509")


def analysis(claimed_right: int, judged: int) -> dict[str, MatrixAnalysis]:
    """Return the analysis of one rule `x` that is right so often."""
    measure = Measure(judged, claimed_right, 0.25)
    rule = RuleAnalysis("x", judged, 1, 0, 0, ("harm",), measure)
    return {"topic": MatrixAnalysis("topic", judged, 1, 0, 0, 0, (rule,))}


def test_claims_outside_of_the_interval(tmp_path: Path) -> None:
    rules = (
        f'{ABOUT}rule x for topic\n  votes: harm\n  precision: 0.9\n  when: document has "bad"\n'
    )
    found = linted(tmp_path, rules, "bad", judged=analysis(50, 100))
    assert [(d.code, d.severity) for d in found] == [("BL506", "warning")]
    assert found[0].message == (
        "`x` claims a precision of 0.9; measured 0.50 on 100 candidates with gold, "
        "where its labels' base rate is 0.25"
    )
    assert found[0].hint == "95 % interval: 0.40 to 0.60"
    modest = linted(tmp_path, rules, "bad", judged=analysis(100, 100))
    assert [(d.code, d.severity) for d in modest] == [("BL506", "note")]
    assert not linted(tmp_path, rules, "bad", judged=analysis(88, 100))
    assert not linted(tmp_path, rules, "bad", judged=analysis(1, 9))


def test_words_and_names_that_never_occur(tmp_path: Path) -> None:
    rules = f"""{CHEMICALS}{WORDS}
list used
  words: bad, wors*, cause~, very bad
list exact_words
  case: exact
  words: BAD
rule x for mentions
  votes: Disease
  find: used | exact_words
rule y for mentions
  votes: Chemical
  find: chemicals
"""
    found = linted(tmp_path, rules, "bad causes")
    assert said(found, "BL510") == [
        "no name of the ontology `chemicals` occurs in the corpus",
        "2 of 4 entries of `used` never occur: wors*, very bad",
        "1 of 1 entries of `exact_words` never occur: BAD",
    ]


def test_names_that_are_everyday_words(tmp_path: Path) -> None:
    rules = f"""{CHEMICALS}{WORDS}
rule y for mentions
  votes: Chemical
  find: chemicals
"""
    seldom = ["nothing"] * 80

    def warned(*texts: str) -> list[str]:
        return said(linted(tmp_path, rules, *texts, *seldom), "BL511")

    once = ["to lithium it"] * 12
    assert warned(*once) == [
        'names of `chemicals` look like everyday words, with their hits: "lithium" (12)'
    ]
    assert not warned(*once[:9])
    assert not warned(*["Lithium it"] * 12)
    assert not warned(*["to lithium, lithium"] * 12)
    assert not warned(*["a valproic acid"] * 12)
    everywhere = ["to iron, iron"] * 100
    assert warned(*once, *everywhere) == [
        "names of `chemicals` look like everyday words, with their hits: "
        '"iron" (200), "lithium" (12)'
    ]


def test_a_model_that_says_nothing_is_the_reason(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
model crowd
  from: file "votes.tsv"
rule asked for cid
  votes: from model crowd
"""
    silent = Model(judge=lambda table: answers_of([None] * len(table)))
    found = linted(tmp_path, rules, f"{A} x {B}", models={"crowd": silent})
    assert [message.partition(": ")[2] for message in said(found, "BL504")] == [
        "its model says no label of the task with enough score"
    ]
