"""The command line as a person runs it: a process a command, over a task of a dozen documents."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import biolabel

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = "from biolabel.cli import main; main()"
HEAVY = {"spacy", "torch", "transformers"}


def run(*arguments: str | Path, program: str = PROGRAM) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own; one thread is faster for tiny tensors."""
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def stages(text: str) -> dict[str, set[str]]:
    """Return what the stage table says was done, by stage."""
    found: dict[str, set[str]] = {}
    for stage, done in re.findall(r"│ (\w+) +│ (made|re-used)", text):
        found.setdefault(stage, set()).add(done)
    return found


def results(workspace: Path) -> dict[str, bytes]:
    """Return the predictions and assertions of a run, by their names."""
    return {
        file.relative_to(workspace).as_posix(): file.read_bytes()
        for kind in ("predictions", "assertions")
        for file in sorted((workspace / kind).rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """Return a folder with the tiny task and a workspace in which it ran once."""
    folder = tmp_path_factory.mktemp("cli")
    shutil.copytree(CHECKOUT / "tests" / "data" / "tiny_task", folder / "tiny")
    with (folder / "tiny" / "task.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'encoder = "{tiny_encoder}"\n')
    done = run("run", folder / "tiny", "--workspace", folder / "first")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert set(stages(done.stdout)) >= {"ingest", "apply", "fit", "train", "predict", "evaluate"}
    assert {"made"} == set().union(*stages(done.stdout).values())
    return folder


def test_help_and_version() -> None:
    shown = run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "assertions" in shown.stdout
    assert run("--version").stdout == f"biolabel {biolabel.__version__}\n"


def test_every_file_of_the_readme_is_there(place: Path) -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    table = re.search(r"\| file \| what it is \|\n(?:\|.*\n)+", text)
    assert table is not None
    cells = [row.split("|")[1] for row in table[0].splitlines()[2:]]
    patterns = [pattern for cell in cells for pattern in re.findall(r"`([^`]+)`", cell)]
    assert len(patterns) > 4
    for pattern in patterns:
        found = list((place / "first").glob(pattern))
        assert found, pattern
        assert all(file.stat().st_size for file in found), pattern


def test_a_second_run_reuses_every_stage(place: Path) -> None:
    before = results(place / "first")
    assert len(before) > 20
    done = run("run", place / "tiny", "--workspace", place / "first")
    assert done.returncode == 0
    assert set().union(*stages(done.stdout).values()) == {"re-used"}
    assert results(place / "first") == before
    manifest = json.loads((place / "first" / "manifest.json").read_text(encoding="utf-8"))
    assert all(stage["reused"] for stage in manifest["stages"])


def test_the_same_seed_gives_the_same_results_elsewhere(place: Path) -> None:
    done = run("run", place / "tiny", "--workspace", place / "second", "--seed", "0")
    assert done.returncode == 0
    first, second = results(place / "first"), results(place / "second")
    assert [name for name in first if first[name] != second.get(name)] == []
    assert list(first) == list(second)


def loaded(*arguments: str | Path) -> tuple[set[str], str]:
    """Return the modules that a command has loaded when it ends well, and what it printed."""
    program = (
        "import sys\nfrom biolabel.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    done = run(*arguments, program=program)
    assert done.returncode == 0
    return set(done.stderr.split()), done.stdout


def test_help_loads_no_part_of_the_pipeline() -> None:
    found, _ = loaded("--help")
    assert not {module for module in found if module.startswith("biolabel.workflow")}
    assert found.isdisjoint(HEAVY | {"lark", "numpy", "pyarrow", "pydantic"})


def test_rules_are_checked_without_torch_and_spacy() -> None:
    found, shown = loaded("check", "tasks/demo")
    assert "cid: relation task" in shown
    assert found.isdisjoint(HEAVY)


def test_documents_are_read_without_torch(place: Path) -> None:
    found, _ = loaded("ingest", place / "tiny", "--workspace", place / "first")
    assert found.isdisjoint(HEAVY)


def test_an_edited_rule_leaves_the_documents_alone(place: Path) -> None:
    task = place / "edited"
    shutil.copytree(place / "tiny", task)
    path = task / "rules" / "tiny.rules"
    path.write_text(path.read_text(encoding="utf-8").replace(' | "provoked"', ""), encoding="utf-8")
    found, shown = loaded("fit", task, "--workspace", place / "first")
    assert stages(shown) == {"ingest": {"re-used"}, "apply": {"made"}, "fit": {"made"}}
    assert found.isdisjoint({"spacy", "transformers", "matplotlib"})


def test_errors_reach_the_shell(place: Path, tmp_path: Path) -> None:
    done = run(
        "ingest", place / "tiny", "--workspace", tmp_path / "w", "--corpus", "missing.pubtator"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error[BL601]: cannot read missing.pubtator: no such file")
    assert "Traceback" not in done.stderr


def test_rejects_reach_the_shell(place: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "half.pubtator"
    good = (place / "tiny" / "corpus.pubtator").read_text(encoding="utf-8")
    corpus.write_text(good + "t99|t|\nt99|a|\n", encoding="utf-8")
    done = run("ingest", place / "tiny", "--workspace", tmp_path / "w", "--corpus", corpus)
    assert (done.returncode, done.stderr) == (3, "")
    assert "corpus: 12 documents" in done.stdout
    assert "corpus: could not use 1 document(s)" in done.stdout
