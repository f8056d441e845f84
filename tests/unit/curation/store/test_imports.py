import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select

from biolabel.curation import Assertion, Evidence, Statement
from biolabel.curation.queue import Filters, count
from biolabel.curation.review import (
    Decision,
    NewDecision,
    Outcome,
    Reviewed,
    assertion_id,
    evidence_ids,
    outcome,
)
from biolabel.curation.store import (
    VERDICTS,
    Database,
    Loaded,
    adjudicate,
    all_decisions,
    decide,
    history,
    load,
    one,
    one_json,
    open_database,
    reviewed,
    run_of,
    tasks_of,
    undo,
)
from biolabel.curation.store.tables import assertions, evidence, names, rules
from biolabel.errors import RunError

Claim = Callable[..., Assertion]
Row = Callable[..., Evidence]


def key_of(assertion: Assertion, task: str = "cid") -> str:
    return assertion_id(task, assertion.subject, assertion.predicate, assertion.object)


def rows(database: Database) -> list[int]:
    """Return how many rows the tables that a run fills have."""
    with database.reading() as connection:
        return [
            connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (assertions, names, evidence, rules)
        ]


def test_assertions_come_back_as_they_were(database: Database, claim: Claim, row: Row) -> None:
    whole = claim(
        1,
        0.123456789012345,
        "contradicts",
        (
            row(1, document="PMC 3|x%", text="<b>é😀\u2028\\t\t</b>", probability=None, year=1999),
            row(2, rules_for=("a", "b"), rules_against=("c",), journal="N. Engl. J. Med."),
        ),
        known_from=(Statement("ctd", ("12", "13")),),
    )
    bare = claim(2, evidence=())
    loaded = load(database, "cid", [whole, bare], "run 1")
    assert loaded == Loaded(assertions=2, new=2, changed=0, gone=0, kept=0)
    found = {each.id: each for each in reviewed(database)}
    assert found[key_of(whole)].assertion == whole
    assert found[key_of(whole)].evidence_ids == evidence_ids(key_of(whole), whole.evidence)
    assert found[key_of(bare)].assertion == bare
    assert (tasks_of(database), run_of(database, "cid")) == (("cid",), "run 1")
    assert run_of(database, "ddi") is None


def test_a_run_replaces_the_one_before(database: Database, claim: Claim) -> None:
    load(database, "cid", [claim(1, 0.1), claim(2, 0.2), claim(3, 0.3)], "run 1")
    loaded = load(database, "cid", [claim(2, 0.2), claim(3, 0.9), claim(4, 0.4)], "run 2")
    assert loaded == Loaded(assertions=3, new=1, changed=1, gone=1, kept=0)
    found = [(each.assertion.subject, each.assertion.probability) for each in reviewed(database)]
    assert found == [("MESH:C000003", 0.9), ("MESH:C000004", 0.4), ("MESH:C000002", 0.2)]
    assert rows(database) == [3, 3, 3, 3]
    assert run_of(database, "cid") == "run 2"


def test_loading_the_same_again_changes_nothing(database: Database, claim: Claim) -> None:
    load(database, "cid", [claim(1), claim(2)], "run 1")
    assert load(database, "cid", [claim(2), claim(1)], "run 2") == Loaded(2, 0, 0, 0, 0)


def test_tasks_do_not_touch_each_other(database: Database, claim: Claim) -> None:
    load(database, "cid", [claim(1)], "run 1")
    load(database, "ddi", [claim(1), claim(2)], "run 1")
    load(database, "cid", [], "run 2")
    assert count(database, Filters(task="ddi")) == 2
    assert count(database, Filters(task="cid")) == 0


def test_decisions_survive_a_run_that_changes_the_assertion(
    database: Database, ids: tuple[str, ...], claim: Claim, row: Row
) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann"))
    after = claim(1, 0.01, evidence=(row(7, document="9"),))
    assert load(database, "cid", [after], "run 2").changed == 1
    found = one(database, ids[0])
    assert (found.decisions, found.outcome, found.current) == ((made,), Outcome("accepted"), True)
    assert found.assertion == after
    assert not found.gone_evidence


