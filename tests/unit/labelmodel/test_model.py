from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import Constraint, LabelingFunction, LabelMatrix, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import single
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.votes import Floats, Ints, distinct

CID = Task("cid", "relation", ("none", "causes"))
METHODS = (Settings(), Settings(method="majority"), Settings(method="emission"))


def alone(matrix: LabelMatrix) -> TaskGraph:
    documents = np.arange(matrix.n_candidates, dtype=np.int32)
    return TaskGraph((matrix.task,), (), matrix.n_candidates, {matrix.task.name: documents})


def named(m: int) -> tuple[LabelingFunction, ...]:
    return tuple(LabelingFunction(f"lf_{at}") for at in range(m))


def soft(matrix: LabelMatrix, settings: Settings) -> Floats:
    matrices, graph = {matrix.task.name: matrix}, alone(matrix)
    params = fit(matrices, graph, settings)
    return predict(params, matrices, graph)[matrix.task.name].probabilities.astype(np.float64)


@pytest.mark.parametrize("settings", METHODS)
@pytest.mark.parametrize(
    "votes",
    [
        np.zeros((0, 0)),
        np.zeros((0, 3)),
        np.zeros((5, 0)),
        np.zeros((5, 3)),
        np.array([[1]]),
        np.full((6, 3), 2),
        np.array([[1, 1], [2, 2], [1, 1]]),
        np.array([[0, 2, 0], [0, 2, 0]]),
        np.array([[3, 3], [3, 0]]),
        np.array([[1, 2], [2, 1]]),
    ],
    ids=["nothing", "no rows", "no functions", "all abstain", "one vote", "constant", "duplicates",
         "one column", "vacuous", "opposite"],
)  # fmt: skip
def test_thin_votes_give_a_result(votes: Ints, settings: Settings) -> None:
    given = votes.astype(np.int64)
    found = soft(sparse(CID, named(given.shape[1]), given), settings)
    assert found.shape == (len(given), 2)
    assert np.all((found > 0) & (found < 1))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("settings", METHODS)
def test_votes_move_soft_labels_their_way(settings: Settings) -> None:
    found = soft(sparse(CID, named(2), np.array([[2, 2], [1, 1], [1, 2], [0, 0]])), settings)
    assert found[0, 1] > 0.8
    assert found[1, 1] < 0.2
    np.testing.assert_allclose(found[2:, 1], 0.5, atol=1e-6)


def test_rows_without_votes_get_the_prior_and_are_not_covered() -> None:
    matrix = sparse(CID, named(2), np.array([[1, 1]] * 8 + [[2, 0], [0, 0]]))
    graph = alone(matrix)
    params = fit({"cid": matrix}, graph)
    found = predict(params, {"cid": matrix}, graph)["cid"]
    assert found.covered.tolist() == [True] * 9 + [False]
    np.testing.assert_allclose(
        found.probabilities[9], params.tasks["cid"].estimates[0].prior, rtol=1e-6
    )
    assert found.probabilities.dtype == np.float32


def test_a_label_nobody_votes_for_stays_possible() -> None:
    task = Task("topic", "document", ("a", "b", "c"))
    found = soft(sparse(task, named(3), np.array([[1, 1, 2], [2, 2, 2], [1, 0, 0]])), Settings())
    assert np.all(found[:, 2] > 0)
    assert np.all(found[:, 2] < 1 / 3)


@pytest.mark.parametrize("settings", METHODS)
def test_order_of_rows_and_functions_does_not_matter(settings: Settings) -> None:
    generator = np.random.default_rng(2)
    votes = generator.choice([0, 1, 2], size=(400, 6), p=[0.5, 0.3, 0.2]).astype(np.int64)
    groups = ("a", "a", "b", "", "", "")
    lfs = tuple(
        replace(lf, groups=frozenset(group)) for lf, group in zip(named(6), groups, strict=True)
    )
    found = soft(sparse(CID, lfs, votes), settings)
    rows, order = generator.permutation(400), generator.permutation(6)
    np.testing.assert_allclose(
        soft(sparse(CID, lfs, votes[rows]), settings), found[rows], atol=1e-5
    )
    moved = sparse(CID, tuple(lfs[at] for at in order), votes[:, order])
    np.testing.assert_allclose(soft(moved, settings), found, atol=1e-5)


