"""The queue: which assertions to look at next, a page at a time."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    cast,
    exists,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
    union,
)
from sqlalchemy.types import TypeEngine

from biolabel.curation.review import Reviewed, State, is_id, plain
from biolabel.curation.store.database import Database
from biolabel.curation.store.reviewed import HEAD, head_of
from biolabel.curation.store.tables import GRAM, assertions, evidence, grams, names, rules
from biolabel.errors import RunError
from biolabel.lang.nearest import did_you_mean

T = TypeVar("T")
Order = Literal["probability", "uncertainty", "novelty", "disagreement", "documents"]
ORDERS: tuple[Order, ...] = get_args(Order)
MAX_LIMIT = 500
"""Rows of the longest page."""
_LARGEST = 2.0**53
"""No column that orders the queue gets near it, and databases can compare all numbers below it."""
_YEARS = range(10_000)
_FEW = 2_000
"""Rows that a filter is taken to leave few assertions with. More of them, and going through the queue in
its order, asking of each assertion, finds a page before all of them would be listed; fewer, and it would
go through most of the queue (measured over 100,000 assertions, 250,000 rows of evidence)."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which assertions the queue has; what is None or empty leaves all in.

    concepts: CURIEs of which the subject or the object must be one; the caller adds those below them in
    an ontology (`Ontology.under`). journal, years: of any row of evidence; years are the first and the
    last. rule: a labeling function that voted for or against it. status: against the knowledge bases.
    states: what curators made of it. text: words, or parts of words, that its names and CURIEs must have,
    whatever their case. gone: what no run asserts anymore, instead of what the last one asserts.
    """

    task: str | None = None
    states: tuple[State, ...] = ()
    status: tuple[str, ...] = ()
    concepts: frozenset[str] | None = None
    journal: str | None = None
    years: tuple[int | None, int | None] = (None, None)
    rule: str | None = None
    text: str | None = None
    min_probability: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A page of the queue: the largest of `order` first, going on after the page that gave `after`."""

    order: Order = "probability"
    filters: Filters = Filters()
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Assertions without evidence and decisions, and where the next page begins, None after the last."""

    rows: tuple[Reviewed, ...]
    after: str | None


def page(database: Database, query: Query) -> Page:
    """Return a page of the queue.

    It goes on behind the last row of the page before, not after a number of rows, so nothing is left
    out or shown twice when assertions leave the queue meanwhile.

    Raises:
        RunError: BL962 no such order, place to go on from, or number of rows.
    """
    if query.order not in ORDERS:
        raise RunError(
            "BL962",
            f"`{query.order}` is no order; expected one of {', '.join(ORDERS)}",
            hint=did_you_mean(query.order, ORDERS),
        )
    if not 1 <= query.limit <= MAX_LIMIT:
        raise RunError("BL962", f"a page has 1 to {MAX_LIMIT} rows, not {query.limit}")
    column = assertions.c[query.order]
    order = column.desc(), assertions.c.id.desc()
    found = select(assertions.c.id).order_by(*order).limit(query.limit + 1)
    if query.after is not None:
        value, key = _place(query.after, query.order)
        here = tuple_(literal(value), literal(key, assertions.c.id.type))
        found = found.where(tuple_(column, assertions.c.id) < here)
    with database.reading() as connection:
        # The ids come from the order's index alone; only the rows of the page are looked up.
        found = found.where(*_conditions(connection, query.filters, a_page=True))
        page_of: Select[Any] = (
            select(*HEAD, column).where(assertions.c.id.in_(found)).order_by(*order)
        )
        rows = connection.execute(page_of).all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    last = shown[-1] if more else None
    after = None if last is None else _cursor(query.order, last._mapping[query.order], last.id)
    return Page(tuple(map(head_of, shown)), after)


def count(database: Database, filters: Filters) -> int:
    """Return how many assertions the whole queue has."""
    with database.reading() as connection:
        conditions = _conditions(connection, filters)
        return (
            connection.scalar(select(func.count()).select_from(assertions).where(*conditions)) or 0
        )


def states(database: Database, task: str | None = None) -> dict[State, int]:
    """Return how many assertions of the last runs are in each state; a state of none is left out."""
    query = (
        select(assertions.c.state, func.count().label("number"))
        .where(assertions.c.current)
        .group_by(assertions.c.state)
    )
    if task is not None:
        query = query.where(assertions.c.task == task)
    with database.reading() as connection:
        return {row.state: row.number for row in connection.execute(query)}


def _conditions(
    connection: Connection, filters: Filters, *, a_page: bool = False
) -> list[ColumnElement[bool]]:
    """Return what filters ask of an assertion; a_page: where some of all that do are enough."""
    _check(filters)
    having = partial(_having, connection if a_page else None)
    own = assertions.c
    found: list[ColumnElement[bool]] = [own.current.is_(not filters.gone)]
    if filters.task is not None:
        found.append(own.task == filters.task)
    if filters.states:
        found.append(own.state.in_(filters.states))
    if filters.status:
        found.append(own.status.in_(filters.status))
    if filters.concepts is not None:
        named = _values(connection, sorted(filters.concepts), Text())
        found.append(
            own.id.in_(
                union(
                    select(own.id).where(own.subject.in_(named)),
                    select(own.id).where(own.object.in_(named)),
                )
            )
        )
    if filters.min_probability is not None:
        found.append(own.probability >= filters.min_probability)
    if filters.text:
        words = filters.text.casefold().split()
        written = [names.c.words.contains(word, autoescape=True) for word in words]
        rare = _rare(connection, words) if a_page else None
        found.append(
            having(names.c.assertion, *written)
            if rare is None
            else own.id.in_(select(names.c.assertion).where(names.c.assertion.in_(rare), *written))
        )
    if filters.rule is not None:
        found.append(having(rules.c.assertion, rules.c.rule == filters.rule))
    if filters.journal is not None or filters.years != (None, None):
        first, last = filters.years
        papers: list[ColumnElement[bool]] = [evidence.c.current]
        if filters.journal is not None:
            papers.append(evidence.c.journal == filters.journal)
        if first is not None:
            papers.append(evidence.c.year >= first)
        if last is not None:
            papers.append(evidence.c.year <= last)
        found.append(having(evidence.c.assertion, *papers))
    return found


def _having(
    connection: Connection | None, key: Column[str], *conditions: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return that an assertion has a row that fulfills conditions, in the table whose `key` names it.

    connection: asked how many rows there are, to find a page fast; None to list all of them.
    """
    rows = select(key).where(*conditions)
    if connection is not None and not _few(connection, rows):
        return exists().where(key == assertions.c.id, *conditions)
    return assertions.c.id.in_(rows)


