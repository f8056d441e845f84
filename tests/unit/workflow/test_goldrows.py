from pathlib import Path

import numpy as np
import pytest

from biolabel.curation.gold import GoldRow, write_gold
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.mentions import given_mentions
from biolabel.errors import RunError
from biolabel.text.build import corpus_of
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.goldrows import argument_namer, how_many, known_labels


def test_rows_label_the_candidates_of_their_documents(tmp_path: Path, bench: Bench) -> None:
    applied, corpus = open_applied(apply(bench, "corpus")), bench.corpus("corpus")
    votes = applied.votes["cid"]
    one = corpus.ids[votes.documents[3]], votes.subjects[3], votes.objects[3]
    rows = [GoldRow("cid", *one, "causes"), GoldRow("cid", "elsewhere", *one[1:], "none")]
    found = known_labels(write_gold(tmp_path / "gold.tsv", rows), applied, corpus)
    assert np.flatnonzero(found["cid"] >= 0).tolist() == [3]
    assert votes.matrix.task.labels[found["cid"][3]] == "causes"
    assert how_many(found) == {"cid": 1}
    assert known_labels(write_gold(tmp_path / "none.tsv", []), applied, corpus) == {}


@pytest.mark.parametrize("task", ["cdi", "mentions", "topic"])
def test_rows_of_other_tasks_are_refused(tmp_path: Path, bench: Bench, task: str) -> None:
    path = write_gold(tmp_path / "gold.tsv", [GoldRow(task, "1", "X:1", "Y:1", "causes")])
    with pytest.raises(RunError, match=f"`{task}`") as caught:
        known_labels(path, open_applied(apply(bench, "corpus")), bench.corpus("corpus"))
    assert caught.value.code == "BL987"
    assert "`cid`?" in str(caught.value.hint) or "there are: cid" in str(caught.value.hint)


def test_mentions_are_called_as_assertions_call_them() -> None:
    text = (Passage("title", 0, "Iron-II and zinc"),)
    mentions = (Mention(0, 7, "Chemical"), Mention(12, 16, "Chemical", ("X:1",)))
    corpus = corpus_of([Document("1", text, mentions)])
    called = argument_namer(given_mentions(corpus), corpus)
    assert called(0, "@0-7:Chemical") == "iron ii"
    assert called(0, "@12-16:Chemical") == "X:1"
    assert called(0, "X:9") == "X:9"
