"""Keep decisions: each is a new row, and the state that follows is written in the same transaction."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from typing import Any, get_args

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from biolabel.curation.review import Decision, Kind, NewDecision, Verdict, is_id, outcome, plain
from biolabel.curation.store.database import Database
from biolabel.curation.store.tables import MAX_ID, assertions, decisions, evidence, loads
from biolabel.errors import RunError
from biolabel.lang.nearest import did_you_mean

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

# Statements that every click runs are made once: making one takes twice as long as running it.
_ASSERTION = select(assertions.c.id).where(assertions.c.id == bindparam("claim"))
_HELD = _ASSERTION.with_for_update()
_OF_ASSERTION = (
    select(decisions).where(decisions.c.assertion == bindparam("claim")).order_by(decisions.c.id)
)
_OF_ASSERTIONS = (
    select(decisions)
    .where(decisions.c.assertion.in_(bindparam("claims", expanding=True)))
    .order_by(decisions.c.id)
)
_SENT = select(decisions).where(
    decisions.c.by == bindparam("author"), decisions.c.key == bindparam("sent")
)
_ADD = insert(decisions).values(
    run=select(loads.c.run)
    .where(loads.c.task == assertions.c.task, assertions.c.id == bindparam("claim"))
    .scalar_subquery()
)
_FOLLOW = update(assertions).where(assertions.c.id == bindparam("claim"))


def decide(database: Database, new: NewDecision) -> Decision:
    """Keep a curator's own verdict, and return it as it is kept.

    A verdict under a `key` that its author used before is not kept again: the first one is returned.

    Raises:
        RunError: BL958 no such assertion or row of its evidence; BL959 no such verdict, or no author;
            and as `Database.writing`. Nothing is kept then.
    """
    return deciding(database, new).result()


def adjudicate(database: Database, new: NewDecision) -> Decision:
    """Keep a verdict that settles an assertion, whatever its curators decided before or will.

    Who may do that is `may_settle`; the caller asks it.

    Raises:
        RunError: as `decide`.
    """
    return deciding(database, new, "adjudication").result()


def undo(database: Database, decision: int, by: str, *, comment: str = "") -> Decision:
    """Take one of one's own decisions back; what one decided before it counts again.

    Both rows are kept. An undo cannot be undone: decide again.

    Raises:
        RunError: BL958 no such decision; BL959 it is somebody else's, is an undo, or was taken back
            already; and as `Database.writing`.
    """
    return undoing(database, decision, by, comment=comment).result()


def deciding(database: Database, new: NewDecision, kind: Kind = "decision") -> Future[Decision]:
    """Return the verdict as it is kept, once it is: for who has others to answer meanwhile.

    kind: a curator's own, or one that settles.

    Raises:
        RunError: BL959 at once; the result raises the others of `decide`.
    """
    if new.verdict not in VERDICTS:
        raise RunError(
            "BL959",
            f"`{new.verdict}` is no verdict; expected one of {', '.join(VERDICTS)}",
            hint=did_you_mean(new.verdict, VERDICTS),
        )
    if not new.by.strip():
        raise RunError("BL959", "a decision needs to say who decided")
    _check_plain(new.by, new.comment, new.key or "")
    return database.keep(partial(_keep, new, kind))


def undoing(database: Database, decision: int, by: str, *, comment: str = "") -> Future[Decision]:
    """Return the undo as it is kept, once it is, as `deciding` does.

    Raises:
        RunError: BL959 at once for the comment; the result raises the others of `undo`.
    """
    _check_plain(comment)
    return database.keep(partial(_take_back, decision, by, comment))


def history(database: Database, assertion: str) -> tuple[Decision, ...]:
    """Return all decisions about an assertion and its evidence, oldest first.

    Raises:
        RunError: BL958 no such assertion.
    """
    with database.reading() as connection:
        found = _of_assertion(connection, assertion)
        if not found:
            require(connection, assertion)
        return found


def all_decisions(
    database: Database,
    *,
    task: str | None = None,
    by: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> tuple[Decision, ...]:
    """Return decisions, oldest first: those of a task, of a curator, with larger ids than `after`."""
    later = decisions.c.id > min(max(after, 0), MAX_ID)
    query = select(decisions).where(later).order_by(decisions.c.id).limit(limit)
    if by is not None:
        query = query.where(decisions.c.by == by)
    if task is not None:
        query = query.join(assertions).where(assertions.c.task == task)
    with database.reading() as connection:
        return _read(connection, query)


def require(connection: Connection, assertion: str, *, hold: bool = False) -> None:
    """Raise if there is no such assertion; with `hold`, nobody else decides on it until the commit.

    Raises:
        RunError: BL958.
    """
    query = _HELD if hold else _ASSERTION
    if not is_id(assertion) or connection.scalar(query, {"claim": assertion}) is None:
        raise missing(assertion)


def missing(assertion: str) -> RunError:
    """Return what is said of an assertion that is not there (BL958)."""
    return RunError(
        "BL958",
        f"no assertion has the id {assertion}",
        hint="`biolabel curate queue` lists ids",
    )


def decisions_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[Decision]]:
    """Return the decisions about assertions, oldest first, by the assertions' ids."""
    found: dict[str, list[Decision]] = {}
    for each in _read(connection, _OF_ASSERTIONS, {"claims": ids}):
        found.setdefault(each.assertion, []).append(each)
    return found


