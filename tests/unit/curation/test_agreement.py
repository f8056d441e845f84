import math
from datetime import UTC, datetime

import pytest

from biolabel.curation.agreement import Agreement, agreements, cohens_kappa
from biolabel.curation.review import Decision, Kind, Verdict

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def said(number: int, by: str, about: str, verdict: Verdict, kind: Kind = "decision") -> Decision:
    return Decision(number, kind, about, None, verdict, by, NOW)


def test_kappa_of_a_table_computed_by_hand() -> None:
    # 50 items: both yes 20, both no 15, only the first yes 5, only the second yes 10. The share of
    # agreement is 35/50 = 0.7, by chance it is (25 * 30 + 25 * 20) / 2500 = 0.5.
    pairs = [("yes", "yes")] * 20 + [("no", "no")] * 15 + [("yes", "no")] * 5 + [("no", "yes")] * 10
    assert cohens_kappa(pairs) == pytest.approx(0.4)


def test_kappa_of_three_labels() -> None:
    # Rows of the table are the first rater: (30, 5, 0), (5, 25, 5), (0, 5, 25).
    table = {"aa": 30, "ab": 5, "ba": 5, "bb": 25, "bc": 5, "cb": 5, "cc": 25}
    pairs = [(cell[0], cell[1]) for cell, number in table.items() for _ in range(number)]
    chance = (35 * 35 + 35 * 35 + 30 * 30) / 100**2
    assert cohens_kappa(pairs) == pytest.approx((0.8 - chance) / (1 - chance))


def test_kappa_at_its_ends() -> None:
    assert cohens_kappa([("a", "a"), ("b", "b")]) == 1
    assert cohens_kappa([("a", "b"), ("b", "a")]) == -1
    assert math.isnan(cohens_kappa([("a", "a"), ("a", "a")]))
    assert math.isnan(cohens_kappa([]))


def test_each_two_curators_are_compared_on_what_both_decided() -> None:
    made = [
        said(1, "bob", "1", "accept"),
        said(2, "ann", "1", "reject"),
        said(3, "ann", "1", "accept"),
        said(4, "ann", "2", "wrong mention"),
        said(5, "bob", "2", "reject"),
        said(6, "bob", "3", "accept"),
        said(7, "kim", "4", "accept"),
    ]
    assert agreements(made) == (Agreement("ann", "bob", 2, 1.0, 1.0),)


def test_adjudications_and_verdicts_about_evidence_do_not_count() -> None:
    made = [
        said(1, "ann", "1", "accept"),
        said(2, "eve", "1", "accept", "adjudication"),
        Decision(3, "decision", "1", "e", "accept", "bob", NOW),
    ]
    assert agreements(made) == ()
