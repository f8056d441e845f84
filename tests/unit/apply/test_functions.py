"""Python functions that rule files name."""

from pathlib import Path

import pyarrow as pa
import pytest

from biolabel.apply.functions import condition_function, file_of, function_model
from biolabel.errors import ModelError
from tests.unit.apply.world import corpus

CODE = """
import numpy as np

def long(table):
    return np.array([len(text) > 3 for text in table["text"].to_pylist()])

def numbers(table):
    return [1] * len(table)

def fails(table):
    raise ValueError("no such thing")

def labels(table):
    return ["yes" if text else None for text in table["text"].to_pylist()]

def scored(table):
    return {"label": ["yes"] * len(table), "score": [0.5] * len(table)}

def spans(table):
    return {"doc": [table["doc"][0].as_py()], "start": [0], "end": [4], "label": ["Drug"]}

def elsewhere(table):
    return {"doc": ["nowhere"], "start": [0], "end": [4], "label": ["Drug"]}

def short(table):
    return ["yes"]

nothing = 3
"""
TABLE = pa.table({"doc": ["1", "2"], "text": ["iron", ""]})


@pytest.fixture
def target(tmp_path: Path) -> str:
    (tmp_path / "code.py").write_text(CODE, encoding="utf-8")
    return f"{tmp_path}/code"


def test_condition(target: str) -> None:
    assert condition_function(f"{target}:long")(TABLE).tolist() == [True, False]


@pytest.mark.parametrize(("name", "message"), [("numbers", "not 2 booleans"), ("fails", "no such")])
def test_bad_conditions(target: str, name: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as caught:
        condition_function(f"{target}:{name}")(TABLE)
    assert caught.value.code == "BL852"


@pytest.mark.parametrize("name", ["absent", "nothing"])
def test_no_function(target: str, name: str) -> None:
    with pytest.raises(ModelError, match="names no function") as caught:
        condition_function(f"{target}:{name}")
    assert caught.value.code == "BL853"


def test_no_module(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be imported"):
        function_model(f"{tmp_path}/absent:f")


def test_labels(target: str) -> None:
    judge = function_model(f"{target}:labels").judge
    assert judge is not None
    answers = judge(TABLE)
    assert (answers.row.tolist(), answers.labels) == ([0], ("yes",))


def test_scores(target: str) -> None:
    judge = function_model(f"{target}:scored").judge
    assert judge is not None
    assert judge(TABLE).score.tolist() == [0.5, 0.5]


def test_spans(target: str) -> None:
    find = function_model(f"{target}:spans").find
    assert find is not None
    found = find(corpus("iron helps"))
    assert (found.doc.tolist(), found.end.tolist(), found.labels) == ([0], [4], ("Drug",))


def test_bad_models(target: str) -> None:
    for name, message in (("elsewhere", "not there: nowhere"), ("labels", "did not return")):
        find = function_model(f"{target}:{name}").find
        assert find is not None
        with pytest.raises(ModelError, match=message):
            find(corpus("iron helps"))
    judge = function_model(f"{target}:short").judge
    assert judge is not None
    with pytest.raises(ModelError, match="1 labels for 2 rows"):
        judge(TABLE)


def test_files_beside_the_rules_come_first(target: str) -> None:
    assert file_of(f"{target}:long") == Path(f"{target}.py")
    assert file_of("json:loads") is None
