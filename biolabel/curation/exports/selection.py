"""Which reviewed assertions are exported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from biolabel.curation.review import Reviewed


@dataclass(frozen=True, slots=True)
class Selection:
    """What to export.

    accepted: only what curators accepted; else also what nobody has decided on. rejected: also what was
    rejected, which only tables that say so should hold. min_probability: of the noisy-or.
    """

    accepted: bool = True
    rejected: bool = False
    min_probability: float = 0.0


def selected(reviewed: Iterable[Reviewed], selection: Selection) -> Iterator[Reviewed]:
    """Yield the assertions that a selection names, in their order.

    One that no run asserts anymore counts as long as it is accepted, or if rejected ones do.
    """
    for each in reviewed:
        state = each.outcome.state
        wanted = (
            state == "accepted"
            or selection.rejected
            or (not selection.accepted and state != "rejected" and each.current)
        )
        if wanted and each.assertion.probability >= selection.min_probability:
            yield each
