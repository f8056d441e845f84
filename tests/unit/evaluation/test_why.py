from pathlib import Path

import numpy as np
import pytest

from biolabel.data.mentions import given_mentions
from biolabel.evaluation.ground import ground
from biolabel.evaluation.why import nearest_row
from tests.unit.apply.world import NOTHING, corpus
from tests.unit.evaluation.stand import ABOUT, CHEMICALS, PAIRS, leaf, stand

H = "{chemical: Heparin}"
P = "{disease: pain}"


@pytest.mark.parametrize(
    ("condition", "text", "verdict", "notes"),
    [
        ("sentence has verbs", f"{H} caused {P}", "yes", ['found "caused"']),
        ("sentence has no verbs", f"{H} caused {P}", "no", ['found "caused"']),
        ("sentence has no verbs", f"{H} for {P}", "yes", []),
        ("document has at least 2 verbs", f"{H} caused {P}", "no", ['there are 1: "caused"']),
        (
            "document has at least 2 different verbs",
            f"{H} caused caused {P}",
            "no",
            ['there are 1 different: "caused"'],
        ),
        (
            "before disease ends with verbs",
            f"{H} caused no {P}",
            "no",
            ['there stands "Heparin caused no"', 'found "caused", but not at the end'],
        ),
        (
            "before disease ends with verbs",
            f"{H} caused {P}",
            "yes",
            ['there stands "Heparin caused"', 'found "caused"'],
        ),
        ("title has verbs", f"{H} caused {P}", "no", ["there is no title here"]),
        ("between has verbs", f"{H}. Caused {P}", "no", ["there is no between here"]),
        ("distance < 2 words", f"{H} is bad for {P}", "no", ["distance is 3"]),
        (
            "count({chemical}) in document > count(verbs) in document",
            f"{H} caused {P}",
            "no",
            ["count({chemical}) in document is 1", "count(verbs) in document is 1"],
        ),
        ("adjacent", f"{H} for {P}", "no", ['there stands "for"']),
        ("adjacent", f"{H} {P}", "yes", ["there stands nothing"]),
        (
            "disease is denied",
            f"{H} not for {P}",
            "yes",
            ['in the scope of a cue; cues: "not"'],
        ),
        (
            "disease is denied",
            f"{H} not so very good for {P}",
            "no",
            ['out of the scope of every cue; the reach is 2 words; cues: "not"'],
        ),
        ("disease is denied", f"{H} for {P}", "no", ["no cue in its sentence"]),
        ("section is title", f"{H} for {P}", "no", ["it stands in the abstract"]),
        (
            "chemical before disease",
            f"{P} of {H}",
            "no",
            [],
        ),
        (
            "chemical in chemicals",
            "{chemical=-: Heparin} for {disease=1: pain}",
            "unknown",
            ["not known: an argument has no concept id; mark it {name=ID: text}"],
        ),
        (
            "meta year >= 2000",
            f"{H} for {P}",
            "unknown",
            ["not known: the document has no metadata `year`"],
        ),
        (
            "sentence has {disease} ..2 {chemical} both ways",
            f"{H} for {P}",
            "yes",
            ['found "Heparin for pain"'],
        ),
    ],
)
def test_each_condition_has_its_reason(
    tmp_path: Path, condition: str, text: str, verdict: str, notes: list[str]
) -> None:
    level = PAIRS.replace("level: concept", "level: mention") if "=-" in text else PAIRS
    rules = f"""{CHEMICALS}{level}
context denied
  cues_before: "not"
  reach: 2 words
rule x for cid
  votes: causes
  when: {condition}
"""
    (part,) = stand(tmp_path, rules).why("x", text, section=("abstract",)).parts
    assert (part.verdict, list(part.notes)) == (verdict, notes)


def test_combined_conditions_are_trees(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
condition close for cid
  is: distance < 2 words
rule base for cid
  votes: causes
  when: sentence has verbs
rule x for cid
  votes: causes
  when: (close or base fires) and not adjacent and at least 1 of (close, same sentence)
  unless: none of (close, adjacent)
"""
    when, unless = stand(tmp_path, rules).why("x", f"{H} really caused {P}").parts
    assert (when.role, when.text, when.verdict) == ("when", "all of", "yes")
    assert [(p.text, p.verdict) for p in when.parts] == [
        ("any of", "yes"), ("not", "yes"), ("at least 1 of", "yes"),
    ]  # fmt: skip
    assert leaf(when, "close").parts[0].text == "distance < 2 words"
    assert leaf(when, "base fires").parts[0].role == "when"
    assert (unless.role, unless.text) == ("unless", "none of")


def test_cases_are_named_by_their_votes(tmp_path: Path) -> None:
    rules = f"""{ABOUT}
rule x for topic
  case: harm when document has "pain"
  case: other when document has "joy"
"""
    parts = stand(tmp_path, rules).why("x", "some joy").parts
    assert [(p.role, p.verdict) for p in parts] == [("case harm", "no"), ("case other", "yes")]


def test_the_nearest_row_has_most_parts_right(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
rule x for cid
  votes: causes
  when: same sentence and distance < 2 words
  unless: sentence has "not"
"""
    over = corpus(
        "{Chemical=MESH:1: a} x y not {Disease=MESH:2: b}. {Chemical=MESH:1: A} or {Disease=MESH:2: b}"
    )
    here = stand(tmp_path, rules)
    judge = ground(here.plan, over, given_mentions(over), NOTHING).judged["cid"].judge
    row = nearest_row(judge, here.program, here.program.rules["x"], np.arange(len(judge.frame)))
    assert judge.frame.sides["chemical"].first[row] == 6
