"""docs/curation.md, the part from predictions to exports and back: it names what there is."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from biolabel.cli.app import app
from biolabel.curation.known import Status
from biolabel.curation.table import COLUMNS
from biolabel.errors import SourceFile
from biolabel.lang.parse import parse
from biolabel.workflow.export import CONFIRMED, FORMATS
from biolabel.workflow.settings import Task

PAGE = (Path(__file__).parents[2] / "docs" / "curation.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """Return the text below a heading of the page."""
    return re.split(r"(?m)^## ", PAGE.split(f"\n## {name}\n")[1])[0]


def test_every_format_is_described() -> None:
    text = section("Exports")
    assert [name for name in FORMATS if f"`{name}`" not in text] == []
    assert all(f"`{name}`" in text.split("hold what curators accepted")[0] for name in CONFIRMED)


def test_every_column_and_status_is_described() -> None:
    text = section("Assertions")
    about = COLUMNS[COLUMNS.index("status") : COLUMNS.index("document")]
    assert [name for name in (*about, *get_args(Status)) if f"`{name}`" not in text] == []


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_settings_are_settings(block: str) -> None:
    Task.model_validate({"name": "x", "title": "X", **tomllib.loads(block)})


def test_the_rules_on_a_knowledge_base_are_rules() -> None:
    (block,) = re.findall(r"```biolabel\n(kb curated.*?)```", PAGE, re.DOTALL)
    _, diagnostics = parse(SourceFile("page.rules", f"biolabel 1\n\n{block}"))
    assert diagnostics == ()


def test_every_command_of_the_page_exists() -> None:
    names = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    groups = {group.name for group in app.registered_groups}
    shown = re.findall(r"(?:^\$ |`)biolabel (\w+)", PAGE, re.MULTILINE)
    assert set(shown) <= names | groups
