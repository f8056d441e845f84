import pytest
from rich.table import Table

from biolabel.cli.screen import screen

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
