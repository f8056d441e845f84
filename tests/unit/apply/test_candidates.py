from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.candidates import (
    PairCandidates,
    document_frame,
    narrowed,
    pair_candidates,
    sentence_frame,
    span_frame,
)
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.mentions import given_mentions
from biolabel.lang import tree
from biolabel.text.build import corpus_of
from tests.unit.apply.world import PAIR, corpus, plan_of


def candidates(folder: Path, relation: str, *texts: str) -> PairCandidates:
    rule = "rule x for r\n  votes: yes\n  when: same sentence\n"
    declaration = plan_of(folder, relation + rule).tasks[0].declaration
    assert isinstance(declaration, tree.RelationDecl)
    over = corpus(*texts)
    return pair_candidates(over, given_mentions(over), declaration)


def listed(found: PairCandidates) -> list[str]:
    names = found.frame.concepts
    rows = zip(
        found.doc.tolist(), found.arguments[0].tolist(), found.arguments[1].tolist(), strict=True
    )
    return [f"{doc}:{names[a]}-{names[b]}" for doc, a, b in rows]


def test_pairs_of_concepts_of_a_document(tmp_path: Path) -> None:
    found = candidates(
        tmp_path,
        PAIR,
        "{A=X:1: a} {A=X:1: b} {B=Y:1: c} {B: no concept} {C=Z:1: other type}",
        "no mentions",
        "{B=Y:1: c} {A=X:2: d}",
    )
    assert listed(found) == ["0:X:1-Y:1", "2:X:2-Y:1"]
    assert found.frame.candidate.tolist() == [0, 0, 1]
    assert found.frame.doc.tolist() == [0, 0, 2]
    a, b = found.frame.sides["a"], found.frame.sides["b"]
    assert (a.mention.tolist(), b.mention.tolist()) == ([0, 1, 6], [2, 2, 5])
    assert (a.first.tolist(), a.end.tolist()) == ([0, 1, 10], [1, 2, 11])
    assert (a.types, b.types) == (("A",), ("B",))


def test_a_mention_of_several_concepts_stands_for_each(tmp_path: Path) -> None:
    found = candidates(tmp_path, PAIR, "{A=X:1|X:2: a and b} {B=Y:1|X:2: c}")
    assert listed(found) == ["0:X:1-X:2", "0:X:1-Y:1", "0:X:2-Y:1"]


def test_nothing_to_pair(tmp_path: Path) -> None:
    found = candidates(tmp_path, PAIR, "{A=X:1: a}")
    assert (len(found.frame), found.frame.n_candidates, listed(found)) == (0, 0, [])


@pytest.mark.parametrize(
    ("scope", "pairs"),
    [
        ("sentence", ["0:X:1-Y:1"]),
        ("1 sentences", ["0:X:1-Y:1"]),
        ("2 sentences", ["0:X:1-Y:1", "0:X:1-Y:2"]),
        ("4 sentences", ["0:X:1-Y:1", "0:X:1-Y:2", "0:X:1-Y:3"]),
        ("document", ["0:X:1-Y:1", "0:X:1-Y:2", "0:X:1-Y:3"]),
        ("2 words", ["0:X:1-Y:1"]),
        ("3 words", ["0:X:1-Y:1", "0:X:1-Y:2"]),
    ],
)
def test_scopes(tmp_path: Path, scope: str, pairs: list[str]) -> None:
    relation = PAIR.replace("scope: document", f"scope: {scope}")
    text = "{A=X:1: A} x {B=Y:1: b}. X {B=Y:2: b}. X y || {B=Y:3: b}"
    assert listed(candidates(tmp_path, relation, text)) == pairs


def test_order_and_arguments_of_one_type(tmp_path: Path) -> None:
    text = "{B=Y:1: b} {A=X:1: a} {B=Y:2: b}"
    in_text = PAIR.replace("level:", "order: text\n  level:")
    assert listed(candidates(tmp_path, in_text, text)) == ["0:X:1-Y:2"]
    alike = PAIR.replace("b: B", "b: A")
    three = "{A=X:2: a} {A=X:1: b} {A=X:3: c}"
    assert listed(candidates(tmp_path, alike, three)) == [
        "0:X:1-X:2", "0:X:1-X:3", "0:X:2-X:1", "0:X:2-X:3", "0:X:3-X:1", "0:X:3-X:2",
    ]  # fmt: skip
    assert listed(candidates(tmp_path, alike.replace("level:", "order: text\n  level:"), three)) == [
        "0:X:1-X:3", "0:X:2-X:1", "0:X:2-X:3",
    ]  # fmt: skip
    several = PAIR.replace("b: B", "b: B | C")
    assert listed(candidates(tmp_path, several, "{C=Z:1: c} {A=X:1: a}")) == ["0:X:1-Z:1"]


def test_narrowed_numbers_anew(tmp_path: Path) -> None:
    found = candidates(tmp_path, PAIR, "{A=X:1: a} {B=Y:1: b} {A=X:2: c} {A=X:1: d}")
    fewer = narrowed(found, np.array([False, True]))
    assert listed(fewer) == ["0:X:2-Y:1"]
    assert fewer.frame.candidate.tolist() == [0]
    assert fewer.frame.sides["a"].first.tolist() == [2]
    assert fewer.frame.sides["a"].types == ("A",)
    assert len(narrowed(found, np.array([False, False])).frame) == 0


