"""Load the assertions of a run: what it no longer asserts goes, unless somebody decided on it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, text, update

from biolabel.curation.assertions import Assertion
from biolabel.curation.priority import priority, rule_votes
from biolabel.curation.review import assertion_id, evidence_ids
from biolabel.curation.store import content
from biolabel.curation.store.database import Database
from biolabel.curation.store.tables import assertions, decisions, evidence, loads, rules

_BATCH = 10_000
"""Assertions that are turned into rows at a time."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a run did: assertions of the run; of these new; gone; gone but kept for their decisions."""

    assertions: int
    new: int
    gone: int
    kept: int


def load(database: Database, task: str, found: Sequence[Assertion], run: str) -> Loaded:
    """Make the assertions of a run those of a task, all or nothing.

    run: what names the run, such as the key of its stage. Decisions stay as they are. An assertion, or a
    row of evidence, that somebody decided on and that this run does not have stays too, marked as not
    current. Decisions that are made meanwhile wait.

    Raises:
        RunError: as `Database.writing`; the assertions are those of the run before then.
    """
    ids = [assertion_id(task, each.subject, each.predicate, each.object) for each in found]
    with database.writing() as connection:
        _announce(connection, task, run, len(found))
        before = {
            row.id: row.decisions > 0
            for row in connection.execute(
                select(assertions.c.id, assertions.c.decisions)
                .where(assertions.c.task == task)
                .with_for_update()
            )
        }
        decided = {each for each, is_decided in before.items() if is_decided}
        _clear(connection, task, decided.intersection(ids))
        for start in range(0, len(found), _BATCH):
            part = slice(start, start + _BATCH)
            _add(connection, task, ids[part], found[part], decided)
        if connection.dialect.name == "sqlite":
            connection.execute(text("ANALYZE"))
    gone = before.keys() - set(ids)
    return Loaded(
        assertions=len(found),
        new=len(set(ids) - before.keys()),
        gone=len(gone - decided),
        kept=len(gone & decided),
    )


def _announce(connection: Connection, task: str, run: str, count: int) -> None:
    values = {"run": run, "at": datetime.now(UTC), "assertions": count}
    changed = connection.execute(update(loads).where(loads.c.task == task).values(values))
    if not changed.rowcount:
        connection.execute(insert(loads).values(task=task, **values))


def _clear(connection: Connection, task: str, again: Iterable[str]) -> None:
    """Delete what the run before said, but for what somebody decided on.

    again: the assertions that somebody decided on and that the new run has too. Their evidence is
    replaced row by row; one that is gone keeps its evidence as its curators saw it.
    """
    of_task = assertions.c.task == task
    connection.execute(update(assertions).where(of_task).values(current=False))
    keys = [{"key": each} for each in again]
    if keys:
        connection.execute(
            update(assertions).where(assertions.c.id == bindparam("key")).values(current=True), keys
        )
    replaced = or_(assertions.c.decisions == 0, assertions.c.current)
    own = select(assertions.c.id).where(of_task, replaced)
    judged = select(decisions.c.evidence).where(decisions.c.evidence.is_not(None))
    connection.execute(delete(rules).where(rules.c.assertion.in_(own)))
    connection.execute(
        delete(evidence).where(evidence.c.assertion.in_(own), evidence.c.id.not_in(judged))
    )
    connection.execute(update(evidence).where(evidence.c.assertion.in_(own)).values(current=False))
    connection.execute(delete(assertions).where(of_task, assertions.c.decisions == 0))


def _add(
    connection: Connection,
    task: str,
    ids: Sequence[str],
    found: Sequence[Assertion],
    decided: set[str],
) -> None:
    """Insert assertions, evidence and votes of rules; of what is there already update the columns."""
    votes = [rule_votes(each.evidence) for each in found]
    rows = [
        {
            "key": key,
            "task": task,
            "subject": each.subject,
            "predicate": each.predicate,
            "object": each.object,
            "probability": each.probability,
            "documents": each.documents,
            "status": each.status,
            "content": content.assertion_content(each),
            "words": words_of(each),
            "current": True,
            **asdict(priority(each, own)),
        }
        for key, each, own in zip(ids, found, votes, strict=True)
    ]
    fresh = [row for row in rows if row["key"] not in decided]
    old = [row for row in rows if row["key"] in decided]
    if old:
        columns = {name: bindparam(name) for name in old[0] if name != "key"}
        connection.execute(
            update(assertions).where(assertions.c.id == bindparam("key")).values(columns), old
        )
    if fresh:
        connection.execute(
            insert(assertions).values(
                id=bindparam("key"), state="undecided", settled=False, decisions=0
            ),
            fresh,
        )
    _add_evidence(connection, ids, found, decided)
    counted = [
        {"assertion": key, **asdict(each)}
        for key, own in zip(ids, votes, strict=True)
        for each in own
    ]
    if counted:
        connection.execute(insert(rules), counted)


def _add_evidence(
    connection: Connection, ids: Sequence[str], found: Sequence[Assertion], decided: set[str]
) -> None:
    judged = set(
        connection.scalars(
            select(evidence.c.id).where(evidence.c.assertion.in_(decided.intersection(ids)))
        )
    )
    rows = [
        {
            "key": row_id,
            "assertion": key,
            "position": position,
            "document": row.document,
            "journal": row.journal,
            "year": row.year,
            "content": content.evidence_content(row),
            "current": True,
        }
        for key, each in zip(ids, found, strict=True)
        for position, (row_id, row) in enumerate(
            zip(evidence_ids(key, each.evidence), each.evidence, strict=True)
        )
    ]
    old = [row for row in rows if row["key"] in judged]
    fresh = [row for row in rows if row["key"] not in judged]
    if old:
        columns = {name: bindparam(name) for name in old[0] if name != "key"}
        connection.execute(
            update(evidence).where(evidence.c.id == bindparam("key")).values(columns), old
        )
    if fresh:
        connection.execute(insert(evidence).values(id=bindparam("key")), fresh)


def words_of(assertion: Assertion) -> str:
    """Return what a search for text looks in: names and CURIEs, case-folded."""
    parts = (
        assertion.subject_name,
        assertion.predicate,
        assertion.object_name,
        assertion.subject,
        assertion.object,
    )
    return "\n".join(parts).casefold()


def tasks_of(database: Database) -> tuple[str, ...]:
    """Return the names of the tasks that have been loaded, in the order of the alphabet."""
    with database.reading() as connection:
        return tuple(connection.scalars(select(loads.c.task).order_by(loads.c.task)))


def run_of(database: Database, task: str) -> str | None:
    """Return what names the run that a task's assertions are from, None where none was loaded."""
    with database.reading() as connection:
        return connection.scalar(select(func.max(loads.c.run)).where(loads.c.task == task))
