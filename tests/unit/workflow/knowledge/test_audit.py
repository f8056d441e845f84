from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.evaluation import audit as limits
from biolabel.workflow.bench import Bench
from biolabel.workflow.knowledge.audit import asked, audit

OpenBench = Callable[..., Bench]


def task_with(tiny_task: Path, kb: str, rule: str) -> Path:
    """Return a task whose knowledge base is a table beside its rules, asked by one more rule."""
    rules = tiny_task / "rules" / "tiny.rules"
    text = rules.read_text(encoding="utf-8")
    text = text.replace('catalog "demo_indications"', 'tsv "pairs.tsv"')
    rules.write_text(f"{text}\nrule asks for cid\n  votes: causes\n  when: {rule}\n")
    (rules.parent / "pairs.tsv").write_text(kb)
    return tiny_task


def open_dev(task: Path, open_bench: OpenBench) -> Bench:
    return open_bench(task, task.parent / "workspace")


def test_the_guard_and_what_it_withholds(tiny_task: Path, open_bench: OpenBench) -> None:
    kb = "subject\tobject\tevidence\nD008094\tD009325\tv01|v02\nD009020\tD010146\t77\n"
    work = open_dev(task_with(tiny_task, kb, "pair in indications"), open_bench)
    found = audit(work)
    (table,) = (each for each in found.tables if each.which == "dev")
    assert (table.name, table.task, table.cites) == ("indications", "cid", True)
    assert (table.withheld, table.withheld_from) == (2, 2)
    assert (table.guarded.found, table.open.found) == (0, 1)
    assert table.open.held == table.guarded.held + 1
    assert not [code for code, _ in found.warnings if code == "BL735"]
    ontologies = {(o.name, o.which): o.known for o in found.ontologies}
    assert ontologies["chemicals", "dev"].known == ontologies["chemicals", "dev"].mentions > 0


def test_a_leak_without_documents_is_suspected(
    tiny_task: Path, open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold = [
        line.split("\t")[2:4]
        for line in (tiny_task / "dev.pubtator").read_text().splitlines()
        if "\tCID\t" in line
    ]
    monkeypatch.setattr(limits, "FEWEST", len(gold) - 1)
    table = "\n".join(["subject\tobject", *("\t".join(pair) for pair in gold)]) + "\n"
    work = open_dev(task_with(tiny_task, table, "pair in indications"), open_bench)
    found = audit(work)
    (rule,) = (r for r in found.rules if r.rule == "asks")
    assert (rule.kbs, rule.which, rule.alone.precision) == (("indications",), "dev", 1.0)
    (text,) = (text for code, text in found.warnings if code == "BL735")
    assert "`indications` names no documents" in text
    better = rule.alone.f1 > rule.label_model.f1
    assert better == any(code == "BL734" for code, _ in found.warnings)


def test_which_knowledge_bases_a_task_asks(tiny_task: Path, open_bench: OpenBench) -> None:
    kb = "subject\tobject\tsubset\nD008094\tD009325\tgood\n"
    rule = "pair in indications.good both ways or pair in indications.good"
    work = open_dev(task_with(tiny_task, kb, rule), open_bench)
    assert asked(work.plan)["cid"]["indications.good"] is True


def test_nothing_to_compare_with(tiny_task: Path, open_bench: OpenBench) -> None:
    work = open_bench(tiny_task, tiny_task.parent / "workspace", dev=False)
    with pytest.raises(RunError) as raised:
        audit(work)
    assert raised.value.code == "BL733"
