"""docs/corpora.md names every format, its endings, and whether it is written."""

import re
from pathlib import Path

from biolabel.text.formats.known import FORMATS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "corpora.md"


def rows() -> dict[str, list[str]]:
    """Return the cells of the table of formats by the names in their first cell."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    tables = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines)
    found = [cells for cells in tables if len(cells) == 4 and cells[0].startswith("`")]
    return {name: cells for cells in found for name in re.findall(r"`([a-z-]+)`", cells[0])}


def test_every_format_is_described() -> None:
    found = rows()
    assert set(found) == {known.name for known in FORMATS}
    for known in FORMATS:
        _, files, written, read = found[known.name]
        assert (written == "yes") == (known.write is not None), known.name
        assert read
        lacking = [end for end in known.endings if not any(part in files for part in _named(end))]
        assert lacking == [], known.name


def _named(ending: str) -> tuple[str, ...]:
    """Return what may stand for an ending: itself, or a shorter one that it ends in."""
    return ending, ending[ending.rindex(".") :]
