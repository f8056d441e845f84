"""The table of faults: which rules failed on which candidates, and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from biolabel.apply.faults import Fault
from biolabel.workflow.cache import StageNote

NAME = "faults.tsv"
"""The file in the folder of a stage; it is not there where no rule failed."""


def write_faults(folder: Path, faults: Iterable[Fault]) -> None:
    """Write faults as a table with a header: tabs between columns, white space as one blank.

    A fault without a document is one of all candidates; arguments are parted by ` | `.
    """
    names = [column.name for column in fields(Fault)]
    cells = [[_cell(getattr(fault, name)) for name in names] for fault in dict.fromkeys(faults)]
    if cells:
        lines = ["\t".join(row) for row in [names, *cells]]
        (folder / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cell(value: object) -> str:
    text = " | ".join(value) if isinstance(value, tuple) else str(value)
    return " ".join(text.split())


def faults_of(note: StageNote) -> dict[str, int]:
    """Return on how many candidates each failed rule of a stage failed; 0 stands for all of them."""
    path = note.folder / NAME
    if not path.is_file():
        return {}
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    everywhere = {rule for rule, _, document, *_ in rows if not document}
    failed = Counter(rule for rule, *_ in rows)
    return {rule: 0 if rule in everywhere else number for rule, number in failed.items()}
