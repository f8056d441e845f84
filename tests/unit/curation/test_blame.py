from datetime import UTC, datetime

from biolabel.curation.assertions import Assertion
from biolabel.curation.blame import Blame, blame
from biolabel.curation.evidence import Evidence
from biolabel.curation.review import Decision, Outcome, Reviewed, State, Verdict


def reviewed(
    state: State,
    rules_for: tuple[str, ...],
    rules_against: tuple[str, ...] = (),
    verdict: Verdict | None = None,
    task: str = "cid",
) -> Reviewed:
    """Return an assertion with two rows of evidence on which the same rules voted."""
    rows = (Evidence("1", "", "", 0, 0, 0.5, rules_for, rules_against),) * 2
    claim = Assertion("X:1", "causes", "Y:1", "x", "y", 0.5, 0.5, 1, "new", rows)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    decisions = (Decision(1, "decision", "a", None, verdict, "ana", at),) if verdict else ()
    return Reviewed("a", task, claim, Outcome(state), decisions=decisions)


def test_rules_behind_most_rejections_come_first() -> None:
    found = blame(
        [
            reviewed("rejected", ("near", "verb"), verdict="wrong relation"),
            reviewed("rejected", ("near",), verdict="wrong mention"),
            reviewed("rejected", (), ("verb",), "reject"),
            reviewed("accepted", ("verb",), ("denied",)),
            reviewed("undecided", ("verb", "near")),
            reviewed("disputed", ("verb", "near")),
        ]
    )
    assert found == (
        Blame("cid", "near", 2, 0, 0, 1, 1, 3),
        Blame("cid", "verb", 1, 1, 0, 0, 1, 3),
        Blame("cid", "denied", 0, 0, 1, 0, 0, 3),
    )
    assert found[0].share == 2 / 3


def test_tasks_are_counted_apart() -> None:
    found = blame(
        [reviewed("rejected", ("verb",)), reviewed("rejected", ("verb",), task="ddi")] * 2
    )
    assert [(each.task, each.share) for each in found] == [("cid", 1), ("ddi", 1)]


def test_without_rejections_no_rule_is_to_blame() -> None:
    assert blame([]) == ()
    (only,) = blame([reviewed("accepted", ("verb",))])
    assert (only.share, only.of) == (0, 0)
