"""What scripts write: corpora in formats that `biolabel` reads, tables with their kb.toml."""

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from corpora_scripts.download import sha256_of
from corpora_scripts.frame import Made, Source

from biolabel.data.documents import Document
from biolabel.data.files import replacing_file
from biolabel.kb.catalog import Kind, entry, table_path
from biolabel.text.rejects import Rejects, rejects_path, write_rejects
from biolabel.workflow.convert import target_of


class Name(NamedTuple):
    """One name of a concept: a row of a table of terms.

    kind: what sort of name it is (`Ontology.kinds`). What follows is of the concept, stands on its first
    row only, and is joined by `|`: parents, tree numbers, identifiers that it once had, and those in
    other vocabularies.
    """

    id: str
    name: str
    kind: str = "exact"
    parents: str = ""
    tree: str = ""
    old_ids: str = ""
    references: str = ""


class Base(NamedTuple):
    """A knowledge base to write: its name and title, the prefix of identifiers without one.

    version: what the file itself says, where that may be another release than the pinned one.
    """

    name: str
    title: str
    prefix: str
    version: str = ""


class Pair(NamedTuple):
    """Two related concepts: a row of a table of pairs; evidence is PubMed ids, joined by `|`."""

    subject: str
    object: str
    kind: str = ""
    evidence: str = ""


@dataclass(slots=True)
class _Counted:
    """Documents that are counted as they pass, without those that the format cannot hold."""

    documents: Iterable[Document]
    out: Path
    rejects: Rejects
    counts: dict[str, int] = field(
        default_factory=lambda: {"documents": 0, "mentions": 0, "relations": 0, "labels": 0}
    )

    def __iter__(self) -> Iterator[Document]:
        unfit = target_of(self.out).unfit
        for document in self.documents:
            if reason := unfit(document):
                self.rejects.add(self.out, 0, document.id, "document", reason, document.text)
                continue
            self.counts["documents"] += 1
            self.counts["mentions"] += len(document.mentions)
            self.counts["relations"] += len(document.relations)
            self.counts["labels"] += len(document.topics)
            yield document


def write_corpus(
    out: Path, documents: Iterable[Document], rejects: Rejects, published: int = 0
) -> Made:
    """Write documents in the format of a file's ending, and beside it what could not be used.

    published: how many documents there should be, 0 if that is not known.

    Raises:
        CorpusError: as the format's writer.
    """
    counted = _Counted(documents, out, rejects)
    out.parent.mkdir(parents=True, exist_ok=True)
    write = target_of(out).write
    if write:
        write(out, counted)
    beside = rejects_path(out)
    if rejects.rows:
        write_rejects(beside, rejects)
    else:
        beside.unlink(missing_ok=True)
    gaps = []
    if lost := rejects.counts():
        what = ", ".join(f"{number:,} {kind}(s)" for kind, number in sorted(lost.items()))
        gaps.append(f"could not use {what}; see {beside}")
    number = counted.counts["documents"]
    if published not in (0, number):
        gaps.append(f"{number:,} documents, published are {published:,}")
    counts = {name: n for name, n in counted.counts.items() if n or name == "documents"}
    return Made(out, counts, tuple(gaps))


def not_at_hand(out: Path, names: Iterable[str]) -> Made:
    """Return that a file could not be made, for want of any of some files."""
    return Made(out, {}, (f"not at hand: {' or '.join(names)}",))


def write_names(source: Source, to: Path, base: Base, names: Iterable[Name]) -> Made:
    """Write TO/kb/NAME/terms.tsv.gz and its kb.toml.

    Raises:
        KnowledgeError: as whatever gives the names.
    """
    concepts: set[str] = set()

    def rows() -> Iterator[Name]:
        for row in names:
            concepts.add(row.id)
            yield row

    columns = {name: name for name in ("id", "name", "kind", "parents", "old_ids")}
    columns["trees"] = "tree"
    made = _write_table(to / "kb" / base.name / "terms.tsv.gz", Name._fields, rows())
    _describe(source, made, "terms", base, columns)
    return Made(made.path, {"names": made.rows, "concepts": len(concepts)})


def write_pairs(source: Source, to: Path, base: Base, pairs: Iterable[Pair]) -> Made:
    """Write TO/kb/NAME/pairs.tsv.gz and its kb.toml; kinds are the parts that rules can ask for.

    Raises:
        KnowledgeError: as whatever gives the pairs.
    """
    columns = {"subject": "subject", "object": "object", "subset": "kind", "evidence": "evidence"}
    made = _write_table(to / "kb" / base.name / "pairs.tsv.gz", Pair._fields, pairs)
    _describe(source, made, "pairs", base, columns)
    return Made(made.path, {"pairs": made.rows})


class _Written(NamedTuple):
    path: Path
    rows: int


def _write_table(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> _Written:
    """Write a table without quoting: white space inside a cell, also tabs, becomes one blank."""
    number = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing_file(path) as temporary, temporary.open("wb") as raw:
        zipped = gzip.GzipFile("", "wb", 6, raw, 0)
        with io.TextIOWrapper(zipped, encoding="utf-8", newline="\n") as stream:
            stream.write("\t".join(header) + "\n")
            for row in rows:
                stream.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")
                number += 1
    return _Written(path, number)


def _describe(
    source: Source, made: _Written, kind: Kind, base: Base, columns: dict[str, str]
) -> None:
    """Write the kb.toml beside a table, and check that the catalog reads it."""
    folder = made.path.parent
    values = {
        "name": folder.name,
        "kind": kind,
        "title": base.title,
        "source": source.home,
        "version": base.version or source.release,
        "licence": source.licence,
        "cite": source.cite,
        "file": made.path.name,
        "sha256": sha256_of(made.path),
        "prefix": base.prefix,
    }
    # Strings of JSON are strings of TOML.
    lines = [f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in values.items()]
    lines += ["\n[columns]\n", *(f'{role} = "{name}"\n' for role, name in columns.items())]
    if kind == "terms":
        # Identifiers that have their prefixes.
        lines.append('\n[references]\nreferences = ""\n')
    with replacing_file(folder / "kb.toml") as temporary:
        temporary.write_text("".join(lines), encoding="utf-8")
    table_path(entry(folder.name, folder.parent), folder.parent)
