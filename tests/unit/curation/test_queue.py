import base64
import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlalchemy import event

from biolabel.curation import Assertion, Evidence
from biolabel.curation.known import Status
from biolabel.curation.queue import (
    MAX_LIMIT,
    ORDERS,
    Filters,
    Order,
    Page,
    Query,
    count,
    page,
    page_json,
    states,
)
from biolabel.curation.review import NewDecision, Reviewed, assertion_id
from biolabel.curation.store import Database, decide, load, reviewed
from biolabel.errors import RunError

Claim = Callable[..., Assertion]
Row = Callable[..., Evidence]
EVIL = ("' OR '1'='1", "x'); DROP TABLE decisions; --", '"', "%", "_", "\\", "☃")


@pytest.fixture
def queue(database: Database, claim: Claim, row: Row) -> Database:
    """Return a database with twelve assertions of the task cid, and one of ddi."""
    statuses: tuple[Status, ...] = ("new", "known", "contradicts", "refines")
    found = [
        claim(
            n,
            n / 12,
            statuses[n % 4],
            (
                row(
                    n,
                    document=str(n % 5),
                    journal="Lancet" if n % 3 else "",
                    year=2000 + n if n % 3 else None,
                    rules_for=("cue",) if n % 2 else ("cue", "ctd"),
                    rules_against=("denied",) if n % 4 == 0 else (),
                ),
            ),
            documents=n % 5 + 1,
            subject_name=f"chemical {n} 100%_sure" if n == 7 else f"chemical {n}",
        )
        for n in range(12)
    ]
    load(database, "cid", found, "run 1")
    load(database, "ddi", [claim(99, 0.5)], "run 1")
    return database


def numbers(rows: tuple[Reviewed, ...]) -> list[int]:
    """Return the numbers of assertions, by which the fixtures make them."""
    return [int(each.assertion.subject[-6:]) for each in rows]


def all_of(queue: Database, filters: Filters, order: Order = "probability") -> list[int]:
    return numbers(page(queue, Query(order, filters, limit=MAX_LIMIT)).rows)


CID = Filters(task="cid")


def test_the_most_probable_come_first(queue: Database) -> None:
    assert all_of(queue, CID) == list(range(11, -1, -1))


def test_the_most_uncertain_come_first(queue: Database) -> None:
    found = all_of(queue, CID, "uncertainty")
    assert found[0] == 6
    assert found[-1] == 0
    assert [abs(n - 6) for n in found] == sorted(abs(n - 6) for n in range(12))


def test_what_is_new_comes_first(queue: Database) -> None:
    # new, then what contradicts, refines and is known; of each the most probable first.
    assert all_of(queue, CID, "novelty") == [8, 4, 0, 10, 6, 2, 11, 7, 3, 9, 5, 1]


def test_where_rules_disagree_comes_first(queue: Database) -> None:
    found = all_of(queue, CID, "disagreement")
    assert set(found[:3]) == {0, 4, 8}


def test_most_documents_come_first(queue: Database) -> None:
    found = all_of(queue, CID, "documents")
    assert [n % 5 for n in found] == sorted((n % 5 for n in range(12)), reverse=True)


FILTERS: tuple[tuple[Filters, set[int]], ...] = (
    (Filters(task="ddi"), {99}),
    (Filters(task="none"), set()),
    (Filters(task="cid", status=("known", "refines")), {1, 3, 5, 7, 9, 11}),
    (Filters(concepts=frozenset({"MESH:C000003", "MESH:D000004", "MESH:X"})), {3, 4}),
    (Filters(concepts=frozenset()), set()),
    (Filters(journal="Lancet", task="cid"), {1, 2, 4, 5, 7, 8, 10, 11}),
    (Filters(journal="lance"), set()),
    (Filters(years=(2004, 2007)), {4, 5, 7}),
    (Filters(years=(2010, None)), {10, 11}),
    (Filters(years=(None, 2001)), {1}),
    (Filters(rule="ctd"), {0, 2, 4, 6, 8, 10}),
    (Filters(rule="denied"), {0, 4, 8}),
    (Filters(text="CHEMICAL 3"), {3}),
    (Filters(text="disease causes mesh:d000005"), {5}),
    (Filters(text="100%_sure"), {7}),
    (Filters(text="100%sure"), set()),
    (Filters(text="mesh:d000005 7"), set()),
    (Filters(text="al 1"), {1, 7, 10, 11}),
    (Filters(text='"chemical'), set()),
    (Filters(min_probability=0.9, task="cid"), {11}),
    (Filters(rule="ctd", years=(2004, 2008), status=("new",)), {4, 8}),
    (Filters(gone=True), set()),
)


