"""The queue: which assertions to look at next, a page at a time."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
    union,
)
from sqlalchemy.types import TypeEngine

from biolabel.curation.review import Reviewed, State, is_id, plain
from biolabel.curation.store.database import Database
from biolabel.curation.store.reviewed import HEAD, head_json, head_of
from biolabel.curation.store.tables import GRAM, Id, assertions, evidence, grams, names, rules
from biolabel.errors import RunError
from biolabel.lang.nearest import did_you_mean

Order = Literal["probability", "uncertainty", "novelty", "disagreement", "documents"]
ORDERS: tuple[Order, ...] = get_args(Order)
MAX_LIMIT = 500
"""Rows of the longest page."""
_LARGEST = 2.0**53
"""No column that orders the queue gets near it, and databases can compare all numbers below it."""
_YEARS = range(10_000)
_FEW, _SOME = 700, 5_000
"""Rows of a filter up to which it is taken to leave few, or some, assertions. Few are looked up, one by
one. Some are listed, and the queue is gone through in its order until a page of it is on the list, which
takes a file less than looking them up all over it. Of more the list itself would take longer, so each
assertion of the queue is asked for its rows (measured over 100,000 assertions, 250,000 rows of evidence).
"""
_RARE = 2_000
"""Assertions with a word up to which these are looked up, and not the names of all."""
_KEPT = 512
"""Statements that are kept; more than people ask for."""
_ELSEWHERE = {"words": {"words"}, "rule": {"rule"}, "papers": {"journal", "first", "last"}}
"""Filters that ask for rows of other tables, and the names of their values."""
_GRAM = select(grams.c.rowid).where(grams.c.grams.op("MATCH")(bindparam("gram", type_=Text())))
_GRAM_BEYOND = _GRAM.limit(1).offset(bindparam("most", type_=Integer()))
_WALKED = literal_column(f"+{assertions.name}.{assertions.c.id.name}", assertions.c.id.type)
"""The id, as SQLite does not look it up (sqlite.org/optoverview.html, section 2)."""


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
    with database.reading() as connection:
        rows, after = _asked(query, connection)
    return Page(tuple(map(head_of, rows)), after)


def page_json(query: Query, connection: Connection) -> str:
    """Return a page of the queue as the JSON of a `Page`, as `Database.ask` asks.

    It is made of the JSON that the database keeps.

    Raises:
        RunError: as `page`.
    """
    rows, after = _asked(query, connection)
    return f'{{"rows":[{",".join(map(head_json, rows))}],"after":{json.dumps(after)}}}'


def _asked(query: Query, connection: Connection) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the rows of a page, and where the next one begins."""
    if query.order not in ORDERS:
        raise RunError(
            "BL962",
            f"`{query.order}` is no order; expected one of {', '.join(ORDERS)}",
            hint=did_you_mean(query.order, ORDERS),
        )
    if not 1 <= query.limit <= MAX_LIMIT:
        raise RunError("BL962", f"a page has 1 to {MAX_LIMIT} rows, not {query.limit}")
    values = _values(query.filters) | {"limit": query.limit + 1}
    if query.after is not None:
        values |= _place(query.after, query.order)
    given = _with_rare_word(connection, values)
    sizes = _sizes(connection, given)
    made = _page_of(query.order, frozenset(given), sizes, connection.dialect.name)
    rows = connection.execute(made, given).all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    last = shown[-1] if more else None
    after = None if last is None else _cursor(query.order, last._mapping[query.order], last.id)
    return shown, after


