import json

import pytest
from rich.table import Table
from rich.text import Text

from biolabel.cli.screen import screen, show_json

LONG = "a_rule_with_a_name_that_is_longer_than_most_terminals_are_wide_and_goes_on_" * 2


def test_tables_in_a_pipe_are_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    for _ in range(2):
        table.add_column("name")
    table.add_row("x", LONG)
    screen().print(table)
    assert LONG in capsys.readouterr().out


def test_text_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    screen().print("see /data/[red]/x [1]")
    screen(errors=True).print("oh [bold]no")
    shown = capsys.readouterr()
    assert shown.out == "see /data/[red]/x [1]\n"
    assert shown.err == "oh [bold]no\n"


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\x07", "\x08", "\r", "\x7f", "\u202e", "\u2066"])
def test_no_text_commands_the_terminal(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(f"head{sign}[2J", title=f"title{sign}]0;x")
    table.add_row(f"cell{sign}[31m", Text(f"text{sign}[31m"))
    screen().print(table)
    screen().print(f"line{sign}[31m\nnext\tcell", soft_wrap=True)
    screen(errors=True).print(Text(f"error{sign}"))
    shown = capsys.readouterr()
    assert sign not in shown.out + shown.err
    # rich leaves some of them out by itself.
    assert "line[31m\nnext" in shown.out.replace("\ufffd", "")
    assert "error" in shown.err


def test_colors_of_ours_stay() -> None:
    console = screen()
    with console.capture() as captured:
        console.print(Text("red", style="red"), end="")
    assert "red" in captured.get()


def test_json_keeps_its_values_and_commands_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "a\x1b\x9b\x7f\u202eβ\u200d\n"}
    show_json(value)
    shown = capsys.readouterr().out
    assert json.loads(shown) == value
    assert "β\u200d" in shown
    assert not set(shown) & set("\x1b\x9b\x7f\u202e")