def test_a_page_as_json_is_the_page(queue: Database) -> None:
    adapter = TypeAdapter(Page)
    first = page(queue, Query(filters=CID, limit=4)).rows[0]
    decide(queue, NewDecision(first.id, "accept", "ann"))
    for query in (
        Query(filters=CID, limit=4),
        Query(limit=50),
        Query(filters=Filters(task="none")),
    ):
        made = queue.ask(partial(page_json, query)).result()
        assert adapter.validate_json(made) == page(queue, query)
        assert json.loads(made) == json.loads(adapter.dump_json(page(queue, query)))


@pytest.mark.parametrize(("few", "some"), [(2, 2), (2, 10_000), (10_000, 10_000)])
def test_filters(queue: Database, few: int, some: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.curation.queue._FEW", few)
    monkeypatch.setattr("biolabel.curation.queue._SOME", some)
    for filters, expected in FILTERS:
        for order in ORDERS:
            assert set(all_of(queue, filters, order)) == expected, filters
        assert count(queue, filters) == len(expected), filters


def test_texts_are_never_part_of_a_statement(queue: Database) -> None:
    for text in EVIL:
        for field in ("task", "journal", "rule", "text"):
            expected = [7] if field == "text" and text in ("%", "_") else []
            found = all_of(queue, Filters(**{field: text}))  # type: ignore[arg-type]
            assert found == expected, (field, text)
        evil = Filters(
            states=(text,),  # type: ignore[arg-type]
            status=(text,),
            concepts=frozenset({text}),
        )
        assert all_of(queue, evil) == [], text
    assert count(queue, CID) == 12


def test_states_follow_decisions(queue: Database) -> None:
    assert states(queue, "cid") == {"undecided": 12}
    first, second, third = (each.id for each in page(queue, Query(filters=CID, limit=3)).rows)
    decide(queue, NewDecision(first, "accept", "ann"))
    decide(queue, NewDecision(first, "reject", "bob"))
    decide(queue, NewDecision(second, "unsure", "ann"))
    decide(queue, NewDecision(third, "accept", "ann"))
    assert states(queue) == {"undecided": 10, "disputed": 1, "unsure": 1, "accepted": 1}
    assert all_of(queue, Filters(states=("disputed", "accepted"))) == [11, 9]
    assert count(queue, Filters(states=("undecided",), task="cid")) == 9


def test_pages_hold_everything_once_though_the_queue_shrinks(queue: Database) -> None:
    undecided = Filters(task="cid", states=("undecided",))
    seen: list[int] = []
    after: str | None = None
    while True:
        found = page(queue, Query("documents", undecided, after, limit=4))
        seen += numbers(found.rows)
        for each in found.rows:
            decide(queue, NewDecision(each.id, "accept", "ann"))
        if found.after is None:
            break
        after = found.after
    assert sorted(seen) == list(range(12))


def test_a_page_that_is_just_full_is_the_last(queue: Database) -> None:
    assert page(queue, Query(filters=CID, limit=12)).after is None
    assert page(queue, Query(filters=CID, limit=11)).after is not None
    assert page(queue, Query(filters=Filters(task="none"))).rows == ()


def test_rows_of_a_page_leave_evidence_out(queue: Database) -> None:
    (row,) = page(queue, Query(limit=1)).rows
    assert row.assertion.evidence == ()
    whole = next(reviewed(queue, task="cid"))
    assert whole.assertion.evidence
    assert (row.id, row.task, row.outcome) == (whole.id, whole.task, whole.outcome)


NO_QUERIES = (
    (Query("probable"), "probable"),  # type: ignore[arg-type]
    (Query("id; DROP TABLE users"), "DROP"),  # type: ignore[arg-type]
    (Query(limit=0), "not 0"),
    (Query(limit=MAX_LIMIT + 1), "501"),
    (Query(after="rubbish"), "rubbish"),
    (Query(after="é"), "é"),
    (Query(after=""), "``"),
    (Query(filters=Filters(text="\0")), "no text"),
    (Query(filters=Filters(journal="\ud800")), "no text"),
    (Query(filters=Filters(years=(10**30, None))), "no year"),
)
FORGED = (
    "[]",
    '{"a": 1}',
    f'["probability", 1e400, "{16 * "0"}"]',
    '["probability", "1", ""]',
    "1",
)


def test_what_is_no_query_is_refused(queue: Database) -> None:
    for query, says in NO_QUERIES:
        with pytest.raises(RunError, match=says) as caught:
            page(queue, query)
        assert caught.value.code == "BL962"


def test_forged_places_to_go_on_from_are_refused(queue: Database) -> None:
    for forged in FORGED:
        after = base64.urlsafe_b64encode(forged.encode()).decode()
        with pytest.raises(RunError) as caught:
            page(queue, Query(after=after))
        assert caught.value.code == "BL962", forged


def test_a_place_of_another_order_is_refused(queue: Database) -> None:
    found = page(queue, Query(limit=2))
    with pytest.raises(RunError) as caught:
        page(queue, Query("novelty", after=found.after))
    assert caught.value.code == "BL962"


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    order=st.sampled_from(ORDERS),
    limit=st.integers(1, 5),
    status=st.sets(st.sampled_from(["new", "known", "refines"])),
    rule=st.sampled_from([None, "cue", "ctd", "denied"]),
)
def test_pages_put_together_are_the_whole_in_order(
    queue: Database, order: Order, limit: int, status: set[str], rule: str | None
) -> None:
    filters = Filters(status=tuple(status), rule=rule)
    whole = all_of(queue, filters, order)
    assert len(whole) == len(set(whole)) == count(queue, filters)
    parts: list[int] = []
    after: str | None = None
    while True:
        found = page(queue, Query(order, filters, after, limit))
        parts += numbers(found.rows)
        if found.after is None:
            break
        after = found.after
    assert parts == whole


