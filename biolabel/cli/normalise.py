"""The command that gives mentions their concepts."""

from pathlib import Path

import typer

from biolabel.cli.convert import columns_of
from biolabel.cli.jobs import QUIET, REJECTED, WORKERS, bars
from biolabel.cli.screen import screen
from biolabel.errors import RunError

_DOCS = typer.Argument(help="Documents: files, or folders of files.")
_ONTOLOGY = typer.Option(
    [],
    "--ontology",
    help="Names of concepts: a name of the catalog (`biolabel kb list`) or a file, for mentions of one type"
    " as TYPE=NAME; may be repeated, earlier ones come first.",
)
_RULES = typer.Option(
    [], "--rules", help="A task's folder or rule files, for the ontologies that have a type there."
)
_TYPE = typer.Option([], "--type", help="Only mentions of this type; may be repeated.")
_FIND = typer.Option(
    False, "--find", help="Look for the names of the ontologies instead of taking given mentions."
)
_FUZZY = typer.Option(
    False,
    "--fuzzy",
    help="With --find: also misspelt names, and names without the prefix that they begin with.",
)
_FREQUENT = typer.Option(
    False,
    "--frequent",
    help="Of concepts that nothing tells apart, prefer the one that more documents name; reads them twice.",
)
_OUT = typer.Option(
    ..., "--out", "-o", help="Where it goes: .tsv, .jsonl or .pubtator, maybe with .gz."
)
_FORMAT = typer.Option("", "--format", help="Format of DOCS, if their names do not tell it.")
_COLUMNS = typer.Option(
    [], "--column", help="What a column of a table holds, such as text=abstract; may be repeated."
)
_MOST = 12
"""Ways that are shown; the file has them for each mention."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(normalise)


def normalise(
    docs: list[Path] = _DOCS,
    out: Path = _OUT,
    ontology: list[str] = _ONTOLOGY,
    rules: list[Path] = _RULES,
    type: list[str] = _TYPE,
    find: bool = _FIND,
    fuzzy: bool = _FUZZY,
    frequent: bool = _FREQUENT,
    format: str = _FORMAT,
    column: list[str] = _COLUMNS,
    quiet: bool = QUIET,
    workers: int = WORKERS,
) -> None:
    """Give every mention its concepts, ranked, each with a score and the reason."""
    from biolabel.workflow.corpora import Sources
    from biolabel.workflow.job import cores
    from biolabel.workflow.normalise.run import Wanted
    from biolabel.workflow.normalise.run import normalise as run
    from biolabel.workflow.normalise.vocabulary import named_vocabulary, vocabulary_of_rules

    if bool(ontology) == bool(rules):
        hint = "--ontology NAME, or --rules TASK"
        raise RunError("BL742", "say which concepts mentions may have, in one way", hint=hint)
    if fuzzy and not find:
        raise RunError("BL742", "--fuzzy says how names are looked for", hint="add --find")
    vocabulary = vocabulary_of_rules(rules) if rules else named_vocabulary(ontology)
    sources = Sources(docs, format, columns_of(column))
    wanted = Wanted(tuple(type), find, frequent, fuzzy)
    done = run(sources, vocabulary, out, wanted, bars(quiet), workers or cores())
    console = screen()
    share = done.linked / done.mentions
    console.print(
        f"{done.documents:,} documents, {done.mentions:,} mentions,"
        f" {done.linked:,} with a likely concept ({share:.1%})"
    )
    for way, number in done.ways.most_common(_MOST):
        console.print(f"  {number:8,}  {way or 'no concept'}")
    if done.left:
        others = ", ".join(f"{name} ({number:,})" for name, number in done.left.most_common())
        console.print(f"left as they are: {others}", soft_wrap=True)
    console.print(f"wrote {out}", soft_wrap=True)
    if counts := done.rejects.counts():
        what = ", ".join(f"{number:,} {kind}(s)" for kind, number in sorted(counts.items()))
        console.print(f"could not use {what}; see {out}.rejects.tsv", soft_wrap=True)
        raise typer.Exit(REJECTED)
