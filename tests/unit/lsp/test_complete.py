"""What fits at a place."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from biolabel.lsp.complete import completions
from biolabel.lsp.names import Names
from biolabel.lsp.results import latest_results

Make = Callable[[Mapping[str, str]], Names]
TEXT = """biolabel 1

entity mentions
  labels: Chemical, Disease

relation r(drug: Chemical, harm: Disease)
  labels: causes, treats

document d
  labels: good, bad

ontology onto
  from: tsv "x.tsv"
  type: Chemical

kb known
  from: tsv "x.tsv"
  pairs: Chemical -> Disease

list words_of_harm
  words: x

pattern macro(a, b)
  is: a b

condition close for r
  is: distance < 3 words

condition long for d
  is: document has "x"

context denied
  cues_before: "no"

model ner
  from: file "x.tsv"

rule other for r
  votes: causes
  when: close

"""
BEFORE = "rule new for r\n  votes: causes\n"


def offered(names: Make, text: str, workspace: Path | None = None) -> set[str]:
    whole = TEXT + text
    at = whole.index("|")
    found = names({"main.rules": whole.replace("|", "", 1)})
    source = next(iter(found.units.values())).source
    results = latest_results(workspace) if workspace else None
    return {offer.text for offer in completions(source, at, found, results)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rule new for |", {"mentions", "r", "d"}),
        (f"{BEFORE}  when: drug is |", {
            "not", "denied", "abbreviation", "plural", "most_mentioned", "first_mentioned",
            "only_one",
        }),
        (f"{BEFORE}  when: drug not in |", {"onto"}),
        (f"{BEFORE}  when: pair in |", {"known"}),
        (f"{BEFORE}  when: sentence has {{|", {"drug", "harm"}),
        (f"{BEFORE}  when: sentence has use |", {"macro"}),
        (f"{BEFORE}  when: any |", {"mentions", "r", "d"}),
        (f"{BEFORE}  when: any d voted |", {"good", "bad", "none"}),
        (f"{BEFORE}  when: other votes |", {"causes", "treats", "none"}),
        (f"{BEFORE}  when: another |", {"Chemical", "Disease"}),
        (f"{BEFORE}  when: another Chemical closer to |", {"drug", "harm"}),
        (f"{BEFORE}  when: after |", {"drug", "harm"}),
        (f"{BEFORE}  status: |", {"active", "draft", "off"}),
        ("ontology o\n  type: |", {"Chemical", "Disease"}),
        ("relation q(a: |", {"Chemical", "Disease"}),
        ("rule new for r\n  votes: one of (|", {"causes", "treats", "none"}),
        ('list l\n  note: "wor|', set()),
        ("# rule |", set()),
        ("constraint c\n  if: any r is |", {"not", "causes", "treats", "none"}),
    ],
)  # fmt: skip
def test_what_fits_and_nothing_else(names: Make, text: str, expected: set[str]) -> None:
    assert offered(names, text) == expected


def test_the_start_of_a_condition(names: Make) -> None:
    found = offered(names, f"{BEFORE}  when: |")
    assert found >= {"drug", "harm", "close", "other", "sentence", "not", "pair"}
    assert found.isdisjoint({"words_of_harm", "long", "denied", "Chemical", "and", "r"})


def test_a_pattern_in_brackets(names: Make) -> None:
    found = offered(names, f'{BEFORE}  when: at least 2 of (close, sentence has ("x" | |')
    assert found >= {"words_of_harm", "onto", "Chemical", "exact", "use"}
    assert found.isdisjoint({"close", "drug", "known"})


def test_parameters_in_their_pattern(names: Make) -> None:
    assert offered(names, "pattern p(one, two)\n  is: |") >= {"one", "two", "words_of_harm"}


def test_fields_that_a_declaration_lacks(names: Make) -> None:
    found = offered(names, f"{BEFORE}  unless: close\n  |")
    assert found >= {"when:", "unless:", "precision:"}
    assert found.isdisjoint({"votes:", "words:"})


def test_declarations_at_the_margin(names: Make) -> None:
    assert offered(names, "ru|") >= {"rule", "relation", "biolabel"}


def test_names_of_an_import(names: Make, tmp_path: Path) -> None:
    (tmp_path / "shared.rules").write_text("biolabel 1\nlist one\n  words: x\n", encoding="utf-8")
    assert offered(names, 'import "shared.rules" only |') == {"one"}
    assert offered(names, 'import "missing.rules" only |') == set()


def test_types_of_bystanders_and_entities(names: Make) -> None:
    assert offered(names, f'{BEFORE}  matches: "x {{other |') == {"Chemical: ", "Disease: "}
    assert offered(names, "pattern p\n  is: [ent=|") >= {"Chemical", "Disease"}


def test_files_and_tables(names: Make, tmp_path: Path) -> None:
    (tmp_path / "shared.rules").touch()
    assert offered(names, 'import "|"') == {"shared.rules"}
    assert offered(names, 'ontology o\n  from: catalog "|') >= {"demo_mesh_chemicals"}
    assert offered(names, 'ontology o\n  from: tsv "|') == set()


def test_words_and_terms_of_the_corpus(names: Make, workspace: Path) -> None:
    assert offered(names, f'{BEFORE}  when: sentence has "cau|', workspace) == {"caused", "causes"}
    assert "causes" in offered(names, "list l\n  words: x, cau|", workspace)
    assert offered(names, 'ontology o\n  drop: "hep|', workspace) == {"heparin"}
    assert offered(names, f'{BEFORE}  matches: "{{|', workspace) == {
        "drug: ", "harm: ", "other ",
    }  # fmt: skip
