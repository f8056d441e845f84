import pytest

from biolabel.errors import RunError
from biolabel.web.service.documents import document, documents, reasons
from biolabel.workflow.results import Results


def test_documents_are_found_by_id_and_text(results: Results) -> None:
    every = documents(results, "corpus")
    assert every.total == len(every.entries) == 12
    assert documents(results, "corpus", first=10, most=5).entries == every.entries[10:]
    first = every.entries[0]
    assert documents(results, "corpus", first.id).entries[0] == first
    found = documents(results, "corpus", "LITHIUM")
    assert 0 < found.total < 12
    assert documents(results, "corpus", "no text has this").total == 0


def test_stretches_make_up_the_text(results: Results) -> None:
    corpus = results.parts["corpus"].corpus
    for doc, id_ in enumerate(corpus.ids):
        found = document(results, "corpus", id_)
        for passage in found.passages:
            for stretch in passage.stretches:
                assert stretch.text == corpus.texts[doc][stretch.start : stretch.end]
            joined = "".join(stretch.text for stretch in passage.stretches)
            assert joined in corpus.texts[doc]


def test_mentions_know_their_systems_and_votes(results: Results) -> None:
    id_ = results.parts["corpus"].corpus.ids[0]
    found = document(results, "corpus", id_, "label_model")
    mentions = [s for p in found.passages for s in p.stretches if s.type]
    assert {each.type for each in mentions} == {"Chemical", "Disease"}
    assert all("label_model" in each.systems for each in mentions)
    votes = {vote.rule for each in mentions for vote in each.votes}
    assert votes == {"chemical_names", "disease_names"}


def test_systems_stand_side_by_side(results: Results) -> None:
    id_ = results.parts["corpus"].corpus.ids[0]
    found = document(results, "corpus", id_)
    assert {verdict.task for verdict in found.verdicts} == {"cid", "topic"}
    for verdict in found.verdicts:
        assert set(verdict.probabilities) == {"label_model", "end_model", "fused"}
        for shown in verdict.probabilities.values():
            assert sum(shown) == pytest.approx(1, abs=1e-4)
        assert len(verdict.about) == (2 if verdict.task == "cid" else 0)
    voted = [v for v in found.verdicts if v.votes and v.task == "cid"]
    told = reasons(results, "corpus", "cid", voted[0].candidate)
    assert {rule for each in told.reasons for rule in each.rules} == {
        v.rule for v in voted[0].votes
    }


@pytest.mark.parametrize(
    ("part", "id_", "system"),
    [("corpus", "nobody", "fused"), ("test", "1", "fused"), ("corpus", None, "oracle")],
)
def test_what_is_not_there_is_told(
    results: Results, part: str, id_: str | None, system: str
) -> None:
    wanted = id_ or results.parts["corpus"].corpus.ids[0]
    with pytest.raises(RunError) as caught:
        document(results, part, wanted, system)  # type: ignore[arg-type]
    assert caught.value.code == "BL923"


@pytest.mark.parametrize(("task", "candidate"), [("cid", 10**6), ("nothing", 0), ("cid", -1)])
def test_candidates_that_are_not_there_are_told(
    results: Results, task: str, candidate: int
) -> None:
    with pytest.raises(RunError, match="no candidate"):
        reasons(results, "corpus", task, candidate)
