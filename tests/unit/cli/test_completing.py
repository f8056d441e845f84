"""What a shell offers behind a command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from biolabel.cli.app import app
from biolabel.cli.completing import codes, declared, knowledge, tasks, workspaces

ROOT = Path(__file__).resolve().parents[3]


def context(**params: object) -> typer.Context:
    made = typer.Context(typer.main.get_command(app))
    made.params.update(params)
    return made


def test_tasks_here_and_those_of_biolabel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "task.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert tasks("") == ["mine", "tasks/cdr", "tasks/chemprot", "tasks/demo", "tasks/ncbi_disease"]
    assert tasks("tasks/d") == ["tasks/demo"]
    assert workspaces("") == []


def test_names_of_a_task(tmp_path: Path) -> None:
    rules = tmp_path / "x.rules"
    rules.write_text("biolabel 1\nrule inducer for cid\ncondition near for cid\n", "utf-8")
    assert declared(context(task=rules), "in") == ["inducer"]
    assert "later_finding" in declared(context(task="tasks/demo"), "later")
    assert declared(context(), "") == []
    rules.write_bytes(b"\xff")
    assert declared(context(task=rules), "") == []


def test_codes_and_knowledge_bases() -> None:
    assert codes("bl10")[:2] == ["BL101", "BL102"]
    assert "mesh_chemicals" in knowledge("mesh") or knowledge("m")


@pytest.mark.parametrize("line", ["biolabel run tasks/de", "biolabel check tasks/de"])
def test_bash_gets_them(line: str) -> None:
    words = line.split()
    shell = {"_BIOLABEL_COMPLETE": "complete_bash", "COMP_WORDS": line}
    shell["COMP_CWORD"] = str(len(words) - 1)
    program = "import sys; sys.argv[0] = 'biolabel'; from biolabel.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=False, env={**os.environ, **shell},
    )  # fmt: skip
    assert done.stdout.split() == ["tasks/demo"]


SOURCED = {
    "bash": """
        source <(biolabel --show-completion bash)
        COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        $(complete -p biolabel | sed "s/.*-F \\([^ ]*\\).*/\\1/") biolabel
        echo "${{COMPREPLY[@]}}"
    """,
    "fish": """
        biolabel --show-completion fish | source
        complete -C "{line}" | string split -f1 "\t"
    """,
}
"""What a shell runs to complete a line, once it has learned how."""


ZSH = """
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell 'autoload -Uz compinit; compinit -u -D'
    zpty -w shell 'source <(biolabel --show-completion zsh); echo rea""dy'
    zpty -r shell out '*ready*'
    zpty -n -w shell $'{line}\t'
    zpty -r shell out '*{offered}*'
    echo {offered}
"""
"""The same for zsh, which completes on a terminal only: it waits for what stands there."""


def learned(folder: Path, shell: str, program: str) -> list[str]:
    """Return the words that a shell with `biolabel` on its path prints."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    command = folder / "biolabel"
    main = "from biolabel.cli import main; main()"
    command.write_text(f"#!{sys.executable}\nimport sys; sys.path[:0] = [{str(ROOT)!r}]; {main}\n")
    command.chmod(0o755)
    env = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    done = subprocess.run(
        [shell, *(["-f"] if shell == "zsh" else []), "-c", program],
        capture_output=True, text=True, check=False, env=env, cwd=folder, timeout=120,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize("shell", SOURCED)
def test_shells_that_have_learned_it_complete(shell: str, tmp_path: Path) -> None:
    for line, offered in {
        "biolabel ana": "analyze",
        "biolabel why tasks/demo later_": "later_finding",
        "biolabel explain BL93": "BL931",
    }.items():
        assert offered in learned(tmp_path, shell, SOURCED[shell].format(line=line))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "offered"), [("biolabel ana", "analyze"), ("biolabel run tasks/de", "tasks/demo")]
)
def test_zsh_completes_on_a_terminal(line: str, offered: str, tmp_path: Path) -> None:
    assert learned(tmp_path, "zsh", ZSH.format(line=line, offered=offered)) == [offered]
