"""Conditions against their task."""

from collections.abc import Callable

import pytest

Find = Callable[[str], list[tuple[str, str]]]
BESIDE = (
    'kb ctd\n  from: catalog "ctd"\n  pairs: Chemical -> Disease\n'
    'ontology mesh\n  from: catalog "mesh"\n'
    'context negated\n  cues_before: "no"\n'
    'model m\n  from: file "v.parquet"\n'
    'rule about_topic for topic\n  votes: other\n  when: title has "x" and span_free\n'
    'condition span_free for topic\n  is: title has "y"\n'
)
USED = "  unless: disease is negated\n"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("title has {chemical} and count({disease}) in document >= 3", []),
        ("pair in ctd.marker and pair(chemical, disease) not in ctd", []),
        ("chemical in mesh under \"D\" and chemical has \"x\" and same sentence", []),
        ("shared_sentences >= 2 and distance < 5 characters and meta year > 2000", []),
        ("chemical is most_mentioned and disease is abbreviation", []),
        ("any mentions voted Disease or at most 2 topic voted other", []),
        ("drug in mesh", [("BL105", "drug")]),
        ("after drug within 3 words has \"x\"", [("BL105", "drug")]),
        ("another Chemical closer to drug", [("BL105", "drug")]),
        ("another Gene closer to disease", [("BL114", "Gene")]),
        ("distance(chemical, drug) < 3 words", [("BL105", "drug")]),
        ("distance(chemical, chemical) < 3 words", [("BL210", "distance(chemical, chemical)")]),
        ("model m says cures", [("BL110", "cures")]),
        ("any topic voted causes", [("BL110", "causes")]),
        ("about_topic fires", [("BL111", "about_topic")]),
        ("span_free", [("BL111", "span_free")]),
        ("sentences_apart = 0", [("BL205", "sentences_apart")]),
        ("pair(disease, chemical) in ctd", [("BL206", "pair(disease, chemical) in ctd")]),
        ("pair(disease, chemical) in ctd both ways", []),
        ("same word", [("BL012", "word")]),
        ('python "no function"', [("BL012", 'python "no function"')]),
        ("before disease within 3 edges has \"x\"", [("BL209", "within 3 edges")]),
        ("count(\"x\") > 3 words", [("BL209", "3 words")]),
        ("shared_sentences > 3 edges", [("BL209", "3 edges")]),
        ("exactly 3 of (adjacent, same sentence)", [("BL210", "exactly 3 of (adjacent, same sentence)")]),
        ("at most 3 of (adjacent, same sentence)", [("BL210", "at most 3 of (adjacent, same sentence)")]),
    ],
)  # fmt: skip
def test_conditions_of_a_relation(
    findings: Find, condition: str, expected: list[tuple[str, str]]
) -> None:
    assert (
        findings(f"{BESIDE}rule r for cid\n  votes: causes\n  when: {condition}\n{USED}")
        == expected
    )


@pytest.mark.parametrize(
    "condition", ["adjacent", "same sentence", "between has \"x\"", "shared_sentences = 0", "pair in ctd"]
)  # fmt: skip
def test_pairs_are_for_relations(findings: Find, condition: str) -> None:
    text = f"{BESIDE}rule r for topic\n  votes: other\n  when: {condition} and title has negated_words\n"
    text += (
        "list negated_words\n  words: no\nrule n for cid\n  votes: causes\n  when: adjacent\n"
        + USED
    )
    assert [code for code, _ in findings(text)] == ["BL204"]


def test_entity_rules_speak_about_the_span(findings: Find) -> None:
    rule = 'rule r for mentions\n  votes: Disease\n  find: "x"\n  unless: '
    assert findings(f'{rule}before span within 2 words has "no"\n') == []
    assert findings(f'{rule}chemical has "no"\n') == [("BL105", "chemical")]


def test_three_arguments_need_a_named_pair(findings: Find) -> None:
    text = (
        (
            "relation dose(drug: Chemical, to: Disease, by: Chemical)\n  labels: x\n"
            'kb k\n  from: catalog "k"\n  pairs: Chemical -> Disease\n'
            "rule r for dose\n  votes: x\n  when: "
        )
        .replace("to:", "target:")
        .replace("by:", "third:")
    )
    assert findings(text + "pair in k\n") == [("BL204", "pair in k")]
    assert findings(text + "pair(third, target) in k\n") == []


def test_candidate_conditions_are_checked_too(findings: Find) -> None:
    text = (
        "relation r(a: Chemical, b: Disease)\n  labels: x\n  when: distance <= 60 and c before b\n"
    )
    assert findings(text) == [("BL209", "60"), ("BL105", "c")]
    scope = "relation r(a: Chemical, b: Disease)\n  labels: x\n  scope: 5 edges\n"
    assert findings(scope) == [("BL209", "5 edges")]
