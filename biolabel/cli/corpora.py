"""The commands on corpus stores: `biolabel corpus build`, `info`, `verify` and so on."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.convert import columns_of
from biolabel.cli.convert import convert as convert_corpus
from biolabel.cli.jobs import JSON, QUIET, REJECTED, WORKERS, bars
from biolabel.cli.screen import harmless, screen, show_json
from biolabel.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from biolabel.text.store_facts import Facts
    from biolabel.workflow.corpora import Changed

_STORE = typer.Argument(help="A folder that `biolabel corpus build` or `biolabel ingest` made.")
_FILES = typer.Argument(help="Documents: files, or folders of files.")
_PLACE = typer.Argument(help="The folder of the new store; one that is there is replaced.")
_OUT = typer.Argument(help="Where the documents go; `.gz` packs them.")
_IDS = typer.Argument(None, help="Ids of documents.")
_ID_FILE = typer.Option(None, "--ids", help="A file with an id on each line.")
_FORMAT = typer.Option("", "--format", help="Format of the files, if their names do not tell it.")
_TO = typer.Option("", "--to", help="Format of OUT, if its name does not tell it.")
_COLUMNS = typer.Option(
    [], "--column", help="What a column of a table holds, such as text=abstract; may be repeated."
)
_TOKENS = typer.Option("scispacy", "--tokens", help="scispacy, blank or a spaCy pipeline.")
_SENTENCES = typer.Option("scispacy", "--sentences", help="scispacy, naive or a spaCy pipeline.")
_SHORTS = typer.Option(True, help="Link short forms to the long forms that a document defines.")
_SECTIONS = typer.Option("given", "--sections", help="given, or pubmed to split at labels as well.")
_TAGGER = typer.Option("", "--tagger", help="A spaCy pipeline for lemmas and parts of speech.")
_PARSER = typer.Option("", "--parser", help="A spaCy pipeline for dependency trees.")
_SHARD = typer.Option(5_000, "--shard-documents", min=1, help="Documents a shard.")
_SKIP_KNOWN = typer.Option(False, "--skip-known", help="Leave out documents that it has already.")
_SKIP_NEW = typer.Option(False, "--skip-new", help="Leave out documents that it does not have.")
_MOST = 10
"""Years, journals and so on that a table shows; `--json` has all."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, as one group."""
    group = typer.Typer(
        no_args_is_help=True, help="Make, look into, check and change corpus stores."
    )
    for command in (build, info, verify, ids, export, add, replace, remove):
        group.command()(command)
    app.add_typer(group, name="corpus")


def build(
    files: list[Path] = _FILES,
    out: Path = _PLACE,
    format: str = _FORMAT,
    column: list[str] = _COLUMNS,
    tokens: str = _TOKENS,
    sentences: str = _SENTENCES,
    abbreviations: bool = _SHORTS,
    sections: str = _SECTIONS,
    tagger: str = _TAGGER,
    parser: str = _PARSER,
    shard_documents: int = _SHARD,
    quiet: bool = QUIET,
    workers: int = WORKERS,
) -> None:
    """Process documents into a corpus store."""
    from biolabel.text.pipeline import Pipeline
    from biolabel.workflow import corpora
    from biolabel.workflow.job import cores

    pipeline = Pipeline(tokens, sentences, abbreviations, sections, tagger, parser)
    sources = corpora.Sources(files, format, columns_of(column))
    many = workers or cores()
    there = out.exists()
    done = corpora.build(sources, out, pipeline, bars(quiet), many, shard_documents)
    screen().print(f"wrote {out}{', in place of what was there' if there else ''}", soft_wrap=True)
    _finish(done, out)


def info(store: Path = _STORE, as_json: bool = JSON) -> None:
    """Say what a store holds: documents, sections, words, mentions, concepts, relations, years."""
    from biolabel.text.store import open_store
    from biolabel.text.store_facts import facts_of

    opened = open_store(store)
    facts = facts_of(opened)
    if as_json:
        about = {"content_hash": opened.content_hash, "pipeline": asdict(opened.pipeline)}
        show_json(about | asdict(facts))
    else:
        screen().print(_facts_table(facts))


