from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.candidates import span_frame
from biolabel.apply.columns import Column
from biolabel.apply.said import Masks, SaidOfRows, said_of_cases, said_of_spans, votes_for
from biolabel.apply.scene import Frame
from biolabel.compile.plan import Ballot
from biolabel.data.labels import Task
from tests.unit.apply.world import PAIR, TOPIC, corpus, plan_of, shown, votes_of, words_voted

TASK = Task("t", "relation", ("x", "y", "none"))
MANY = Task("t", "relation", ("x", "y", "none"), exclusive=False)


def column(signs: str) -> Column:
    return Column(np.array([s == "+" for s in signs]), np.array([s != "?" for s in signs]))


def frame(*candidates: int) -> Frame:
    rows = np.array(candidates, dtype=np.int32)
    return Frame(rows, rows, int(rows.max()) + 1, {})


def test_the_first_case_of_each_row_and_else_of_candidates() -> None:
    cases = [(1, column("+-?-?")), (2, column("++-?-"))]
    said = said_of_cases(cases, 4, frame(0, 0, 1, 2, 3), {}, TASK)
    assert said.mask.tolist() == [1, 2, 0, 0, 0]
    assert shown(said.fires) == "++???"
    assert shown(votes_for(said, "x")) == "+-???"
    assert shown(votes_for(said, "y")) == "-+???"
    quiet = said_of_cases([(1, column("+---"))], 4, frame(0, 0, 1, 1), {}, TASK)
    assert quiet.mask.tolist() == [1, 0, 4, 4]
    assert shown(votes_for(quiet, "none")) == "--++"


def test_several_labels() -> None:
    cases = [(1, column("+-")), (2, column("++"))]
    said = said_of_cases(cases, None, frame(0, 1), {}, MANY)
    assert said.mask.tolist() == [3, 2]
    assert (shown(votes_for(said, "x")), shown(votes_for(said, "y"))) == ("+-", "++")


def test_ballots_that_a_candidate_brings() -> None:
    brought: dict[Ballot, Masks] = {0: np.array([2, 1]), "m": np.array([4, 0])}
    said = said_of_cases(
        [("m", column("--+")), (0, column("+++"))], None, frame(0, 1, 0), brought, TASK
    )
    assert said.mask.tolist() == [2, 1, 4]


def test_spans_that_others_cover() -> None:
    over = corpus("a b c d e f")

    def spans(*rows: tuple[int, int]) -> Frame:
        table = np.array(rows, dtype=np.int32).reshape(-1, 2)
        return span_frame(over, table[:, 0], table[:, 1], ())

    said = SaidOfRows(TASK, column("+-?"), np.array([1, 0, 0]))
    asked = spans((0, 1), (0, 2), (1, 3), (2, 3), (3, 5), (5, 6))
    found = said_of_spans(said, spans((0, 2), (2, 3), (3, 5)), asked)
    assert shown(found.fires) == "++--?-"
    assert found.mask.tolist() == [1, 1, 0, 0, 0, 0]
    nothing = said_of_spans(SaidOfRows(TASK, column(""), np.empty(0, np.int64)), spans(), asked)
    assert shown(nothing.fires) == "------"


def test_rules_of_an_entity_task_ask_each_other(tmp_path: Path) -> None:
    rules = (
        'entity e\n  labels: A, B\nrule wide for e\n  find: "big iron" | "tin"\n'
        '  case: A when span has "iron"\n  case: B when after span starts with "can"\n'
        'rule narrow for e\n  votes: A\n  find: "iron" | "tin" | "lead"\n  unless: wide fires\n'
        'rule alike for e\n  votes: A\n  find: "iron" | "tin" | "lead"\n  when: wide votes B\n'
    )
    over = corpus("big iron, tin can, tin and iron and lead")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "e")
    assert words_voted(over, votes["wide"]) == ["big:A", "iron:A", "tin:B"]
    assert words_voted(over, votes["narrow"]) == ["tin:A", "iron:A", "lead:A"]
    assert words_voted(over, votes["alike"]) == ["tin:A"]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("k fires", [0]),
        ("k votes yes", [0]),
        ("k votes none", [1]),
        ("not k fires", [1]),
        ("not k votes none", [0]),
        ("m votes yes", []),
        ("m votes none or n votes yes", [0, 1]),
    ],
)
def test_rules_of_a_relation_ask_each_other(tmp_path: Path, asked: str, rows: list[int]) -> None:
    rules = (
        f"{PAIR}rule k for r\n  votes: yes\n  when: adjacent\n  else: none\n"
        "rule m for r\n  case: none when k votes none\n  case: yes when k votes none\n"
        "rule n for r\n  votes: yes\n  when: distance < 1 words\n"
        f"rule x for r\n  votes: yes\n  when: {asked}\n"
    )
    over = corpus("{A=X:1: a} {B=Y:1: b} c {B=Y:2: d}")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "r")
    assert sorted(votes["x"]) == rows


def test_candidates_that_rules_and_topics_choose(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}  when: k fires and not z votes none\nrule z for r\n  votes: none\n  when: k fires\n"
        '    and between has "x"\nrule k for r\n  votes: yes\n  when: distance < 2 words\n'
    )
    over = corpus("{A=X:1: a} {B=Y:1: b} c d {B=Y:2: e} {A=X:2: f} x {B=Y:3: g}")
    votes, named = votes_of(plan_of(tmp_path, rules), over, "r")
    pairs = list(zip(votes.subjects, votes.objects, strict=True))
    assert pairs == [("X:1", "Y:1"), ("X:2", "Y:2")]
    assert named["z"] == {}
    rules = (
        f'{PAIR}  when: any t voted yes\n{TOPIC}rule y for t\n  votes: yes\n  when: title has "c"\n'
    )
    plan = plan_of(tmp_path, rules + "rule x for r\n  votes: yes\n  when: adjacent\n")
    assert [task.task.name for task in plan.tasks] == ["t", "r"]
