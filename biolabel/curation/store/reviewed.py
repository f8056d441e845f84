"""Read assertions with what curators made of them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, bindparam, select

from biolabel.curation.evidence import Evidence
from biolabel.curation.review import Decision, Outcome, Reviewed, State, is_id
from biolabel.curation.store import content
from biolabel.curation.store.database import Database
from biolabel.curation.store.decisions import decisions_of, missing
from biolabel.curation.store.tables import assertions, evidence

HEAD = tuple(
    assertions.c[name] for name in ("id", "task", "state", "settled", "current", "content")
)
"""What `head_of` reads; `_written` takes them in this order."""
_BATCH = 500
# Made once, as the statements about decisions are; a list is longer to prepare than a single id.
_HEAD: Select[Any] = select(*HEAD, assertions.c.decisions)
_HEADS = _HEAD.where(assertions.c.id.in_(bindparam("ids", expanding=True)))
_HEAD_OF = _HEAD.where(assertions.c.id == bindparam("claim"))
_ROW: Select[Any] = select(
    evidence.c.assertion, evidence.c.id, evidence.c.current, evidence.c.content
).order_by(evidence.c.position)
_ROWS = _ROW.where(evidence.c.assertion.in_(bindparam("ids", expanding=True)))
_ROWS_OF = _ROW.where(evidence.c.assertion == bindparam("claim"))


def one(database: Database, assertion: str) -> Reviewed:
    """Return an assertion with all its evidence and decisions.

    Raises:
        RunError: BL958 no such assertion.
    """
    with database.reading() as connection:
        found = next(whole(connection, [assertion] if is_id(assertion) else ()), None)
    if found is None:
        raise missing(assertion)
    return found


def one_json(assertion: str, connection: Connection) -> str:
    """Return what `one` does as JSON, from the JSON that the database keeps, as `Database.ask` asks.

    Raises:
        RunError: BL958 no such assertion.
    """
    named = {"claim": assertion}
    head = connection.execute(_HEAD_OF, named).first() if is_id(assertion) else None
    if head is None:
        raise missing(assertion)
    rows = connection.execute(_ROWS_OF, named).all()
    made = decisions_of(connection, [assertion]).get(assertion, []) if head.decisions else []
    there = {row.id: row.content for row in rows if row.current}
    gone = (f'"{row.id}":{row.content}' for row in rows if not row.current)
    return _written(
        tuple(head),
        evidence=",".join(there.values()),
        ids=",".join(f'"{key}"' for key in there),
        gone=f"{{{','.join(gone)}}}",
        decisions=_DECISIONS.dump_json(made).decode(),
    )


def reviewed(
    database: Database, *, task: str | None = None, states: Iterable[State] | None = None
) -> Iterator[Reviewed]:
    """Yield assertions with all evidence and decisions, the most probable first.

    task, states: only those of a task, only those in these states; also those that no run asserts
    anymore, which say so. All are as they were when the first was asked for.
    """
    query = select(assertions.c.id).order_by(
        assertions.c.probability.desc(), assertions.c.id.desc()
    )
    if task is not None:
        query = query.where(assertions.c.task == task)
    if states is not None:
        query = query.where(assertions.c.state.in_(tuple(states)))
    with database.reading() as connection:
        ids = list(connection.scalars(query))
        for start in range(0, len(ids), _BATCH):
            yield from whole(connection, ids[start : start + _BATCH])


def whole(connection: Connection, ids: Sequence[str]) -> Iterator[Reviewed]:
    """Yield those assertions of these ids that there are, in their order, with evidence and decisions."""
    named = {"ids": ids}
    heads = {row.id: row for row in connection.execute(_HEADS, named)}
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_ROWS, named):
        rows.setdefault(row.assertion, []).append(row)
    made = decisions_of(connection, [key for key in heads if heads[key].decisions])
    for key in (each for each in ids if each in heads):
        own = rows.get(key, ())
        there: dict[str, Evidence] = {}
        gone: dict[str, Evidence] = {}
        for row in own:
            side = there if row.current else gone
            side[row.id] = content.evidence_of(row.content)
        head = heads[key]
        yield Reviewed(
            id=key,
            task=head.task,
            assertion=content.assertion_of(head.content, tuple(there.values())),
            outcome=Outcome(head.state, head.settled),
            current=head.current,
            evidence_ids=tuple(there),
            gone_evidence=gone,
            decisions=tuple(made.get(key, ())),
        )


def head_of(row: Row[Any]) -> Reviewed:
    """Return an assertion without its evidence and decisions from its row."""
    return Reviewed(
        id=row.id,
        task=row.task,
        assertion=content.assertion_of(row.content),
        outcome=Outcome(row.state, row.settled),
        current=row.current,
    )


def head_json(row: Row[Any]) -> str:
    """Return what `head_of` does as JSON, around the JSON in its row.

    A page has fifty of them, and reading their JSON to write it again takes longer than finding them.
    """
    return _written(tuple(row))


def _written(
    values: tuple[Any, ...],
    *,
    evidence: str = "",
    ids: str = "",
    gone: str = "null",
    decisions: str = "[]",
) -> str:
    """Return the JSON of a `Reviewed`: values of `HEAD`, and the JSON of what is no part of them."""
    key, task, state, settled, current, kept = values[:6]
    if evidence:
        # Within a text its quotes would be escaped, so this is the field.
        kept = kept.replace(_NO_EVIDENCE, f'"evidence":[{evidence}]', 1)
    return (
        f'{{"id":"{key}","task":{_quoted(task)},"assertion":{kept},"outcome":{{"state":"{state}",'
        f'"settled":{_WORD[settled]}}},"current":{_WORD[current]},"evidence_ids":[{ids}],'
        f'"gone_evidence":{gone},"decisions":{decisions}}}'
    )


_quoted = lru_cache(json.dumps)
"""Writes a text as JSON; there are few tasks."""
_NO_EVIDENCE = '"evidence":[]'
"""How `content` writes that an assertion's evidence is kept elsewhere."""
_WORD = {True: "true", False: "false"}
_DECISIONS = TypeAdapter(list[Decision])
