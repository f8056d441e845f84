import json
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biolabel.curation.gold import read_gold
from biolabel.curation.review import NewDecision, Reviewed
from biolabel.curation.store import FILE, decide, load, open_database
from biolabel.errors import RunError
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.assertions import assertions as gather
from biolabel.workflow.assertions import open_assertions
from biolabel.workflow.bench import Bench
from biolabel.workflow.export import (
    FORMATS,
    accepted_assertions,
    export,
    order_of,
    outdated,
    reviewed_assertions,
)
from biolabel.workflow.results import Results, open_results
from biolabel.workflow.run import run

OpenBench = Callable[..., Bench]


@pytest.fixture(scope="module")
def results(bench: Bench) -> Results:
    run(bench)
    return open_results(bench.job.workspace)


@pytest.fixture
def database(tmp_path: Path, bench: Bench, results: Results) -> str:
    """Return a database in which the first assertion is accepted and the second rejected."""
    found = open_assertions(gather(bench, "corpus"), "cid")
    path = tmp_path / FILE
    opened = open_database(path)
    load(opened, "cid", found, results.assertions.name)
    first, second = list(reviewed_assertions(results, path))[:2]
    decide(opened, NewDecision(first.id, "accept", "ana"))
    decide(opened, NewDecision(second.id, "reject", "ana"))
    opened.close()
    return str(path)


def by_state(results: Results, database: str) -> dict[str, list[Reviewed]]:
    found: dict[str, list[Reviewed]] = {}
    for each in reviewed_assertions(results, database):
        found.setdefault(each.outcome.state, []).append(each)
    return found


def test_assertions_of_an_earlier_run_are_told(results: Results, database: str) -> None:
    assert not outdated(results)
    assert not outdated(results, database)
    opened = open_database(database)
    load(opened, "cid", [], "another run")
    opened.close()
    assert outdated(results, database)


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_is_written(tmp_path: Path, results: Results, database: str, to: str) -> None:
    done = export(results, order_of(to, tmp_path / "out"), database)
    assert done.files
    assert all(path.exists() for path in done.files)
    assert {path.relative_to(tmp_path / "out").parts[0] for path in done.files} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    states = by_state(results, database)
    every = sum(map(len, states.values()))
    expected = {"kgx": 1, "nanopub": 1, "kb": 1, "tsv": every, "jsonl": every, "gold": every}
    assert done.assertions == expected.get(to, every - 1)
    assert done.unplaced == 0


def test_documents_have_what_is_not_rejected(
    tmp_path: Path, results: Results, database: str
) -> None:
    states = by_state(results, database)
    (accepted,) = states["accepted"]
    only = order_of("pubtator", tmp_path, accepted=True)
    found = list(pubtator.read(export(results, only, database).files[0], Rejects()))
    assert [document.id for document in found] == list(results.parts["corpus"].corpus.ids)
    pairs = {(r.label, r.subject, r.object) for d in found for r in d.relations}
    assert pairs == {("CID", accepted.assertion.subject, accepted.assertion.object)}
    where = [d.id for d in found if d.relations]
    rows = accepted.assertion.evidence
    assert set(where) == {row.document for row in rows if row.probability is not None}
    rest = order_of("pubtator", tmp_path)
    done = list(pubtator.read(export(results, rest, database).files[0], Rejects()))
    claims = {(r.subject, r.object) for d in done for r in d.relations}
    kept = [each.assertion for state in ("accepted", "undecided") for each in states[state]]
    assert claims == {(a.subject, a.object) for a in kept}


def test_decisions_are_gold_rows(tmp_path: Path, results: Results, database: str) -> None:
    (path,) = export(results, order_of("gold", tmp_path), database).files
    states = by_state(results, database)
    rows = read_gold(path)
    assert {row.label for row in rows} == {"causes", "none"}
    for state, label in (("accepted", "causes"), ("rejected", "none")):
        (each,) = states[state]
        pair = each.assertion.subject, each.assertion.object
        ours = [row for row in rows if (row.subject, row.object) == pair]
        assert ours
        assert {row.label for row in ours} == {label}


def test_accepted_assertions_alone(results: Results, database: str) -> None:
    (accepted,) = by_state(results, database)["accepted"]
    assert accepted_assertions(results, database) == (accepted.assertion,)
    assert accepted_assertions(results) == ()