def test_decisions_survive_a_run_without_the_assertion(
    database: Database, ids: tuple[str, ...], claim: Claim
) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann"))
    loaded = load(database, "cid", [claim(2, 0.8)], "run 2")
    assert loaded == Loaded(assertions=1, new=0, changed=0, gone=2, kept=1)
    found = one(database, ids[0])
    assert not found.current
    assert found.decisions == (made,)
    assert found.assertion == claim(1, 0.9)
    assert found.evidence_ids
    assert count(database, Filters()) == 1
    assert count(database, Filters(gone=True)) == 1
    with pytest.raises(RunError):
        one(database, ids[2])
    # It can still be decided on and undone, and a run that asserts it again finds all of that.
    undo(database, made.id, "ann")
    decide(database, NewDecision(ids[0], "reject", "bob"))
    assert load(database, "cid", [claim(1, 0.9)], "run 3") == Loaded(1, 1, 0, 1, 0)
    again = one(database, ids[0])
    assert again.current
    assert again.outcome == Outcome("rejected")
    assert len(again.decisions) == 3


def test_evidence_that_was_decided_on_stays(database: Database, claim: Claim, row: Row) -> None:
    both = claim(1, evidence=(row(1), row(2)))
    load(database, "cid", [both], "run 1")
    key = key_of(both)
    first, second = evidence_ids(key, both.evidence)
    made = decide(database, NewDecision(key, "wrong mention", "ann", evidence=first))
    load(database, "cid", [claim(1, evidence=(row(3),))], "run 2")
    found = one(database, key)
    assert found.assertion.evidence == (row(3),)
    assert found.gone_evidence == {first: row(1)}
    assert second not in found.evidence_ids
    assert found.decisions == (made,)
    # The row comes back, with other rules: it is the same row, and no longer gone.
    changed = row(1, rules_for=("cue", "ctd"))
    load(database, "cid", [claim(1, evidence=(row(3), changed))], "run 3")
    found = one(database, key)
    assert found.assertion.evidence == (row(3), changed)
    assert found.evidence_ids[1] == first
    assert not found.gone_evidence


def test_one_as_json_is_one(database: Database, claim: Claim, row: Row) -> None:
    adapter = TypeAdapter(Reviewed)
    sly = claim(1, subject_name='x","evidence":[],"y', evidence=(row(1), row(2, rules_for=())))
    load(database, 'a "task"', [sly, claim(2, evidence=())], "run 1")
    key = assertion_id('a "task"', sly.subject, sly.predicate, sly.object)
    same = adapter.dump_python(one(database, key), mode="json")
    assert json.loads(database.ask(partial(one_json, key)).result()) == same

    first, _ = one(database, key).evidence_ids
    decide(database, NewDecision(key, "accept", "ann", 'it\'s "so"', evidence=first))
    load(database, 'a "task"', [replace(sly, evidence=(row(2, rules_for=()), row(3)))], "run 2")
    assert len(one(database, key).gone_evidence or {}) == 1
    same = adapter.dump_python(one(database, key), mode="json")
    assert json.loads(database.ask(partial(one_json, key)).result()) == same
    for missing in ("0123456789abcdef", "x' OR 1=1"):
        with pytest.raises(RunError, match="no assertion") as caught:
            database.ask(partial(one_json, missing)).result()
        assert caught.value.code == "BL958"


def test_the_same_claim_twice_is_refused(database: Database, claim: Claim) -> None:
    load(database, "cid", [claim(1)], "run 1")
    with pytest.raises(RunError, match="MESH:C000002 causes MESH:D000002 is twice") as caught:
        load(database, "cid", [claim(2), claim(3), claim(2, 0.9)], "run 2")
    assert caught.value.code == "BL964"
    assert run_of(database, "cid") == "run 1"


