"""Lists, ontologies, knowledge bases and models against the tasks that use them."""

from collections.abc import Callable

import pytest

Findings = Callable[[str], list[tuple[str, str]]]
DRUGS = 'ontology drugs\n  from: catalog "mesh_chemicals"\n'
KB = 'kb ctd\n  from: tsv "ctd.tsv"\n  columns: subject = "a", object = "b"{}\n  pairs: Chemical -> Disease\n'


def rule(find: str, votes: str = "found type") -> str:
    return f'rule r for mentions\n  votes: {votes}\n  find: {find}\n  matches: "{{x}}"\n'


def test_types_of_ontologies_and_kbs(findings: Findings) -> None:
    assert findings(DRUGS + "  type: Drug\n") == [("BL114", "Drug")]
    assert findings(DRUGS + "  type: Chemical\n") == []
    kb = 'kb ctd\n  from: catalog "ctd"\n  pairs: Chemical -> Illness\n'
    assert findings(kb) == [("BL114", "Illness")]


@pytest.mark.parametrize(
    ("type_", "expected"),
    [("", [("BL211", "found type")]), ("  type: Chemical\n", []), ("  type: Gene\n", None)],
)
def test_found_types(
    findings: Findings, type_: str, expected: list[tuple[str, str]] | None
) -> None:
    found = findings(DRUGS + type_ + rule("drugs"))
    # A type that no task has is said where it stands, too.
    assert found == ([("BL114", "Gene"), ("BL211", "found type")] if expected is None else expected)


def test_found_types_of_named_patterns(findings: Findings) -> None:
    pattern = 'pattern salts\n  is: drugs "sodium"\n'
    assert findings(DRUGS + pattern + rule("salts")) == [("BL211", "found type")]


def test_labels_of_models(findings: Findings) -> None:
    model = 'model m\n  from: spacy "x"\n  maps: A -> Chemical, B -> causes, C -> Chemcal\n'
    assert findings(model) == [("BL110", "Chemcal")]


def test_ways_to_look_up_nothing(findings: Findings) -> None:
    assert findings(rule('"x" via plural', "Chemical")) == [("BL217", "plural")]
    assert findings(DRUGS + rule("drugs via plural", "Chemical")) == []
    named = "pattern p\n  is: drugs\n"
    assert findings(DRUGS + named + rule("p via plural", "Chemical")) == []


def test_columns_of_kbs(findings: Findings) -> None:
    asked = (
        "rule r for cid\n  votes: causes\n  when: pair in ctd.marker with evidence >= 2\n"
        '  matches: "{chemical: a} {disease: b}"\n'
    )
    missing = [("BL214", "ctd.marker"), ("BL214", "with evidence >= 2")]
    assert findings(KB.format("") + asked) == missing
    assert findings(KB.format(', evidence = "c", subset = "d"') + asked) == []
    catalog = 'kb ctd\n  from: catalog "ctd"\n  pairs: Chemical -> Disease\n'
    assert findings(catalog + asked) == []
