"""Export the reviewed assertions of a workspace in the formats of others."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from biolabel import __version__
from biolabel.curation.assertions import Assertion
from biolabel.curation.exports.annotated import annotated, between_mentions, claims
from biolabel.curation.exports.kgx import write_kgx
from biolabel.curation.exports.nanopub import write_nanopubs
from biolabel.curation.exports.pairs import write_pairs
from biolabel.curation.exports.selection import Selection, selected
from biolabel.curation.exports.tables import write_jsonl, write_tsv
from biolabel.curation.exports.vocabulary import Vocabulary, concept_types
from biolabel.curation.gold import gold_rows, write_gold
from biolabel.curation.review import Reviewed, assertion_id, evidence_ids
from biolabel.curation.store import FILE, Database, open_database, run_of, tasks_of
from biolabel.curation.store import reviewed as stored
from biolabel.curation.table import read_assertions
from biolabel.data.documents import Document
from biolabel.errors import RunError
from biolabel.text.documents import corpus_documents
from biolabel.text.formats.known import format_named
from biolabel.workflow.relations import relation_name
from biolabel.workflow.results import Results
from biolabel.workflow.settings import Gold

CONFIRMED = frozenset({"kgx", "nanopub", "kb"})
"""Formats that hold accepted assertions alone where nothing else is asked for."""
TABLES = frozenset({"tsv", "jsonl", "gold"})
"""Formats that hold what was rejected, too, and say so."""
_FILES: Mapping[str, str] = {
    "bioc-json": "documents.bioc.json",
    "bioc-xml": "documents.bioc.xml",
    "brat": "brat",
    "pubtator": "documents.pubtator",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: how many assertions, and the files or folders.

    unplaced: assertions that no document of the last run shows, of formats of documents.
    """

    assertions: int
    files: tuple[Path, ...]
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What to export where: the format, the folder, which assertions, and the name of a knowledge base.

    license: the address of the license of nanopublications, none if empty.
    """

    to: str
    out: Path
    selection: Selection
    name: str = "reviewed"
    license: str = ""


def order_of(
    to: str,
    out: Path,
    *,
    accepted: bool | None = None,
    min_probability: float = 0.0,
    name: str = "reviewed",
    license: str = "",
) -> Order:
    """Return an order; accepted: None for what is usual of the format.

    Raises:
        RunError: BL985 for an unknown format; BL986 for a name that rules could not write.
    """
    if to not in FORMATS:
        near = get_close_matches(to, FORMATS, n=1)
        there = f"there are: {', '.join(FORMATS)}"
        hint = f"did you mean {near[0]}? {there}" if near else there
        raise RunError("BL985", f"no export is called {to!r}", hint=hint)
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        hint = "letters, digits and underscores, as in curated_2026"
        raise RunError("BL986", f"{name!r} is no name of a knowledge base", hint=hint)
    only = to in CONFIRMED if accepted is None else accepted
    selection = Selection(only, to in TABLES and not only, min_probability)
    return Order(to, out, selection, name, license)


def reviewed_assertions(results: Results, database: str | Path | None = None) -> Iterator[Reviewed]:
    """Yield the assertions of a workspace with what curators made of them.

    database: where decisions are, the workspace's own file where None. Where there is none, or nothing
    was loaded into it, nobody has decided on anything yet, and the assertions are those of the run.

    Raises:
        RunError: as `open_database`; CorpusError: as `read_assertions`.
    """
    with _opened(results, database) as opened:
        loaded = opened is not None and tasks_of(opened)
        yield from stored(opened) if opened and loaded else _of_run(results.assertions)


def outdated(results: Results, database: str | Path | None = None) -> bool:
    """Return whether the database has assertions of another run than the last one.

    Raises:
        RunError: as `open_database`.
    """
    with _opened(results, database) as opened:
        runs = {run_of(opened, task) for task in tasks_of(opened)} if opened is not None else set()
    return not runs <= {results.assertions.name}


@contextmanager
def _opened(results: Results, database: str | Path | None) -> Iterator[Database | None]:
    """Give the database with decisions, None where the workspace has none of its own."""
    own = results.workspace / FILE
    if database is None and not own.is_file():
        yield None
        return
    opened = open_database(database or own)
    try:
        yield opened
    finally:
        opened.close()


def accepted_assertions(
    results: Results, database: str | Path | None = None
) -> tuple[Assertion, ...]:
    """Return the assertions that curators accepted, also those that no run asserts anymore.

    Raises:
        BiolabelError: as `reviewed_assertions`.
    """
    found = reviewed_assertions(results, database)
    return tuple(each.assertion for each in found if each.outcome.state == "accepted")


def export(results: Results, order: Order, database: str | Path | None = None) -> Exported:
    """Write the assertions of a workspace that an order asks for.

    Raises:
        RunError: BL984 for a knowledge base without pairs; as `reviewed_assertions`; CorpusError: BL604
            when a file cannot be written, BL610 for a document that the format cannot hold.
    """
    chosen = tuple(selected(reviewed_assertions(results, database), order.selection))
    return FORMATS[order.to](results, order, chosen)


def _of_run(folder: Path) -> Iterator[Reviewed]:
    for table in sorted(folder.glob("*.tsv")):
        for a in read_assertions(table):
            id_ = assertion_id(table.stem, a.subject, a.predicate, a.object)
            yield Reviewed(id_, table.stem, a, evidence_ids=evidence_ids(id_, a.evidence))


def _words(results: Results) -> Vocabulary:
    said = results.task.task.biolink
    return Vocabulary(said.predicates, said.categories, said.documents, said.source)


def _kgx(results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    types = concept_types(_predicted(results))
    return Exported(len(chosen), write_kgx(order.out, chosen, types, _words(results)))


def _tsv(_results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    return Exported(len(chosen), write_tsv(order.out, chosen))


def _jsonl(_results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    return Exported(len(chosen), write_jsonl(order.out, chosen))


def _nanopub(results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    now = datetime.now(UTC).replace(microsecond=0)
    files = write_nanopubs(
        order.out, chosen, _words(results), version=__version__, created=now, license=order.license
    )
    return Exported(len(chosen), files)


def _kb(_results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    return Exported(len(chosen), write_pairs(order.out, order.name, chosen))


def _gold(results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    tasks = {name: found.matrix.task for name, found in results.parts["corpus"].own.votes.items()}
    return Exported(len(chosen), (write_gold(order.out / "gold.tsv", gold_rows(chosen, tasks)),))


def _documents(results: Results, order: Order, chosen: Sequence[Reviewed]) -> Exported:
    names = relation_names(results)
    marked = list(annotated(_predicted(results), chosen, names))
    placed = {key for document in marked for key in claims(document, names)}
    if order.to == "brat":
        marked = [between_mentions(document) for document in marked]
    path = order.out / _FILES[order.to]
    write = format_named(order.to).write
    if write is not None:
        write(path, marked)
    return Exported(len(chosen), (path,), sum(each.id not in placed for each in chosen))


def relation_names(results: Results) -> dict[str, tuple[str, str]]:
    """Return how the relations of predicted documents are called, to their task and label."""
    gold: Mapping[str, Gold] = results.task.task.gold
    tasks = (found.matrix.task for found in results.parts["corpus"].own.votes.values())
    return {
        relation_name(task.name, label, gold): (task.name, label)
        for task in tasks
        if task.kind == "relation"
        for label in task.labels
        if label != "none"
    }


def _predicted(results: Results) -> Iterator[Document]:
    """Yield the documents of the corpus as they were given, with the mentions and relations predicted."""
    part = results.parts["corpus"]
    predicted = part.predictions["fused"]
    for document in corpus_documents(part.corpus):
        found = predicted[document.id]
        yield replace(
            document, mentions=found.mentions, relations=found.relations, topics=found.topics
        )


FORMATS: Mapping[str, Callable[[Results, Order, Sequence[Reviewed]], Exported]] = {
    "kgx": _kgx,
    "tsv": _tsv,
    "jsonl": _jsonl,
    "bioc-json": _documents,
    "bioc-xml": _documents,
    "pubtator": _documents,
    "brat": _documents,
    "nanopub": _nanopub,
    "kb": _kb,
    "gold": _gold,
}
"""Every export by its name."""
