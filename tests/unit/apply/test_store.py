from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from biolabel.apply.mentions import mentions_of_spans
from biolabel.apply.store import load_mentions, load_votes, save_mentions, save_votes
from biolabel.apply.terms import TermFinder
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.errors import ModelError
from tests.unit.apply.world import NOTHING, PAIR, TOPIC, corpus, plan_of, votes_of


def same_votes(a: TaskVotes, b: TaskVotes) -> bool:
    arrays: list[tuple[NDArray[Any], NDArray[Any]]] = [
        (a.matrix.candidate, b.matrix.candidate),
        (a.matrix.lf, b.matrix.lf),
        (a.matrix.mask, b.matrix.mask),
        (a.evidence, b.evidence),
        (a.documents, b.documents),
    ]
    alike = all(x.dtype == y.dtype and np.array_equal(x, y) for x, y in arrays)
    heads = (a.matrix.task, a.matrix.lfs, a.matrix.n_candidates, a.subjects, a.objects)
    return alike and heads == (
        b.matrix.task, b.matrix.lfs, b.matrix.n_candidates, b.subjects, b.objects,
    )  # fmt: skip


def test_votes_of_all_kinds_of_tasks_come_back(tmp_path: Path) -> None:
    rules = (
        f"entity e\n  labels: A, B\n{PAIR}{TOPIC}"
        'rule k for e\n  votes: A\n  find: "a" "b"\n  precision: 0.5\n'
        "rule l for r\n  votes: yes\n  when: adjacent\n  group: near\n  else: none\n"
        'rule m for t\n  votes: yes\n  when: document has "x"\n'
    )
    over = corpus("{A=X:1: a b} {B=Y:1: c}", "{A=X:1: a} x {B=Y:1: c}")
    plan = plan_of(tmp_path, rules)
    votes = {name: votes_of(plan, over, name)[0] for name in ("t", "e", "r")}
    save_votes(tmp_path, votes)
    loaded = load_votes(tmp_path)
    assert list(loaded) == ["t", "e", "r"]
    assert all(same_votes(loaded[name], votes[name]) for name in votes)
    assert len(loaded["r"].evidence) == 2


def test_no_votes_and_no_candidates_come_back(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f"{PAIR}rule l for r\n  votes: yes\n  when: adjacent\n")
    for texts in (["x"], ["{A=X:1: a} x {B=Y:1: c}"]):
        votes = votes_of(plan, corpus(*texts), "r")[0]
        save_votes(tmp_path, {"r": votes})
        assert same_votes(load_votes(tmp_path)["r"], votes)


def same_mentions(a: MentionTable, b: MentionTable) -> bool:
    names = ("doc", "start", "end", "first_row", "end_row")
    arrays = all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)
    types = [[table.types[i] for i in table.type] for table in (a, b)]
    return arrays and types[0] == types[1] and a.concepts == b.concepts


def test_mentions_come_back(tmp_path: Path) -> None:
    over = corpus("{B=Y:1|Y:2: a b} {A: c}", "{A=X:1: d}")
    given = given_mentions(over)
    save_mentions(tmp_path / "mentions.arrow", given)
    loaded = load_mentions(tmp_path / "mentions.arrow")
    assert same_mentions(loaded, given)
    assert loaded.of_type("A").tolist() == [False, True, True]
    assert not loaded.of_type("C").any()


def test_no_mentions_come_back(tmp_path: Path) -> None:
    none = mentions_of_spans(TermFinder(corpus("a"), NOTHING), [])
    save_mentions(tmp_path / "mentions.arrow", none)
    assert len(load_mentions(tmp_path / "mentions.arrow")) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tasks.json", b'["../../etc/passwd"]'),
        ("tasks.json", b"[" * 100_000),
        ("tasks.json", b"[1]"),
        ("r.json", b"[]"),
        ("r.votes.arrow", b""),
        ("r.candidates.arrow", b"ARROW1"),
    ],
)
def test_broken_votes_are_told(tmp_path: Path, name: str, content: bytes) -> None:
    plan = plan_of(tmp_path, f"{PAIR}rule l for r\n  votes: yes\n  when: adjacent\n")
    votes = votes_of(plan, corpus("{A=X:1: a} x {B=Y:1: c}"), "r")[0]
    save_votes(tmp_path, {"r": votes})
    assert list(load_votes(tmp_path)) == ["r"]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError) as raised:
        load_votes(tmp_path)
    assert raised.value.code == "BL818"