def test_fitting_again_gives_the_same_bits() -> None:
    planted = single.one_sided(np.random.default_rng(4), 3000, 0.2)
    np.testing.assert_array_equal(
        soft(planted.matrix, Settings()), soft(planted.matrix, Settings())
    )


def test_a_function_that_never_votes_changes_nothing() -> None:
    planted = single.one_sided(np.random.default_rng(4), 2000, 0.2)
    silent = replace(planted.matrix, lfs=(*planted.matrix.lfs, LabelingFunction("silent")))
    np.testing.assert_array_equal(soft(silent, Settings()), soft(planted.matrix, Settings()))


def test_other_documents_and_fewer_functions_are_fine() -> None:
    planted = single.two_sided(np.random.default_rng(1), 6000, 0.5)
    matrix = planted.matrix
    params = fit({"planted": matrix}, planted.graph)
    keep = (matrix.candidate >= 3000) & (matrix.lf >= 5)
    fewer = LabelMatrix(
        matrix.task,
        matrix.lfs[5:],
        3000,
        matrix.candidate[keep] - np.int32(3000),
        matrix.lf[keep] - np.int16(5),
        matrix.mask[keep],
    )
    found = predict(params, {"planted": fewer}, alone(fewer))["planted"]
    right = found.probabilities.argmax(axis=1) == planted.truth[3000:]
    assert right[found.covered].mean() > 0.75


def test_an_unseen_vote_counts_with_its_stated_precision() -> None:
    lfs = (LabelingFunction("a"), LabelingFunction("b", 0.9))
    train = sparse(CID, lfs, np.array([[1, 1], [2, 1]]))
    params = fit({"cid": train}, alone(train))
    new = sparse(CID, lfs, np.array([[0, 2]]))
    found = predict(params, {"cid": new}, alone(new))["cid"].probabilities[0, 1]
    assert found == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task": Task("cdi", "relation", ("none", "causes"))}, "nearest is `cid`"),
        ({"task": Task("cid", "relation", ("none", "cures"))}, "none, cures"),
        ({"lfs": (LabelingFunction("lf_0"), LabelingFunction("lf_9"))}, "lf_9"),
    ],
)
def test_what_was_not_fitted_is_named(change: dict[str, object], message: str) -> None:
    matrix = sparse(CID, named(2), np.array([[1, 2]]))
    params = fit({"cid": matrix}, alone(matrix))
    other = replace(matrix, **change)  # type: ignore[arg-type]
    with pytest.raises(ModelError) as caught:
        predict(params, {other.task.name: other}, alone(other))
    assert caught.value.code == "BL806"
    assert message in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "graph",
    [
        TaskGraph((), (), 1, {}),
        TaskGraph((CID,), (), 1, {}),
        TaskGraph((CID,), (), 1, {"cid": np.zeros(2, dtype=np.int32)}),
        TaskGraph((CID,), (), 1, {"cid": np.array([3], dtype=np.int32)}),
        TaskGraph((replace(CID, labels=("a", "b")),), (), 1, {"cid": np.zeros(1, dtype=np.int32)}),
    ],
)
def test_votes_and_graph_must_agree(graph: TaskGraph) -> None:
    with pytest.raises(ModelError) as caught:
        fit({"cid": sparse(CID, named(1), np.array([[1]]))}, graph)
    assert caught.value.code == "BL804"


