import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.data.documents import Document
from biolabel.text.documents import corpus_documents
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.evaluate import (
    SYSTEMS,
    best_rules,
    evaluate,
    open_scores,
    rule_alone,
    score_systems,
)
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.settings import Gold

OpenBench = Callable[..., Bench]
GOLD = {"cid": Gold(relation="CID", label="causes")}


@pytest.fixture(scope="module")
def gold(bench: Bench) -> list[Document]:
    """Return the dev documents with what they came with."""
    return list(corpus_documents(bench.corpus("dev")))


def alone(bench: Bench, gold: list[Document], task: str, rule: str) -> list[Document]:
    """Return what one rule says of dev."""
    votes = open_applied(apply(bench, "dev")).votes[task]
    lf = [function.name for function in votes.matrix.lfs].index(rule)
    return rule_alone(bench.corpus("dev"), gold, votes, lf, GOLD)


def test_every_system_is_scored_beside_the_best_rule(bench: Bench) -> None:
    rows = open_scores(evaluate(bench, "dev"))
    pairs = [r for r in rows if (r.task, r.metric, r.mentions) == ("cid", "pairs", "given")]
    assert [row.system for row in pairs] == ["best rule: said_to_cause", *SYSTEMS]
    majority = pairs[1]
    assert (majority.precision, majority.recall, majority.f1) == (1.0, 1.0, 1.0)
    assert majority.low is not None
    topics = [r for r in rows if (r.task, r.mentions, r.system) == ("topic", "own", "label_model")]
    assert [(r.metric, r.f1, r.accuracy, r.precision) for r in topics] == [
        ("documents", 1.0, 1.0, None),
        ("documents micro", 1.0, 1.0, None),
    ]
    micro = {r.system: r for r in rows if r.metric == "mentions micro"}
    assert micro["label_model"].f1 == 1.0
    assert micro["best rule: disease_names"].recall == pytest.approx(0.55)
    assert {r.metric for r in rows} >= {"mentions Chemical", "concepts Disease", "concepts micro"}
    assert not [r for r in rows if r.task == "mentions" and r.mentions == "given"]


def test_a_perfect_system_and_one_that_is_wrong(bench: Bench, gold: list[Document]) -> None:
    votes = open_applied(apply(bench, "dev")).votes
    wrong = [replace(d, mentions=(), relations=(), topics={"topic": "other"}) for d in gold]
    rows = list(score_systems(gold, {"right": gold, "wrong": wrong}, votes, GOLD, "own", 0))
    assert {r.f1 for r in rows if r.system == "right"} == {1.0}
    wrong_ones = {(r.metric == "documents micro", r.f1) for r in rows if r.system == "wrong"}
    assert sorted(wrong_ones) == [
        (False, 0.0),
        (False, pytest.approx(2 / 7)),
        (True, pytest.approx(0.4)),
    ]


def test_only_what_gold_has_is_scored(bench: Bench, gold: list[Document]) -> None:
    votes = open_applied(apply(bench, "dev")).votes

    def metrics(documents: list[Document], known: dict[str, Gold] = GOLD) -> set[str]:
        systems = {"us": gold}
        return {r.task for r in score_systems(documents, systems, votes, known, "own", 0)}

    assert metrics(gold) == {"mentions", "cid", "topic"}
    assert metrics(gold, {}) == {"mentions", "topic"}
    assert metrics([replace(d, topics={}) for d in gold]) == {"mentions", "cid"}
    assert metrics([replace(d, mentions=()) for d in gold]) == {"cid", "topic"}
    assert metrics([replace(d, relations=()) for d in gold]) == {"mentions", "topic"}
    assert metrics([replace(d, mentions=(), relations=(), topics={}) for d in gold]) == set()


def test_documents_without_gold_give_no_scores(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    shutil.copy(tiny_task / "corpus.pubtator", tiny_task / "dev.pubtator")
    (tiny_task / "dev.pubtator.topics.tsv").unlink()
    work = open_bench(tiny_task, tmp_path / "workspace")
    assert open_scores(evaluate(work, "dev")) == []


def test_a_rule_alone_says_what_it_voted(bench: Bench, gold: list[Document]) -> None:
    found = alone(bench, gold, "mentions", "disease_names")
    assert [(m.start, m.end, m.type) for m in found[0].mentions] == [
        (0, 6, "Disease"), (49, 55, "Disease"),
    ]  # fmt: skip
    assert found[3].mentions == ()
    assert [document.id for document in found] == [document.id for document in gold]
    causes = alone(bench, gold, "cid", "said_to_cause")
    assert [len(document.relations) for document in causes] == [1, 0, 1, 0, 1]
    assert causes[0].relations[0].label == "CID"
    assert not any(d.relations for d in alone(bench, gold, "cid", "treats"))
    topics = [document.topics for document in alone(bench, gold, "topic", "title_of_harm")]
    assert topics == [{"topic": "harm"}, {}, {"topic": "harm"}, {}, {"topic": "harm"}]


def test_the_best_rule_is_the_one_that_scores_best(bench: Bench, gold: list[Document]) -> None:
    votes = open_applied(apply(bench, "dev")).votes
    corpus = bench.corpus("dev")
    rows: list[ScoreRow] = list(best_rules(gold, corpus, votes, GOLD, "own"))
    best = {(row.task, row.metric): row.system for row in rows}
    assert best["cid", "pairs"] == "best rule: said_to_cause"
    assert best["mentions", "mentions Chemical"] == "best rule: chemical_names"
    assert best["mentions", "mentions Disease"] == "best rule: disease_names"
    assert not [metric for _, metric in best if metric.startswith("concepts")]
    given = list(best_rules(gold, corpus, votes, GOLD, "given"))
    assert {row.task for row in given} == {"cid", "topic"}