def _keep(new: NewDecision, kind: Kind, connection: Connection) -> Decision:
    require(connection, new.assertion, hold=True)
    if new.key is not None:
        sent = _read(connection, _SENT, {"author": new.by, "sent": new.key})
        if sent:
            return _same(sent[0], new)
    if new.evidence is not None:
        there = select(evidence.c.id).where(
            evidence.c.assertion == new.assertion, evidence.c.id == new.evidence
        )
        if not is_id(new.evidence) or connection.scalar(there) is None:
            raise RunError(
                "BL958", f"assertion {new.assertion} has no row of evidence {new.evidence}"
            )
    return _append(
        connection,
        kind=kind,
        assertion=new.assertion,
        evidence=new.evidence,
        verdict=new.verdict,
        by=new.by,
        comment=new.comment,
        key=new.key,
    )


def _take_back(decision: int, by: str, comment: str, connection: Connection) -> Decision:
    query = select(decisions).where(decisions.c.id == decision)
    first = connection.execute(query).first() if 0 < decision <= MAX_ID else None
    if first is None:
        raise RunError("BL958", f"no decision has the id {decision}")
    require(connection, first.assertion, hold=True)
    if first.by != by:
        raise RunError(
            "BL959",
            f"decision {decision} is {first.by}'s, not {by}'s",
            hint="only who decided can take it back; an adjudication settles what is disputed",
        )
    if first.kind == "undo":
        raise RunError("BL959", f"decision {decision} is an undo", hint="decide again instead")
    again = connection.scalar(select(decisions.c.id).where(decisions.c.undoes == decision))
    if again is not None:
        raise RunError("BL959", f"decision {decision} was taken back already, by {again}")
    return _append(
        connection,
        kind="undo",
        assertion=first.assertion,
        evidence=first.evidence,
        by=by,
        comment=comment,
        undoes=decision,
    )


def _check_plain(*texts: str) -> None:
    for each in texts:
        if each != plain(each):
            raise RunError(
                "BL959", f"{each!r} is no text: it has characters that stand for nothing"
            )


def _same(kept: Decision, new: NewDecision) -> Decision:
    """Return what is kept under a key, if that is what was sent."""
    if (kept.assertion, kept.evidence, kept.verdict) != (new.assertion, new.evidence, new.verdict):
        raise RunError(
            "BL959",
            f"{new.by} already made another decision, {kept.id}, under the key `{new.key}`",
            hint="give every decision a key of its own",
        )
    return kept


def _append(connection: Connection, assertion: str, **values: Any) -> Decision:
    claim = {"claim": assertion}
    done = connection.execute(
        _ADD, {**claim, "assertion": assertion, "at": datetime.now(UTC), **values}
    )
    kept = _of_assertion(connection, assertion)
    follows = outcome(kept)
    state = {"state": follows.state, "settled": follows.settled, "decisions": len(kept)}
    connection.execute(_FOLLOW, {**claim, **state})
    (number,) = done.inserted_primary_key or (None,)
    return next(each for each in kept if each.id == number)


def _of_assertion(connection: Connection, assertion: str) -> tuple[Decision, ...]:
    return _read(connection, _OF_ASSERTION, {"claim": assertion})


def _read(
    connection: Connection, query: Select[Any], values: Mapping[str, Any] | None = None
) -> tuple[Decision, ...]:
    return tuple(map(_decision, connection.execute(query, values)))


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        kind=row.kind,
        assertion=row.assertion,
        evidence=row.evidence,
        verdict=row.verdict,
        by=row.by,
        at=row.at,
        comment=row.comment,
        undoes=row.undoes,
    )
