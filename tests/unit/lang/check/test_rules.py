"""Rules as a whole."""

from collections.abc import Callable

import pytest

Find = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("cid\n  votes: one of (causes, cures)\n  when: adjacent\n", [("BL110", "cures")]),
        ("cid\n  votes: not none\n  else: nothing\n  when: adjacent\n", [("BL110", "nothing")]),
        ("mentions\n  votes: none\n  find: \"x\"\n", []),
        ("topic\n  votes: none\n  when: title has \"x\"\n", [("BL110", "none")]),
        ("topic\n  case: bad when title has \"x\"\n", [("BL110", "bad")]),
        ("topic\n  case: other when title has \"x\"\n  matches: \"x\" => oter\n", [("BL110", "oter")]),
        ("topic\n  votes: other\n  find: \"x\"\n", [("BL201", '"x"')]),
        ("cid\n  when: adjacent\n", [("BL202", "r")]),
        ("cid\n  votes: causes\n  unless: adjacent\n", [("BL203", "r")]),
        ("mentions\n  votes: Disease\n  when: title has \"x\"\n", [("BL203", "r")]),
        ("cid\n  votes: from model m\n", []),
        ("mentions\n  votes: from model m\n", []),
        ("mentions\n  votes: found type\n  find: model m\n", []),
        ("cid\n  votes: found type\n  when: adjacent\n", [("BL211", "r")]),
    ],
)  # fmt: skip
def test_rules(findings: Find, rule: str, expected: list[tuple[str, str]]) -> None:
    assert findings(f'model m\n  from: file "v.parquet"\nrule r for {rule}') == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("any cid(c, d) is causes", []),
        ("cid(c) is causes", [("BL105", "cid(c) is causes")]),
        ("cid is cures", [("BL110", "cures")]),
        ("mentions(c) is none", []),
        ("topics is other", [("BL104", "topics")]),
    ],
)
def test_terms_of_constraints(findings: Find, term: str, expected: list[tuple[str, str]]) -> None:
    assert findings(f"constraint c\n  never: {term}\n") == expected
