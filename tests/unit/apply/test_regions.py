from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.candidates import document_frame, pair_candidates, span_frame
from biolabel.apply.matches import Matches, matches
from biolabel.apply.regions import Ranges, inside, listed, ranges_of, region_ranges, touching
from biolabel.apply.scene import Frame, Scene
from biolabel.data.documents import Document, Passage
from biolabel.lang import tree
from biolabel.text.build import corpus_of
from tests.unit.apply.world import (
    NOTHING,
    PAIR,
    TOPIC,
    corpus,
    holds,
    plan_of,
    text_of,
    world,
)

TEXT = "Tea. The (x) {A=X:1: one} and two, {B=Y:1: three}-four || five. {A=X:2: Six} or seven"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    rule = "rule x for r\n  votes: yes\n  when: adjacent\n"
    return world(plan_of(tmp_path, PAIR + rule), corpus(TEXT, "other text"), NOTHING).scene


def ranges(scene: Scene, frame: Frame, region: tree.Region) -> list[str]:
    found = region_ranges(scene, frame, region)
    texts = [""] * len(frame)
    for first, end, row in zip(found.first, found.end, found.owner, strict=True):
        texts[row] += text_of(scene.corpus, int(first), int(end)) if first < end else ""
    return texts


def pair_ranges(scene: Scene, kind: str, name: str = "", window: str = "") -> list[str]:
    declaration = scene.plan.tasks[0].declaration
    assert isinstance(declaration, tree.RelationDecl)
    frame = pair_candidates(scene.corpus, scene.mentions, declaration).frame
    number, _, unit = window.partition(" ")
    region = tree.Region(
        kind,  # type: ignore[arg-type]
        tree.Name(name) if name else None,
        tree.Window(int(number), unit) if window else None,  # type: ignore[arg-type]
    )
    return ranges(scene, frame, region)


@pytest.mark.parametrize(
    ("kind", "name", "window", "found"),
    [
        ("sentence", "", "", ["The (x) one and two, three-four", ""]),
        ("document", "", "", [corpus(TEXT).texts[0]] * 2),
        ("title", "", "", ["Tea. The (x) one and two, three-four"] * 2),
        ("abstract", "", "", ["five. Six or seven"] * 2),
        ("section", "abstract", "", ["five. Six or seven"] * 2),
        ("section", "results", "", ["", ""]),
        ("between", "", "", ["and two,", ""]),
        ("argument", "b", "", ["three", "three"]),
        ("before", "a", "", ["The (x)", ""]),
        ("after", "a", "", ["and two, three-four", "or seven"]),
        ("around", "a", "", ["The (x) one and two, three-four", "Six or seven"]),
        ("before", "b", "2 words", ["and two,"] * 2),
        ("before", "b", "4 words", ["x) one and two,"] * 2),
        ("before", "b", "0 words", [""] * 2),
        ("after", "a", "2 words", ["and two", "or seven"]),
        ("around", "a", "1 words", ["x) one and", "Six or"]),
        ("before", "b", "99 words", ["The (x) one and two,"] * 2),
        ("after", "b", "99 words", ["four"] * 2),
        ("before", "b", "9 characters", ["and two,"] * 2),
        ("before", "b", "8 characters", ["two,"] * 2),
        ("after", "a", "4 characters", ["and", "or"]),
        ("around", "a", "999 characters", ["The (x) one and two, three-four", "Six or seven"]),
        ("before", "a", "1 sentences", ["Tea. The (x)", "five."]),
        ("after", "a", "1 sentences", ["and two, three-four || five.", "or seven"]),
        ("around", "b", "9 sentences", [corpus(TEXT).texts[0]] * 2),
    ],
)  # fmt: skip
def test_regions_of_pairs(
    scene: Scene, kind: str, name: str, window: str, found: list[str]
) -> None:
    assert pair_ranges(scene, kind, name, window) == [t.replace(" ||", "") for t in found]


def test_nested_arguments_have_nothing_between(tmp_path: Path) -> None:
    text = "{A=X:1: one}"
    over = corpus(text)
    frame = span_frame(over, np.array([0], np.int32), np.array([1], np.int32), ())
    twice = Frame(
        frame.doc, frame.candidate, 1, {"a": frame.sides["span"], "b": frame.sides["span"]}
    )
    rule = "rule x for r\n  votes: yes\n  when: adjacent\n"
    scene = world(plan_of(tmp_path, PAIR + rule), over).scene
    assert ranges(scene, twice, tree.Region("between")) == [""]


