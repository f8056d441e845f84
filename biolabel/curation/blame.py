"""Which rules are behind what curators rejected, and which spoke against what they accepted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from biolabel.curation.review import Reviewed, counting


@dataclass(frozen=True, slots=True)
class Blame:
    """One rule and the assertions of its task that curators decided on.

    rejected, accepted: how many it voted for; opposed: how many of the accepted ones it voted against;
    wrong_mention, wrong_relation: of the rejected ones, those where a curator said so. of: all
    rejections of the task; share: `rejected` of them, 0 without any.
    """

    task: str
    rule: str
    rejected: int
    accepted: int
    opposed: int
    wrong_mention: int
    wrong_relation: int
    of: int

    @property
    def share(self) -> float:
        """The share of the task's rejections that the rule is behind."""
        return self.rejected / self.of if self.of else 0.0


def blame(reviewed: Iterable[Reviewed]) -> tuple[Blame, ...]:
    """Return what curators' decisions say of each rule, those behind most rejections first.

    A rule counts once an assertion, however many rows of evidence it has there. A rejection may have
    several rules behind it, so shares add up to more than one.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    rejections: Counter[str] = Counter()
    for each in reviewed:
        state = each.outcome.state
        if state not in ("accepted", "rejected"):
            continue
        rejections[each.task] += state == "rejected"
        rows = each.assertion.evidence
        for rule in {rule for row in rows for rule in row.rules_for}:
            counts[each.task, rule, state] += 1
            for reason in _reasons(each) if state == "rejected" else ():
                counts[each.task, rule, reason] += 1
        for rule in {rule for row in rows for rule in row.rules_against}:
            counts[each.task, rule, "opposed"] += state == "accepted"
    found = [
        Blame(
            task,
            rule,
            counts[task, rule, "rejected"],
            counts[task, rule, "accepted"],
            counts[task, rule, "opposed"],
            counts[task, rule, "wrong mention"],
            counts[task, rule, "wrong relation"],
            rejections[task],
        )
        for task, rule in {(task, rule) for task, rule, _ in counts}
    ]
    return tuple(sorted(found, key=lambda it: (-it.share, -it.opposed, it.task, it.rule)))


def _reasons(reviewed: Reviewed) -> set[str]:
    """Return which of "wrong mention" and "wrong relation" some curator said of the assertion."""
    said = {d.verdict for d in counting(reviewed.decisions) if d.evidence is None}
    return {verdict for verdict in said if verdict in ("wrong mention", "wrong relation")}
