"""The catalogue is whole: what is shown is explained, and what is explained is shown."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from biolabel.errors import BiolabelError, Diagnostic
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
from biolabel.errors.span import Span

_CODE = re.compile(r"BL\d{3}")
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


def raised() -> Iterator[tuple[str, str, bool]]:
    """Yield each code that is written where an error is raised or found: where, and whether with a hint."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=made, args=[ast.Constant(value=str(code)), *rest]) if (
                    _CODE.fullmatch(code) and ast.unparse(made) != "Concern"
                ):  # concerns of the label model are no errors, and are shown with their explanation
                    name = ast.unparse(made)
                    own = any(each.arg == "hint" for each in node.keywords)
                    own = own or (not name.endswith("Error") and len(rest) > 2)
                    yield code, f"{path.name}, line {node.lineno}", own


def test_what_is_raised_without_a_hint_has_a_next_step() -> None:
    found = list(raised())
    assert len(found) > 500
    assert [(code, where) for code, where, own in found if not own and code not in NEXT] == []


def test_an_error_without_a_hint_says_the_next_step_of_its_code() -> None:
    place = Span("a.rules", 0, 1)
    step = "check the path and the right to read it; paths are relative to the current folder"
    assert BiolabelError("BL601", "gone").hint == step
    assert Diagnostic("BL601", "error", "gone", place).hint == step
    assert BiolabelError("BL601", "gone", hint="look here").hint == "look here"
    assert BiolabelError("BL603", "gone").hint == "`biolabel explain BL603` says what to do"
