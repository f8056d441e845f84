from dataclasses import replace

import numpy as np

from biolabel.data.labels import Constraint, LabelingFunction, LabelMatrix, Task, Term
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.workflow.arguments import arguments_of

CID = Task("cid", "relation", ("none", "causes"))
WORDS = Task("mentions", "entity", ("none", "Chemical"))
CAUSES = Term("cid", 0b10, arguments=("c", "d"))
TYPED = Constraint("typed", ((CAUSES,),), ((Term("mentions", 0b10, arguments=("c",)),),))


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def votes(task: Task, n: int) -> TaskVotes:
    nothing = np.zeros(0, dtype=np.int64)
    matrix = LabelMatrix(
        task, (LabelingFunction("a"),), n, ints(), nothing.astype(np.int16), nothing
    )
    return TaskVotes(matrix, np.zeros((0, 2), dtype=np.int32), np.zeros(n, dtype=np.int32))


PAIRS = replace(votes(CID, 2), subjects=("MESH:C", "MESH:C"), objects=("MESH:D", "MESH:E"))
MENTIONS = MentionTable(
    doc=ints(0, 0),
    start=ints(0, 9),
    end=ints(5, 14),
    first_row=ints(1, 4),
    end_row=ints(3, 5),
    type=ints(0, 0),
    types=("Chemical",),
    concepts=(("MESH:C",), ()),
)


def test_pairs_and_words_speak_of_the_same_names() -> None:
    found = arguments_of([TYPED], {"cid": PAIRS, "mentions": votes(WORDS, 6)}, MENTIONS)
    pairs, words = found["cid"], found["mentions"]
    assert pairs.row.tolist() == [0, 1]
    (chemical,) = set(pairs.names[:, 0].tolist())
    assert len(set(pairs.names.ravel().tolist())) == 3
    assert words.row.tolist() == [1, 1, 2, 2, 4]
    assert [
        row for row, (name,) in zip(words.row, words.names, strict=True) if name == chemical
    ] == [
        1,
        2,
    ]


def test_spans_speak_of_the_mentions_that_they_are_within() -> None:
    spans = np.array([[0, 2], [1, 3], [2, 3], [4, 6]], dtype=np.int32)
    own = replace(votes(WORDS, 4), spans=spans)
    found = arguments_of([TYPED], {"cid": PAIRS, "mentions": own}, MENTIONS)["mentions"]
    assert sorted(set(found.row.tolist())) == [1, 2]


def test_only_bound_tasks_are_asked_for() -> None:
    free = Constraint("free", ((Term("cid", 0b10),),))
    both = {"cid": PAIRS, "mentions": votes(WORDS, 6)}
    assert arguments_of([free], both, MENTIONS) == {}
    assert set(arguments_of([TYPED], both, None)) == {"cid"}
    empty = arguments_of([TYPED], {"cid": votes(CID, 0)}, None)["cid"]
    assert empty.names.shape == (0, 2)
