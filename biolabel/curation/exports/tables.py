"""Tables separated by tabs, and JSON Lines: assertions with all evidence and all decisions."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from biolabel.curation.review import Reviewed
from biolabel.curation.table import (
    COLUMNS,
    EVIDENCE_COLUMNS,
    assertion_cells,
    escaped,
    evidence_cells,
    write_lines,
)

ASSERTIONS = ("id", "task", "state", "settled", "current", "evidence", *COLUMNS)
"""The columns of exported assertions; `evidence` is the id of the row."""
DECISIONS = ("id", "kind", "assertion", "evidence", "verdict", "by", "at", "comment", "undoes")


def write_tsv(folder: Path, reviewed: Sequence[Reviewed]) -> tuple[Path, ...]:
    """Write `assertions.tsv`, one line a row of evidence, and `decisions.tsv`; return their paths.

    Cells are written as in the table of assertions of a run (`biolabel.curation.table`).

    Raises:
        CorpusError: BL604 when a file cannot be written.
    """
    return (
        write_table(folder / "assertions.tsv", ASSERTIONS, _assertions(reviewed)),
        write_table(folder / "decisions.tsv", DECISIONS, _decisions(reviewed)),
    )


def write_jsonl(folder: Path, reviewed: Iterable[Reviewed]) -> tuple[Path, ...]:
    """Write `assertions.jsonl`, one object an assertion; return its path.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    lines = (json.dumps(plain(each), ensure_ascii=False) for each in reviewed)
    return (write_lines(folder / "assertions.jsonl", lines),)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write a table with a header, separated by tabs; return its path.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    return write_lines(path, ("\t".join(map(escaped, row)) for row in (columns, *rows)))


def plain(reviewed: Reviewed) -> dict[str, Any]:
    """Return an assertion with its evidence and decisions as plain values."""
    found = asdict(reviewed)
    rows = zip(reviewed.evidence_ids, found["assertion"].pop("evidence"), strict=True)
    gone = found.pop("gone_evidence") or {}
    del found["evidence_ids"]
    found["evidence"] = [{"id": id_, **row} for id_, row in rows]
    found["gone_evidence"] = [{"id": id_, **row} for id_, row in gone.items()]
    found["decisions"] = [_dated(decision) for decision in found["decisions"]]
    return found


def _dated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}


def _assertions(reviewed: Iterable[Reviewed]) -> Iterator[tuple[str, ...]]:
    for each in reviewed:
        state = each.outcome
        flags = (_yes(flag) for flag in (state.settled, each.current))
        head = (each.id, each.task, state.state, *flags)
        claim = assertion_cells(each.assertion)
        for id_, row in zip(each.evidence_ids, each.assertion.evidence, strict=True):
            yield *head, id_, *claim, *evidence_cells(row)
        if not each.assertion.evidence:
            yield *head, "", *claim, *("" for _ in EVIDENCE_COLUMNS)


def _decisions(reviewed: Iterable[Reviewed]) -> Iterator[tuple[str, ...]]:
    for each in reviewed:
        for decision in each.decisions:
            values = _dated(asdict(decision))
            yield tuple("" if values[name] is None else str(values[name]) for name in DECISIONS)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
