from collections.abc import Callable
from typing import Any

import pytest
import typer

import biolabel
from biolabel.cli import app as module
from biolabel.errors import Diagnostic, ModelError, RuleError, SourceFile, Span

Command = Callable[..., Any]
COMMANDS = (
    "run", "ingest", "check", "apply", "analyze", "fit", "augment", "train", "predict", "evaluate",
    "assertions", "fmt", "new", "lsp",
)  # fmt: skip


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Return a function that makes the command line raise an error."""

    def install(error: BaseException) -> None:
        app = typer.Typer()

        @app.command()
        def fail() -> None:
            raise error

        monkeypatch.setattr(module, "app", app)

    return install


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(command: Command, flag: str) -> None:
    done = command(flag)
    assert done.status == 0
    for name in COMMANDS:
        assert f" {name} " in done.out


def test_nothing_asks_for_help(command: Command) -> None:
    assert "Usage" in "".join((command().out, command().err))


def test_version_is_printed(command: Command) -> None:
    done = command("--version")
    assert (done.status, done.out) == (0, f"biolabel {biolabel.__version__}\n")


@pytest.mark.parametrize(
    "arguments", [["rum"], ["run"], ["run", "x", "--sead", "1"], ["run", "x", "--seed", "one"]]
)
def test_a_wrong_command_line_has_its_own_status(command: Command, arguments: list[str]) -> None:
    done = command(*arguments)
    assert done.status == 2
    assert "Error" in done.err


def test_an_error_is_shown_with_its_code_and_hint(
    command: Command, failing: Callable[[BaseException], None]
) -> None:
    failing(ModelError("BL822", "no encoder [x]", hint="name [another]"))
    done = command()
    assert (done.status, done.out) == (1, "")
    assert done.err == "error[BL822]: no encoder [x]\n  = hint: name [another]\n"


def test_rule_errors_are_shown_with_carets(
    command: Command, failing: Callable[[BaseException], None]
) -> None:
    found = Diagnostic("BL101", "error", "nothing is called `x`", Span("a.rules", 6, 7))
    failing(RuleError([found], {"a.rules": SourceFile("a.rules", "rule: x\n")}))
    done = command()
    assert done.status == 1
    assert "error[BL101]" in done.err
    assert "1 | rule: x\n  |       ^\n" in done.err


def test_a_stopped_run_says_that_it_can_go_on(
    command: Command, failing: Callable[[BaseException], None]
) -> None:
    failing(KeyboardInterrupt())
    done = command()
    assert done.status == 130
    assert "Traceback" not in done.err


def test_bugs_are_not_hidden(command: Command, failing: Callable[[BaseException], None]) -> None:
    failing(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        command()