def test_the_independent_scorer_finds_everything(
    tmp_path: Path, results: Results, database: str, scorer: Path
) -> None:
    (path,) = export(results, order_of("pubtator", tmp_path), database).files
    # It takes PubMed ids alone for documents, and those of the task begin with a letter.
    path.write_text(re.sub(r"(?m)^t(?=\d)", "", path.read_text(encoding="utf-8")))
    score = runpy.run_path(str(scorer))["score"]
    found = list(pubtator.read(path, Rejects()))
    for kind, expected in (
        ("ner", {(d.id, m.start, m.end, m.type) for d in found for m in d.mentions}),
        ("cid", {(d.id, r.subject, r.object) for d in found for r in d.relations}),
    ):
        rows, notes, _ = score(kind, str(path), str(path))
        assert (rows["micro"]["tp"], rows["micro"]["f1"]) == (len(expected), 1.0)
        assert notes == []


def test_rules_look_accepted_pairs_up_but_not_in_their_own_documents(
    tmp_path: Path, results: Results, database: str, tiny_task: Path, open_bench: OpenBench
) -> None:
    rules = tiny_task / "rules"
    export(results, order_of("kb", rules, name="curated"), database)
    with (rules / "tiny.rules").open("a", encoding="utf-8") as file:
        file.write(
            '\nkb curated\n  from: tsv "pairs.tsv"\n  columns: subset = "kind"\n'
            '  pairs: Chemical -> Disease\n  ids: "MESH"\n'
            "\nrule curators_know_it for cid\n  votes: causes\n  when: pair in curated.causes\n"
        )
    work = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    (accepted,) = by_state(results, database)["accepted"]
    pair = accepted.assertion.subject, accepted.assertion.object
    own = work.knowledge.pairs["curated"]
    assert own.withheld == accepted.assertion.documents
    assert pair not in own.counts["causes"]
    elsewhere = replace(work.job, files={"corpus": tiny_task / "dev.pubtator"}, notes={})
    there = Bench(elsewhere).knowledge.pairs["curated"]
    assert there.counts["causes"][pair] == accepted.assertion.documents


def test_without_decisions_the_run_is_exported(tmp_path: Path, results: Results) -> None:
    done = export(results, order_of("kgx", tmp_path, accepted=False))
    assert done.assertions == len(list(reviewed_assertions(results)))
    empty = tmp_path / "empty.sqlite"
    open_database(empty).close()
    assert export(results, order_of("kgx", tmp_path, accepted=False), empty) == done
    assert export(results, order_of("kgx", tmp_path)).assertions == 0
    with pytest.raises(RunError) as caught:
        export(results, order_of("kb", tmp_path))
    assert caught.value.code == "BL984"


def test_the_probability_bounds(tmp_path: Path, results: Results) -> None:
    order = order_of("tsv", tmp_path, min_probability=1.0)
    sure = [each for each in reviewed_assertions(results) if each.assertion.probability >= 1]
    assert export(results, order).assertions == len(sure)


@pytest.mark.parametrize(
    ("to", "name", "code", "hint"),
    [("kgxx", "a", "BL985", "did you mean kgx?"), ("kb", "a b", "BL986", "underscores")],
)
def test_wrong_orders(tmp_path: Path, to: str, name: str, code: str, hint: str) -> None:
    with pytest.raises(RunError) as caught:
        order_of(to, tmp_path, name=name)
    assert caught.value.code == code
    assert hint in (caught.value.hint or "")


def test_the_commands_say_what_they_did(
    tmp_path: Path, results: Results, database: str, command: Callable[..., Any]
) -> None:
    where = results.workspace, "--database", database
    done = command("export", *where, "--to", "kgx", "--out", tmp_path / "graph")
    assert (done.status, done.err) == (0, "")
    assert "1 accepted assertion\n" in done.out
    assert f"wrote {tmp_path / 'graph' / 'edges.tsv'}" in done.out
    (rejected,) = by_state(results, database)["rejected"]
    behind = {rule for row in rejected.assertion.evidence for rule in row.rules_for}
    told = json.loads(command("curate", "blame", *where, "--json").out)
    assert {each["rule"] for each in told if each["rejected"]} == behind
    assert all(each["share"] == each["rejected"] for each in told)
    shown = command("curate", "scores", *where)
    assert (shown.status, "fused" in shown.out) == (0, True)
    scores = json.loads(command("curate", "scores", *where, "--json").out)
    assert scores["learned_from_decisions"] is False
    assert scores["thresholds"] == []
    assert {each["system"] for each in scores["scores"]} >= {"majority", "fused"}