def test_a_run_that_fails_in_the_middle_leaves_the_one_before(
    database: Database, ids: tuple[str, ...], claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biolabel.curation.store.imports._BATCH", 2)
    before = list(reviewed(database))

    # What is written last has a status that nobody knows.
    *fine, last = sorted(map(claim, range(4, 10)), key=key_of)
    with pytest.raises(KeyError, match="odd"):
        load(database, "cid", [*fine, replace(last, status="odd")], "run 2")  # type: ignore[arg-type]
    assert list(reviewed(database)) == before
    assert run_of(database, "cid") == "run 1"
    assert history(database, ids[0]) == ()


def test_what_is_decided_while_a_run_is_loaded_waits_and_is_kept(
    where: str, database: Database, ids: tuple[str, ...], claim: Claim
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    other = open_database(where)
    with ThreadPoolExecutor(1) as pool:
        with database.writing():
            # As a run that is being loaded holds the database, or the rows of its task.
            with database.reading() as connection:
                assert connection.scalar(select(func.count()).select_from(assertions)) == 3
            made = pool.submit(decide, other, NewDecision(ids[0], "accept", "ann"))
            time.sleep(0.05)
        assert made.result(20).verdict == "accept"
    load(database, "cid", [claim(5)], "run 2")
    assert one(database, ids[0]).outcome == Outcome("accepted")
    other.close()


def test_thousands_are_loaded_in_seconds(tmp_path: Path, claim: Claim, row: Row) -> None:
    opened = open_database(tmp_path / "many.sqlite")
    many = [claim(n, n / 5000, evidence=(row(1), row(2))) for n in range(5000)]
    start = time.process_time()
    load(opened, "cid", many, "run 1")
    first = time.process_time() - start
    load(opened, "cid", many, "run 2")
    second = time.process_time() - start - first
    assert first < 10
    assert second < first / 2
    assert rows(opened) == [5000, 5000, 10_000, 5000]
    opened.close()


def test_nothing_that_a_curator_did_is_ever_lost(
    database: Database, claim: Claim, row: Row
) -> None:
    """Whatever runs come and go in between, all decisions stay, and states follow from them."""
    rng = np.random.default_rng(7)
    every = [claim(number) for number in range(5)]
    made: list[Decision] = []
    load(database, "cid", every, "run 0")
    for turn in range(60):
        about = key_of(every[rng.integers(len(every))])
        by = ("ann", "bob", "eve")[rng.integers(3)]
        action = rng.integers(8)
        own = [each for each in made if each.by == by and each.kind != "undo"]
        if action == 0:
            picked = rng.random(len(every)) < 0.6
            rows = tuple(row(int(number)) for number in rng.integers(4, size=rng.integers(3)))
            run = [
                replace(each, probability=float(rng.random()), evidence=rows)
                for each, is_in in zip(every, picked, strict=True)
                if is_in
            ]
            load(database, "cid", run, f"run {turn}")
            continue
        if own and action == 1:
            back = own[rng.integers(len(own))].id
            if back not in {each.undoes for each in made}:
                made.append(undo(database, back, by))
            continue
        try:
            there = one(database, about)
        except RunError:
            continue  # a run went without it before anybody decided on it
        verdict = VERDICTS[rng.integers(len(VERDICTS))]
        where = there.evidence_ids[0] if action == 2 and there.evidence_ids else None
        new = NewDecision(about, verdict, by, evidence=where)
        made.append((adjudicate if action == 3 else decide)(database, new))
    assert len(made) > 30
    assert all_decisions(database) == tuple(made)
    for each in reviewed(database):
        own = [decision for decision in made if decision.assertion == each.id]
        assert each.decisions == tuple(own)
        assert each.outcome == outcome(own)
        judged = {decision.evidence for decision in own} - {None}
        assert judged <= {*each.evidence_ids, *(each.gone_evidence or {})}