def test_constraints_are_checked_before_and_used_after_fitting() -> None:
    topic = Task("topic", "document", ("adverse", "other"))
    matrices = {
        "cid": sparse(CID, named(3), np.array([[2, 2, 2], [1, 1, 1]])),
        "topic": sparse(topic, named(3), np.array([[2, 0, 0], [2, 0, 0]])),
    }
    documents = {name: np.arange(2, dtype=np.int32) for name in matrices}
    causes, other = Term("cid", 0b10), Term("topic", 0b10)
    graph = TaskGraph((CID, topic), (Constraint("c", ((causes, other),)),), 2, documents)
    params = fit(matrices, graph, Settings(method="majority"))
    free = predict(params, matrices, replace(graph, constraints=()))
    found = predict(params, matrices, graph)
    fall = free["topic"].probabilities[:, 1] - found["topic"].probabilities[:, 1]
    assert fall[0] > 0.3  # its pair is voted to be a cause
    assert 0 < fall[1] < 0.1
    wrong = replace(graph, constraints=(Constraint("c", ((Term("cid", 0b11),),)),))
    with pytest.raises(ModelError, match="`c`"):
        fit(matrices, wrong)


def test_a_task_may_pick_many_labels() -> None:
    task = Task("hallmarks", "document", ("growth", "death", "spread", "none"), exclusive=False)
    growth, death, spread, none = 1, 2, 4, 8
    votes = np.array(
        [
            [growth | death, growth, 0],
            [0, growth, 0],
            [none, none, none],
            [15 ^ growth, 15 ^ growth, 0],
            [spread, 0, 0],
            [0, 0, 0],
        ]
    )
    found = soft(sparse(task, named(3), votes), Settings())
    assert found.shape == (6, 4)
    assert found[0, 0] > 0.7
    assert found[0, 1] > 0.5
    assert found[0].sum() > 1.2
    assert np.all(found[2, :3] < 0.4)
    assert found[2, 3] > 0.7
    assert found[3, 0] < 0.3
    assert found[4, 1] < 0.4  # nobody spoke of it, where others were voted for
    assert np.all((found > 0) & (found < 1))


def test_progress_reports_tasks() -> None:
    seen = []

    def progress(
        items: Iterable[tuple[str, LabelMatrix]], *, name: str, total: int | None = None
    ) -> Iterator[tuple[str, LabelMatrix]]:
        seen.append((name, total))
        yield from items

    matrix = sparse(CID, named(1), np.array([[1]]))
    fit({"cid": matrix}, alone(matrix), progress=progress)  # type: ignore[arg-type]
    assert seen == [("label model", 1)]


def test_of_two_labels_both_may_hold_and_one_may_be_denied() -> None:
    task = Task("organs", "document", ("heart", "brain", "none"), exclusive=False)
    heart, brain, none = 1, 2, 4
    votes = np.array([[heart | brain, heart], [brain | none, 0], [none, none], [heart, heart]])
    found = soft(sparse(task, named(2), votes), Settings())
    assert found[0, 1] > found[3, 1]  # a vote for both is one for each
    assert found[1, 0] < found[3, 0]
    assert found[1, 1] < found[0, 1]  # that it is not the heart does not make it the brain


@pytest.mark.parametrize("settings", METHODS)
@pytest.mark.parametrize("exclusive", [True, False])
def test_fitting_different_rows_with_their_counts_is_fitting_all(
    settings: Settings, exclusive: bool
) -> None:
    rng = np.random.default_rng(3)
    task = Task("organs", "document", ("heart", "brain", "none"), exclusive=exclusive)
    masks = rng.choice([0, 0, 1, 2, 4, 5], (500, 4))
    functions = tuple(
        replace(lf, draft=lf.name == "lf_3", groups=frozenset({"g"} if i < 2 else ()))
        for i, lf in enumerate(named(4))
    )
    every = sparse(task, functions, masks[masks.any(axis=1)])
    few = distinct(every)
    one, other = (fit({"organs": m}, alone(m), settings).tasks["organs"] for m in (every, few))
    assert few.n_candidates < every.n_candidates == one.n_candidates == other.n_candidates
    for mine, theirs in zip(one.estimates, other.estimates, strict=True):
        for name in ("table", "prior", "votes", "alone", "agreement", "rows", "iterations"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))
