from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.errors import BiolabelError
from biolabel.workflow.bench import Bench
from biolabel.workflow.ondemand import OnDemand, Reader

OpenBench = Callable[..., Bench]


def test_values_are_made_once_when_they_are_asked_for() -> None:
    asked: list[str] = []
    made: dict[str, int] = {}

    def make(name: str) -> None:
        asked.append(name)
        made.update({"a": 1, "b": 2})

    found = OnDemand(("a", "b"), make, made)
    assert list(found) == ["a", "b"]
    assert len(found) == 2
    assert asked == []
    assert (found["b"], found["a"], found["a"]) == (2, 1, 1)
    assert asked == ["b"]
    with pytest.raises(KeyError):
        found["c"]
    assert asked == ["b"]


def reader(bench: Bench, **shared: object) -> Reader:
    marks = {name: name for name in (*bench.plan.ontologies, *bench.plan.kbs)}
    return Reader(bench.plan, marks, frozenset, **shared)  # type: ignore[arg-type]


def test_only_what_is_asked_for_is_read_and_readers_share_it(bench: Bench) -> None:
    first = reader(bench)
    chemicals = first.knowledge().ontologies["chemicals"]
    assert "diseases" not in first.ontologies
    assert first.pairs == {}
    second = reader(bench, shared=first.shared)
    assert second.knowledge().ontologies["chemicals"] is chemicals


def test_documents_are_asked_for_only_where_pairs_are_read(bench: Bench) -> None:
    calls: list[int] = []

    def documents() -> frozenset[str]:
        calls.append(1)
        return frozenset({"t01"})

    marks = {name: name for name in (*bench.plan.ontologies, *bench.plan.kbs)}
    knowledge = Reader(bench.plan, marks, documents).knowledge()
    assert knowledge.ontologies["diseases"].ontology.names
    assert calls == []
    assert "" in knowledge.pairs["indications"].counts
    assert calls == [1]


def test_a_missing_table_is_told_when_it_is_asked_for(
    tiny_task: Path, tmp_path: Path, open_bench: OpenBench
) -> None:
    rules = tiny_task / "rules" / "tiny.rules"
    table = rules.with_name("own.tsv")
    table.write_text("id\tname\nD008094\tlithium\n", encoding="utf-8")
    own = 'ontology own\n  from: tsv "own.tsv"\n  type: Chemical\n  ids: "MESH"\n'
    used = "rule by_own for mentions\n  votes: Chemical\n  find: own\n"
    rules.write_text(f"{rules.read_text(encoding='utf-8')}\n{own}{used}", encoding="utf-8")
    knowledge = reader(open_bench(tiny_task, tmp_path / "w", dev=False)).knowledge()
    table.write_text("nothing\nof this\n", encoding="utf-8")
    assert knowledge.ontologies["chemicals"].ontology.names
    with pytest.raises(BiolabelError, match="own"):
        knowledge.ontologies["own"]