def count(database: Database, filters: Filters) -> int:
    """Return how many assertions the whole queue has."""
    values = _values(filters)
    with database.reading() as connection:
        return (
            connection.scalar(_number_of(frozenset(values), connection.dialect.name), values) or 0
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


def _values(filters: Filters) -> dict[str, Any]:
    """Return what statements are given for filters, by name; what does not filter is left out."""
    _check(filters)
    first, last = filters.years
    words = (filters.text or "").casefold().split()
    named = {
        "gone": filters.gone or None,
        "task": filters.task,
        "states": filters.states or None,
        "status": filters.status or None,
        "concepts": None if filters.concepts is None else json.dumps(sorted(filters.concepts)),
        "probable": filters.min_probability,
        "rule": filters.rule,
        "journal": filters.journal,
        "first": first,
        "last": last,
        "words": words or None,
        **{f"word {i}": f"%{_escaped(word)}%" for i, word in enumerate(words)},
    }
    return {name: value for name, value in named.items() if value is not None}


def _escaped(word: str) -> str:
    """Return a word as LIKE looks for it, where `/` takes the meaning of the character after it."""
    return re.sub("[/%_]", r"/\g<0>", word)


# Statements are made once for all queries that ask for the same things, whatever the values: making one
# takes four times as long as running it (for a page of 50, 0.8 and 0.2 ms of processor).
@lru_cache(_KEPT)
def _page_of(order: Order, asked: frozenset[str], sizes: "_Sizes", dialect: str) -> Select[Any]:
    """Return the statement for a page; asked: the names of its values."""
    column, own = assertions.c[order], assertions.c
    along = column.desc(), own.id.desc()
    # The ids come from the order's index alone; only the rows of the page are looked up.
    found = select(own.id).where(*_conditions(asked, sizes, dialect)).order_by(*along)
    if "key" in asked:
        kind: TypeEngine[Any] = BigInteger() if order == "documents" else Double()
        here = tuple_(bindparam("value", type_=kind), bindparam("key", type_=Id()))
        found = found.where(tuple_(column, own.id) < here)
    found = found.limit(bindparam("limit", type_=Integer()))
    return select(*HEAD, column).where(own.id.in_(found)).order_by(*along)


@lru_cache(_KEPT)
def _number_of(asked: frozenset[str], dialect: str) -> Select[Any]:
    """Return the statement that counts assertions."""
    conditions = _conditions(asked, _Sizes(few=frozenset(_ELSEWHERE)), dialect)
    return select(func.count()).select_from(assertions).where(*conditions)


def _conditions(asked: frozenset[str], sizes: "_Sizes", dialect: str) -> list[ColumnElement[bool]]:
    """Return what is asked of an assertion."""
    own = assertions.c
    found: list[ColumnElement[bool]] = [own.current.is_("gone" not in asked)]
    if "task" in asked:
        found.append(own.task == bindparam("task"))
    if "states" in asked:
        found.append(own.state.in_(bindparam("states", expanding=True)))
    if "status" in asked:
        found.append(own.status.in_(bindparam("status", expanding=True)))
    if "concepts" in asked:
        named = _each("concepts", dialect)
        either = (select(own.id).where(column.in_(named)) for column in (own.subject, own.object))
        found.append(own.id.in_(union(*either)))
    if "probable" in asked:
        found.append(own.probability >= bindparam("probable"))
    for name in _elsewhere(asked):
        key, conditions = _rows_of(name, asked)
        if "gram" in asked and name == "words":
            if not conditions:
                found.append(own.id.in_(_GRAM))
                continue
            conditions = [key.in_(_GRAM), *conditions]
        if name in sizes.some and dialect == "sqlite":
            found.append(_WALKED.in_(select(key).where(*conditions)))
        elif name in sizes.few | sizes.some:
            found.append(own.id.in_(select(key).where(*conditions)))
        else:
            found.append(exists().where(key == own.id, *conditions))
    return found


def _elsewhere(asked: frozenset[str]) -> list[str]:
    """Return which filters ask for rows of other tables, by their first names."""
    return [name for name, values in _ELSEWHERE.items() if asked.intersection(values)]


def _rows_of(
    name: str, asked: frozenset[str]
) -> tuple[ColumnElement[str], list[ColumnElement[bool]]]:
    """Return the column that says of which assertion a filter's rows are, and what is asked of them."""
    if name == "rule":
        return rules.c.assertion, [rules.c.rule == bindparam("rule")]
    if name == "words":
        words = sorted(each for each in asked if each.startswith("word "))
        return names.c.assertion, [names.c.words.like(bindparam(w), escape="/") for w in words]
    year = evidence.c.year
    conditions: list[ColumnElement[bool]] = [evidence.c.current]
    if "journal" in asked:
        conditions.append(evidence.c.journal == bindparam("journal"))
    if "first" in asked:
        conditions.append(year >= bindparam("first"))
    if "last" in asked:
        conditions.append(year <= bindparam("last"))
    return evidence.c.assertion, conditions


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Which filters have few rows in other tables, and which some (`_FEW`); others have more."""

    few: frozenset[str]
    some: frozenset[str] = frozenset()


@lru_cache(_KEPT)
def _size_of(name: str, asked: frozenset[str]) -> Select[Any]:
    """Return the statement that counts the rows of a filter, up to `most`."""
    key, conditions = _rows_of(name, asked)
    rows = select(key).where(*conditions)
    if "journal" in asked:  # an assertion may have several, which its index has one after the other
        rows = rows.distinct()
    return select(func.count()).select_from(
        rows.limit(bindparam("most", type_=Integer())).subquery()
    )


def _sizes(connection: Connection, values: Mapping[str, Any]) -> _Sizes:
    """Return how many rows the filters have."""
    few, some = set(), set()
    # Most of the queue is undecided; a page of the rest would have one go through nearly all of it.
    looked_up = _FEW if "undecided" in values.get("states", ("undecided",)) else _SOME
    for name in _elsewhere(frozenset(values)):
        if name == "words" and "gram" in values:
            few.add(name)
            continue
        # Names are gone through to find words, which takes longer than all that follows.
        most = _FEW if name == "words" else _SOME
        query = _size_of(name, frozenset(values))
        number = connection.scalar(query, {**values, "most": most + 1}) or 0
        if number <= min(looked_up, most):
            few.add(name)
        elif number <= most:
            some.add(name)
    return _Sizes(frozenset(few), frozenset(some))


def _with_rare_word(connection: Connection, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return values with a word that few assertions have as `gram`, if the index knows of one.

    It is not looked for in names then: what the index finds has it.
    """
    if connection.dialect.name != "sqlite":
        return values
    # Names are told apart by their numbers and long words: the others are in many.
    words = (word for word in values.get("words", ()) if len(word) >= GRAM)
    for word in sorted(words, key=lambda word: (any(map(str.isdigit, word)), len(word)))[::-1]:
        quoted = '"' + word.replace('"', '""') + '"'
        if connection.execute(_GRAM_BEYOND, {"gram": quoted, "most": _RARE}).first() is None:
            looked_for = f"word {values['words'].index(word)}"
            others = {name: value for name, value in values.items() if name != looked_for}
            return others | {"gram": quoted}
    return values


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


def _each(name: str, dialect: str) -> Select[tuple[str]]:
    """Return the texts of a list in JSON as a query: one parameter, however many there are."""
    given = bindparam(name, type_=Text())
    if dialect == "sqlite":
        return select(type_coerce(func.json_each(given).table_valued("value").c.value, Text()))
    return select(cast(func.json_array_elements_text(cast(given, JSON)).column_valued("v"), Text()))


def _cursor(order: Order, value: float, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, value, key]).encode()).decode().rstrip("=")


def _place(cursor: str, order: Order) -> dict[str, Any]:
    """Return the value and id of the row that a cursor stands for."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        own, value, key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, TypeError) as error:
        raise RunError("BL962", f"`{cursor}` is no place to go on from: {error}") from error
    is_number = isinstance(value, int | float) and abs(value) < _LARGEST
    if own != order or not is_number or not isinstance(key, str) or not is_id(key):
        raise RunError("BL962", f"`{cursor}` is no place in the order {order} to go on from")
    return {"value": value, "key": key}
