"""The catalogue is whole: what is shown is explained, and what is explained is shown."""

import re
from pathlib import Path

from biolabel.errors.codes import (
    CATALOGUE,
    corpus,
    curation,
    exchange,
    knowledge,
    language,
    model,
    run,
    web,
)
from biolabel.errors.codes.next_steps import NEXT

PACKAGE = Path(__file__).resolve().parents[4] / "biolabel"
FAMILIES = (
    (language.CODES, "[0-5]"), (corpus.CODES, "6"), (knowledge.CODES, "7"), (model.CODES, "8"),
    (run.CODES, "9"), (web.CODES, "9"), (curation.CODES, "9"),
    (exchange.CODES, "9"),
)  # fmt: skip


def used() -> dict[str, str]:
    """Return the codes in the package outside the catalogue, with a file that has each."""
    return {
        code: path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "codes"
        for code in re.findall(r'"(BL\d{3})"', path.read_text(encoding="utf-8"))
    }


def test_every_code_that_is_shown_is_explained() -> None:
    found = used()
    assert len(found) > 50
    assert {code: path for code, path in found.items() if code not in CATALOGUE} == {}


def test_every_code_that_is_explained_is_shown() -> None:
    assert sorted(language.CODES.keys() - used().keys()) == []


def test_families_do_not_overlap() -> None:
    for codes, first in FAMILIES:
        assert [code for code in codes if not re.fullmatch(rf"BL{first}\d\d", code)] == []


def test_explanations_are_sentences() -> None:
    for code, text in CATALOGUE.items():
        assert text.strip() == text, code
        assert text.endswith("."), code


DO = (
    "add|apply|ask|build|check|choose|close|compare|convert|copy|correct|declare|delete|export|fetch|fit|"
    "free|give|install|join|keep|lift|list|load|log|look|make|mark|mend|merge|move|name|open|pass|pick|"
    "point|put|raise|read|remove|rename|repair|replace|run|save|say|see|send|set|shorten|split|start|"
    "state|take|test|train|try|turn|unpack|use|wait|write"
)
"""How a next step begins: with what to do."""


def test_every_explanation_says_what_to_do() -> None:
    """In its own words, or by the step that is added to them."""
    step = re.compile(rf"(?:^|[.:;,(] |\b(?:and|or|then|to) )(?:{DO})\b|`biolabel ", re.IGNORECASE)
    assert [
        code for code, text in CATALOGUE.items() if not (code in NEXT or step.search(text))
    ] == []
    assert NEXT.keys() <= CATALOGUE.keys()
    assert all(text.endswith(".") for text in NEXT.values())
