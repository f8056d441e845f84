from collections.abc import Iterable

import numpy as np
import pytest
from rich.console import Console, RenderableType

from biolabel.cli.analysis import analysis_table, ordered, rule_page, slice_lines, summary
from biolabel.cli.analyze import Order
from biolabel.evaluation.pieces import Piece
from biolabel.evaluation.rules import MatrixAnalysis, analyze_rules
from biolabel.evaluation.uncovered import Facet, Share, UncoveredSample, UncoveredSlice
from tests.unit.evaluation.ballots import CAUSES, NONE, matrix

CAST = [(0, 0, CAUSES), (1, 0, CAUSES), (0, 1, CAUSES), (1, 1, NONE), (2, 1, NONE), (3, 1, NONE)]
GOLD = np.array([CAUSES, NONE, CAUSES, NONE, CAUSES], dtype=np.int64)


def found(*, gold: bool = True) -> MatrixAnalysis:
    return analyze_rules(matrix(CAST, 5, 3), GOLD if gold else None)


def shown(*lines: RenderableType | Iterable[RenderableType]) -> str:
    console = Console(width=160, record=True, quiet=False, file=None)
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=True)
    return " ".join(captured.get().replace("│", " ").split())


def test_a_table_of_rules() -> None:
    text = shown(analysis_table(found(), "dev"))
    assert text.startswith("cid on dev")
    assert "rule0 causes 2 40.00% 40.00% 20.00% 0 50%; rule1 50% 0.500 0.095 to 0.905 0.600" in text
    assert text.index("rule1 none, causes 4") < text.index("rule0")


def test_without_gold_there_is_no_precision() -> None:
    text = shown(analysis_table(found(gold=False), "corpus"))
    assert "precision" not in text
    assert "base rate" not in text


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("votes", ["rule1", "rule0", "rule2"]), ("file", ["rule0", "rule1", "rule2"]),
        ("name", ["rule0", "rule1", "rule2"]), ("alone", ["rule1", "rule0", "rule2"]),
        ("precision", ["rule1", "rule0", "rule2"]), ("conflict", ["rule0", "rule1", "rule2"]),
        ("redundancy", ["rule0", "rule1", "rule2"]),
    ],
)  # fmt: skip
def test_orders(order: Order, names: list[str]) -> None:
    assert [rule.name for rule in ordered(found(), order)] == names


def test_what_a_table_does_not_say() -> None:
    assert list(summary(found())) == [
        "80.0% of 5 candidates have a vote, 40.0% several, 20.0% votes in conflict; 1 have none",
        "of 3 candidates that gold gives a label, 1 have no vote and 1 only votes for other labels",
        "never vote: rule2",
        "most in conflict: rule0 and rule1 (1)",
    ]
    same = analyze_rules(matrix([(0, 0, NONE), (0, 1, NONE)], 1, 2))
    assert list(summary(same))[1:] == ["say the same: rule0 and rule1 (100% of their votes)"]


def test_the_page_of_a_rule() -> None:
    text = shown(*rule_page(found(), "dev", "rule1"))
    assert text.startswith(
        "rule1 for cid on dev 4 votes on 80.00% of 5 candidates; 2 of them have no"
    )
    assert "none 3 3 2 0.667" in text
    assert "causes 1 1 1 1.000" in text
    assert "rule0 2 50.0% 1 25.0% 1 0.25" in text


def test_the_page_of_a_rule_without_votes_or_company() -> None:
    assert "no vote on 5 candidates: `biolabel lint` says why" in shown(
        *rule_page(found(), "dev", "rule2")
    )
    alone = analyze_rules(matrix([(0, 0, NONE)], 1, 1))
    assert shown(*rule_page(alone, "dev", "rule0")).endswith(
        "no other rule votes on these candidates"
    )


def test_the_uncovered_slice() -> None:
    context = (Piece("Iron", "chemical"), Piece(" harms"))
    shares = (Share("title", 4, 3, 2, 1), Share("abstract", 2, 0, 0, 0))
    samples = (UncoveredSample("d1", ("causes",), {"section": "title"}, context),)
    text = shown(*slice_lines(UncoveredSlice((Facet("section", shares),), samples)))
    assert "title 4 3 75.0% 2 1 50.0%" in text
    assert "abstract 2 0 0.0% 0 0" in text
    assert "d1 [causes] {chemical: Iron} harms section: title" in text
    bare = (Share("title", 4, 3, 0, 0),)
    assert "gold" not in shown(*slice_lines(UncoveredSlice((Facet("section", bare),), ())))
