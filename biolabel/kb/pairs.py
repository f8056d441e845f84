"""Knowledge bases of pairs, for distant supervision."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import entry_of, table_path
from biolabel.kb.curie import column_curies
from biolabel.kb.sources import TABLES, Source, check_columns, filtered, located, table_format
from biolabel.kb.tables import column, keep_rows, need, read_table
from biolabel.kb.umls import PREFIX, read_relations

ROLES = ("subject", "object", "subset", "evidence", "count")
"""What a column of a table of pairs can be; all but subject and object may be missing."""
FEW = 10_000
"""A number of papers rather than a paper, if half of a column are below it."""
_REFERENCE = re.compile(r"(?i)^(?:pmid|pubmed)\s*:\s*")
Pair = tuple[str, str]


@dataclass(frozen=True)
class PairIndex:
    """Pairs of concepts with the number of pieces of evidence that remain after the leak guard.

    counts: subset name ("" = all subsets together) to (subject, object) CURIEs to evidence count;
    withheld: pieces of evidence left out because they come from the documents being labeled;
    complete: whether a pair that is not here is known not to hold, whatever its identifiers.
    """

    counts: Mapping[str, Mapping[Pair, int]]
    withheld: int = 0
    complete: bool = False

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The prefixes of all identifiers."""
        return frozenset(concept.partition(":")[0] for pair in self.counts[""] for concept in pair)

    @cached_property
    def _columns(self) -> dict[str, "PairColumns"]:
        return {}

    def columns(self, name: str, subset: str) -> "PairColumns":
        """Return the pairs of a subset as columns, for look-ups of many pairs at once.

        Raises:
            KnowledgeError: as `part`.
        """
        if subset not in self._columns:
            found = self.part(name, subset)
            sides = tuple(_coded([pair[side] for pair in found]) for side in (0, 1))
            numbers = np.fromiter(found.values(), dtype=np.float64, count=len(found))
            self._columns[subset] = PairColumns(*sides[0], *sides[1], numbers)
        return self._columns[subset]

    def part(self, name: str, subset: str) -> Mapping[Pair, int]:
        """Return the pairs of a subset of the knowledge base `name`.

        Raises:
            KnowledgeError: BL711 a subset that it does not have.
        """
        if subset not in self.counts:
            parts = sorted(part for part in self.counts if part)
            near = get_close_matches(subset, parts, n=1)
            hint = f"parts: {', '.join(parts)}" if parts else "its table has no subset column"
            hint = f"did you mean `{near[0]}`?" if near else hint
            message = f"the knowledge base `{name}` has no part `{subset}`"
            raise KnowledgeError("BL711", message, hint=hint)
        return self.counts[subset]


@dataclass(frozen=True, slots=True)
class PairColumns:
    """Pairs by number: the subjects and objects there are, and int32[n] indices into them.

    evidence: float64[n], the pieces of evidence of each pair.
    """

    subjects: tuple[str, ...]
    subject: NDArray[np.int32]
    objects: tuple[str, ...]
    object: NDArray[np.int32]
    evidence: NDArray[np.float64]


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the different names and the number of each."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(numbers), np.array([numbers[name] for name in names], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Expansion:
    """Let a pair also hold for the concepts above or below one of its sides, so many steps (None: all).

    above: concept to the concepts directly above it (`Ontology.above`).
    """

    side: Literal["subject", "object"]
    direction: Literal["ancestors", "descendants"]
    depth: int | None
    above: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class _Support:
    """The evidence of one pair: the documents that state it, and other pieces without a document."""

    documents: set[str] = field(default_factory=set)
    others: int = 0

    def add(self, other: "_Support") -> None:
        self.documents |= other.documents
        self.others += other.others


