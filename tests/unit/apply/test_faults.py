import numpy as np
import pyarrow as pa
import pytest

from biolabel.apply.columns import Column
from biolabel.apply.faults import (
    TRIES,
    Failed,
    asked_in_parts,
    failed_candidates,
    failed_rows,
    fault_table,
)
from biolabel.apply.frames import Frame, Side
from biolabel.errors import ModelError
from tests.unit.apply.world import corpus

ERROR = ModelError("BL852", "it failed")
TABLE = pa.table({"n": list(range(10))})
ROWS = np.arange(3, dtype=np.int32)


def column(text: str) -> Column:
    """Read `+` as true, `-` as false and `?` as unknown."""
    return Column(np.array([c == "+" for c in text]), np.array([c != "?" for c in text]))


def fails_on(*bad: int) -> tuple[list[int], list[int]]:
    """Return which rows were answered and which failed, and hold the number of calls low."""
    calls = 0

    def call(table: pa.Table) -> list[int]:
        nonlocal calls
        calls += 1
        rows: list[int] = table["n"].to_pylist()
        if set(rows) & set(bad):
            raise ERROR
        return rows

    answered, failed = asked_in_parts(call, TABLE)
    for start, rows in answered:
        assert rows[0] == start
    assert calls <= 1 + 8 * len(bad)
    return [row for _, rows in answered for row in rows], sorted(failed)


def test_what_fails_is_asked_in_halves_down_to_single_rows() -> None:
    assert fails_on() == (list(range(10)), [])
    assert fails_on(3) == ([0, 1, 2, 4, 5, 6, 7, 8, 9], [3])
    assert fails_on(0, 9) == (list(range(1, 9)), [0, 9])


def test_what_fails_on_every_row_is_one_error() -> None:
    with pytest.raises(ModelError, match="it failed"):
        fails_on(*range(10))


def test_a_function_that_always_fails_is_not_called_for_each_row() -> None:
    calls = 0

    def call(table: pa.Table) -> list[int]:
        nonlocal calls
        calls += 1
        if table["n"][0].as_py() == 0 and len(table) == 1:
            return [0]
        raise ERROR

    answered, failed = asked_in_parts(call, pa.table({"n": list(range(10_000))}))
    assert [start for start, _ in answered] == [0]
    assert len(failed) == 9_999
    assert calls < 2 * TRIES


def test_other_errors_than_those_of_models_go_on() -> None:
    def call(table: pa.Table) -> int:
        return len(table) // 0

    with pytest.raises(ZeroDivisionError):
        asked_in_parts(call, TABLE)


def test_rows_count_as_failed_only_where_the_answer_decides() -> None:
    asked = [Failed({0: ERROR, 1: ERROR})]
    assert failed_rows([column("?+-")], asked) == Failed({0: ERROR})
    assert failed_rows([column("++-")], asked) == Failed()
    assert failed_rows([column("+++"), column("+?+")], asked) == Failed({1: ERROR})


def test_a_rule_fails_everywhere_if_nothing_is_decided() -> None:
    asked = [Failed(everywhere=ERROR)]
    assert failed_rows([column("???")], asked) == Failed(everywhere=ERROR)
    assert failed_rows([column("?-?")], asked) == Failed({0: ERROR, 2: ERROR})
    assert failed_rows([column("")], asked) == Failed(everywhere=ERROR)
    assert Failed({1: ERROR}, ERROR).errors() == [ERROR, ERROR]


def test_a_candidate_is_lost_unless_another_of_its_rows_decides() -> None:
    frame = Frame(np.zeros(3, np.int32), np.array([0, 0, 1], np.int32), 2, {})
    failed = Failed({0: ERROR, 2: ERROR})
    assert failed_candidates(failed, [column("?+?")], frame) == {1: 2}
    assert failed_candidates(failed, [column("?-?")], frame) == {0: 0, 1: 2}
    assert failed_candidates(Failed(everywhere=ERROR), [column("???")], frame) == {}


def test_faults_tell_document_arguments_and_text() -> None:
    found = corpus("Aspirin cured a rash.")
    one = Side(ROWS[:1], ROWS[1:2], ROWS[:1], ROWS[:1])
    other = Side(ROWS[2:], ROWS[2:] + 2, ROWS[:1], np.array([-1], np.int32))
    frame = Frame(ROWS[:1], ROWS[:1], 1, {"a": one, "b": other}, ("X:1",))
    evidence = np.array([[0, 4]], np.int32)
    [fault] = fault_table("r", "t", Failed({0: ERROR}), [0], found, frame, evidence)
    assert (fault.rule, fault.task, fault.document) == ("r", "t", "0")
    assert fault.arguments == ("X:1", "a rash")
    assert (fault.text, fault.code, fault.message) == ("Aspirin cured a rash", "BL852", "it failed")
    [everywhere] = fault_table("r", "t", Failed(everywhere=ERROR), [], found, frame, evidence[:0])
    assert (everywhere.document, everywhere.arguments, everywhere.text) == ("", (), "")
