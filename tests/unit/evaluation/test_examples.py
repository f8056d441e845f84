from pathlib import Path

import pytest

from tests.unit.evaluation.stand import ABOUT, CHEMICALS, PAIRS, WORDS, outcome, stand

CAUSES = """
rule causes for cid
  votes: causes
  when: sentence has {chemical} ..4 verbs ..2 {disease}
"""


def status(folder: Path, rules: str) -> str:
    return outcome(folder, rules).status


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ('matches: "{chemical: Heparin} may cause {disease: pain}"', "passed"),
        ('matches: "{chemical: Heparin} for {disease: pain}"', "failed"),
        ('rejects: "{chemical: Heparin} for {disease: pain}"', "passed"),
        ('rejects: "{chemical: Heparin} induced {disease: pain}"', "failed"),
        ('todo_matches: "{chemical: Heparin} for {disease: pain}"', "todo"),
        ('todo_matches: "{chemical: Heparin} induced {disease: pain}"', "done"),
        ('todo_rejects: "{chemical: Heparin} induced {disease: pain}"', "todo"),
        ('todo_rejects: "{chemical: Heparin} for {disease: pain}"', "done"),
    ],
)
def test_relation_rules_must_fire_on_what_is_marked(
    tmp_path: Path, example: str, expected: str
) -> None:
    assert status(tmp_path, f"{PAIRS}{CAUSES}  {example}") == expected


def test_the_candidate_is_the_marked_one(tmp_path: Path) -> None:
    other = 'rejects: "{other Chemical: Heparin} caused {disease: pain}, {chemical: aspirin} did"'
    assert status(tmp_path, f"{PAIRS}{CAUSES}  {other}") == "passed"


def test_a_text_without_the_candidate_tests_nothing(tmp_path: Path) -> None:
    rules = PAIRS.replace("scope: document", "scope: sentence")
    far = 'rejects: "{chemical: Heparin} was given. Then {disease: pain} came"'
    found = outcome(tmp_path, f"{rules}{CAUSES}  {far}")
    assert found.status == "failed"
    assert "no candidate of `cid`" in found.why


def test_else_is_no_match_but_a_label_asks_for_it(tmp_path: Path) -> None:
    rules = f"{PAIRS}{CAUSES}  else: none\n"
    text = '"{chemical: Heparin} for {disease: pain}"'
    assert status(tmp_path, f"{rules}  matches: {text}") == "failed"
    assert status(tmp_path, f"{rules}  rejects: {text}") == "passed"
    assert status(tmp_path, f"{rules}  matches: {text} => none") == "passed"
    assert status(tmp_path, f"{rules}  matches: {text} => causes") == "failed"


CASES = f"""{ABOUT}
rule tells for topic
  case: harm when document has "pain"
  case: other when document has "pain" | "joy"
"""


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("great pain", "harm", "passed"),
        ("great joy", "other", "passed"),
        ("great pain", "other", "failed"),
        ("great boredom", "other", "failed"),
    ],
)
def test_labels_say_which_case(tmp_path: Path, text: str, label: str, expected: str) -> None:
    assert status(tmp_path, f'{CASES}  matches: "{text}" => {label}') == expected


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ('matches: "A trial"', "passed"),
        ('rejects: "A trial"', "failed"),
        ('rejects: "A trial" with section ("abstract")', "passed"),
        ('matches: "A note" with title ("A trial")', "passed"),
        ('matches: "A trial" with title ("A note")', "failed"),
    ],
)
def test_a_text_is_tried_as_the_title_where_the_rule_asks_for_it(
    tmp_path: Path, example: str, expected: str
) -> None:
    rule = f'{ABOUT}rule x for topic\n  votes: other\n  when: title has "trial"\n  {example}'
    assert status(tmp_path, rule) == expected


def test_metadata_reach_the_document(tmp_path: Path) -> None:
    rule = f'{ABOUT}rule x for topic\n  votes: other\n  when: meta mesh has "rats"\n'
    assert status(tmp_path, f'{rule}  matches: "Text" with mesh ("Animals", "Rats")') == "passed"
    assert status(tmp_path, f'{rule}  matches: "Text" with mesh ("Animals")') == "failed"
    unknown = outcome(tmp_path, f'{rule}  matches: "Text"')
    assert unknown.why == "it abstains: something that it asks is not known"


