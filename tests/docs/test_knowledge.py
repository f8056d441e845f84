"""docs/knowledge.md: its commands say what it shows, and it has every command and field."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from biolabel.cli import knowledge
from biolabel.errors import SourceFile
from biolabel.kb.catalog import Columns, Entry, entry
from biolabel.lang.parse import parse

PAGE = Path(__file__).resolve().parents[2] / "docs" / "knowledge.md"
TEXT = PAGE.read_text(encoding="utf-8")
Command = Callable[..., Any]


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield what stands behind the language of a block, and its text."""
    found = re.finditer(rf"^```{language}(?: (\S+))?\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    yield from ((block.group(1) or "", block.group(2)) for block in found)


def plain(text: str) -> list[str]:
    """Return the lines of a text without the lines of tables, blanks as one."""
    lines = (" ".join(re.sub(r"[\u2500-\u257f]", " ", line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def runs() -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield the arguments of each command that the page shows with what it prints."""
    for _, text in blocks("console"):
        for part in re.split(r"^\$ biolabel ", text, flags=re.MULTILINE)[1:]:
            line, _, printed = part.partition("\n")
            words = (a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', line))
            yield tuple(words), plain(printed)


RUNS = list(runs())


@pytest.mark.parametrize(("arguments", "printed"), RUNS, ids=[" ".join(a) for a, _ in RUNS])
def test_commands(
    arguments: tuple[str, ...],
    printed: list[str],
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in blocks("csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = command(*arguments)
    assert (done.status, printed != []) == (0, True)
    found = plain(done.out)
    assert [line for line in printed if line not in found] == []


def test_every_command_is_described() -> None:
    app = typer.Typer()
    knowledge.register(app)
    (group,) = app.registered_groups
    assert group.typer_instance is not None
    names = {
        each.name or getattr(each.callback, "__name__", "")
        for each in group.typer_instance.registered_commands
    }
    assert set(re.findall(r"^\| `biolabel kb (\w+)", TEXT, re.MULTILINE)) == names


def test_every_field_of_an_entry_is_described() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    first = {name for row in rows for name in re.findall(r"`(\w+)`", row.split(" | ")[0])}
    assert set(Entry.model_fields) <= first
    (row,) = (row for row in rows if row.startswith("| `columns`"))
    assert set(re.findall(r"`(\w+)`", row)) == {"columns", *Columns.model_fields}


def test_the_example_of_an_entry_is_one(tmp_path: Path) -> None:
    ((_, text),) = blocks("toml")
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "kb.toml").write_text(text, encoding="utf-8")
    assert entry("served", tmp_path).columns.evidence == "papers"


def test_the_example_of_a_declaration_is_one() -> None:
    ((_, text),) = blocks("biolabel")
    _, diagnostics = parse(SourceFile("a.rules", f"biolabel 1\n\n{text}"))
    assert diagnostics == ()
