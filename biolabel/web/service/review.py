"""What curators decided so far: how many assertions are in each state, and what that says of a rule."""

from collections.abc import Mapping

from biolabel.curation.blame import Blame, blame
from biolabel.curation.queue import states
from biolabel.curation.store import Database, reviewed


def progress(database: Database) -> Mapping[str, int]:
    """Return how many assertions of the last run are in each state; empty without any.

    Raises:
        RunError: when the database cannot be read.
    """
    found = {str(state): number for state, number in states(database).items()}
    return found if any(found.values()) else {}


def blamed(database: Database, task: str, rule: str) -> Blame | None:
    """Return how far a rule is behind what curators rejected, None where nobody decided yet.

    Raises:
        RunError: when the database cannot be read.
    """
    decided = reviewed(database, task=task, states=("accepted", "rejected"))
    return next((each for each in blame(decided) if each.rule == rule), None)
