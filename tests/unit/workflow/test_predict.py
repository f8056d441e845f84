from dataclasses import replace

import numpy as np

from biolabel.apply.store import load_mentions, load_votes
from biolabel.data.documents import Document
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.predict import given_probabilities, predict
from biolabel.workflow.settings import TaskFolder

SYSTEMS = ["end_model", "fused", "label_model", "majority"]


def said(note: StageNote, name: str) -> list[Document]:
    """Return the documents of one prediction file, all of which can be read."""
    rejects = Rejects()
    found = list(pubtator.read(note.folder / f"{name}.pubtator", rejects))
    assert rejects.rows == []
    return found


def test_every_system_speaks_of_own_and_of_given_mentions(bench: Bench) -> None:
    own = [f"{system}.own.pubtator" for system in SYSTEMS]
    given = [f"{system}.given.pubtator" for system in SYSTEMS]
    corpus, dev = (predict(bench, which).folder.glob("*.pubtator") for which in bench.job.parts())
    assert sorted(path.name for path in corpus) == own
    assert sorted(path.name for path in dev) == sorted(own + given)


def test_documents_stay_as_they_are(bench: Bench) -> None:
    for name in ("majority.own", "end_model.own", "fused.given"):
        found = said(predict(bench, "dev"), name)
        assert [document.id for document in found] == list(bench.corpus("dev").ids)
        assert [document.text for document in found] == list(bench.corpus("dev").texts)


def test_rules_say_what_they_should(bench: Bench) -> None:
    for name in ("label_model.own", "majority.own", "label_model.given", "majority.given"):
        first, second, _, fourth, _ = said(predict(bench, "dev"), name)
        assert [(r.label, r.subject, r.object) for r in first.relations] == [
            ("CID", "MESH:D008094", "MESH:D009325")
        ], name
        assert second.relations == fourth.relations == ()
        assert fourth.mentions == ()
        assert (first.topics, second.topics) == ({"topic": "harm"}, {"topic": "other"})


def test_given_mentions_are_kept(bench: Bench) -> None:
    first = said(predict(bench, "dev"), "end_model.given")[0]
    assert [(m.start, m.end, m.type) for m in first.mentions] == [
        (0, 6, "Disease"), (13, 20, "Chemical"), (34, 41, "Chemical"), (49, 55, "Disease"),
    ]  # fmt: skip


def test_without_a_share_of_the_text_mentions_are_those_of_the_rules(bench: Bench) -> None:
    folder = bench.job.task
    rules_alone = folder.task.fusion.model_copy(update={"entities": 0.0})
    task = folder.task.model_copy(update={"fusion": rules_alone})
    job = replace(bench.job, task=TaskFolder(folder=folder.folder, task=task), notes={})
    note = predict(Bench(job), "dev")
    fused, rules = (
        [[(m.start, m.end, m.type) for m in document.mentions] for document in said(note, name)]
        for name in ("fused.own", "label_model.own")
    )
    assert fused == rules


def test_the_fused_mentions_are_those_that_the_votes_are_about(bench: Bench) -> None:
    note = predict(bench, "corpus")
    mentions = load_mentions(note.folder / "own" / "mentions.arrow")
    documents = said(note, "fused.own")
    assert sum(len(document.mentions) for document in documents) == len(mentions) > 10
    assert said(note, "fused.own")[0].mentions == documents[0].mentions
    assert any("MESH:D008094" in concepts for concepts in mentions.concepts)
    votes = load_votes(note.folder / "own")
    for system in ("label_model", "end_model", "fused"):
        with np.load(note.folder / "own" / f"{system}.npz") as rows:
            assert rows["cid"].shape == (votes["cid"].matrix.n_candidates, 2)
            assert rows["topic"].shape == (12, 2)


def test_probabilities_between_given_mentions_are_kept(bench: Bench) -> None:
    votes = open_applied(apply(bench, "dev", "given")).votes
    found = given_probabilities(predict(bench, "dev"))
    assert sorted(found) == [(system, task) for system in SYSTEMS for task in ("cid", "topic")]
    for (_, task), rows in found.items():
        assert rows.shape == (votes[task].matrix.n_candidates, 2)
        assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert given_probabilities(predict(bench, "corpus")) == {}
