import numpy as np
import pytest

from biolabel.apply.columns import Column
from biolabel.apply.said import Masks
from biolabel.apply.scene import Frame, Side
from biolabel.apply.votes import RuleVotes, evidence_rows, gather, votes_of_cases
from biolabel.compile.plan import Ballot, RulePlan
from biolabel.data.labels import LabelingFunction, Task
from biolabel.errors import Span


def column(signs: str) -> Column:
    return Column(np.array([s == "+" for s in signs]), np.array([s != "?" for s in signs]))


def side(*firsts: int) -> Side:
    first = np.array(firsts, dtype=np.int32)
    return Side(first, first + 1, first, first)


# Candidate 0 has the rows 0 and 1, candidate 1 the rows 2 and 3, candidate 2 the row 4.
ROWS = np.array([0, 0, 1, 1, 2], dtype=np.int32)
FRAME = Frame(ROWS, ROWS, 3, {"a": side(1, 2, 3, 4, 5), "b": side(9, 8, 1, 6, 5)})


def votes(
    *cases: tuple[int, str], otherwise: int | None = None, exclusive: bool = True
) -> list[tuple[int, int, list[int]]]:
    columns = [(mask, column(signs)) for mask, signs in cases]
    found = votes_of_cases(columns, otherwise, FRAME, exclusive=exclusive)
    rows = zip(found.candidate, found.mask, found.evidence, strict=True)
    return [(int(c), int(m), e.tolist()) for c, m, e in rows]


def test_one_vote_with_the_first_row_as_evidence() -> None:
    assert votes((1, "-+-++")) == [(0, 1, [2, 9]), (1, 1, [4, 7]), (2, 1, [5, 6])]
    assert votes((1, "++---")) == [(0, 1, [1, 10])]
    assert votes((1, "-----")) == []


def test_the_first_case_decides_or_all_add_up() -> None:
    cases = (1, "-+---"), (2, "++-+-")
    assert votes(*cases) == [(0, 1, [2, 9]), (1, 2, [4, 7])]
    assert votes(*cases, exclusive=False) == [(0, 3, [2, 9]), (1, 2, [4, 7])]


def test_else_needs_known_falsehood_of_every_case() -> None:
    assert votes((1, "--?-+"), otherwise=4) == [(0, 4, [1, 10]), (2, 1, [5, 6])]
    assert votes((1, "--+--"), (2, "----?"), otherwise=4) == [(0, 4, [1, 10]), (1, 1, [1, 4])]


def test_found_masks_stand_for_zero() -> None:
    found: dict[Ballot, Masks] = {0: np.array([8, 16, 0])}
    given = votes_of_cases([(0, column("+-+-+"))], None, FRAME, exclusive=True, brought=found)
    assert (given.candidate.tolist(), given.mask.tolist()) == ([0, 1], [8, 16])
    given = votes_of_cases([(1, column("+----"))], 0, FRAME, exclusive=True, brought=found)
    assert (given.candidate.tolist(), given.mask.tolist()) == ([0, 1], [1, 16])


def test_documents_have_no_rows_of_evidence() -> None:
    frame = Frame(ROWS, ROWS, 3, {})
    assert evidence_rows(frame, np.array([0, 1])).tolist() == [[0, 0], [0, 0]]


def plan(name: str) -> RulePlan:
    lf = LabelingFunction(name)
    return RulePlan(lf, "t", Span("", 0, 0), 1, (), None, None, None, (), (), "")


def rule_votes(*candidates: int) -> RuleVotes:
    rows = np.array(candidates, dtype=np.int32)
    return RuleVotes(rows, rows.astype(np.int64) + 1, np.stack([rows, rows + 2], axis=1))


@pytest.mark.parametrize("empty", [False, True])
def test_gather_sorts_by_candidate_and_function(empty: bool) -> None:
    task = Task("t", "document", ("x", "y"))
    given = [rule_votes(0, 3), rule_votes(), rule_votes(0, 1)]
    if empty:
        matrix, evidence = gather(task, [], [], 5)
        assert (len(matrix.candidate), matrix.n_candidates, evidence.shape) == (0, 5, (0, 2))
        return
    matrix, evidence = gather(task, [plan("a"), plan("b"), plan("c")], given, 5)
    assert matrix.candidate.tolist() == [0, 0, 1, 3]
    assert matrix.lf.tolist() == [0, 2, 2, 0]
    assert matrix.mask.tolist() == [1, 1, 2, 4]
    assert evidence.tolist() == [[0, 2], [0, 2], [1, 3], [3, 5]]
    assert [lf.name for lf in matrix.lfs] == ["a", "b", "c"]
    dtypes = [str(array.dtype) for array in (matrix.candidate, matrix.lf, matrix.mask)]
    assert dtypes == ["int32", "int16", "int64"]
