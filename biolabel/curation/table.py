r"""Assertions as a table: one line a piece of evidence, the assertion's columns repeated.

Columns are separated by tabs; a backslash, tab or line end inside a cell is written `\\`, `\t`, `\n`
or `\r`, so every line is a row. Names of rules are joined by `|`, and so are the knowledge bases that
have the pair, or another one (`refines`), or deny it; behind each of these stand the papers that it
names, each after a blank and with its own blanks, `|` and other signs percent-encoded (RFC 3986):
`ctd 8701013 9578276|side_effects`. Another pair stands behind `>`: `ctd>MESH%3AD1>MESH%3AD2 8701013`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args
from urllib.parse import quote, unquote

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Statement, Status
from biolabel.data.files import replacing_file
from biolabel.errors import CorpusError

COLUMNS = (
    "subject",
    "subject_name",
    "predicate",
    "object",
    "object_name",
    "status",
    "probability",
    "maximum",
    "calibrated",
    "documents",
    "contradicting",
    "known_from",
    "contradicted_by",
    "refines",
    "document",
    "passage",
    "start",
    "end",
    "document_probability",
    "by_rules",
    "by_text",
    "rules_for",
    "rules_against",
    "journal",
    "year",
    "text",
)
"""The columns; from `document` on they describe the evidence."""
EVIDENCE_COLUMNS = COLUMNS[COLUMNS.index("document") :]
"""Those of the evidence."""

_STATUSES: Mapping[str, Status] = {status: status for status in get_args(Status)}
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_SIGNS = str.maketrans(_ESCAPES)
_PLAIN = {escaped: plain for plain, escaped in _ESCAPES.items()}


def write_assertions(path: Path, assertions: Iterable[Assertion]) -> None:
    """Write assertions as a table with a header, probabilities to six significant digits.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    write_lines(path, _lines(assertions))


def _lines(assertions: Iterable[Assertion]) -> Iterator[str]:
    yield "\t".join(COLUMNS)
    for assertion in assertions:
        head = [escaped(cell) for cell in assertion_cells(assertion)]
        for row in assertion.evidence:
            yield "\t".join([*head, *map(escaped, evidence_cells(row))])


def write_lines(path: Path, lines: Iterable[str]) -> Path:
    """Write a file of lines, complete or not there at all; return its path.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    try:
        with (
            replacing_file(path) as temporary,
            temporary.open("w", encoding="utf-8", newline="\n") as file,
        ):
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {path}: {error.strerror}") from error
    return path


def read_assertions(path: Path) -> tuple[Assertion, ...]:
    """Read what `write_assertions` wrote, in the same order.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL621 when it is no such table.
    """
    try:
        lines = path.read_bytes().decode("utf-8").split("\n")
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CorpusError("BL621", f"{path} is not UTF-8: {error.reason}") from error
    if lines[0] != "\t".join(COLUMNS) or lines[-1]:
        message = f"{path} does not begin or end as a table of assertions does"
        hint = "a table of an older biolabel is made again by `biolabel assertions` or `run`"
        raise CorpusError("BL621", message, hint=hint)
    found: dict[Assertion, list[Evidence]] = {}
    for number, line in enumerate(lines[1:-1], 2):
        try:
            cells = dict(zip(COLUMNS, cells_of(line), strict=True))
            found.setdefault(_assertion(cells), []).append(_evidence(cells))
        except (ValueError, KeyError) as error:
            raise CorpusError("BL621", f"{path}, line {number}: {error}") from error
    return tuple(replace(head, evidence=tuple(rows)) for head, rows in found.items())


def assertion_cells(a: Assertion) -> list[str]:
    """Return the cells of an assertion: the columns before those of the evidence."""
    numbers = [_number(p) for p in (a.probability, a.maximum, a.calibrated)]
    claim = [a.subject, a.subject_name, a.predicate, a.object, a.object_name, a.status]
    stated = (a.known_from, a.contradicted_by, a.refines)
    cells = ["|".join(map(_stated, statements)) for statements in stated]
    return [*claim, *numbers, str(a.documents), str(a.contradicting), *cells]


def _stated(found: Statement) -> str:
    pair = [quote(side, safe="") for side in found.pair or ()]
    return " ".join([">".join([found.kb, *pair]), *map(quote, found.documents)])


def evidence_cells(row: Evidence) -> list[str]:
    """Return the cells of a row of evidence, as they are before escaping."""
    place = [row.document, row.passage, str(row.start), str(row.end)]
    place += [_number(p) for p in (row.probability, row.by_rules, row.by_text)]
    rules = ["|".join(row.rules_for), "|".join(row.rules_against)]
    year = "" if row.year is None else str(row.year)
    return [*place, *rules, row.journal, year, row.text]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def escaped(cell: str) -> str:
    """Return a cell that fits on a line of a table."""
    return cell.translate(_SIGNS)


def cells_of(line: str) -> list[str]:
    """Return the cells of a line as they were before escaping."""
    return [_unescaped(cell) for cell in line.split("\t")]


def _unescaped(cell: str) -> str:
    return re.sub(r"\\[\\tnr]", lambda m: _PLAIN[m[0]], cell)


def _assertion(cells: Mapping[str, str]) -> Assertion:
    return Assertion(
        subject=cells["subject"],
        predicate=cells["predicate"],
        object=cells["object"],
        subject_name=cells["subject_name"],
        object_name=cells["object_name"],
        probability=float(cells["probability"]),
        maximum=float(cells["maximum"]),
        documents=int(cells["documents"]),
        status=_STATUSES[cells["status"]],
        evidence=(),
        known_from=_statements(cells["known_from"]),
        contradicted_by=_statements(cells["contradicted_by"]),
        refines=_statements(cells["refines"]),
        contradicting=int(cells["contradicting"]),
        calibrated=_probability(cells["calibrated"]),
    )


def _statements(cell: str) -> tuple[Statement, ...]:
    return tuple(map(_statement, _names(cell)))


def _statement(cell: str) -> Statement:
    head, *documents = cell.split(" ")
    kb, *pair = head.split(">")
    if len(pair) not in (0, 2):
        raise ValueError(f"{head!r} is neither a knowledge base nor one with a pair")
    general = (unquote(pair[0]), unquote(pair[1])) if pair else None
    return Statement(kb, tuple(map(unquote, documents)), general)


def _evidence(cells: Mapping[str, str]) -> Evidence:
    return Evidence(
        document=cells["document"],
        passage=cells["passage"],
        text=cells["text"],
        start=int(cells["start"]),
        end=int(cells["end"]),
        probability=_probability(cells["document_probability"]),
        rules_for=_names(cells["rules_for"]),
        rules_against=_names(cells["rules_against"]),
        journal=cells["journal"],
        year=int(cells["year"]) if cells["year"] else None,
        by_rules=_probability(cells["by_rules"]),
        by_text=_probability(cells["by_text"]),
    )


def _probability(cell: str) -> float | None:
    return float(cell) if cell else None


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name for name in cell.split("|") if name)
