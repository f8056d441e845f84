from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.candidates import document_frame
from biolabel.apply.conditions import evaluator
from biolabel.apply.knowledge import Knowledge
from biolabel.lang import tree
from tests.unit.apply.world import (
    PAIR,
    TOPIC,
    corpus,
    holds,
    ontology,
    pairs,
    plan_of,
    shown,
    votes_of,
    world,
)

KNOWLEDGE = Knowledge(
    {"o": ontology({"X:1": ["one"], "Y:9": ["nine"]})}, {"k": pairs(("X:1", "Y:1"))}
)
DECLARED = (
    'ontology o\n  from: catalog "o"\nkb k\n  from: catalog "k"\n  pairs: A -> B\n  complete: yes\n'
)
TEXT = "{A=X:1: one} {B=Y:1: two}. {A: three} ran {B=Y:1: two}"


@pytest.mark.parametrize(
    ("condition", "signs"),
    [
        ("a in o", "+?"),
        ("a not in o", "-?"),
        ("not a in o", "-?"),
        ("a in o and adjacent", "+-"),
        ("a in o or adjacent", "+?"),
        ("a in o and not adjacent", "-?"),
        ("at least 1 of (a in o, adjacent)", "+?"),
        ("at least 2 of (a in o, adjacent)", "+-"),
        ("at most 1 of (a in o, adjacent)", "-+"),
        ("none of (a in o, adjacent)", "-?"),
        ("exactly 1 of (a in o, adjacent)", "-?"),
    ],
)
def test_unknown_is_neither_true_nor_false(tmp_path: Path, condition: str, signs: str) -> None:
    # The second candidate is asked about a concept that the frame is told not to know.
    rules = f"{PAIR}{DECLARED}rule x for r\n  votes: yes\n  when: {condition}\n"
    plan = plan_of(tmp_path, rules)
    text = "{A=X:1: one} {B=Y:1: two}. {A=X:2: three} ran {B=Y:2: two}"
    here = world(plan, corpus(text), KNOWLEDGE)
    one = here.frame.sides["a"].concept
    keep = np.flatnonzero(here.frame.candidate % 3 == 0)  # X:1 with Y:1, X:2 with Y:2
    sides = {
        name: type(side)(side.first[keep], side.end[keep], side.mention[keep], side.concept[keep])
        for name, side in here.frame.sides.items()
    }
    hidden = sides["a"].concept.copy()
    hidden[1] = -1
    a = type(sides["a"])(sides["a"].first, sides["a"].end, sides["a"].mention, hidden)
    two = np.arange(2, dtype=np.int32)
    frame = type(here.frame)(np.zeros(2, np.int32), two, 2, {**sides, "a": a}, here.frame.concepts)
    assert len(one) == 4
    when = plan.tasks[0].rules[0].when
    assert when is not None
    assert shown(evaluator(here.scene, frame, {}, {}).column(when)) == signs


@pytest.mark.parametrize(
    ("condition", "signs"),
    [
        ('sentence has "x"', "+-"),
        ('sentence has no "x"', "-+"),
        ('not sentence has "x"', "-+"),
        ('sentence has at least 2 "x"', "+-"),
        ('sentence has at least 3 "x"', "--"),
        ('sentence has exactly 2 "x"', "+-"),
        ('sentence has at most 0 "x"', "-+"),
        ('sentence has at most 2 "x"', "++"),
        ('sentence has at least 2 different "x" | "ran"', "--"),
        ('sentence has at least 2 different "x" | {a}', "+-"),
        ('count("x") in sentence >= 2', "+-"),
        ('count("x") = 3', "++"),
        ("count({a}) > count({b})", "+-"),
        ("count({a}) in title >= 1", "+-"),
        ("count({a}) in abstract = count({b}) in abstract", "++"),
    ],
)
def test_has_and_counts(tmp_path: Path, condition: str, signs: str) -> None:
    text = "{A=X:1: one} x X {B=Y:1: two}. And {A=X:1: uno} || x {A=X:2: six}"
    if "abstract" in condition:
        signs = "+-"
    assert holds(tmp_path, condition, text) == signs


def test_both_ways(tmp_path: Path) -> None:
    text = "{A=X:1: one} by {B=Y:1: two} by {A=X:2: six}. "
    assert holds(tmp_path, 'sentence has {b} "by" {a}', text) == "-+"
    assert holds(tmp_path, 'sentence has {b} "by" {a} both ways', text) == "++"
    assert holds(tmp_path, 'sentence has no {b} "by" {a} both ways', text) == "--"
    assert holds(tmp_path, 'sentence has at least 1 {b} "by" {a} both ways', text) == "++"
    assert holds(tmp_path, 'sentence has at least 1 ({b} | {a}) "by" both ways', text) == "++"


def test_both_ways_counts_a_match_once(tmp_path: Path) -> None:
    text = "{A=X:1: one} by {B=Y:1: two}"
    assert holds(tmp_path, 'sentence has exactly 1 "by" both ways', text) == "+"
    assert holds(tmp_path, "sentence has exactly 2 {a} both ways", text) == "+"