def verify(store: Path = _STORE, as_json: bool = JSON, quiet: bool = QUIET) -> None:
    """Check every file and every column of a store; exit status 1 if anything is wrong."""
    from biolabel.text.store_checks import verify as verify_store

    faults = list(verify_store(store, bars(quiet)))
    if as_json:
        show_json([asdict(fault) for fault in faults])
    for fault in [] if as_json else faults:
        shard, document = fault.shard and f"shard {fault.shard}", fault.document
        place = ", ".join(filter(None, [shard, document and f"document {document}"]))
        said = ": ".join(filter(None, [place, fault.message]))
        screen().print(f"error[{fault.code}]: {said}", soft_wrap=True, markup=False)
    if faults:
        raise typer.Exit(1)
    if not as_json:
        screen().print(f"{store} is whole", soft_wrap=True)


def ids(store: Path = _STORE) -> None:
    """Print the id of each document, one on a line."""
    from biolabel.text.store import open_store

    for id_ in open_store(store).ids:
        typer.echo(harmless(id_) if sys.stdout.isatty() else id_)


def export(store: Path = _STORE, out: Path = _OUT, to: str = _TO, quiet: bool = QUIET) -> None:
    """Write the documents of a store in any format that is written, as `biolabel convert` does."""
    convert_corpus(store, out, "store", to, [], quiet)


def add(
    store: Path = _STORE,
    files: list[Path] = _FILES,
    format: str = _FORMAT,
    column: list[str] = _COLUMNS,
    skip_known: bool = _SKIP_KNOWN,
    quiet: bool = QUIET,
    workers: int = WORKERS,
) -> None:
    """Add documents to a store; those that it has are not processed again."""
    from biolabel.workflow import corpora
    from biolabel.workflow.job import cores

    sources = corpora.Sources(files, format, columns_of(column))
    many = workers or cores()
    done = corpora.add(store, sources, bars(quiet), many, skip=skip_known)
    screen().print(f"added {done.used:,} documents")
    _finish(done, store)


def replace(
    store: Path = _STORE,
    files: list[Path] = _FILES,
    format: str = _FORMAT,
    column: list[str] = _COLUMNS,
    skip_new: bool = _SKIP_NEW,
    quiet: bool = QUIET,
    workers: int = WORKERS,
) -> None:
    """Put documents in the places of those with the same ids."""
    from biolabel.workflow import corpora
    from biolabel.workflow.job import cores

    sources = corpora.Sources(files, format, columns_of(column))
    many = workers or cores()
    done = corpora.replace(store, sources, bars(quiet), many, skip=skip_new)
    screen().print(f"replaced {done.used:,} documents")
    _finish(done, store)


def remove(
    store: Path = _STORE, ids: list[str] | None = _IDS, id_file: Path | None = _ID_FILE
) -> None:
    """Take documents out of a store."""
    from biolabel.text.store_changes import remove as remove_documents

    named = dict.fromkeys([*(ids or []), *(_listed(id_file) if id_file else [])])
    if not named:
        raise typer.BadParameter("name documents by their ids, or a file of them with --ids")
    left = remove_documents(store, list(named))
    screen().print(f"removed {len(named):,} documents; {len(left.ids):,} are left")


def _listed(path: Path) -> "Iterator[str]":
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError("BL601", f"cannot read {path}: {error}") from error
    yield from (line.strip() for line in lines if line.strip())


def _finish(done: "Changed", store: Path) -> None:
    """Say what a store has now and what was rejected; exit with status 3 if anything was."""
    from biolabel.text.rejects import rejects_path

    console = screen()
    n, shards = len(done.store.ids), len(done.store.shards)
    console.print(f"{store}: {n:,} documents in {shards:,} shard(s)", soft_wrap=True)
    if counts := done.rejects.counts():
        what = ", ".join(f"{number:,} {kind}(s)" for kind, number in sorted(counts.items()))
        console.print(f"could not use {what}; see {rejects_path(store)}", soft_wrap=True)
        raise typer.Exit(REJECTED)


def _facts_table(facts: "Facts") -> "Table":
    from rich.table import Table

    from biolabel.text.store_facts import QUANTILES

    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    shortest = [f"{100 * at:.0f} %: {n:,}" for at, n in zip(QUANTILES, facts.lengths, strict=True)]
    details = {"words": "a document, by rank: " + ", ".join(shortest)}
    for name, value in asdict(facts).items():
        if isinstance(value, int):
            table.add_row(name, f"{value:,}", details.get(name, ""))
        elif isinstance(value, dict):
            shown = [f"{key or '(none)'} {n:,}" for key, n in list(value.items())[:_MOST]]
            more = f", {len(value) - _MOST:,} more" if len(value) > _MOST else ""
            table.add_row(name, f"{sum(value.values()):,}", ", ".join(shown) + more)
    return table
