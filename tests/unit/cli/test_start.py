"""Ctrl-C while modules are being imported, in processes of their own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)

class Stopper:
    def __init__(self, module, number, sent):
        self.module, self.left, self.sent = module, number, sent
    def find_spec(self, name, path=None, target=None):
        self.left -= name == self.module or not self.module
        if self.left == 0:
            self.left = -1
            os.kill(os.getpid(), self.sent)
        return None

_, module, number, sent, *sys.argv[1:] = sys.argv
from biolabel.cli import main
sys.meta_path.insert(0, Stopper(module, int(number), int(sent)))
main()
"""
STOPPED = "stopped; what was finished is kept: the same command goes on from there\n"


def stopped_at(
    module: str, number: int, sent: signal.Signals, *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """Return the end of a command that gets a signal when a module is first looked for.

    number: with no name of a module, at which search for any.
    """
    command = [sys.executable, "-c", PROGRAM, module, str(number), str(int(sent))]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["biolabel.cli.app", "typer", "rich.console"])
def test_ctrl_c_in_the_first_moments_is_one_line_and_a_status(
    module: str, sent: signal.Signals
) -> None:
    end = stopped_at(module, 1, sent, "--help")
    assert (end.returncode, end.stdout, end.stderr) == (128 + sent, "", STOPPED)


def test_what_is_not_stopped_goes_its_way() -> None:
    end = stopped_at("no such module", 1, signal.SIGINT, "--version")
    assert (end.returncode, end.stderr) == (0, "")
    assert end.stdout.startswith("biolabel ")


def test_python_can_be_asked_for_the_command_line() -> None:
    def told(*arguments: str) -> str:
        command = [sys.executable, "-m", "biolabel", *arguments]
        end = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert (end.returncode, end.stderr) == (0, "")
        return " ".join(end.stdout.split())

    assert "at most 62 labels" in told("explain", "BL219")
    assert "Usage: biolabel explain" in told("explain", "--help")


@pytest.mark.slow
@pytest.mark.parametrize("number", [40, 400, 900, 1400, 1900, 2400])
def test_ctrl_c_while_what_a_command_needs_is_imported(number: int, tmp_path: Path) -> None:
    task = ROOT / "tests" / "data" / "tiny_task"
    end = stopped_at("", number, signal.SIGINT, "run", task, "--workspace", tmp_path / "w")
    assert (end.returncode, end.stderr) == (130, STOPPED)
