"""Names of sections that no document can have."""

from collections.abc import Callable

import pytest

from biolabel.lang.program import Checked

Findings = Callable[[str], list[tuple[str, str]]]


def rule(when: str) -> str:
    return f"rule x for topic\n  votes: adverse\n  when: {when}\n"


@pytest.mark.parametrize(
    "name",
    [
        "title",
        "abstract",
        "results",
        "materials_and_methods",
        "conclusion",
        "figure",
        "case_report",
    ],
)
def test_usual_names_need_no_declaration(findings: Findings, name: str) -> None:
    assert findings(rule(f'section is {name} and section {name} has "x"')) == []


def test_declared_names_are_known(findings: Findings) -> None:
    declared = 'section outcome_of_it\n  headings: "What came of it"\n'
    assert findings(declared + rule("section is outcome_of_it")) == []


def test_others_are_told_with_the_nearest(checked: Callable[[str], Checked]) -> None:
    for where in ("section is not resutls | title", 'section resutls has "x"'):
        found = [d for d in checked(rule(where)).diagnostics if d.code == "BL115"]
        assert [(d.severity, d.hint) for d in found] == [("warning", "did you mean `results`?")]
        assert found[0].fix is not None
        assert found[0].fix.text == "results"


def test_own_sections_are_near_too(checked: Callable[[str], Checked]) -> None:
    declared = 'section outcome_of_it\n  headings: "What came of it"\n'
    (found,) = (
        d for d in checked(declared + rule("section is outcom_of_it")).diagnostics
        if d.code == "BL115"
    )  # fmt: skip
    assert found.hint == "did you mean `outcome_of_it`?"


def test_a_heading_of_ones_own_is_declared(checked: Callable[[str], Checked]) -> None:
    (found,) = (d for d in checked(rule("section is zzqx")).diagnostics if d.code == "BL115")
    assert "`section zzqx`" in found.hint
    assert found.fix is None
