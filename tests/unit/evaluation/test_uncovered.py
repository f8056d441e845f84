from pathlib import Path

import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.mentions import given_mentions
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.pieces import example_text
from biolabel.evaluation.uncovered import Share, UncoveredSlice, uncovered_slice
from tests.unit.apply.world import PAIR, corpus, plan_of, votes_of

NAMES = """
entity things
  labels: A, B

rule named for things
  votes: A
  find: "lithium"
"""
FAR = (
    PAIR
    + """
rule far for r
  votes: none
  when: not same sentence
"""
)
TOPIC = """
document t
  labels: yes, other

rule told for t
  votes: yes
  when: document has "toxic"
"""


def sliced(
    folder: Path, rules: str, task: str, over: Corpus, n: int = 9, gold: list[int] | None = None
) -> UncoveredSlice:
    """Return the uncovered slice; gold: of each candidate, else that of the corpus."""
    plan = plan_of(folder, rules)
    votes, _ = votes_of(plan, over, task)
    known = gold_labels(votes, over, {}) if gold is None else np.array(gold, dtype=np.int64)
    declared = next(each.declaration for each in plan.tasks if each.task.name == task)
    rng = np.random.default_rng(0)
    return uncovered_slice(votes, over, given_mentions(over), declared, known, n, rng)


def facets(found: UncoveredSlice) -> dict[str, tuple[Share, ...]]:
    return {facet.name: facet.shares for facet in found.facets}


def texts(found: UncoveredSlice) -> list[str]:
    return [example_text(sample.context) for sample in found.samples]


def test_pairs_by_the_distance_of_their_nearest_mentions(tmp_path: Path) -> None:
    over = corpus(
        "{A=X:1: Iron} harms {B=Y:1: liver}. || Also {A=X:1: iron} was seen. No {B=Y:2: rash} here.",
        "{A=X:1: Iron} one two three four five six {B=Y:1: liver}.",
    )
    found = sliced(tmp_path, FAR, "r", over)
    assert facets(found)["distance"] == (
        Share("same sentence, under 5 words between", 1, 1, 0, 0),
        Share("same sentence, 5 to 14 words", 1, 1, 0, 0),
        Share("next sentence", 1, 0, 0, 0),
    )
    assert facets(found)["section"] == (
        Share("title", 2, 2, 0, 0),
        Share("abstract", 1, 0, 0, 0),
    )
    assert "types" not in facets(found)
    assert texts(found) == [
        "{a: Iron} harms {b: liver}.",
        "{a: Iron} one two three four five six {b: liver}.",
    ]
    assert [sample.document for sample in found.samples] == ["0", "1"]
    assert all(sample.gold is None for sample in found.samples)
    assert found.samples[1].facets == {
        "distance": "same sentence, 5 to 14 words", "section": "title",
    }  # fmt: skip


def test_what_gold_calls_positive_comes_first(tmp_path: Path) -> None:
    over = corpus(*["{A=X:1: Iron} harms {B=Y:1: liver}"] * 4)
    found = sliced(tmp_path, FAR, "r", over, n=2, gold=[2, 1, 2, 1])
    assert facets(found)["gold label"] == (Share("yes", 2, 2, 2, 2), Share("none", 2, 2, 0, 0))
    assert [(s.document, s.gold) for s in found.samples] == [("1", ("yes",)), ("3", ("yes",))]
    assert sliced(tmp_path, FAR, "r", over, n=0).samples == ()
    three = sliced(tmp_path, FAR, "r", over, n=3, gold=[2, 1, 2, 1]).samples
    assert [sample.gold for sample in three] == [("yes",), ("yes",), ("none",)]


def test_pairs_of_which_only_some_are_candidates(tmp_path: Path) -> None:
    rules = FAR.replace("  level: concept\n", "  level: concept\n  when: same sentence\n")
    rules = rules.replace("not same sentence", "distance > 90 words")
    over = corpus("{B=Y:2: Rash}. || Then {A=X:1: iron} harms {B=Y:1: liver}.")
    found = sliced(tmp_path, rules, "r", over)
    assert texts(found) == ["Then {a: iron} harms {b: liver}."]


def test_words_of_one_name_are_one_sample(tmp_path: Path) -> None:
    over = corpus("{A: Valproic acid} and {A: lithium} and {B: liver failure} x 3 mg")
    found = sliced(tmp_path, NAMES, "things", over)
    assert texts(found)[:2] == [
        "{Valproic acid} and lithium and liver failure x 3 mg",
        "Valproic acid and lithium and {liver failure} x 3 mg",
    ]
    assert [sample.gold for sample in found.samples[:3]] == [("A",), ("B",), ("none",)]
    shown = facets(found)
    assert shown["gold label"][0] == Share("A", 3, 2, 3, 2)
    assert shown["written"] == (
        Share("lower case", 8, 7, 4, 3),
        Share("Capitalized", 1, 1, 1, 1),
        Share("with digits", 1, 1, 0, 0),
    )


def test_spans(tmp_path: Path) -> None:
    rules = NAMES.replace("labels: A, B", "labels: A, B\n  unit: span")
    found = sliced(tmp_path, rules, "things", corpus("Some lithium. || More lithium here."))
    assert found.samples == ()
    assert facets(found)["section"] == (Share("title", 1, 0, 0, 0), Share("abstract", 1, 0, 0, 0))


def test_documents_by_their_length(tmp_path: Path) -> None:
    over = corpus("It is toxic", "All well. || " + "word " * 150, "Nothing")
    found = sliced(tmp_path, TOPIC, "t", over)
    assert facets(found) == {
        "length": (Share("under 100 words", 2, 1, 0, 0), Share("100 to 199 words", 1, 1, 0, 0))
    }
    assert texts(found) == ["All well.", "Nothing"]


def test_sentences(tmp_path: Path) -> None:
    rules = TOPIC.replace("labels: yes, other", "labels: yes, other\n  unit: sentence")
    rules = rules.replace("document has", "sentence has")
    found = sliced(tmp_path, rules, "t", corpus("It is toxic. It is not. || Well."))
    assert sorted(texts(found)) == ["{sentence: It is not.}", "{sentence: Well.}"]
    assert facets(found)["section"][0] == Share("title", 2, 1, 0, 0)


def test_no_candidates(tmp_path: Path) -> None:
    found = sliced(tmp_path, FAR, "r", corpus("Nothing here."))
    assert found == UncoveredSlice((), ())
