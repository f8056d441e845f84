from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.curation.assertions import Assertion
from biolabel.kb.named import Described, Named, named
from biolabel.kb.pairs import PairIndex
from biolabel.kb.versions import diff_ontologies, diff_pairs
from biolabel.workflow.bench import Bench
from biolabel.workflow.knowledge.compare import compare
from biolabel.workflow.knowledge.effects import effects_on, touched_assertions

OpenBench = Callable[..., Bench]


@pytest.fixture
def work(tiny_task: Path, open_bench: OpenBench) -> Bench:
    """Return a bench whose rules read tables beside them."""
    rules = tiny_task / "rules" / "tiny.rules"
    text = rules.read_text(encoding="utf-8")
    text = text.replace('catalog "demo_mesh_chemicals"', 'tsv "drugs.tsv"')
    text = text.replace('catalog "demo_indications"', 'tsv "pairs.tsv"')
    rules.write_text(text, encoding="utf-8")
    drugs = "id\tname\nD008094\tLithium\nD009020\tMorphine\nD001241\tAspirin\nD006493\tHeparin\n"
    (rules.parent / "drugs.tsv").write_text(drugs)
    (rules.parent / "new.tsv").write_text(drugs.replace("D009020\tMorphine", "D1\tMorphine")[:-16])
    (rules.parent / "pairs.tsv").write_text("subject\tobject\nD008094\tD014202\n")
    (rules.parent / "others.tsv").write_text("subject\tobject\nD001241\tD005334\n")
    return open_bench(tiny_task, tiny_task.parent / "workspace", dev=False)


def beside(work: Bench, name: str) -> Named:
    return named(str(work.job.task.folder / "rules" / name), Described(ids="MESH"))


def test_hits_of_names(work: Bench) -> None:
    old, new = beside(work, "drugs.tsv"), beside(work, "new.tsv")
    found = effects_on(work, old, new, compare(old, new))
    (change,) = found.hits
    assert change.name == "chemicals"
    assert (change.gained, change.lost, change.other) == (0, 2, 2)
    assert change.before == change.now + 2
    assert ("heparin", "MESH:D006493 to nothing", 2) in change.examples
    assert ("morphine", "MESH:D009020 to MESH:D1", 2) in change.examples
    assert {each.name for each in found.touched} == {"chemical_names"}


def test_candidate_pairs(work: Bench) -> None:
    old, new = beside(work, "pairs.tsv"), beside(work, "others.tsv")
    (change,) = effects_on(work, old, new, compare(old, new)).hits
    assert (change.before, change.now, change.gained, change.lost) == (1, 1, 1, 1)
    assert ("MESH:D008094 MESH:D014202", "gone", 1) in change.examples


def test_a_new_version_that_the_rules_cannot_read(work: Bench) -> None:
    rules = work.job.task.folder / "rules" / "tiny.rules"
    rules.write_text(
        rules.read_text().replace("  via: exact\n", '  drop: "tea"\n  via: exact\n', 1)
    )
    empty = work.job.task.folder / "rules" / "empty.tsv"
    empty.write_text("id\tname\nD008094\ttea\n")
    old, new = beside(work, "drugs.tsv"), beside(work, "empty.tsv")
    (change,) = effects_on(work, old, new, compare(old, new)).hits
    assert change.problem.startswith("error[BL403]")


def test_a_task_that_reads_something_else(work: Bench) -> None:
    old, new = named("demo_mesh_chemicals"), beside(work, "new.tsv")
    found = effects_on(work, old, new, compare(old, new))
    assert (found.touched, found.hits) == ((), ())


def assertion(subject: str, object_: str) -> Assertion:
    return Assertion(subject, "causes", object_, "a", "b", 0.9, 0.9, 1, "new", ())


def test_assertions_about_changed_concepts_and_pairs(work: Bench) -> None:
    old, new = beside(work, "drugs.tsv"), beside(work, "new.tsv")
    asserted = [assertion("MESH:D006493", "MESH:D9"), assertion("MESH:D008094", "MESH:D9")]
    diff = diff_ontologies(*(each.ontology() for each in (old, new)))
    (found,) = touched_assertions(asserted, diff)
    assert (found.assertion.subject, found.why) == ("MESH:D006493", "MESH:D006493: gone")
    pair = ("MESH:D008094", "MESH:D9")
    changed = diff_pairs(PairIndex({"": {pair: 2}}), PairIndex({"": {pair: 5}}))
    (found,) = touched_assertions(asserted, changed)
    assert found.why == "evidence was 2, is 5"