FINDS = f'{WORDS}rule x for mentions\n  votes: Chemical\n  find: "acid" | "acid" "rain"\n'


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ('matches: "the {acid} burns"', "passed"),
        ('matches: "the {acid} and {acid rain}"', "passed"),
        ('matches: "the {acid} rain"', "failed"),
        ('matches: "some acid"', "passed"),
        ('matches: "nothing"', "failed"),
        ('rejects: "{rain}"', "passed"),
        ('rejects: "acid {rain}"', "failed"),
        ('rejects: "the {rain} of acid"', "passed"),
        ('matches: "the {acid}" => Disease', "failed"),
    ],
)
def test_entity_rules_find_exactly_the_marked_span(
    tmp_path: Path, example: str, expected: str
) -> None:
    assert status(tmp_path, f"{FINDS}  {example}") == expected


def test_conditions_and_patterns_have_examples_too(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
condition near for cid
  is: distance <= 2 words
  matches: "{{chemical: Heparin}} for {{disease: pain}}"
  rejects: "{{chemical: Heparin}} given to me for {{disease: pain}}"
condition short for mentions
  is: span has [text=/^..$/]
  matches: "an {{ox}}"
  rejects: "an {{oxen}}"
pattern harm
  is: verbs ..2 keep("pain")
  matches: "it caused bad {{pain}}" "causes pain"
  rejects: "pain causes"
pattern of_both
  is: {{chemical}} ..1 verbs
  matches: "{{chemical: Heparin}} then induced"
rule x for cid
  votes: causes
  when: near and sentence has of_both | harm
rule y for mentions
  votes: Chemical
  find: harm
  when: short
"""
    statuses = stand(tmp_path, rules).outcomes()
    assert {(name, found) for name, _, found in statuses} == {
        ("near", "passed"), ("short", "passed"), ("harm", "passed"), ("of_both", "passed"),
    }  # fmt: skip
    assert len(statuses) == 8


def test_ids_are_looked_up_and_made_up_ones_are_not(tmp_path: Path) -> None:
    rules = f"""{PAIRS}
kb indications
  from: catalog "demo_indications"
  pairs: Chemical -> Disease
  ids: "MESH"
rule x for cid
  votes: none
  when: pair in indications
  matches: "{{chemical=D001241: Aspirin}} and {{disease=D010003: osteoarthritis}}"
  rejects: "{{chemical: Aspirin}} and {{disease: osteoarthritis}}"
"""
    assert [found for *_, found in stand(tmp_path, rules).outcomes()] == ["passed", "passed"]


def test_equal_texts_are_one_concept(tmp_path: Path) -> None:
    rule = "rule x for cid\n  votes: causes\n  when: count({chemical}) in document = 2\n"
    text = 'matches: "{chemical: Heparin} and {other Chemical: heparin} and {disease: pain}"'
    assert status(tmp_path, f"{PAIRS}{rule}  {text}") == "passed"


def test_a_missing_table_leaves_out_only_what_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    rules = f"""{CHEMICALS}{WORDS}
ontology drugs
  from: catalog "drugbank"
  type: Chemical
rule here for mentions
  votes: Chemical
  find: chemicals
  matches: "some {{lithium}}"
rule gone for mentions
  votes: Chemical
  find: drugs
  matches: "some {{lithium}}"
"""
    here, gone = stand(tmp_path, rules).run().outcomes
    assert (here.status, gone.status) == ("passed", "left out")
    assert "drugs" in gone.why


def test_rules_that_ask_rules_and_earlier_tasks(tmp_path: Path) -> None:
    rules = f"""{PAIRS}{CAUSES}{ABOUT}
rule again for cid
  votes: causes
  when: causes fires
  matches: "{{chemical: Heparin}} caused {{disease: pain}}"
rule told for topic
  votes: harm
  when: any cid voted causes
  matches: "{{other Chemical: Heparin}} caused {{other Disease: pain}}"
  rejects: "{{other Chemical: Heparin}} for {{other Disease: pain}}"
"""
    here = stand(tmp_path, rules)
    assert [found for *_, found in here.outcomes()] == ["passed"] * 3
    assert [found for *_, found in here.outcomes("told")] == ["passed"] * 2


def test_no_examples_are_no_run(tmp_path: Path) -> None:
    run = stand(tmp_path, f"{PAIRS}{CAUSES}").run()
    assert (run.outcomes, run.ground) == ((), None)


def test_entity_rules_see_the_marked_mentions_of_earlier_tasks(tmp_path: Path) -> None:
    rules = """
entity drugs
  labels: Chemical
entity doses
  labels: Dose
rule dose for doses
  votes: Dose
  find: Chemical keep([like_num])
  matches: "gave {other Chemical: heparin} {5}"
  rejects: "gave heparin {5}"
rule drug for drugs
  votes: Chemical
  find: "heparin"
"""
    here = stand(tmp_path, rules)
    assert [found for *_, found in here.outcomes("dose")] == ["passed", "passed"]
