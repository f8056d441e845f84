"""What every benchmark ends with: one table on the screen and one file in benchmarks/results.

The scripts beside this file import it by its bare name: `python benchmarks/engine.py`.
"""

import json
import math
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SOURCES = ("biolabel", "grammar", "kb", "tasks", "benchmarks/*.py")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `value` in `unit`, the `target` it is held against, and whether it `holds`.

    A rival's figure, which stands there for comparison, has neither target nor verdict. A timing
    is a ratio against a rival in the same run, so that it means the same on another machine.
    """

    name: str
    value: float
    target: float | None = None
    unit: str = ""
    holds: bool | None = None

    def __post_init__(self) -> None:
        """Refuse a value that is no number: ValueError."""
        if not math.isfinite(self.value):
            raise ValueError(f"`{self.name}` is {self.value}, expected a finite number")


def write(name: str, rows: Sequence[Row]) -> None:
    """Print the rows and write them to benchmarks/results/NAME.json, machine and commit beside."""
    table = Table("figure", "value", "target", "unit", "holds", title=name)
    for row in rows:
        table.add_row(row.name, number(row.value), number(row.target), row.unit, verdict(row.holds))
    Console().print(table)
    content = {"machine": machine(), "commit": commit(), "rows": [asdict(row) for row in rows]}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )


def number(value: float | None) -> str:
    """Show a figure: whole numbers with separators, others with three significant digits."""
    if value is None:
        return ""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if 0.01 <= abs(value) < 1 else f"{value:.3g}"


def verdict(holds: bool | None) -> str:
    """Show whether a target is met; empty where there is none."""
    return {True: "yes", False: "no", None: ""}[holds]


def machine() -> dict[str, str | int]:
    """Describe the machine that the figures come from."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text("utf-8").splitlines() if information.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def commit() -> str:
    """Return the commit, followed by `+changes` if what is measured differs from it."""
    found = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--", *SOURCES)
    return (f"{found}+changes" if changed else found) or "unknown"


def _git(*arguments: str) -> str:
    """Return what git says, or nothing where there is no repository."""
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