_Parts = dict[str, dict[Pair, _Support]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table of pairs, column by column; evidence holds the documents of a row, number other pieces."""

    subjects: Sequence[str | None]
    objects: Sequence[str | None]
    subsets: Sequence[str]
    evidence: Sequence[frozenset[str]]
    numbers: Sequence[int]


def read_pairs(
    source: Source,
    documents: frozenset[str] = frozenset(),
    *,
    complete: bool = False,
    expand: Sequence[Expansion] = (),
) -> PairIndex:
    """Read a knowledge base of pairs, without the evidence from the given documents (leak guard).

    Tables are joined: a pair has the evidence that all give it. A row that names no evidence counts as
    one piece. A pair whose evidence is all withheld is gone, but its subset remains known.

    Raises:
        KnowledgeError: BL701 to BL706 and BL709 from the catalog, BL402 unknown columns, BL703 a missing
            file, BL705 a broken one, BL709 a format without pairs, BL712 other identifiers than `ids`
            says, BL713 to BL715 columns that do not hold what they are named for, BL717 `columns:`
            without a table.
    """
    check_columns(source)
    parts: _Parts = {"": {}}
    named: dict[str, set[str]] = {}
    withheld = 0
    for rows in _tables(source):
        cells = zip(
            rows.subjects, rows.objects, rows.subsets, rows.evidence, rows.numbers, strict=True
        )
        for subject, object_, subset, stated, number in cells:
            if subset not in named:
                named[subset] = {"", key_of(subset).replace(" ", "_")}
                parts |= {name: {} for name in named[subset] - parts.keys()}
            names = named[subset]
            if subject is None or object_ is None:
                continue
            kept = stated - documents
            withheld += len(stated) - len(kept)
            if kept or not stated:
                for name in names:
                    support = parts[name].get((subject, object_))
                    if support is None:
                        support = parts[name][subject, object_] = _Support()
                    support.documents |= kept
                    support.others += number
    for each in expand:
        parts = {name: _expanded(pairs, each) for name, pairs in parts.items()}
    counts = {
        name: {pair: len(support.documents) + support.others for pair, support in pairs.items()}
        for name, pairs in parts.items()
    }
    return PairIndex(counts, withheld, complete)


def _tables(source: Source) -> Iterator[_Rows]:
    if source.format == "umls":
        folders = [located(path, source.base, folder=True) for path in source.paths]
        table, file = read_relations(folders)
        roles = {"subject": "subject", "object": "object", "subset": "subset"}
        yield _rows(table, roles, replace(source, ids=source.ids or PREFIX), file, "BL402")
        return
    for path in source.paths:
        if source.format == "catalog":
            found = entry_of("pairs", path, source.catalog)
            if source.ids and source.ids.upper() != found.prefix.upper():
                message = f'`ids: {source.ids}`, but the table "{path}" holds {found.prefix}'
                raise KnowledgeError("BL712", message)
            file = table_path(found, source.catalog)
            named = found.columns.model_dump()
            roles = {role: named[role] for role in ROLES if named.get(role)}
            own = replace(source, ids=found.prefix, columns={"separator": found.separator})
            yield _rows(filtered(read_table(file), found, file), roles, own, file, "BL706")
        elif source.format in TABLES:
            file = located(path, source.base)
            table = read_table(file, table_format(source.format))
            roles = {role: role for role in ROLES if role in table.column_names}
            yield _rows(table, roles | dict(source.roles), source, file, "BL402")
        else:
            message = f"`{source.format}` files hold terms, not pairs"
            raise KnowledgeError(
                "BL709", message, hint="a kb reads catalog, tsv, csv, parquet, umls"
            )


def _rows(
    table: pa.Table, roles: Mapping[str, str], source: Source, path: Path, code: str
) -> _Rows:
    for role in ("subject", "object"):
        if role not in roles:
            message = f"nothing says which column of {path} is the {role}"
            hint = f'write `columns: {role} = "..."`; columns: {", ".join(table.column_names)}'
            raise KnowledgeError(code, message, hint=hint)
    need(table, list(roles.values()), path, code)
    where = [replace(each, column=roles.get(each.column, each.column)) for each in source.where]
    table = keep_rows(table, where, path, "BL402")
    n = table.num_rows

    def cells(role: str) -> list[str]:
        return column(table, roles[role], path, code) if role in roles else [""] * n

    written, separator = cells("evidence"), source.separator
    stated = {cell: _references(cell, separator) for cell in set(written)}
    evidence = [stated[cell] for cell in written]
    counts = cells("count")
    if "count" not in roles and _are_numbers(evidence):
        roles = {**roles, "count": roles["evidence"]}
        counts, evidence = cells("evidence"), [frozenset()] * n
    return _Rows(
        subjects=column_curies(cells("subject"), source.ids, path),
        objects=column_curies(cells("object"), source.ids, path),
        subsets=cells("subset"),
        evidence=evidence,
        numbers=_numbers(counts, evidence, roles, path),
    )


def _references(cell: str, separator: str) -> frozenset[str]:
    """Return the documents that a cell names, PubMed ids without their prefix as corpora have them."""
    parts = cell.split(separator)
    if ":" in cell:
        parts = [_REFERENCE.sub("", part.strip()) for part in parts]
    return frozenset(filter(None, map(str.strip, parts)))


def _are_numbers(evidence: Sequence[frozenset[str]]) -> bool:
    """Return whether a column of evidence holds numbers of papers, and no papers.

    So it is if every cell has one whole number at most, and the median is below `FEW`: PubMed ids so
    small are those of 1975. A column called `count` is never asked.
    """
    stated = [found for found in evidence if found]
    single = [int(*found) for found in stated if len(found) == 1 and next(iter(found)).isdecimal()]
    return bool(stated) and len(single) == len(stated) and median(single) < FEW


def _numbers(
    cells: Sequence[str],
    evidence: Sequence[frozenset[str]],
    roles: Mapping[str, str],
    path: Path,
) -> list[int]:
    """Return the pieces of evidence of each row that have no document."""
    if "count" not in roles:
        return [0 if stated else 1 for stated in evidence]
    numbers = []
    for cell, stated in zip(cells, evidence, strict=True):
        if cell.strip() and not cell.strip().isdecimal():
            message = f"`{cell}` in the column `{roles['count']}` of {path} is no whole number"
            raise KnowledgeError("BL715", message)
        numbers.append(0 if stated else int(cell or 0))
    return numbers


def _expanded(pairs: Mapping[Pair, _Support], expand: Expansion) -> dict[Pair, _Support]:
    reach = reachable(expand)
    found: defaultdict[Pair, _Support] = defaultdict(_Support)
    for (subject, object_), support in pairs.items():
        sides = (subject if expand.side == "subject" else object_,)
        for concept in {*sides, *reach(sides[0])}:
            pair = (concept, object_) if expand.side == "subject" else (subject, concept)
            found[pair].add(support)
    return dict(found)


def reachable(expand: Expansion) -> Callable[[str], frozenset[str]]:
    """Return a function from a concept to those above or below it within the expansion's depth."""
    steps: Mapping[str, Iterable[str]] = expand.above
    if expand.direction == "descendants":
        below: defaultdict[str, set[str]] = defaultdict(set)
        for concept, above in expand.above.items():
            for parent in above:
                below[parent].add(concept)
        steps = below
    known: dict[str, frozenset[str]] = {}

    def of(concept: str) -> frozenset[str]:
        if concept not in known:
            seen, edge, depth = {concept}, {concept}, 0
            while edge and (expand.depth is None or depth < expand.depth):
                edge = {after for at in edge for after in steps.get(at, ())} - seen
                seen |= edge
                depth += 1
            known[concept] = frozenset(seen - {concept})
        return known[concept]

    return of
