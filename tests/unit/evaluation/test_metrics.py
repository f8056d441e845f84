import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.evaluation.metrics import (
    Interval,
    Score,
    bootstrap_interval,
    concept_scores,
    mention_counts,
    mention_scores,
    relation_counts,
    relation_scores,
    relaxed_mention_scores,
    topic_scores,
    unmatched,
)
from biolabel.text.formats.pubtator import read, write
from biolabel.text.rejects import Rejects

CID = {"CID": "causes"}


def document(
    name: str,
    *mentions: Mention,
    pairs: tuple[tuple[str, str], ...] = (),
    topic: str = "",
) -> Document:
    relations = tuple(Relation("CID", a, b, "CID") for a, b in pairs)
    topics = {"topic": topic} if topic else {}
    text = Passage("title", 0, "lithium tremor and nausea")
    return Document(name, (text,), mentions, relations, topics=topics)


DRUG = Mention(0, 7, "Chemical", ("MESH:D1",))
TREMOR = Mention(8, 14, "Disease", ("MESH:D2", "MESH:D3"))
NAUSEA = Mention(19, 25, "Disease")


def test_ratios() -> None:
    score = Score(3, 1, 2)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert score.f1 == pytest.approx(2 / 3)


@pytest.mark.parametrize("score", [Score(0, 0, 0), Score(0, 4, 0), Score(0, 0, 4)])
def test_ratios_to_nothing_are_zero(score: Score) -> None:
    assert (score.precision, score.recall, score.f1) == (0.0, 0.0, 0.0)


def test_mentions_need_the_same_start_end_and_type() -> None:
    gold = [document("1", DRUG, TREMOR, NAUSEA)]
    found = [document("1", DRUG, DRUG, replace(TREMOR, start=7), replace(NAUSEA, type="Chemical"))]
    assert mention_scores(gold, found) == {
        "Chemical": Score(1, 1, 0),
        "Disease": Score(0, 1, 2),
        "micro": Score(1, 2, 2),
    }


def test_concepts_count_once_a_document() -> None:
    gold = [document("1", TREMOR, replace(TREMOR, start=15, end=20), NAUSEA)]
    found = [document("1", replace(NAUSEA, concepts=("MESH:D2", "MESH:D9")))]
    assert concept_scores(gold, found) == {"Disease": Score(1, 1, 1), "micro": Score(1, 1, 1)}


def test_types_that_gold_lacks_are_not_scored() -> None:
    scores = mention_scores([document("1", DRUG)], [document("1", DRUG, TREMOR)])
    assert scores == {"Chemical": Score(1, 0, 0), "micro": Score(1, 0, 0)}


def test_unknown_documents_are_left_out_and_missing_ones_count_as_missed() -> None:
    gold, found = [document("1", DRUG), document("2", DRUG)], [document("2", DRUG)]
    found.append(document("3", DRUG, pairs=(("a", "b"),)))
    assert mention_scores(gold, found)["micro"] == Score(1, 0, 1)
    assert mention_counts(gold, found).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert relation_scores(gold, found, CID) == {"micro": Score(0, 0, 0)}
    assert unmatched(gold, found).unknown == ("3",)
    assert unmatched(gold, found).missing == ("1",)


def test_relations_are_chosen_by_name() -> None:
    gold = [document("1", pairs=(("a", "b"), ("a", "c")))]
    found = [document("1", pairs=(("a", "b"), ("b", "a")))]
    assert relation_scores(gold, found, CID)["causes"] == Score(1, 1, 1)
    assert relation_scores(gold, found, {"PPI": "binds"}) == {"micro": Score(0, 0, 0)}
    assert relation_counts(gold, found, CID).tolist() == [[1, 1, 1]]


def test_relations_with_several_labels() -> None:
    def labeled(**pairs: str) -> Document:
        found = tuple(Relation(n, a, b, n) for n, ab in pairs.items() for a, b in (ab.split(),))
        return Document("1", (Passage("title", 0, "abc"),), (), found)

    names = {"UP": "up", "DOWN": "down", "FALL": "down", "PART": "part"}
    gold, found = [labeled(UP="a b", FALL="a b", OTHER="a c")], [labeled(DOWN="a b", PART="a b")]
    assert relation_scores(gold, found, names) == {
        "down": Score(1, 0, 0),
        "up": Score(0, 0, 1),
        "micro": Score(1, 0, 1),
    }
    assert relation_counts(gold, found, names).tolist() == [[1, 0, 1]]


def test_topics() -> None:
    gold = [document(str(i), topic=t) for i, t in enumerate(["harm", "harm", "cure", ""])]
    found = [document("0", topic="harm"), document("2", topic="harm"), document("3", topic="cure")]
    scores = topic_scores(gold, found, "topic")
    assert scores.documents == 3
    assert scores.accuracy == pytest.approx(1 / 3)
    assert scores.labels == {"cure": Score(0, 0, 1), "harm": Score(1, 1, 1)}
    assert scores.macro_f1 == pytest.approx(0.25)