def test_a_text_matched_in_two_ways_counts_once(tmp_path: Path) -> None:
    text = "{A=X:1: one} by {B=Y:1: two}"
    assert holds(tmp_path, 'sentence has exactly 1 {a} | "one"', text) == "+"
    assert holds(tmp_path, 'sentence has exactly 2 {a} | "one" | "by"', text) == "+"
    assert holds(tmp_path, "count({a} | A) = 1", text) == "+"


def test_several_matches_in_a_region(tmp_path: Path) -> None:
    text = "x {A=X:1: one} x x {B=Y:1: two} x"
    assert holds(tmp_path, 'between has exactly 2 "x"', text) == "+"
    assert holds(tmp_path, 'before a has exactly 1 "x"', text) == "+"
    assert holds(tmp_path, 'after b within 1 words has exactly 1 "x"', text) == "+"
    assert holds(tmp_path, 'sentence has exactly 4 "x"', text) == "+"


@pytest.mark.parametrize(
    ("condition", "sign"),
    [
        # Two mentions of the concept `a`: one beside `b`, one in another sentence.
        ("adjacent", "+"),
        ("not adjacent", "-"),
        ("same sentence", "+"),
        ("not same sentence", "-"),
        ('sentence has "near"', "+"),
        ('sentence has no "near"', "-"),
        ("distance < 3 words", "+"),
        ("distance > 3 words", "-"),
        ("distance >= 1 words", "-"),
        ("distance = 0 words", "+"),
        ("distance != 0 words", "-"),
        ("sentences_apart = 1", "+"),
        ("sentences_apart > 0", "-"),
        ("sentences_apart <= 0", "+"),
        # Both must be true of one pair of mentions ...
        ("adjacent and distance > 3 words", "-"),
        ("none of (adjacent, a before b)", "-"),
        ("at most 1 of (adjacent, a before b)", "-"),
        ("exactly 1 of (adjacent, a before b)", "-"),
        ('same sentence and sentence has "far"', "-"),
        ('adjacent and sentence has "near"', "+"),
        # ... and what is denied, of none.
        ('same sentence and not sentence has "far"', "+"),
        ("a before b and b before a", "-"),
        ("a before b", "+"),
        ("b before a", "+"),
        ("a after b", "+"),
    ],
)
def test_concepts_hold_for_any_pair_and_denials_for_none(
    tmp_path: Path, condition: str, sign: str
) -> None:
    text = "{A=X:1: one} {B=Y:1: two} near. It is far from x y z {A=X:1: uno}."
    if condition == 'same sentence and not sentence has "far"':
        sign = "+"
    assert holds(tmp_path, condition, text) == sign


def test_comparisons(tmp_path: Path) -> None:
    text = "{A=X:1: one} a, b {B=Y:1: two}"
    for condition, sign in {
        "distance = 2 words": "+",
        "distance < 2 words": "-",
        "distance <= 2 words": "+",
        "distance != 2 words": "-",
        "distance >= 3 words": "-",
        "distance > 1 words": "+",
        "distance = 6 characters": "+",
        "distance(b, a) = 2 words": "+",
        "sentences_apart = 0": "+",
        "shared_sentences >= 1": "+",
        "shared_sentences > 1": "-",
        'count("a") = count("b")': "+",
        'count("a") < count(",")': "-",
    }.items():
        assert (condition, holds(tmp_path, condition, text)) == (condition, sign)


def test_membership_and_pairs(tmp_path: Path) -> None:
    text = "{A=X:1: one} {B=Y:1: two} {A=X:2: six}"
    for condition, signs in {
        "a in o": "+-",
        "a not in o": "-+",
        "pair in k": "+-",
        "pair not in k": "-+",
        "pair(a, b) in k": "+-",
    }.items():
        shown_ = holds(tmp_path, condition, text, declared=DECLARED, knowledge=KNOWLEDGE)
        assert (condition, shown_) == (condition, signs)


def test_sections(tmp_path: Path) -> None:
    text = "{A=X:1: one} || {B=Y:1: two}. {A=X:2: six}"
    assert holds(tmp_path, "section is abstract", text) == "-+"
    assert holds(tmp_path, "section is not abstract", text) == "+-"
    assert holds(tmp_path, "section is title | abstract", text) == "++"


def test_named_conditions(tmp_path: Path) -> None:
    declared = (
        "condition near for r\n  is: adjacent\n"
        'condition odd for r\n  is: near and sentence has p\npattern p\n  is: {a} "x"? {b}\n'
    )
    text = "{A=X:1: one} {B=Y:1: two} {A=X:2: six}"
    assert holds(tmp_path, "odd", text, declared=declared) == "+-"
    assert holds(tmp_path, "not odd", text, declared=declared) == "-+"


