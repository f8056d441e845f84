"""Models in conditions, votes and spans."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.models import candidate_table
from biolabel.compile.lower import compile_program
from biolabel.data.corpus import Corpus
from biolabel.data.models import Answers, Model, Spans, answers_of
from biolabel.errors import ModelError
from biolabel.lang.load import load
from tests.unit.apply.world import (
    PAIR,
    TOPIC,
    corpus,
    holds,
    plan_of,
    votes_of,
    words_voted,
    world,
)

TEXTS = [
    "{A=X:1: iron} causes {B=Y:1: pain}",
    "{A=X:2: salt} helps {B=Y:1: pain}",
    "{A=X:3: tin} and {B=Y:1: pain}",
]
MODEL = 'model m\n  from: file "x"\n  maps: POS -> yes, NEG -> none\n'
TAGS = "entity e\n  labels: A, B\n"


def judging(labels: list[str | None], scores: list[float] | None = None) -> Knowledge:
    """Return a model that says these labels of its rows."""
    known = None if scores is None else np.array(scores)

    def judge(table: pa.Table) -> Answers:
        assert len(table) == len(labels)
        return answers_of(labels, known)

    return Knowledge({}, {}, {"m": Model(judge=judge)})


def finding(*spans: tuple[int, int, int, str, float]) -> Knowledge:
    """Return a model that finds these spans."""
    labels = tuple(sorted({label for *_, label, _ in spans}))

    def find(_: Corpus) -> Spans:
        doc, start, end = np.array([span[:3] for span in spans], dtype=np.int32).T
        label = np.array([labels.index(span[3]) for span in spans], dtype=np.int32)
        return Spans(doc, start, end, label, np.array([span[4] for span in spans]), labels)

    return Knowledge({}, {}, {"m": Model(find=find)})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("model m says yes", "+-?"),
        ("not model m says yes", "-+?"),
        ("model m says yes with score >= 0.8", "--?"),
        ("model m says none with score < 0.5", "-+?"),
    ],
)
def test_says(tmp_path: Path, condition: str, expected: str) -> None:
    said = judging(["POS", "NEG", None], [0.7, 0.4, 0.0])
    assert holds(tmp_path, condition, *TEXTS, declared=MODEL, knowledge=said) == expected


def test_scores_under_the_least_do_not_count(tmp_path: Path) -> None:
    said = judging(["POS", "POS", None], [0.7, 0.4, 0.0])
    declared = f"{MODEL}  min_score: 0.5\n"
    assert holds(tmp_path, "model m says yes", *TEXTS, declared=declared, knowledge=said) == "+-?"


def test_votes_from_a_model(tmp_path: Path) -> None:
    rules = f"{PAIR}{MODEL}rule x for r\n  votes: from model m\n  else: none\n"
    said = judging(["POS", "NEG", None])
    _, votes = votes_of(plan_of(tmp_path, rules), corpus(*TEXTS), "r", said)
    assert votes["x"] == {0: "yes", 1: "none"}


def test_a_case_whose_model_is_silent_is_skipped(tmp_path: Path) -> None:
    rules = (
        f"{TOPIC}{MODEL.replace('none', 'other')}rule x for t\n"
        '  case: from model m when document has "iron"\n'
        '  case: other when document has "iron" | "salt"\n'
    )
    said = judging(["POS", "POS", None])
    over = corpus("iron", "salt", "iron and salt")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "t", said)
    assert votes["x"] == {0: "yes", 1: "other", 2: "other"}


def test_the_best_label_of_an_exclusive_task(tmp_path: Path) -> None:
    rules = f'{TOPIC}model m\n  from: file "x"\nrule x for t\n  votes: from model m\n'
    answers = Answers(
        np.array([0, 0, 1, 1], np.int32), np.array([0, 1, 0, 1], np.int32),
        np.array([0.2, 0.8, 0.5, 0.5]), ("other", "yes"),
    )  # fmt: skip
    said = Knowledge({}, {}, {"m": Model(judge=lambda _: answers)})
    _, votes = votes_of(plan_of(tmp_path, rules), corpus("a", "b"), "t", said)
    assert votes["x"] == {0: "yes"}


def test_foreign_labels(tmp_path: Path) -> None:
    rules = f'{TOPIC}model m\n  from: file "x"\nrule x for t\n  votes: from model m\n'
    with pytest.raises(ModelError, match="none of which") as caught:
        votes_of(plan_of(tmp_path, rules), corpus("a"), "t", judging(["POS"]))
    assert caught.value.code == "BL856"


def test_spans_of_a_model(tmp_path: Path) -> None:
    rules = (
        f'{TAGS}model m\n  from: file "x"\n  maps: DRUG -> A, DIS -> B\n'
        "rule sure for e\n  votes: found type\n  find: model m with score >= 0.5\n"
        "rule bare for e\n  votes: from model m\n"
        'rule judged for e\n  votes: not B\n  find: model m\n  unless: after span starts with "helps"\n'
    )
    over = corpus("red iron helps pain")
    said = finding((0, 0, 6, "DRUG", 0.9), (0, 15, 19, "DIS", 0.4), (0, 15, 19, "X", 0.3))
    _, votes = votes_of(plan_of(tmp_path, rules), over, "e", said)
    assert words_voted(over, votes["sure"]) == ["red:A", "iron:A"]
    assert words_voted(over, votes["bare"]) == ["red:A", "iron:A", "pain:B"]
    assert words_voted(over, votes["judged"]) == ["pain:A|none"]


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (0, 20), (3, 3), (25, 29)])
def test_spans_outside_of_their_text(tmp_path: Path, start: int, end: int) -> None:
    declared = f'{TAGS}model m\n  from: file "x"\nrule x for e\n  votes: A\n  find: model m\n'
    said = finding((0, 0, 3, "A", 1.0), (1, start, end, "A", 1.0))
    with pytest.raises(ModelError, match=f"from {start} to {end} in document .*19 char") as raised:
        votes_of(plan_of(tmp_path, declared), corpus("red iron", "red iron helps pain"), "e", said)
    assert raised.value.code == "BL858"


def test_models_that_cannot(tmp_path: Path) -> None:
    declared = f'{TAGS}model m\n  from: file "x"\nrule x for e\n  votes: A\n  find: model m\n'
    with pytest.raises(ModelError, match="cannot find spans"):
        votes_of(plan_of(tmp_path, declared), corpus("a"), "e", judging(["POS"]))
    with pytest.raises(ModelError, match="cannot judge"):
        holds(tmp_path, "model m says yes", *TEXTS, declared=MODEL, knowledge=finding())


def test_python_conditions(tmp_path: Path) -> None:
    rules = f'{TOPIC}rule x for t\n  votes: yes\n  when: python "own:iron"\n'
    (tmp_path / "test.rules").write_text(f"biolabel 1\n{rules}", encoding="utf-8")
    program = load(tmp_path / "test.rules").program
    assert program is not None
    plan = compile_program(program).plan
    assert plan is not None
    target = (tmp_path / "own:iron").as_posix()
    assert list(plan.functions) == [target]
    said = Knowledge(
        {}, {}, {}, {target: lambda t: np.array([x == "iron" for x in t["text"].to_pylist()])}
    )
    _, votes = votes_of(plan, corpus("iron", "tin"), "t", said)
    assert votes["x"] == {0: "yes"}


def test_candidates_as_a_table(tmp_path: Path) -> None:
    rules = f"{PAIR}rule x for r\n  votes: yes\n  when: adjacent\n"
    here = world(plan_of(tmp_path, rules), corpus("So {B=Y:1: pain} of {A=X:1: iron}. No more."))
    found = candidate_table(here.scene, here.frame, texts=True).to_pylist()
    assert found == [
        {
            "doc": "0", "a": "X:1", "a_start": 11, "a_end": 15, "a_type": "A", "a_text": "iron",
            "b": "Y:1", "b_start": 3, "b_end": 7, "b_type": "B", "b_text": "pain",
            "text": "So pain of iron.", "marked": "So [[ pain ]] of << iron >>.",
        }
    ]  # fmt: skip
    keys = candidate_table(here.scene, here.frame, texts=False).column_names
    assert "text" not in keys
    assert "a_start" in keys


def test_a_model_judges_each_sentence_by_itself(tmp_path: Path) -> None:
    rules = (
        'document t\n  labels: yes, other\n  unit: sentence\nmodel m\n  from: file "x"\n'
        "rule x for t\n  votes: from model m\n"
    )

    def judge(table: pa.Table) -> Answers:
        assert table["start"].to_pylist() == [0, 8]
        assert table["end"].to_pylist() == [7, 15]
        assert table["marked"].to_pylist() == table["text"].to_pylist() == ["Iron a.", "Tin it."]
        return answers_of(["yes", None])

    said = Knowledge({}, {}, {"m": Model(judge=judge)})
    _, votes = votes_of(plan_of(tmp_path, rules), corpus("Iron a. Tin it."), "t", said)
    assert votes["x"] == {0: "yes"}