def test_the_index_of_words_finds_what_a_look_at_each_name_does(
    database: Database, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (
        "Straße 12",
        "STRASSE 1",
        "İstanbul-Fieber",
        "µg/l 'x' %_/",
        'N-"acetyl" β₂',
        "δ-β δ-β",
    )
    load(database, "cid", [claim(n, subject_name=name) for n, name in enumerate(names)], "run 1")
    words = {name[start:end] for name in names for start in range(6) for end in (start + 3, None)}
    for text in sorted({*words, *names, "β δ-β", "δ-β δ-β δ-β", "fever xyz"}):
        found = all_of(database, Filters(text=text))
        with monkeypatch.context() as patch:
            patch.setattr("biolabel.curation.queue._RARE", 0)
            assert all_of(database, Filters(text=text)) == found, text
        assert count(database, Filters(text=text)) == len(found), text


def test_evidence_that_is_gone_does_not_count(database: Database, claim: Claim, row: Row) -> None:
    before = claim(1, evidence=(row(1, journal="Lancet", year=1999),))
    load(database, "cid", [before], "run 1")
    key = assertion_id("cid", before.subject, before.predicate, before.object)
    (reviewed_before,) = reviewed(database)
    (gone,) = reviewed_before.evidence_ids
    decide(database, NewDecision(key, "wrong mention", "ann", evidence=gone))
    load(database, "cid", [claim(1, evidence=(row(2, journal="JAMA", year=2001),))], "run 2")
    assert count(database, Filters(journal="Lancet")) == 0
    assert count(database, Filters(years=(1999, 1999))) == 0
    assert count(database, Filters(journal="JAMA")) == 1


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
def test_a_page_is_found_in_the_index_of_its_order(queue: Database) -> None:
    statements: list[tuple[str, object]] = []

    def remember(*call: object) -> None:
        statements.append((str(call[2]), call[3]))

    event.listen(queue.engine, "before_cursor_execute", remember)
    for order in ORDERS:
        page(queue, Query(order, Filters(task="cid", states=("undecided",), status=("new",))))
    event.remove(queue.engine, "before_cursor_execute", remember)
    asked = [each for each in statements if each[0].startswith("SELECT")]
    assert len(asked) == len(ORDERS)
    for order, (statement, parameters) in zip(ORDERS, asked, strict=True):
        with queue.engine.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
            plan = [row.detail for row in rows]
        assert f"SCAN assertions USING COVERING INDEX ix_assertions_{order}" in plan
        assert "SCAN assertions" not in plan


@pytest.mark.parametrize(
    ("few", "some", "how"), [(2, 2, "EXISTS"), (2, 99, "IN (SELECT"), (99, 99, "IN (SELECT")]
)
@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
def test_filters_of_many_rows_are_asked_along_the_order(
    queue: Database, few: int, some: int, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biolabel.curation.queue._FEW", few)
    monkeypatch.setattr("biolabel.curation.queue._SOME", some)
    monkeypatch.setattr("biolabel.curation.queue._RARE", few)
    statements: list[str] = []

    def remember(*call: object) -> None:
        statements.append(str(call[2]))

    event.listen(queue.engine, "before_cursor_execute", remember)
    for filters in (Filters(text="chemical"), Filters(years=(2000, None)), Filters(rule="ctd")):
        assert all_of(queue, filters)
        # Of a text there are few names, or each is asked: to find some, all would be gone through.
        expected = "EXISTS" if filters.text and few == 2 else how
        assert expected in statements[-1], statements[-1]
        walks = not filters.text and few < some and queue.engine.name == "sqlite"
        assert (" +assertions.id" in statements[-1]) == walks, statements[-1]
    # What curators decided is little, and looked up.
    all_of(queue, Filters(rule="ctd", states=("accepted",)))
    assert " +assertions.id" not in statements[-1]
    event.remove(queue.engine, "before_cursor_execute", remember)
