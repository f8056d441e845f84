"""Assertions that are gathered on disk are those that are built in memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from errno import EIO
from pathlib import Path

import pytest

from biolabel.curation.assertions import Told, assertion_of
from biolabel.curation.evidence import Evidence
from biolabel.curation.ledger import Ledger, new_ledger, reading_ledger

ROW = Evidence("1", "title", 'It\'s "said"\there.', 0, 5, 0.1 + 0.2, ("a", "b"), (), "J", 1999, 0.3)
CLAIM = ("MESH:1", "causes", "näusea")
OTHER = ("MESH:1", "treats", "näusea")


def test_what_is_told_comes_back_as_assertions(tmp_path: Path) -> None:
    against = replace(ROW, document="2", probability=None, rules_against=("c",), year=None)
    said = [
        Told(CLAIM, 0, 0.5, (ROW,)),
        Told(OTHER, 0, 0.9, (ROW, replace(ROW, start=2))),
        Told(CLAIM, 0, 0.25, ()),
        Told(CLAIM, 3, 0.5, (replace(ROW, document="4"),)),
    ]
    later = [Told(CLAIM, 1, None, (against,))]
    names = {"MESH:1": "aspirin"}.get
    with new_ledger(tmp_path / "l") as ledger:
        ledger.add(said)
        ledger.add(later)
        first, second = ledger.assertions(names=names, known=None, temperature=2.0)
    mine = sorted([said[0], said[2], said[3], *later], key=lambda each: each.doc)
    assert second == assertion_of(mine, names=names, known=None, temperature=2.0)
    assert first.predicate == "treats"
    assert first.probability == pytest.approx(0.9)
    assert (second.probability, second.documents, second.contradicting) == (0.75, 2, 1)
    assert second.evidence[-1] == against
    assert [row.document for row in second.evidence] == ["1", "4", "2"]


def test_parts_are_merged_in_their_order(tmp_path: Path) -> None:
    for part in range(2):
        with new_ledger(tmp_path / str(part)) as ledger:
            row = replace(ROW, document=str(part), probability=0.5)
            ledger.add([Told(CLAIM, 0, 0.5, (row,)), Told(("x", "treats", str(part)), 1, 0.1, ())])
            ledger.call({"MESH:1": {"Aspirin": 3 + part, "ASA": 3}, f"n{part}": {"N": 1}})
        with reading_ledger(tmp_path / str(part)) as ledger:
            assert ledger.sure() == {(CLAIM, 0), (("x", "treats", str(part)), 1)}
    with new_ledger(tmp_path / "all") as whole:
        for part in range(2):
            whole.merge(tmp_path / str(part), before=part << 32)
        assert whole.sure() >= {(CLAIM, 0), (CLAIM, 1 << 32)}
        assert whole.labels("MESH:1", "näusea") == ["causes"]
        assert whole.labels("näusea", "MESH:1") == []
        assert [whole.written(name) for name in ("MESH:1", "n1", "n2")] == ["Aspirin", "N", None]
        first, *others = whole.assertions(names=whole.written, known=None, temperature=None)
    assert [row.document for row in first.evidence] == ["0", "1"]
    assert (first.subject_name, first.documents, first.calibrated) == ("Aspirin", 2, None)
    assert [each.object for each in others] == ["0", "1"]
    assert [each.probability for each in others] == pytest.approx([0.1, 0.1])


def test_texts_that_are_as_frequent_are_taken_by_the_alphabet(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "l") as ledger:
        ledger.call({"a": {"z": 2, "B": 2, "y": 1}})
        assert ledger.written("a") == "B"


def test_what_a_killed_worker_left_is_begun_anew(tmp_path: Path) -> None:
    for _ in range(2):
        with new_ledger(tmp_path / "l") as ledger:
            ledger.add([Told(CLAIM, 0, 0.5, (ROW,))])
            [found] = ledger.assertions(names=lambda _: None, known=None, temperature=None)
    assert found.documents == len(found.evidence) == 1


@pytest.mark.parametrize("opened", [new_ledger, reading_ledger])
def test_a_file_that_cannot_be_is_an_error_of_the_file_system(
    opened: Callable[[Path], AbstractContextManager[Ledger]], tmp_path: Path
) -> None:
    with (
        pytest.raises(OSError, match="SQLite: unable to open") as caught,
        opened(tmp_path / "no/l"),
    ):
        pass
    assert caught.value.errno == EIO
