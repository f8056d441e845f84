from pathlib import Path

import numpy as np

from biolabel.apply.candidates import span_frame
from biolabel.apply.columns import Column, known
from biolabel.apply.scene import Frame
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.ground import (
    fired_column,
    ground,
    rows_of_candidate,
    said_of,
    verdict,
    voting_column,
)
from biolabel.evaluation.needs import rules_of
from tests.unit.apply.world import NOTHING, corpus
from tests.unit.evaluation.stand import PAIRS, WORDS, stand


def bools(signs: str) -> Column:
    """Read a column: + true, - false, ? unknown."""
    true = np.array([sign == "+" for sign in signs])
    return Column(true, np.array([sign != "?" for sign in signs]))


def signs(column: Column) -> str:
    return "".join(
        "+" if t else "-" if k else "?" for t, k in zip(column.true, column.known, strict=True)
    )


def test_votes_of_cases_for_one_label() -> None:
    cases = [(1, bools("+-+-?")), (2, bools("++--+"))]
    assert signs(fired_column(cases)) == "+++-+"
    assert signs(voting_column(cases, None, 1, exclusive=True)) == "-+--?"
    assert signs(voting_column(cases, None, 1, exclusive=False)) == "++--+"
    assert signs(voting_column(cases, 4, 2, exclusive=True)) == "---+-"
    assert signs(voting_column(cases, None, 2, exclusive=True)) == "-----"


def test_a_candidate_fires_if_any_of_its_rows_does() -> None:
    rows = np.zeros(3, dtype=np.int32)
    frame = Frame(rows, np.array([0, 0, 1], dtype=np.int32), 2, {})
    assert verdict(bools("-+-"), frame, np.array([0])) == "yes"
    assert verdict(bools("-?-"), frame, np.array([0])) == "unknown"
    assert verdict(known(np.array([True, False, False])), frame, np.array([2])) == "no"


def test_rows_are_found_by_the_places_of_arguments(tmp_path: Path) -> None:
    rules = f"{PAIRS}rule x for cid\n  votes: causes\n  when: adjacent\n"
    over = corpus(
        "{Chemical=MESH:1: a} {Disease=MESH:2: b}", "{Chemical=MESH:1: a} c {Disease=MESH:2: b}"
    )
    here = ground(stand(tmp_path, rules).plan, over, given_mentions(over), NOTHING)
    frame = here.judged["cid"].judge.frame
    assert rows_of_candidate(frame, 1, {"chemical": (2, 3), "disease": (4, 5)}).tolist() == [1]
    assert rows_of_candidate(frame, 1, {"chemical": (3, 4)}).tolist() == []
    assert rows_of_candidate(frame, 0, {}).tolist() == [0]


def test_tasks_of_given_mentions_do_not_see_found_ones(tmp_path: Path) -> None:
    rules = PAIRS.replace("mentions: mentions", "mentions: given")
    rules += "rule x for cid\n  votes: causes\n  when: adjacent\n"
    over = corpus("{Chemical=MESH:1: a} {Disease=MESH:2: b}")
    nothing = given_mentions(corpus("none"))
    here = ground(stand(tmp_path, rules).plan, over, nothing, NOTHING)
    assert len(here.judged["cid"].judge.frame) == 1


def test_what_other_rules_say_of_spans(tmp_path: Path) -> None:
    rules = f"""{WORDS}
rule long for mentions
  votes: Chemical
  find: "acid" "rain"
rule asks for mentions
  votes: Chemical
  find: "acid" | "rain" | "sun"
  unless: long fires
"""
    plan = stand(tmp_path, rules).plan
    over = corpus("acid rain and sun")
    here = ground(plan, over, given_mentions(over), NOTHING)
    assert here.found["asks"].evidence.tolist() == [[3, 4]]
    spans = np.array([0, 3], dtype=np.int32)
    frame = span_frame(over, spans, spans + 1, ("Chemical",))
    fires = said_of(here, rules_of(plan)["asks"], frame)["long"].fires
    assert signs(Column(fires.true, fires.known)) == "+-"
