from pathlib import Path

import pytest
import typer

from biolabel.cli.jobs import REJECTED, bench, finish, nothing_to_score
from biolabel.cli.screen import screen
from biolabel.data.documents import Document, Passage
from biolabel.errors import RunError
from biolabel.text import store
from biolabel.text.pipeline import Pipeline
from biolabel.workflow.apply import apply
from biolabel.workflow.job import cores


def test_a_task_brings_its_own_documents(tiny_task: Path, tmp_path: Path) -> None:
    job = bench(tiny_task, None, None, tmp_path / "w", 3, True).job
    assert job.files == {
        "corpus": tiny_task / "corpus.pubtator", "dev": tiny_task / "dev.pubtator",
    }  # fmt: skip
    assert (job.workspace, job.seed) == (tmp_path / "w", 3)


def test_a_corpus_of_ones_own_comes_without_the_tasks_dev(tiny_task: Path) -> None:
    job = bench(tiny_task, Path("a.pubtator"), None, None, 0, True).job
    assert job.files == {"corpus": Path("a.pubtator")}
    assert job.workspace == Path("workspace/tiny")


def test_dev_of_ones_own_goes_with_the_tasks_corpus(tiny_task: Path) -> None:
    job = bench(tiny_task, None, Path("b.pubtator"), None, 0, True).job
    assert job.files == {"corpus": tiny_task / "corpus.pubtator", "dev": Path("b.pubtator")}


def test_a_task_without_documents_asks_for_some(tiny_task: Path) -> None:
    settings = tiny_task / "task.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("corpus", "dev"))]
    settings.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(RunError) as caught:
        bench(tiny_task, None, None, None, 0, True)
    assert caught.value.code == "BL907"
    assert "--corpus" in caught.value.hint
    assert bench(tiny_task, Path("a.pubtator"), None, None, 0, True).job.parts() == ("corpus",)


def test_texts_of_a_store_that_are_processed_again_are_told(
    tiny_task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = store.write(tmp_path / "s", [Document("1", (Passage("", 0, "Tea"),))], Pipeline("blank"))
    for told in (True, False):
        work = bench(tiny_task, made.folder, None, tmp_path / "w", 0, True)
        work.corpus("corpus")
        finish(work, screen())
        again = "again: its tokens and sentences and abbreviations are not what the task asks for"
        assert (again in " ".join(capsys.readouterr().out.split())) is told


def test_rejected_input_is_counted_and_has_a_status(
    tiny_task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tiny_task / "corpus.pubtator"
    with corpus.open("a", encoding="utf-8") as file:
        file.write("t01|t|Another text\nnonsense\nt99|t|Rash\nt99\t0\t9\tRash\tDisease\t-1\n")
    work = bench(tiny_task, None, None, tmp_path / "w", 0, True)
    work.corpus("corpus")
    with pytest.raises(typer.Exit) as caught:
        finish(work, screen())
    assert caught.value.exit_code == REJECTED == 3
    text = capsys.readouterr().out
    assert "corpus: could not use 1 document(s), 1 line(s), 1 mention(s); see " in text
    assert "rejects.tsv" in text
    assert "dev: could not use" not in text


def test_clean_input_ends_well(
    tiny_task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = bench(tiny_task, None, None, tmp_path / "w", 0, True)
    work.corpus("corpus")
    finish(work, screen())
    assert "could not use" not in capsys.readouterr().out


def test_missing_gold_is_told_with_what_would_be_gold(tiny_task: Path) -> None:
    error = nothing_to_score(bench(tiny_task, None, Path("b.pubtator"), None, 0, True))
    assert error.code == "BL908"
    assert "b.pubtator" in error.message
    assert "CID" in error.hint


def test_a_job_uses_every_core_unless_told_otherwise(tiny_task: Path) -> None:
    assert bench(tiny_task, None, None, None, 0, True).job.workers == cores()
    assert bench(tiny_task, None, None, None, 0, True, workers=3).job.workers == 3


def test_the_address_of_a_scheduler_without_dask_is_a_wrong_command(tiny_task: Path) -> None:
    with pytest.raises(typer.BadParameter, match="add --executor dask"):
        bench(tiny_task, None, None, None, 0, True, scheduler="tcp://localhost:8786")


def with_votes(task: Path, documents: str) -> None:
    """Let a rule of a task's topics take its votes from a file about some documents."""
    votes = "".join(f"{name}\tharm\n" for name in documents.split())
    (task / "rules" / "crowd.tsv").write_text(f"doc\tlabel\n{votes}", encoding="utf-8")
    with (task / "rules" / "tiny.rules").open("a", encoding="utf-8") as rules:
        rules.write('\nmodel crowd\n  from: file "crowd.tsv"\n')
        rules.write("\nrule of_the_crowd for topic\n  votes: from model crowd\n")


def said_after_applying(task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    work = bench(task, None, None, tmp_path / "w", 0, True)
    for which in work.job.parts():
        apply(work, which)
    finish(work, screen())
    return capsys.readouterr().err


def test_votes_on_documents_from_elsewhere_are_told(
    tiny_task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_votes(tiny_task, "PMID:1 PMID:2")
    told = said_after_applying(tiny_task, tmp_path, capsys)
    assert "warning[BL940]: corpus: the file of model `crowd` has votes on 2 documents" in told
    assert "such as PMID:1, and on none of the 12 that are there, such as t01" in told
    assert "warning[BL940]: dev: " in told


def test_votes_on_the_documents_are_not(
    tiny_task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_votes(tiny_task, "t01 elsewhere v01")
    assert "BL940" not in said_after_applying(tiny_task, tmp_path, capsys)


def test_an_empty_file_of_votes_is_told(
    tiny_task: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_votes(tiny_task, "")
    told = said_after_applying(tiny_task, tmp_path, capsys)
    assert "warning[BL940]: corpus: the file of model `crowd` has no votes" in told
