from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.gold import GoldRow, gold_of, gold_rows, read_gold, write_gold
from biolabel.curation.review import Outcome, Reviewed, State
from biolabel.data.labels import LabelMatrix, Task
from biolabel.data.votes import TaskVotes
from biolabel.errors import BiolabelError, RunError

CID = Task("cid", "relation", ("causes", "none"))
TWO = Task("cid", "relation", ("none", "causes", "treats"))


def reviewed(state: State, predicate: str = "causes", object: str = "Y:1") -> Reviewed:
    rows = (Evidence("1", "", "", 0, 0, 0.9), Evidence("2", "", "", 0, 0, None))
    claim = Assertion("X:1", predicate, object, "x", "y", 0.9, 0.9, 1, "new", rows)
    return Reviewed("a", "cid", claim, Outcome(state), evidence_ids=("e0", "e1"))


def row(document: str, label: str, object: str = "Y:1") -> GoldRow:
    return GoldRow("cid", document, "X:1", object, label)


def test_accepted_pairs_have_the_label_and_rejected_ones_none() -> None:
    found = gold_rows([reviewed("rejected", object="Y:2"), reviewed("accepted")], {"cid": CID})
    assert list(found) == [row("1", "causes"), row("1", "none", "Y:2"), row("2", "none", "Y:2")]


def test_of_several_labels_a_rejection_leaves_the_others_open() -> None:
    both = [reviewed("rejected"), reviewed("accepted", "treats")]
    assert list(gold_rows(both, {"cid": TWO})) == [row("1", "treats")]


def test_tasks_without_rows() -> None:
    every = [reviewed("accepted"), reviewed("undecided", object="Y:3")]
    many = replace(CID, exclusive=False)
    assert list(gold_rows(every, {"cid": many})) == []
    assert list(gold_rows(every, {"other": CID})) == []
    assert list(gold_rows([reviewed("accepted", "heals")], {"cid": CID})) == []


def test_a_table_comes_back(tmp_path: Path) -> None:
    rows = (GoldRow("cid", "a\tb", "drug\\x", "Y:1", "causes"), row("2", "none"))
    assert read_gold(write_gold(tmp_path / "gold.tsv", rows)) == rows
    assert read_gold(write_gold(tmp_path / "none.tsv", ())) == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"task\n", b"\xff", b"task\tdocument\tsubject\tobject\tlabel\ncid\t1\n",
     b"task\tdocument\tsubject\tobject\tlabel\ncid\t1\tX:1\tY:1\tcauses"],
)  # fmt: skip
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gold.tsv").write_bytes(content)
    with pytest.raises(RunError) as caught:
        read_gold(tmp_path / "gold.tsv")
    assert caught.value.code == "BL987"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BiolabelError) as caught:
        read_gold(tmp_path / "gold.tsv")
    assert caught.value.code == "BL601"


def votes(*pairs: tuple[int, str, str]) -> TaskVotes:
    none = np.empty(0, dtype=np.int32)
    matrix = LabelMatrix(CID, (), len(pairs), none, none.astype(np.int16), none.astype(np.int64))
    documents = np.array([doc for doc, _, _ in pairs], dtype=np.int32)
    return TaskVotes(
        matrix,
        np.empty((0, 2), dtype=np.int32),
        documents,
        tuple(subject for _, subject, _ in pairs),
        tuple(target for _, _, target in pairs),
    )


def test_candidates_get_the_labels_of_their_rows() -> None:
    found = votes((0, "X:1", "Y:1"), (1, "X:1", "Y:1"), (1, "Y:1", "X:1"), (1, "X:1", "Y:2"))
    rows = [row("1", "causes"), row("2", "none"), row("9", "causes"), row("2", "none", "Y:7")]
    assert gold_of(rows, found, ("1", "2"), lambda _, name: name).tolist() == [0, 1, -1, -1]
    assert gold_of([], found, ("1", "2"), lambda _, name: name).tolist() == [-1] * 4
    others = [replace(rows[0], task="ddi", label="unknown there")]
    assert gold_of(others, found, ("1", "2"), lambda _, name: name).tolist() == [-1] * 4


def test_of_several_pairs_of_mentions_none_is_known() -> None:
    found = votes((0, "@0-1:C", "@2-3:D"), (0, "@5-6:C", "@2-3:D"), (1, "@0-1:C", "@2-3:D"))
    names = {"@0-1:C": "X:1", "@5-6:C": "X:1", "@2-3:D": "Y:1"}
    rows = [row("1", "causes"), row("2", "causes")]
    gold = gold_of(rows, found, ("1", "2"), lambda _, name: names[name])
    assert gold.tolist() == [-1, -1, 0]


def test_labels_of_other_rules_are_refused() -> None:
    with pytest.raises(RunError, match="`heals`") as caught:
        gold_of([row("1", "heals")], votes((0, "X:1", "Y:1")), ("1",), lambda _, name: name)
    assert caught.value.code == "BL987"
