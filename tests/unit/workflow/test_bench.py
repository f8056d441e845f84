from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biolabel.errors import RuleError
from biolabel.kb.catalog import entry
from biolabel.lang.steps import mark_of_step
from biolabel.workflow import ingest
from biolabel.workflow.bench import Bench

OpenBench = Callable[..., Bench]


def change(task: Path, old: str, new: str) -> None:
    """Replace a text of the task's rules."""
    path = task / "rules" / "tiny.rules"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_corpora_are_opened_once(bench: Bench) -> None:
    assert bench.corpus("corpus") is bench.corpus("corpus")
    assert bench.finder("dev") is bench.finder("dev")
    assert (len(bench.corpus("corpus").ids), len(bench.corpus("dev").ids)) == (12, 5)
    assert bench.finder("dev").corpus is bench.corpus("dev")


def test_documents_are_hashed_once_a_run(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    assert work.ingested("corpus") is work.ingested("corpus")

    def read_again(path: Path) -> str:
        raise AssertionError(path)

    monkeypatch.setattr(ingest, "file_hash", read_again)
    assert work.knowledge_inputs()["guarded"] == [work.ingested("corpus").key]


def test_knowledge_is_that_of_the_rules(bench: Bench) -> None:
    knowledge = bench.knowledge
    assert set(knowledge.ontologies) == {"chemicals", "diseases"}
    assert ("MESH:D001241", "MESH:D010003") in knowledge.pairs["indications"].counts[""]


def test_knowledge_is_known_by_its_tables_and_the_guarded_documents(
    bench: Bench, tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    inputs = bench.knowledge_inputs()
    names = ("demo_indications", "demo_mesh_chemicals", "demo_mesh_diseases")
    assert inputs["tables"] == {name: entry(name).sha256 for name in names}
    assert inputs["guarded"] == [bench.ingested(which).key for which in ("corpus", "dev")]
    alone = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    assert alone.knowledge_inputs()["guarded"] == [alone.ingested("corpus").key]


def test_knowledge_is_known_by_files_and_lists_too(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    rules = tiny_task / "rules"
    (rules / "t.tsv").write_text("id\tname\nX:1\ta\n")
    (rules / "w.txt").write_text("alpha\n")
    text = (rules / "tiny.rules").read_text()
    own = 'ontology own\n  from: tsv "t.tsv"\nlist listed\n  file: "w.txt"\n'
    (rules / "tiny.rules").write_text(text + own)

    def inputs() -> dict[str, object]:
        return open_bench(tiny_task, tmp_path / "workspace").knowledge_inputs()

    first = inputs()
    assert inputs() == first
    (rules / "t.tsv").write_text("id\tname\nX:1\tb\n")
    second = inputs()
    assert (second["files"] != first["files"], second["lists"] == first["lists"]) == (True, True)
    (rules / "w.txt").write_text("beta\n")
    assert inputs()["lists"] != second["lists"]


def test_an_unknown_table_is_told(tmp_path: Path, tiny_task: Path, open_bench: OpenBench) -> None:
    change(tiny_task, "demo_indications", "demo_indication")
    with pytest.raises(RuleError) as caught:
        open_bench(tiny_task, tmp_path / "workspace").knowledge_inputs()
    assert caught.value.code == "BL701"
    assert "demo_indications" in caught.value.hint


def test_rules_with_errors_have_no_plan(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    change(tiny_task, "find: chemicals", "find: chemical")
    work = open_bench(tiny_task, tmp_path / "workspace")
    assert work.rules.plan is None
    with pytest.raises(RuleError):
        _ = work.plan


def test_an_encoder_is_known_by_its_files(
    bench: Bench, tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(bench.encoder_files)
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text[: text.index("encoder =")], encoding="utf-8")
    assert open_bench(tiny_task, tmp_path / "workspace").encoder_files == {}


def test_a_tagger_reads_the_sentences_that_a_rule_needs(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    change(tiny_task, "pipeline\n", 'pipeline\n  tagger: spacy "en_core_web_sm"\n')
    plain = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    assert plain.rules.pipeline.tagger == "en_core_web_sm"
    assert plain.corpus("corpus").lemmas == ()
    rules = tiny_task / "rules" / "tiny.rules"
    rule = '\nrule lemma for topic\n  votes: harm\n  when: document has "after" [pos=NOUN]\n'
    rules.write_text(rules.read_text(encoding="utf-8") + rule, encoding="utf-8")
    tagged = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    assert tagged.ingested("corpus").key == plain.ingested("corpus").key
    assert plain.marks.keys() == tagged.marks.keys() - {mark_of_step("tagger")}
    run = tagged.site("corpus", "given").run(0, {})
    task = run.task("topic")
    found = run.scene(task, task.rules).corpus
    read = np.unique(found.row_sentence[found.row_lemma >= 0]).tolist()
    held = [i for i in range(len(found.sentence_doc)) if " after " in found.sentence_text(i)]
    assert 0 < len(read) < len(found.sentence_doc)
    assert read == held
    assert (found.lemmas != (), found.deps) == (True, ())
    others = [rule for rule in task.rules if rule.lf.name != "lemma"]
    assert run.scene(task, others).corpus.lemmas == ()
