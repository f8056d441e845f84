from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.sections import heading_key, named_sections
from biolabel.data.documents import Document, Passage
from biolabel.text.sections import split_sections
from tests.unit.apply.world import PAIR, TOPIC, corpus, document, holds, plan_of, world

DECLARED = """
section methods
  headings: "Materials and Methods", "Patients"
"""
STRUCTURED = split_sections(
    document(
        "a || BACKGROUND: {A=X:1: iron}. PATIENTS: old {B=Y:1: pain}. RESULTS: {A=X:1: iron} {B=Y:1: rash}."
    )
)
PLAIN = document("{A=X:1: iron} || {B=Y:1: pain}")
BARE = Document("1", tuple(type(p)("", p.offset, p.text) for p in PLAIN.passages), PLAIN.mentions)


@pytest.mark.parametrize("text", ["2. Methods:", "methods", "II 3 METHODS".replace("II ", "")])
def test_headings_that_read_alike(text: str) -> None:
    assert heading_key(text) == "methods"


def test_a_section_has_the_sections_inside_of_it(tmp_path: Path) -> None:
    parts = ["Methods", "2. Methods > Patients", "Results > Patients with BMI > 30", "Methods used"]
    inside = Document(
        "9", tuple(Passage("body", 9 * i, "old text", h) for i, h in enumerate(parts))
    )
    rule = 'rule x for t\n  votes: yes\n  when: section methods has "old"\n'
    here = world(plan_of(tmp_path, TOPIC + rule), corpus(inside)).scene
    for name, sections in {"methods": [0, 1], "patients": [1], "patients_with_BMI": [2]}.items():
        found = named_sections(here, name).sections
        assert np.flatnonzero(found).tolist() == sections
    (tmp_path / "two").mkdir()
    here = world(plan_of(tmp_path / "two", TOPIC + DECLARED + rule), corpus(inside)).scene
    assert named_sections(here, "methods").sections.tolist() == [True, True, False, False]


def test_sections_of_a_name(tmp_path: Path) -> None:
    rule = 'rule x for t\n  votes: yes\n  when: section methods has "old"\n'
    here = world(plan_of(tmp_path, TOPIC + DECLARED + rule), corpus(STRUCTURED, PLAIN, BARE)).scene
    assert named_sections(here, "methods").sections.tolist()[:4] == [False, False, True, False]
    assert named_sections(here, "methods").known.tolist() == [True, False, False]
    assert named_sections(here, "abstract").sections.tolist()[:6] == [
        False, True, True, True, False, True,
    ]  # fmt: skip
    assert named_sections(here, "title").known.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ('section methods has "old"', "+??"),
        ('section methods has no "old"', "-??"),
        ('not section methods has "rash"', "+??"),
        ('section methods starts with "patients"', "+??"),
        ('section background has "old"', "-??"),
        ('section discussion has "old"', "-??"),
        ('section discussion has no "old"', "+??"),
        ('section methods has at most 0 "old"', "-??"),
        ('count("old") in section methods = 1', "+??"),
        ('count("old") in section methods > count("old") in title', "+??"),
        ('title has "a"', "+-?"),
        ('abstract has no "old"', "-+?"),
        ('abstract starts with "background"', "+-?"),
        ("section is methods", "+??"),
        ("section is not methods | results", "-??"),
        ("section is title", "++?"),
        ("section is discussion", "-??"),
    ],
)
def test_documents(tmp_path: Path, condition: str, truth: str) -> None:
    assert (
        holds(tmp_path, condition, STRUCTURED, PLAIN, BARE, task=TOPIC, declared=DECLARED) == truth
    )


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("section is results", "+??"),
        ("section is results and adjacent", "+-?".replace("?", "-")),
        ("section is title | methods", "-??"),
        ("section is title | abstract", "++?"),
        ("section is not background", "+??"),
        ("section is not discussion", "+??"),
        ("same section", "+--"),
    ],
)
def test_pairs(tmp_path: Path, condition: str, truth: str) -> None:
    found = holds(tmp_path, condition, STRUCTURED, PLAIN, BARE, task=PAIR, declared=DECLARED)
    assert found == truth
