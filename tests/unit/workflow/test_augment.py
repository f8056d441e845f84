"""The stage that makes new versions of a corpus's documents."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.augment.pool import Pool
from biolabel.data.rows import rows_of
from biolabel.errors import ModelError, RunError
from biolabel.workflow.augment import (
    augment,
    augment_settings,
    looking,
    open_augmented,
    open_gains,
    soft_documents,
)
from biolabel.workflow.bench import Bench
from biolabel.workflow.faults import faults_of

FILES = """biolabel 1

import "tiny.rules" as tiny only mentions

model spans
  from: file "HERE/spans.tsv"

model kinds
  from: file "HERE/kinds.tsv"

document kind
  labels: good, bad
  pick: one

rule crowd for mentions
  votes: from model spans

rule whole for kind
  votes: from model kinds
"""
OpenBench = Callable[..., Bench]


@pytest.fixture
def made(tmp_path: Path, shared_task: Path, open_bench: OpenBench) -> Callable[[str], Bench]:
    """Return a function that opens a bench over the tiny task with more settings."""

    def of(settings: str) -> Bench:
        folder = tmp_path / "tiny"
        shutil.copytree(shared_task, folder)
        with (folder / "task.toml").open("a", encoding="utf-8") as stream:
            stream.write(f"\n[augment]\n{settings}\n")
        return open_bench(folder, tmp_path / "workspace", dev=False)

    return of


def judged(pool: Pool) -> int:
    tallies = [t for outcome in pool.outcomes.values() for t in outcome.tallies.values()]
    return sum(t.kept + t.relabeled + t.dropped for t in tallies)


def test_new_versions_are_judged_and_kept_on_disk(bench: Bench) -> None:
    note = augment(bench)
    pool = open_augmented(note)
    documents = {document.id: document for document in soft_documents(bench)}
    assert pool.variants
    assert judged(pool)
    for name, variants in pool.variants.items():
        for variant in variants:
            document = variant.document
            assert document.text != documents[name].text
            assert rows_of(document.text)[0].tolist() == document.words.tolist()
            assert document.entities.keys() == documents[name].entities.keys()
    assert open_gains(note) == {}


def test_the_same_seed_makes_the_same_versions(
    bench: Bench, shared_task: Path, open_bench: OpenBench, tmp_path: Path
) -> None:
    first = open_augmented(augment(bench))
    again = open_augmented(augment(open_bench(shared_task, tmp_path)))
    other = open_augmented(augment(open_bench(shared_task, bench.job.workspace, seed=1)))

    def texts(pool: Pool) -> list[str]:
        return [v.document.text for variants in pool.variants.values() for v in variants]

    assert texts(first) == texts(again) != texts(other)


def test_a_swap_gives_pairs_of_a_knowledge_base_new_labels(made: Callable[[str], Bench]) -> None:
    bench = made("policy = 'all'\ntransformations = ['entities']\nrates = {entities = 1.0}")
    assert looking(bench.plan)["cid"], "the tiny task has a rule that looks pairs up"
    [outcome] = open_augmented(augment(bench)).outcomes.values()
    assert outcome.made
    assert outcome.tallies["cid"].relabeled


def test_without_verification_all_labels_stay(made: Callable[[str], Bench]) -> None:
    bench = made("verify = false\npolicy = 'random'")
    pool = open_augmented(augment(bench))
    assert pool.variants
    assert judged(pool) == 0


def test_no_policy_makes_nothing(made: Callable[[str], Bench]) -> None:
    bench = made("policy = 'none'")
    assert open_augmented(augment(bench)).variants == {}


def test_a_learned_policy_says_what_it_measured(made: Callable[[str], Bench]) -> None:
    note = augment(made("policy = 'learned'\ntransformations = ['synonyms', 'masking']"))
    gains = open_gains(note)
    assert gains.keys() == {"synonyms", "masking"}
    shares = open_augmented(note).probabilities
    assert 0 < sum(shares.values()) < 1
    best = max(gains, key=lambda name: gains[name].mean)
    assert shares[best] == max(shares.values())


def test_files_of_votes_are_asked_about_old_texts_only(made: Callable[[str], Bench]) -> None:
    bench = made("policy = 'all'\ntransformations = ['masking']\nrates = {masking = 1.0}")
    folder = bench.job.task.folder
    texts = bench.corpus("corpus")
    spans = [
        f"{name}\t{len(text) - 5}\t{len(text)}\tChemical"
        for name, text in zip(texts.ids, texts.texts, strict=True)
    ]
    (folder / "spans.tsv").write_text("\n".join(["doc\tstart\tend\tlabel", *spans]), "utf-8")
    kinds = [f"{name}\tgood" for name in texts.ids]
    (folder / "kinds.tsv").write_text("\n".join(["doc\tlabel", *kinds]), "utf-8")
    (folder / "rules" / "files.rules").write_text(FILES.replace("HERE", str(folder)), "utf-8")
    bench = bench.reread()
    note = augment(bench)
    assert faults_of(note) == {}
    outcome = open_augmented(note).outcomes["masking"]
    assert outcome.made
    assert outcome.tallies["cid"].kept > outcome.tallies["cid"].dropped


def test_settings_that_do_not_fit_are_told(made: Callable[[str], Bench]) -> None:
    bench = made("transformations = ['words']\nprobabilities = {masking = 0.5}")
    with pytest.raises(ModelError, match="masking") as caught:
        augment_settings(bench)
    assert caught.value.code == "BL842"


def test_settings_of_another_kind_are_refused_when_the_task_is_read(
    made: Callable[[str], Bench],
) -> None:
    with pytest.raises(RunError, match=r"augment\.rates"):
        made("rates = {synonym = 0.1}")
