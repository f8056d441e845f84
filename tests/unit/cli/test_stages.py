"""Every command over one workspace, in the order of the pipeline."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

Command = Callable[..., Any]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """Return a folder with the tiny task and room for its workspace."""
    folder = tmp_path_factory.mktemp("stages")
    shutil.copytree(Path(__file__).parents[2] / "data" / "tiny_task", folder / "tiny")
    with (folder / "tiny" / "task.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'encoder = "{tiny_encoder}"\n')
    return folder


def arguments(place: Path) -> tuple[Path, str, Path]:
    """Return what every command over the shared workspace is given."""
    return place / "tiny", "--workspace", place / "workspace"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ingest", ["corpus: 12 documents, 36 sentences", "dev: 5 documents"]),
        ("apply", ["dev: topic: 5 votes of 2 rules on 5 candidates", "corpus: cid: "]),
        ("analyze", ["corpus", "dev", "said_to_cause", "title_of_benefit"]),
        ("fit", ["cid: tempered", "said_to_cause"]),
        ("train", ["30", "(kept)", "model: "]),
        ("predict", ["corpus: ", "majority.own.pubtator", "fused.given.pubtator"]),
        ("evaluate", ["best rule: said_to_cause", "label_model", "1.000"]),
        ("assertions", ["cid.tsv"]),
        ("run", ["manifest.json", "report.html", "rejects.tsv", "best rule: said_to_cause"]),
    ],
)
def test_commands_say_what_they_did(
    place: Path, command: Command, name: str, said: list[str]
) -> None:
    done = command(name, *arguments(place))
    assert (done.status, done.err) == (0, "")
    for text in said:
        assert text in done.out


def test_paths_that_are_said_exist(place: Path, command: Command) -> None:
    for name, ending in (("predict", ".pubtator"), ("assertions", ".tsv"), ("train", "model")):
        lines = command(name, *arguments(place)).out.splitlines()
        paths = [line.split(": ")[-1] for line in lines if line.endswith(ending)]
        assert paths
        assert all(Path(path).exists() for path in paths)


def test_assertions_of_dev_are_gathered_if_asked(place: Path, command: Command) -> None:
    corpus, dev = (command("assertions", *arguments(place), "--on", on) for on in ("corpus", "dev"))
    assert (dev.status, dev.err) == (0, "")
    paths = [
        next(line for line in done.out.splitlines() if line.endswith("cid.tsv"))
        for done in (corpus, dev)
    ]
    said, other = (Path(path).read_text(encoding="utf-8") for path in paths)
    assert "\tv01\t" in other
    assert "\tv01\t" not in said
    only = place / "tiny" / "corpus.pubtator"
    missing = command("assertions", *arguments(place), "--corpus", only, "--on", "dev")
    assert missing.status == 2
    assert "there is no dev" in missing.err


def test_single_types_are_scored_if_asked(place: Path, command: Command) -> None:
    few, whole = (command("evaluate", *arguments(place), *more).out for more in ([], ["--all"]))
    assert "mentions Chemical" not in few
    assert "mentions Chemical" in whole


def test_scores_need_documents_to_score(place: Path, command: Command) -> None:
    corpus = place / "tiny" / "corpus.pubtator"
    done = command("evaluate", *arguments(place), "--corpus", corpus)
    assert done.status == 1
    assert done.err.startswith("error[BL907]")
    assert "--dev" in done.err


def test_documents_without_gold_are_told(place: Path, command: Command) -> None:
    corpus = place / "tiny" / "corpus.pubtator"
    done = command("evaluate", *arguments(place), "--dev", corpus)
    assert done.status == 1
    assert done.err.startswith("error[BL908]")
    run = command("run", *arguments(place), "--dev", corpus)
    assert run.status == 0
    assert "no scores: " in run.out


def test_check_names_the_tasks(place: Path, command: Command) -> None:
    done = command("check", place / "tiny")
    assert (done.status, done.err) == (0, "")
    assert "cid: relation task (causes, none), 5 rules" in done.out
    assert "1 note is not shown: --notes shows them" in done.out


def test_check_shows_notes_if_asked(place: Path, command: Command) -> None:
    done = command("check", place / "tiny", "--notes")
    assert "note[BL507]" in done.out
    assert "not shown" not in done.out


def test_check_shows_every_error_once(tiny_task: Path, command: Command) -> None:
    path = tiny_task / "rules" / "tiny.rules"
    text = path.read_text(encoding="utf-8").replace("find: diseases", "find: diseasse")
    path.write_text(text.replace("votes: harm", "votes: harms"), encoding="utf-8")
    done = command("check", tiny_task)
    assert done.status == 1
    assert "2 errors" in done.out
    assert (done.out + done.err).count("diseasse` ") + (done.out + done.err).count(
        "`diseasse`"
    ) == 1


def test_warnings_go_with_the_work(tiny_task: Path, tmp_path: Path, command: Command) -> None:
    path = tiny_task / "rules" / "tiny.rules"
    with path.open("a", encoding="utf-8") as rules:
        rules.write('\nlist unused\n  words: "zinc"\n')
    done = command("ingest", tiny_task, "--workspace", tmp_path / "w")
    assert done.status == 0
    assert "warning[" in done.err + command("apply", tiny_task, "--workspace", tmp_path / "w").err