def test_frames_of_documents_and_spans() -> None:
    over = corpus("a b", "c")
    documents = document_frame(over)
    assert (documents.doc.tolist(), documents.n_candidates, documents.sides) == ([0, 1], 2, {})
    spans = span_frame(over, np.array([0, 2], np.int32), np.array([2, 3], np.int32), ("A",))
    assert spans.doc.tolist() == [0, 1]
    assert spans.sides["span"].mention.tolist() == [-1, -1]


MENTIONS = PAIR.replace("  level: concept\n", "")


def keyed(found: PairCandidates) -> list[str]:
    rows = zip(
        found.doc.tolist(), found.arguments[0].tolist(), found.arguments[1].tolist(), strict=True
    )
    return [f"{doc}:{found.names[a]} {found.names[b]}" for doc, a, b in rows]


def test_pairs_of_mentions(tmp_path: Path) -> None:
    found = candidates(tmp_path, MENTIONS, "{A=X:1: a} {A: b} {B: c} {C: d}", "{B: c} {A: a}")
    assert keyed(found) == ["0:@0-1:A @4-5:B", "0:@2-3:A @4-5:B", "1:@2-3:A @0-1:B"]
    assert found.frame.candidate.tolist() == [0, 1, 2]
    assert found.frame.sides["a"].concept.tolist() == [0, -1, -1]


def test_a_mention_of_several_concepts_is_one_candidate_with_a_row_for_each(tmp_path: Path) -> None:
    found = candidates(tmp_path, MENTIONS, "{A=X:1|X:2: a} {B=Y:1|Y:2: c}")
    assert keyed(found) == ["0:@0-1:A @2-3:B"]
    assert found.frame.candidate.tolist() == [0, 0, 0, 0]
    assert sorted(found.frame.sides["a"].concept.tolist()) == [0, 0, 1, 1]


def test_mentions_of_one_span(tmp_path: Path) -> None:
    declaration = plan_of(tmp_path, f"{MENTIONS}rule x for r\n  votes: yes\n  when: adjacent\n")
    relation = declaration.tasks[0].declaration
    assert isinstance(relation, tree.RelationDecl)
    a, twice = Mention(0, 1, "A", ("X:1",)), Mention(0, 1, "A", ("X:2",))
    mentions = (a, Mention(0, 1, "B"), twice, Mention(0, 3, "B"))
    over = corpus_of([Document("1", (Passage("title", 0, "a b"),), mentions)])
    found = pair_candidates(over, given_mentions(over), relation)
    assert keyed(found) == ["0:@0-1:A @0-1:B", "0:@0-1:A @0-3:B"]
    assert len(found.frame) == 4


def test_mentions_of_one_type_are_paired_both_ways_or_in_the_order_of_the_text(
    tmp_path: Path,
) -> None:
    alike = MENTIONS.replace("b: B", "b: A")
    text = "{A: a} {A: b} {A: a}"
    ordered = ["0:@0-1:A @2-3:A", "0:@0-1:A @4-5:A", "0:@2-3:A @4-5:A"]
    found = candidates(tmp_path, alike.replace("mentions:", "order: text\n  mentions:"), text)
    assert keyed(found) == ordered
    found = candidates(tmp_path, alike, text)
    swapped = [" ".join(["0:" + p.split()[1], p.split()[0][2:]]) for p in ordered]
    assert sorted(keyed(found)) == sorted(ordered + swapped)


TRIPLE = PAIR.replace("b: B", "b: B, c: A | C")


def named(found: PairCandidates) -> list[str]:
    return [" ".join(names) for names in zip(*found.named(), strict=True)]


def test_three_arguments(tmp_path: Path) -> None:
    text = "{A=X:1: a} {B=Y:1: b}. {C=Z:1: C} {A=X:2: d}"
    assert named(candidates(tmp_path, TRIPLE, text)) == [
        "X:1 Y:1 X:2", "X:1 Y:1 Z:1", "X:2 Y:1 X:1", "X:2 Y:1 Z:1",
    ]  # fmt: skip
    ordered = TRIPLE.replace("level:", "order: text\n  level:")
    assert named(candidates(tmp_path, ordered, text)) == ["X:1 Y:1 X:2", "X:1 Y:1 Z:1"]
    near = TRIPLE.replace("scope: document", "scope: 1 words")
    assert named(candidates(tmp_path, near, text)) == ["X:1 Y:1 Z:1", "X:2 Y:1 Z:1"]
    one = TRIPLE.replace("scope: document", "scope: sentence")
    assert named(candidates(tmp_path, one, text)) == []
    found = candidates(tmp_path, ordered, text)
    kept = narrowed(found, np.array([False, True]))
    assert named(kept) == ["X:1 Y:1 Z:1"]
    assert len(kept.frame.sides) == 3


def test_sections_as_scope(tmp_path: Path) -> None:
    within = PAIR.replace("scope: document", "scope: section")
    text = "{A=X:1: a} || {B=Y:1: b}. {A=X:2: c}"
    assert listed(candidates(tmp_path, within, text)) == ["0:X:2-Y:1"]


def test_sentences_as_candidates() -> None:
    over = corpus("a b. C || d", "e")
    frame = sentence_frame(over)
    assert frame.doc.tolist() == [0, 0, 0, 1]
    assert frame.sentence is not None
    assert [column.tolist() for column in frame.sentence] == [[0, 3, 4, 5], [3, 4, 5, 6]]


def test_narrowed_keeps_names(tmp_path: Path) -> None:
    found = narrowed(
        candidates(tmp_path, MENTIONS, "{A: a} {A: b} {B: c}"), np.array([False, True])
    )
    assert keyed(found) == ["0:@2-3:A @4-5:B"]