def test_regions_of_documents_and_spans(scene: Scene) -> None:
    over = scene.corpus
    documents = document_frame(over)
    assert ranges(scene, documents, tree.Region("sentence")) == list(over.texts)
    assert ranges(scene, documents, tree.Region("abstract")) == ["five. Six or seven", ""]
    spans = span_frame(over, np.array([2], np.int32), np.array([3], np.int32), ())
    assert ranges(scene, spans, tree.Region("sentence")) == ["The (x) one and two, three-four"]
    after = tree.Region("after", tree.Name("span"), tree.Window(1, "words"))
    assert ranges(scene, spans, after) == ["(x"]


def test_all_sections_of_a_kind_count(tmp_path: Path) -> None:
    sections = (("title", "a."), ("methods", "b."), ("results", "c."), ("methods", "d."))
    passages = tuple(Passage(kind, 3 * i, text) for i, (kind, text) in enumerate(sections))
    over = corpus_of([Document("1", passages)])
    scene = world(
        plan_of(tmp_path, TOPIC + 'rule x for t\n  votes: yes\n  when: title has "a"\n'), over
    ).scene
    found = region_ranges(scene, document_frame(over), tree.Region("section", tree.Name("methods")))
    assert (found.first.tolist(), found.end.tolist()) == ([2, 6], [4, 8])
    assert found.owner.tolist() == [0, 0]
    twice = replace(over, section_kind=np.zeros(4, np.int32))
    scene = Scene(twice, scene.plan, scene.finder, scene.mentions)
    assert ranges(scene, document_frame(twice), tree.Region("title")) == ["a. b. c. d."]


def test_several_ranges_of_one_row() -> None:
    two = Ranges(
        np.array([2, 7, 2], np.int32),
        np.array([4, 9, 9], np.int32),
        np.array([0, 0, 1], np.int32),
        np.ones(3, bool),
    )
    matched = found((3, 8, -1), (7, 9, -1), (2, 3, 0), (2, 9, 1), (2, 4, 2))
    assert inside(matched, two).tolist() == [True, True, False]
    pairs = set(zip(*(column.tolist() for column in listed(matched, two)), strict=True))
    assert pairs == {(0, 0), (0, 4), (1, 2), (1, 3), (1, 4)}
    assert touching(matched, two, "ends").tolist() == [True, True, False]
    assert touching(matched, two, "starts").tolist() == [True, True, False]


def limits(*rows: tuple[int, int]) -> Ranges:
    table = np.array(rows, dtype=np.int32).reshape(-1, 2)
    return ranges_of(table[:, 0], table[:, 1])


def found(*rows: tuple[int, int, int]) -> Matches:
    table = np.array(rows, dtype=np.int32).reshape(-1, 3)
    return matches(table[:, 0], table[:, 1], table[:, 2])


FREE, OWNED = found((2, 4, -1), (3, 9, -1), (5, 6, -1)), found((2, 4, 1), (5, 6, 0))
LIMITS = limits((2, 4), (3, 9), (3, 5), (5, 5), (6, 99), (0, 99))


def test_inside() -> None:
    assert inside(FREE, LIMITS).tolist() == [True, True, False, False, False, True]
    assert inside(OWNED, limits((5, 9), (3, 9))).tolist() == [True, False]
    assert inside(found((7, 8, -1), (2, 4, 0)), limits((0, 5), (0, 8))).tolist() == [True, True]
    assert inside(found(), LIMITS).tolist() == [False] * 6


def test_listed() -> None:
    which, index = listed(FREE, LIMITS)
    pairs = sorted(zip(which.tolist(), index.tolist(), strict=True))
    assert pairs == [(0, 0), (1, 1), (1, 2), (5, 0), (5, 1), (5, 2)]
    which, index = listed(OWNED, limits((5, 9), (3, 9)))
    assert (which.tolist(), index.tolist()) == ([0], [1])


def test_touching() -> None:
    assert touching(FREE, LIMITS, "starts").tolist() == [True, True, False, False, False, False]
    assert touching(FREE, LIMITS, "ends").tolist() == [True, True, False, False, False, False]
    assert touching(OWNED, limits((5, 9), (2, 9)), "starts").tolist() == [True, True]
    assert touching(OWNED, limits((2, 4), (5, 6)), "ends").tolist() == [False, False]


def test_in_conditions(tmp_path: Path) -> None:
    assert holds(tmp_path, 'between starts with "and"', TEXT) == "+-"
    assert holds(tmp_path, 'between ends with ","', TEXT) == "+-"
    assert holds(tmp_path, 'before b ends with "two"', TEXT) == "--"
    assert holds(tmp_path, 'after b starts with "four"', TEXT) == "++"
    assert holds(tmp_path, 'a has "one"', TEXT) == "+-"
