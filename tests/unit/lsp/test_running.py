"""The outcome of examples."""

import json

from biolabel.lang.parse import parse_piece
from biolabel.lang.tree import Decl
from biolabel.lsp.running import examples_of, verdict_of


def example(status: str, why: str = "") -> dict[str, str]:
    return {"status": status, "why": why, "field": "matches", "text": "some text"}


def test_all_examples_pass() -> None:
    verdict = verdict_of(json.dumps({"examples": [example("passed"), example("passed")]}), "")
    assert (verdict.title, verdict.details, verdict.good) == ("2 of 2 pass",) * 2 + (True,)


def test_failures_are_told() -> None:
    outcome = [example("passed"), example("failed", "stops at x"), example("done", "it holds")]
    verdict = verdict_of(json.dumps({"examples": outcome}), "")
    assert not verdict.good
    assert verdict.details.splitlines() == [
        "1 of 3 pass",
        "matches: stops at x (some text)",
        "matches: it holds (some text)",
    ]


def test_what_went_wrong_is_told() -> None:
    for output in ("", "[]", '{"examples": 3}'):
        verdict = verdict_of(output, "\nerror[BL101]: nothing is called `x`\n  --> a\n")
        assert verdict.title == "cannot run"
        assert verdict.details == "error[BL101]: nothing is called `x`"
    assert verdict_of("", "").details == "no answer"


def test_examples_are_counted() -> None:
    text = 'pattern p\n  is: "x"\n  matches: "a" "b"\n  todo_rejects: "c"\n'
    (declaration,) = parse_piece(text, "x", 0).declarations
    assert isinstance(declaration, Decl)
    assert examples_of(declaration) == 3
    (bare,) = parse_piece("list l\n  words: x\n", "x", 0).declarations
    assert isinstance(bare, Decl)
    assert examples_of(bare) == 0