def test_document_tasks(tmp_path: Path) -> None:
    texts = ("A rise || in x and x", "x in vain")
    for condition, signs in {
        'title has "x"': "-+",
        'abstract has "x"': "+-",
        'abstract has at least 2 "x"': "+-",
        'document has "x" and not title has "rise"': "-+",
        'count("x") > count("in")': "+-",
        'title starts with "x"': "-+",
        'title ends with "rise" | "vain"': "++",
        'sentence has "in x"': "+-",
    }.items():
        assert (condition, holds(tmp_path, condition, *texts, task=TOPIC)) == (condition, signs)


def test_voted(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}rule y for r\n  votes: yes\n  when: adjacent\n{TOPIC}"
        "rule x for t\n  votes: yes\n  when: any r voted yes\n"
        "rule z for t\n  votes: yes\n  when: at most 1 r voted yes\n"
        "rule w for t\n  votes: yes\n  when: exactly 2 r voted yes\n"
    )
    plan = plan_of(tmp_path, rules)
    scene = world(plan, corpus("a", "b", "c")).scene
    counts = {("r", "yes"): np.array([0, 1, 2])}
    judge = evaluator(scene, document_frame(scene.corpus), {}, counts)
    conditions = {rule.lf.name: rule.when for rule in plan.tasks[-1].rules}
    for name, signs in {"x": "-++", "z": "++-", "w": "--+"}.items():
        when = conditions[name]
        assert when is not None
        assert shown(judge.column(when)) == signs


def test_equal_conditions_are_evaluated_once(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}rule x for r\n  votes: yes\n  when: adjacent and a before b\n"
        "rule y for r\n  votes: none\n  when: not   adjacent\n"
    )
    plan = plan_of(tmp_path, rules)
    judge = world(plan, corpus(TEXT)).judge()
    columns = [judge.column(rule.when) for rule in plan.tasks[0].rules if rule.when is not None]
    assert len(columns) == 2
    assert sum(isinstance(key, tree.Adjacent) for key in judge.memo) == 1


BY_MENTION = PAIR.replace("  level: concept\n", "")


@pytest.mark.parametrize(
    ("condition", "signs"),
    [
        ("adjacent", "+-"),
        ("a in o", "+?"),
        ("a not in o", "-?"),
        ("pair in k", "+?"),
        ("pair not in k", "-?"),
        ("same concept", "-?"),
        ("a is most_mentioned", "+?"),
        # In the document an argument is its concept, near it the mention itself.
        ("document has {a}", "+?"),
        ("document has no {a}", "-?"),
        ("title has {a}", "+?"),
        ("document has at least 1 {a}", "+?"),
        ("document has at most 1 {a}", "+?"),
        ('document has "one" | "two"', "++"),
        ("count({a}) = 1", "+?"),
        ("count({b}) = 2", "++"),
        ("count({b}) in sentence = 1", "++"),
        ("shared_sentences = 1", "+?"),
        ("sentence has {a} ..2 {b}", "++"),
    ],
)
def test_mentions_without_a_concept(tmp_path: Path, condition: str, signs: str) -> None:
    text = "{A=X:1: one} {B=Y:1: two}. {A: One} x {B=Y:1: two}"
    task = BY_MENTION.replace("scope: document", "scope: document\n  when: same sentence")
    rules = f"{task}{DECLARED}rule x for r\n  votes: yes\n  when: {condition}\n"
    _, votes = votes_of(plan_of(tmp_path, rules), corpus(text), "r", KNOWLEDGE)
    assert sorted(votes["x"]) == [i for i, sign in enumerate(signs) if sign == "+"]
    negated = rules.replace(f"when: {condition}", f"when: not ({condition})")
    _, votes = votes_of(plan_of(tmp_path, negated), corpus(text), "r", KNOWLEDGE)
    assert sorted(votes["x"]) == [i for i, sign in enumerate(signs) if sign == "-"]


def test_an_argument_is_its_mention_where_pairs_share_a_sentence(tmp_path: Path) -> None:
    task = BY_MENTION.replace("scope: document", "scope: sentence")
    text = "{A=X:1: one} x || {A=X:1: one} {B: two}. {A: One} {B: two}"
    assert holds(tmp_path, "title has {a}", text, task=task) == "--"
    assert holds(tmp_path, "document has at least 1 {a}", text, task=task) == "++"
    assert holds(tmp_path, "shared_sentences = 1", text, task=task) == "++"


def test_nearer_mentions_without_a_concept_are_told_apart_by_their_text(tmp_path: Path) -> None:
    task = BY_MENTION.replace("scope: document", "scope: sentence")
    text = "{A: one} %s x {B: two}"
    far = "another A closer to b"
    assert holds(tmp_path, far, text % "{A: six}", task=task) == "+-"
    assert holds(tmp_path, far, text % "{A: One}", task=task) == "--"
    assert holds(tmp_path, far, text % "{A=X:1: one}", task=task) == "--"
    assert holds(tmp_path, far, text.replace("A:", "A=X:2:") % "{A=X:1: one}", task=task) == "+-"
