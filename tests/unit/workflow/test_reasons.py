import pytest

from biolabel.errors import RunError
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.reasons import document_reasons, place_of


@pytest.mark.parametrize("kind", ["entity", "relation", "document"])
def test_every_candidate_with_votes_has_reasons(bench: Bench, kind: str) -> None:
    task = next(plan.task for plan in bench.plan.tasks if plan.task.kind == kind)
    found = open_applied(apply(bench, "corpus"))
    votes = found.votes[task.name]
    doc = int(votes.documents[votes.matrix.candidate[0]])
    told = document_reasons(bench, task.name, bench.corpus("corpus").ids[doc])
    own = {at for at in votes.matrix.candidate.tolist() if votes.documents[at] == doc}
    assert {each.reasons.candidate for each in told} == own
    params = open_fitted(fit(bench)).model
    soft = soft_labels(bench, params, found.votes, "corpus", found.mentions)[task.name]
    for each in told:
        probabilities = dict(each.probabilities)
        assert list(probabilities.values()) == pytest.approx(
            soft.probabilities[each.reasons.candidate].tolist()
        )
        assert probabilities[each.reasons.label] == max(probabilities.values())
        named = {name for one in each.reasons.contributions for name in one.lfs}
        low, high = votes.matrix.candidate.searchsorted(
            [each.reasons.candidate, each.reasons.candidate + 1]
        )
        assert named == {votes.matrix.lfs[lf].name for lf in votes.matrix.lf[low:high]}


def test_candidates_are_chosen_by_texts_and_concepts(bench: Bench) -> None:
    ids = bench.corpus("corpus").ids
    every = next(found for id_ in ids if (found := document_reasons(bench, "cid", id_)))
    id_ = next(id_ for id_ in ids if document_reasons(bench, "cid", id_))
    one = every[0]
    concepts = tuple(text.rpartition("(")[2].rstrip(")") for text in one.about)
    assert one in document_reasons(bench, "cid", id_, concepts)
    with pytest.raises(RunError, match="no candidate with votes") as raised:
        document_reasons(bench, "cid", id_, ("never said",))
    assert raised.value.code == "BL923"


def test_what_is_not_there_is_an_error(bench: Bench) -> None:
    with pytest.raises(RunError, match="there is no task cud") as raised:
        document_reasons(bench, "cud", bench.corpus("corpus").ids[0])
    assert raised.value.code == "BL922"
    with pytest.raises(RunError, match="there is no document nowhere"):
        place_of(bench, "nowhere")
