"""The table of docs/language/unknown.md: what is unknown where, and what is never."""

from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.apply.knowledge import Knowledge
from tests.unit.apply.world import PAIR, document, holds, ontology, pairs

KNOWLEDGE = Knowledge(
    {"o": ontology({"X:1": ["iron"], "X:2": ["tin"]})}, {"k": pairs(("X:1", "Y:1"))}
)
DECLARED = (
    'ontology o\n  from: catalog "o"\nkb k\n  from: catalog "k"\n  complete: yes\nlist l\n  words: a\n'
    'context near_no\n  cues_before: "no"\n'
    "rule other for r\n  votes: yes\n  when: meta year > 0\n"
)
MENTIONS = PAIR.replace("level: concept", "level: mention")
NAMED = document("{A=X:1: iron} || {B=Y:1: pain}")
NAMELESS = document("{A: iron} || {B: pain}")
BARE = replace(NAMED, passages=tuple(replace(p, kind="") for p in NAMED.passages))
DATED = replace(NAMED, meta={"year": ("2001",), "mesh": ()})
UNDATED = replace(NAMED, meta={"year": ("long ago",)})


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ('title has "x"', "--?--"),
        ('abstract has no "x"', "++?++"),
        ('section methods has "x"', "?????"),
        ("section is title", "--?--"),
        ("section is methods | abstract", "?????"),
        ('meta mesh has "x"', "???-?"),
        ('count("x") in meta mesh = 0', "???+?"),
        ("meta year > 2000", "???+?"),
        ("document has {a}", "+?+++"),
        ("count({a}) in title > 0", "+??++"),
        ('document has {a} "x" both ways', "-?---"),
        ("shared_sentences = 0", "+?+++"),
        ("a in o", "+?+++"),
        ("pair in k", "+?+++"),
        ("same concept", "-?---"),
        ("a is most_mentioned", "+?+++"),
        ("b is only_one", "+?+++"),
    ],
)
def test_unknown_where_data_is_missing(tmp_path: Path, condition: str, truth: str) -> None:
    swapped = truth.translate(str.maketrans("+-", "-+"))
    for asked, answer in ((condition, truth), (f"not {condition}", swapped)):
        found = holds(
            tmp_path, asked, NAMED, NAMELESS, BARE, DATED, UNDATED,
            task=MENTIONS, declared=DECLARED, knowledge=KNOWLEDGE,
        )  # fmt: skip
        assert found == answer, asked


@pytest.mark.parametrize(
    "condition",
    [
        'sentence has "x"',
        'document has "x"',
        'between has "x"',
        "sentence has {a}",
        'before a has "x"',
        'a starts with "iron"',
        "a is near_no",
        "a is plural",
        "a is abbreviation",
        "a before b",
        "adjacent",
        "distance < 3 words",
        "sentences_apart = 1",
        "same sentence",
        "same section",
        "same text",
        "another A closer to b",
    ],
)
def test_never_unknown(tmp_path: Path, condition: str) -> None:
    found = holds(
        tmp_path, condition, NAMED, NAMELESS, BARE, DATED, UNDATED,
        task=MENTIONS, declared=DECLARED, knowledge=KNOWLEDGE,
    )  # fmt: skip
    assert set(found) <= set("+-")
    assert len(found) == 5


def test_one_part_that_is_known_may_decide(tmp_path: Path) -> None:
    def asked(condition: str) -> str:
        return holds(tmp_path, condition, NAMED, DATED, declared=DECLARED)

    assert asked("meta year > 2000 and adjacent") == "--"
    assert asked("meta year > 2000 or not adjacent") == "++"
    assert asked("at least 1 of (meta year > 2000, not adjacent)") == "++"
    assert asked("at least 2 of (meta year > 2000, adjacent)") == "--"
    assert asked("exactly 1 of (meta year > 2000, not adjacent)") == "?-"
    assert asked("none of (meta year > 2000, adjacent)") == "?-"