def _few(connection: Connection, rows: Select[str]) -> bool:
    """Return whether a query has few rows, so that listing them is fast."""
    return connection.execute(rows.limit(1).offset(_FEW)).first() is None


def _rare(connection: Connection, words: Sequence[str]) -> Select[str] | None:
    """Return the few assertions that have one of the words, None where the index knows of no such word."""
    if connection.dialect.name != "sqlite":
        return None
    for word in sorted(words, key=len, reverse=True):
        quoted = '"' + word.replace('"', '""') + '"'
        rows = select(grams.c.rowid).where(grams.c.grams.op("MATCH")(quoted))
        if len(word) >= GRAM and _few(connection, rows):
            return rows
    return None


def _check(filters: Filters) -> None:
    """Refuse what databases cannot look for.

    Raises:
        RunError: BL962.
    """
    texts = (
        filters.task, filters.journal, filters.rule, filters.text,
        *filters.states, *filters.status, *(filters.concepts or ()),
    )  # fmt: skip
    for each in texts:
        if each is not None and each != plain(each):
            raise RunError("BL962", f"{each!r} is no text to look for")
    for year in filters.years:
        if year is not None and year not in _YEARS:
            raise RunError("BL962", f"{year} is no year")


def _values(
    connection: Connection, values: Sequence[str] | Sequence[int], kind: TypeEngine[T]
) -> Select[tuple[T]]:
    """Return texts or numbers as a query: one parameter, however many there are."""
    given = literal(json.dumps(list(values)))
    if connection.dialect.name == "sqlite":
        return select(type_coerce(func.json_each(given).table_valued("value").c.value, kind))
    return select(cast(func.json_array_elements_text(cast(given, JSON)).column_valued("v"), kind))


def _cursor(order: Order, value: float, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, value, key]).encode()).decode().rstrip("=")


def _place(cursor: str, order: Order) -> tuple[float, str]:
    """Return the value and id of the row that a cursor stands for."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        own, value, key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, TypeError) as error:
        raise RunError("BL962", f"`{cursor}` is no place to go on from: {error}") from error
    is_number = isinstance(value, int | float) and abs(value) < _LARGEST
    if own != order or not is_number or not isinstance(key, str) or not is_id(key):
        raise RunError("BL962", f"`{cursor}` is no place in the order {order} to go on from")
    return value, key