def test_nothing_to_score() -> None:
    assert topic_scores([document("1")], [], "topic").accuracy == 0.0
    assert mention_scores([], []) == {"micro": Score(0, 0, 0)}
    assert bootstrap_interval(mention_counts([], []), np.random.default_rng(0)) == Interval(0, 0)


def test_interval_holds_the_score_and_narrows_with_documents() -> None:
    few = np.array([[3, 1, 1], [0, 2, 1], [5, 0, 2], [1, 1, 0]] * 5)
    narrow, wide = (
        bootstrap_interval(counts, np.random.default_rng(7))
        for counts in (np.tile(few, (25, 1)), few)
    )
    f1 = Score(*few.sum(axis=0).tolist()).f1
    assert wide.low < narrow.low < f1 < narrow.high < wide.high
    assert (narrow.high - narrow.low) * 4 < wide.high - wide.low
    assert narrow == bootstrap_interval(np.tile(few, (25, 1)), np.random.default_rng(7))


def test_interval_agrees_with_drawing_documents_one_by_one() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson([2, 1, 1], (80, 3))
    drawn = counts[rng.integers(0, 80, (4000, 80))].sum(axis=1)
    f1 = 2 * drawn[:, 0] / (2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])
    expected = np.quantile(f1, [0.025, 0.975])
    found = bootstrap_interval(counts, rng, resamples=4000)
    assert [found.low, found.high] == pytest.approx(expected, abs=0.01)


def test_interval_of_equal_documents_is_a_point() -> None:
    counts = np.array([[2, 1, 1]] * 10)
    assert bootstrap_interval(counts, np.random.default_rng(0)) == Interval(2 / 3, 2 / 3)


@pytest.mark.data
@pytest.mark.parametrize("predictions", ["pred_ner", "pred_cid"])
def test_scores_are_those_of_the_stand_alone_scorer(
    data_root: Path, scorer: Path, tmp_path: Path, predictions: str
) -> None:
    folder = data_root / "corpora" / "cdr_sample"
    gold, found = (
        list(read(folder / f"{name}.pubtator.gz", Rejects())) for name in ("gold", predictions)
    )
    # The examples hold scores above 1, which the reader rejects, so both score what it kept.
    write(tmp_path / "found.pubtator", found)

    def official(task: str) -> dict[str, Score]:
        files = [str(folder / "gold.pubtator.gz"), str(tmp_path / "found.pubtator")]
        command = [sys.executable, str(scorer), task, *files, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        results = json.loads(done.stdout)["results"]
        return {name: Score(r["tp"], r["fp"], r["fn"]) for name, r in results.items()}

    cid = relation_scores(gold, found, CID)["causes"]
    assert cid == official("cid")["CID"]
    assert cid.tp == (89 if predictions == "pred_cid" else 0)
    assert mention_scores(gold, found) == official("ner")
    assert concept_scores(gold, found) == official("norm")
    mentions = mention_counts(gold, found).sum(axis=0).tolist()
    assert Score(*mentions) == official("ner")["micro"]
    pairs = relation_counts(gold, found, CID).sum(axis=0).tolist()
    assert Score(*pairs) == cid


def test_overlapping_mentions_count_once_on_either_side() -> None:
    wide = replace(TREMOR, start=5, end=25)
    twice = [document("1", DRUG, TREMOR, NAUSEA)]
    assert relaxed_mention_scores(twice, [document("1", wide, replace(DRUG, type="Disease"))]) == {
        "Chemical": Score(0, 0, 1),
        "Disease": Score(1, 1, 1),
        "micro": Score(1, 1, 2),
    }
    inner = [replace(NAUSEA, end=21), replace(NAUSEA, start=21), replace(TREMOR, start=9)]
    found = relaxed_mention_scores(twice, [document("1", *inner)])
    assert found["Disease"] == Score(2, 1, 0)
    assert relaxed_mention_scores(twice, twice)["micro"].f1 == 1
    assert relaxed_mention_scores(twice, [])["micro"] == Score(0, 0, 3)
    assert relaxed_mention_scores([], twice) == {"micro": Score(0, 0, 0)}


def test_documents_without_a_prediction_are_missed_but_not_wrong() -> None:
    gold = [document("1", topic="a"), document("2", topic="b"), document("3", topic="b")]
    scores = topic_scores(gold, [document("1", topic="a"), document("2", topic="a")], "topic")
    assert scores.micro_f1 == pytest.approx(2 / 5)
    assert scores.accuracy == pytest.approx(1 / 3)
