"""What notebooks draw: whole, and without a way for a document's text to become markup."""

from xml.etree import ElementTree

import pytest

from biolabel import Pipeline
from biolabel.api.results import Reasons
from biolabel.interop.places import Said

HOSTILE = "<script>alert(1)</script> & 'quoted'"


def drawn(shown: str) -> str:
    """Return the text of HTML that is well formed."""
    return "".join(ElementTree.fromstring(shown).itertext())


def test_every_result_draws_itself(pipeline: Pipeline) -> None:
    id_ = pipeline.votes("cid").table()["doc"][0].as_py()
    found = {
        "said_to_cause": pipeline.votes("cid"),
        "chemical_names": pipeline.votes("mentions"),
        "harm": pipeline.soft_labels("topic"),
        "rule said_to_cause": pipeline.why("said_to_cause", doc=id_),
        "log odds of": pipeline.reasons("cid", id_),
        "accuracy": pipeline.fit(),
        "redundancy": pipeline.analysis("cid"),
        "the rules can run": pipeline.check(),
        "label_model": pipeline.scores(),
        "causes": pipeline.assertions(),
        "Chemical": pipeline.predict(),
        "epoch": pipeline.train(),
    }
    for text, each in found.items():
        whole: str = getattr(each, "_repr_html_")()  # noqa: B009 - the results share no type
        assert drawn(whole), type(each)
        assert text in whole, type(each)
        assert repr(each).strip()


def test_texts_of_documents_stay_texts() -> None:
    start = HOSTILE.index("alert")
    said = Said(0, "a<b", ("x",), start, start + 5)
    reasons = Reasons("cid", HOSTILE, HOSTILE, (), (said,))
    shown = reasons._repr_html_()
    assert "<script" not in shown
    assert drawn(shown).count(HOSTILE) == 2


@pytest.mark.parametrize("task", ["mentions", "cid", "topic"])
def test_tables_of_votes_say_where_and_what(pipeline: Pipeline, task: str) -> None:
    votes = pipeline.votes(task)
    rows = votes.table().to_pylist()
    assert len(rows) == len(votes.matrix.mask)
    texts = dict(zip(votes.corpus.ids, votes.corpus.texts, strict=True))
    for row in rows[:200]:
        assert set(row["labels"]) <= set(votes.matrix.task.labels)
        for name in ("", "chemical_", "disease_"):
            if row.get(f"{name}text") is not None:
                span = slice(row[f"{name}start"], row[f"{name}end"])
                assert texts[row["doc"]][span] == row[f"{name}text"]
        if row["evidence_start"] is not None:
            assert texts[row["doc"]][row["evidence_start"] : row["evidence_end"]].strip()
