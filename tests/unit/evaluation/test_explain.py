from pathlib import Path

import pytest

from biolabel.errors import RunError
from tests.unit.evaluation.stand import ABOUT, CHEMICALS, PAIRS, WORDS, stand

RULES = f"""{PAIRS.replace("causes, none", "causes, treats, none")}
condition near for cid
  is: distance < 2 words
pattern cause
  is: verbs "pain"
rule x for cid
  votes: one of (causes, none)
  when: near
  unless: sentence has cause
rule other for cid
  votes: causes
  when: near
  else: none
"""
H = "{chemical: Heparin}"
P = "{disease: pain}"


@pytest.mark.parametrize(
    ("name", "text", "headline"),
    [
        ("x", f"{H} for {P}", "rule x: votes one of (causes, none)"),
        ("x", f"{H} not for {P}", "rule x: does not fire"),
        ("x", f"{H} causes {P}", "rule x: does not fire"),
        ("other", f"{H} not for {P}", "rule other: votes none, by `else:`"),
        ("near", f"{H} for {P}", "condition near: holds"),
        ("near", f"{H} not for {P}", "condition near: does not hold"),
        ("cause", "it caused {pain}", "pattern cause: does not hold"),
        ("cause", "it {caused pain}", "pattern cause: holds"),
        ("cause", "it caused pain", "pattern cause: holds"),
    ],
)
def test_the_headline_says_the_outcome(tmp_path: Path, name: str, text: str, headline: str) -> None:
    assert stand(tmp_path, RULES).why(name, text).headline == headline


def test_unknown_is_an_outcome_of_its_own(tmp_path: Path) -> None:
    rules = f"{ABOUT}rule x for topic\n  votes: harm\n  when: meta year = 2000\n  else: other\n"
    found = stand(tmp_path, rules).why("x", "Text")
    assert found.headline == "rule x: abstains, as not all that it asks is known"


def test_the_part_that_decides_is_the_innermost(tmp_path: Path) -> None:
    here = stand(tmp_path, RULES)
    blocked = here.why("x", f"{H} causes {P}").blame()
    assert blocked is not None
    assert (blocked.text, blocked.verdict) == ("sentence has cause", "yes")
    far = here.why("x", f"{H} not for {P}").blame()
    assert far is not None
    assert far.text == "distance < 2 words"
    assert here.program.files[far.span.file].text[far.span.start :].startswith("distance <")


def test_of_several_spans_the_one_that_is_wrong_is_told(tmp_path: Path) -> None:
    rules = f"{CHEMICALS}{WORDS}rule x for mentions\n  votes: Chemical\n  find: chemicals\n"
    (find,) = stand(tmp_path, rules).why("x", "{morphine} and {joy}").parts
    assert find.notes[0] == '"joy" is not found'


def test_several_candidates_are_counted(tmp_path: Path) -> None:
    found = stand(tmp_path, RULES).why(
        "near", "{other Chemical: a} for {other Disease: b} {other Disease: c}"
    )
    assert found.about == ('{chemical} -> "a"', '{disease} -> "b"', "the nearest of 2 candidates")


def test_a_pair_has_several_pairs_of_mentions(tmp_path: Path) -> None:
    text = "{other Chemical: a} for {other Disease: b}. {other Chemical: a} b"
    found = stand(tmp_path, RULES).why("x", text)
    assert found.about[-1] == "the nearest of its 2 pairs of mentions"


def test_no_candidate_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError) as raised:
        stand(tmp_path, RULES).why("x", f"{H} alone")
    assert raised.value.code == "BL924"


def test_a_missing_table_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path))
    rules = CHEMICALS.replace('tsv "chemicals.tsv"', 'catalog "drugbank"') + WORDS
    here = stand(tmp_path, f"{rules}rule x for mentions\n  votes: Chemical\n  find: chemicals\n")
    with pytest.raises(RunError) as raised:
        here.why("x", "{lithium}")
    assert raised.value.code == "BL925"
