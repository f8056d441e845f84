from pathlib import Path

import pytest

from biolabel.apply.candidates import pair_candidates
from biolabel.apply.measures import adjacent, distance
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.mentions import given_mentions
from biolabel.lang import tree
from biolabel.text.build import Abbreviation, Annotation, corpus_of
from tests.unit.apply.world import (
    PAIR,
    holds,
    ontology,
    plan_of,
)


def test_adjacent_ignores_soft_signs_only(tmp_path: Path) -> None:
    assert holds(tmp_path, "adjacent", "{A=X:1: one}-{B=Y:1: two}") == "+"
    assert holds(tmp_path, "adjacent", "{B=Y:1: two} {A=X:1: one}") == "+"
    assert holds(tmp_path, "adjacent", "{A=X:1: one}, {B=Y:1: two}") == "-"
    assert holds(tmp_path, "adjacent", "{A=X:1: One}. {B=Y:1: Two}") == "-"
    assert holds(tmp_path, "adjacent", "{A=X:1: One} || {B=Y:1: two}") == "-"


def test_distance_over_sentences(tmp_path: Path) -> None:
    text = "{A=X:1: one} a (b). C {B=Y:1: two}"
    assert holds(tmp_path, "distance = 3 words", text) == "+"
    assert holds(tmp_path, "sentences_apart = 1", text) == "+"


def test_overlapping_arguments_are_no_words_apart(tmp_path: Path) -> None:
    mentions = (Mention(0, 7, "A", ("X:1",)), Mention(4, 7, "B", ("Y:1",)))
    over = corpus_of([Document("1", (Passage("title", 0, "one two"),), mentions)])
    plan = plan_of(tmp_path, f"{PAIR}rule x for r\n  votes: yes\n  when: adjacent\n")
    relation = plan.tasks[0].declaration
    assert isinstance(relation, tree.RelationDecl)
    frame = pair_candidates(over, given_mentions(over), relation).frame
    assert distance(over, frame, ["a", "b"], None).tolist() == [0]
    assert distance(over, frame, ["a", "b"], "characters").tolist() == [0]
    assert adjacent(over, frame).tolist() == [False]


def test_shared_sentences_count_each_sentence_once(tmp_path: Path) -> None:
    text = "{A=X:1: one} {A=X:1: one} {B=Y:1: two}. So {B=Y:1: two}. {A=X:1: One} {B=Y:1: two}."
    assert holds(tmp_path, "shared_sentences = 2", text) == "+"
    assert holds(tmp_path, "shared_sentences >= 3", text) == "-"
    assert holds(tmp_path, "shared_sentences = 0", "{A=X:1: One}. {B=Y:1: Two}") == "+"
    assert holds(tmp_path, "shared_sentences = 0", "no mention") == ""


def test_same(tmp_path: Path) -> None:
    text = "{A=X:1: Big one}. {B=Y:1: Big-one} {A=X:2: six} || {B=Y:2: seven}"
    assert holds(tmp_path, "same sentence", text) == "--+-"
    assert holds(tmp_path, "same section", text) == "+-+-"
    assert holds(tmp_path, "same text", text) == "+---"
    assert holds(tmp_path, "same concept", text) == "----"


@pytest.mark.parametrize(
    ("condition", "signs"),
    [
        ("another A closer to b", "+-"),
        ("another A closer to b by 3", "--"),
        ("another A closer to b by 2", "+-"),
        ("another B closer to a", "--"),
    ],
)
def test_closer(tmp_path: Path, condition: str, signs: str) -> None:
    # X:1 stands 5 words before the argument b, X:2 stands 2 words before it.
    text = "{A=X:1: one} a b c {A=X:2: six} d e {B=Y:1: two}"
    assert holds(tmp_path, condition, text) == signs


def test_closer_mentions_mean_another_concept(tmp_path: Path) -> None:
    near = "{A=X:1: one} a b c {A=%s: uno} d {B=Y:1: two}"
    assert holds(tmp_path, "another A closer to b", near % "X:1") == "-"
    assert holds(tmp_path, "another A closer to b", near % "X:3|X:1") == "--"
    assert holds(tmp_path, "another A closer to b", near % "X:3|X:4") == "+--"
    assert holds(tmp_path, "another A closer to b", "{A: six} {A=X:1: one} {B=Y:1: two}") == "-"
    assert holds(tmp_path, "another A closer to b", "{A=X:1: one} c {A: six} {B=Y:1: two}") == "+"


def test_closer_mentions_stand_in_the_sentence(tmp_path: Path) -> None:
    text = "{A=X:1: One} a b {B=Y:1: two}. {A=X:2: Six}"
    assert holds(tmp_path, "another A closer to b", text) == "--"


def test_ranks_in_the_document(tmp_path: Path) -> None:
    text = "{A=X:1: a} {A=X:2: b} {A=X:2: b} {A=X:1: a} {A=X:3: c} {B=Y:1: two} {B=Y:1: two} {B=Y:1: two}"
    for condition, signs in {
        "a is most_mentioned": "++-",
        "a is not most_mentioned": "--+",
        "a is first_mentioned": "+--",
        "a is only_one": "---",
        "b is most_mentioned": "+++",
        "b is first_mentioned": "+++",
        "b is only_one": "+++",
    }.items():
        assert (condition, holds(tmp_path, condition, text)) == (condition, signs)


def test_ranks_are_among_the_argument_types(tmp_path: Path) -> None:
    task = PAIR.replace("b: B", "b: B | C")
    text = "{A=X:1: a} {B=Y:1: b} {C=Z:1: c} {C=Z:1: c} {D=W:1: d} {D=W:1: d} {D=W:1: d}"
    assert holds(tmp_path, "b is most_mentioned", text, task=task) == "-+"
    assert holds(tmp_path, "b is only_one", text, task=task) == "--"


def test_ranks_count_each_document_alone(tmp_path: Path) -> None:
    texts = ("{A=X:1: a} {B=Y:1: b}", "{A=X:1: a} {A=X:2: c} {A=X:2: c} {B=Y:1: b}")
    assert holds(tmp_path, "a is most_mentioned", *texts) == "+-+"
    assert holds(tmp_path, "a is only_one", *texts) == "+--"


def test_plural_and_abbreviation(tmp_path: Path) -> None:
    def annotate(document: Document) -> Annotation:
        at = document.text.index("HF")
        return Annotation((), (Abbreviation(at, at + 2, 0, 4),))

    text = "{A=X:1: long} {A=X:2: HF} {A=X:3: colds} {A=X:4: virus} {B=Y:1: two}"
    assert holds(tmp_path, "a is abbreviation", text, annotate=annotate) == "-+--"
    assert holds(tmp_path, "a is plural", text, annotate=annotate) == "--+-"
    assert holds(tmp_path, "a is not plural", text, annotate=annotate) == "++-+"


def test_ontologies_of_the_tests_are_exact() -> None:
    assert ontology({"X:1": ["one"]}).via == ("exact",)
