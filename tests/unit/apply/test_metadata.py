from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.metadata import meta_numbers
from tests.unit.apply.world import (
    NOTHING,
    PAIR,
    TOPIC,
    corpus,
    document,
    holds,
    ontology,
)

TEXT = "{A=X:1: iron} || {B=Y:1: pain}"
DOCUMENTS = [
    replace(
        document(TEXT), meta={"mesh": ("Iron Overload", "Pain, Intractable"), "year": ("2001",)}
    ),
    replace(document(TEXT), meta={"mesh": (), "year": ("n.d.", "1999-01-03")}),
    replace(document(TEXT), meta={"year": ("MCMXC",)}),
]
KNOWLEDGE = Knowledge({"o": ontology({"X:1": ["iron overload"]})}, {})


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ('meta mesh has "pain"', "+-?"),
        ('meta mesh has no "pain"', "-+?"),
        ('not meta mesh has "pain"', "-+?"),
        ('meta mesh starts with "pain"', "+-?"),
        ('meta mesh starts with "overload"', "--?"),
        ('meta mesh ends with "overload"', "+-?"),
        ('meta mesh ends with exact "overload"', "--?"),
        ('meta mesh has "overload" .. "pain"', "--?"),
        ("meta mesh has o", "+-?"),
        ("meta mesh has /ver+load/i", "+-?"),
        ('meta mesh has at least 2 ("iron" | "pain")', "+-?"),
        ('meta mesh has at most 1 ("iron" | "pain")', "-+?"),
        ('meta mesh has exactly 1 different ("iron" | "pain")', "--?"),
        ('count("iron") in meta mesh < 1', "-+?"),
        ("meta year >= 2000", "+-?"),
        ("not meta year >= 2000", "-+?"),
        ("meta year != 1999", "+-?"),
        ("meta volume = 1", "???"),
        ('meta volume has "x"', "???"),
        ('none of (meta mesh has "iron", meta year < 2000)', "--?"),
    ],
)
@pytest.mark.parametrize("task", [TOPIC, PAIR])
def test_conditions(tmp_path: Path, condition: str, truth: str, task: str) -> None:
    declared = 'ontology o\n  from: catalog "o"\n'
    found = holds(
        tmp_path, condition, *DOCUMENTS, task=task, declared=declared, knowledge=KNOWLEDGE
    )
    assert found == truth


def test_a_field_that_no_document_has(tmp_path: Path) -> None:
    assert holds(tmp_path, 'meta mesh has no "x"', TEXT, knowledge=NOTHING) == "?"


def test_numbers() -> None:
    texts = ["2001", " -3.5 kg", "12p", "1.2.3", "", "x 3"]
    over = corpus(*(replace(document("a"), meta={"n": (text,)}) for text in texts))
    assert np.array_equal(meta_numbers(over, "n"), [2001, -3.5, *[np.nan] * 4], equal_nan=True)
