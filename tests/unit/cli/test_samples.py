from rich.console import Console

from biolabel.cli.samples import (
    context_text,
    diff_json,
    diff_lines,
    sampled_json,
    sampled_lines,
)
from biolabel.evaluation.diff import Change, RuleDiff
from biolabel.evaluation.diff import Sampled as Changed
from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.sampling import Sample, Sampled
from biolabel.workflow.sample import Suggested

CONTEXT = (
    Piece("Some "),
    Piece("lithium\nsalt", "chemical"),
    Piece(" and "),
    Piece("iron", "", "Chemical"),
)
FOUND = Suggested(
    Sampled(
        "told", "cid", 12, 3, 1, 10, 8,
        (
            Sample("hit", "d1", CONTEXT, True, ("other",), "", "x"),
            Sample("borderline", "d2", CONTEXT, None, (), "distance < 3 words", "y"),
        ),
    ),
    (("matches", "a {b}"),),
)  # fmt: skip


def lines(found: object) -> str:
    console = Console(width=120, record=True)
    for line in found:  # type: ignore[attr-defined]
        console.print(line, soft_wrap=True)
    return console.export_text()


def test_samples_are_shown_in_context() -> None:
    shown = lines(sampled_lines(FOUND))
    for text in (
        "rule told: 12 votes; precision 0.800 (0.490 to 0.943) on 10 with gold",
        "votes on 12, 1 shown",
        "does not vote on, as others do 3, 0 shown",
        "  d1 right  Some {chemical: lithium salt} and iron",
        "    the same vote: other",
        "    but for: distance < 3 words",
        '  matches: "a {b}"',
    ):
        assert text in shown


def test_highlights_are_bold() -> None:
    text = context_text(CONTEXT)
    assert text.plain == "Some {chemical: lithium salt} and iron"
    assert [(span.start, span.end) for span in text.spans] == [(5, 29)]


def test_samples_as_values() -> None:
    values = sampled_json(FOUND)
    assert (values["votes"], values["judged"], values["right"]) == (12, 10, 8)
    assert values["examples"] == [{"field": "matches", "text": "a {b}"}]


NOTHING = Change(0, 0, 0, ())
LOST = Change(2, 2, 1, (Changed("d1", ("causes",), False, CONTEXT),))


def test_differences_are_a_table_and_samples() -> None:
    shown = lines(diff_lines([RuleDiff("cid", "told", 12, None, NOTHING, LOST)]))
    assert "told" in shown
    assert "0.500 of 2" in shown
    assert "told: lost 2" in shown
    assert "  d1 wrong  causes: Some {chemical: lithium salt} and iron" in shown
    assert lines(diff_lines([])) == "no vote differs\n"


def test_differences_as_values() -> None:
    (values,) = diff_json([RuleDiff("cid", "told", 12, None, NOTHING, LOST)])
    assert (values["before"], values["after"]) == (12, None)
    lost = values["lost"]
    assert isinstance(lost, dict)
    assert (lost["votes"], lost["samples"][0]["labels"]) == (2, ["causes"])
