"""Copy chosen figures of benchmarks/results into tables of the pages, or check that they agree.

Between `<!-- chosen:NAME -->` and `<!-- /chosen -->` stands the table NAME of `chosen_tables.py`, of figures
side by side, where `readme.py` lists all of a file. `python benchmarks/chosen.py` writes the tables,
`--check` only fails if one is out of date. Nothing else may stand in such a table.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from chosen_tables import TABLES, Cell, Chosen
from frame import RESULTS, ROOT, Row, number

_BLOCK = re.compile(r"(<!-- chosen:(\w+) -->\n).*?(<!-- /chosen -->)", re.DOTALL)
PAGES = ("docs/comparison.md", "docs/explanation/*.md")


@cache
def rows_of(path: Path) -> tuple[Mapping[tuple[str, str], Row], str]:
    """Return the figures of a results file by name and unit (without its spread), and its commit."""
    results = json.loads(path.read_text(encoding="utf-8"))
    rows = [Row(**row) for row in results["rows"]]
    return {(row.name, row.unit.partition(" ±")[0]): row for row in rows}, results["commit"]


def shown(cell: Cell | str, results: Path) -> str:
    """Return what a cell shows: a text as it is, of a figure its value; `-` where nobody measured it.

    Raises:
        KeyError: there is no such figure, and the cell must have one.
    """
    if isinstance(cell, str):
        return cell
    rows, _ = rows_of(results / f"{cell.file}.json")
    if cell.maybe and (cell.name, cell.unit) not in rows:
        return "-"
    value = rows[cell.name, cell.unit].value
    return cell.form.format(value) if cell.form else number(value)


def table(chosen: Chosen, results: Path) -> str:
    """Return a table as Markdown, with the commits that its figures are of."""
    head = "| " + " | ".join(chosen.columns) + " |\n" + "|---" * len(chosen.columns) + "|\n"
    lines = [
        "| " + " | ".join(shown(cell, results) for cell in row) + " |\n" for row in chosen.rows
    ]
    files = dict.fromkeys(
        cell.file for row in chosen.rows for cell in row if isinstance(cell, Cell)
    )
    of = (f"`results/{name}.json` of {rows_of(results / f'{name}.json')[1]}" for name in files)
    return f"{head}{''.join(lines)}\nFrom {', '.join(of)}.\n"


def fill(text: str, results: Path) -> str:
    """Return a page with its chosen tables."""
    return _BLOCK.sub(lambda m: f"{m[1]}{table(TABLES[m[2]], results)}{m[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Write or check all pages; return the exit status."""
    stale = []
    for page in (page for pattern in PAGES for page in sorted(ROOT.glob(pattern))):
        text = page.read_text(encoding="utf-8")
        filled = fill(text, RESULTS)
        if filled != text and "--check" in arguments:
            stale.append(page.name)
        elif filled != text:
            page.write_text(filled, encoding="utf-8")
    if stale:
        print(f"out of date: {', '.join(stale)}: run `make figures`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
