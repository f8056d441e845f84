"""What every script of this folder is: a source, and a command line that fetches and converts it.

    python corpora_scripts/NAME.py [--to FOLDER] [--from FOLDER] [--list] [--lock FILE] [--quiet]

`--to` is a data folder (default: BIOLABEL_DATA): official files come into FOLDER/downloads/NAME,
corpora into FOLDER/corpora, tables with their kb.toml into FOLDER/kb. Exit status: 0 all good, 1 an
error, 3 done but something is missing or was rejected, as with `biolabel`.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from corpora_scripts.download import PAUSES, Locked, Remote, check, fetch, read_lock, sha256_of
from corpora_scripts.members import AtHand, at_hand

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from biolabel.data.files import replacing_file
from biolabel.errors import BiolabelError, KnowledgeError
from biolabel.errors.render import render_error
from biolabel.resources import data_root

LOCK = Path(__file__).with_name("sources.lock")
NOTICE = "LICENCE.md"
_INCOMPLETE = 3


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written: what is in it, by name, and what is wrong or missing.

    Without counts it could not be written.
    """

    path: Path
    counts: Mapping[str, int]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus or knowledge base: where it is, what may be done with it, and how it is converted.

    release: which one the addresses pin; home: its page; convert: writes what it can make of the files
    at hand below a data folder, and yields what it wrote; archives: names of archives to look into.
    """

    name: str
    title: str
    release: str
    licence: str
    cite: str
    home: str
    remotes: tuple[Remote, ...]
    convert: Callable[["Source", AtHand, Path], Iterator[Made]]
    archives: tuple[str, ...] = ()
    note: str = ""

    @property
    def notice(self) -> str:
        """The text that says what may be done with it."""
        parts = (
            f"{self.title}, {self.release}",
            f"Licence: {self.licence}",
            f"Cite: {self.cite}",
            f"Home: {self.home}",
            self.note,
        )
        return "\n\n".join(filter(None, parts))


@dataclass(slots=True)
class Bars:
    """Draws one bar a file while it is fetched."""

    progress: Progress
    tasks: dict[str, TaskID] = field(default_factory=dict)

    def __call__(self, name: str, done: int, total: int) -> None:
        """Show how much of a file is there."""
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(name, total=None)
        self.progress.update(self.tasks[name], completed=done, total=total or None)


def parser(source_name: str, title: str) -> argparse.ArgumentParser:
    """Return the parser of the options that all scripts have."""
    options = argparse.ArgumentParser(
        prog=f"python corpora_scripts/{source_name}.py",
        description=f"Fetch and convert {title}.",
    )
    options.add_argument("--to", type=Path, help="data folder to write to; default: BIOLABEL_DATA")
    options.add_argument("--from", type=Path, dest="at_hand", help="folder that has the files")
    options.add_argument("--list", action="store_true", help="show addresses and sizes, and stop")
    options.add_argument("--lock", type=Path, default=LOCK, help="file of known hashes")
    options.add_argument("--quiet", action="store_true", help="no progress bars")
    return options


def run(
    source: Source, arguments: Sequence[str] | None = None, pauses: Sequence[float] = PAUSES
) -> int:
    """Do what a command line says and return the exit status."""
    return run_with(source, parser(source.name, source.title).parse_args(arguments), pauses)


def run_with(source: Source, options: argparse.Namespace, pauses: Sequence[float] = PAUSES) -> int:
    """Do what parsed options say and return the exit status; errors are printed with their codes."""
    screen, errors = _console(stderr=False), _console(stderr=True)
    to = options.to or data_root()
    try:
        if options.list:
            screen.print(_listing(source, read_lock(options.lock)))
            return 0
        screen.print(f"{source.notice}\n", soft_wrap=True)
        folder = options.at_hand or to / "downloads" / source.name
        _provide(source, options, folder, errors, pauses)
        made = []
        with _waiting(errors, options.quiet), at_hand(folder, source.archives) as files:
            for each in source.convert(source, files, to):
                made.append(each)
                _tell(each, screen)
                if each.counts:
                    _write_notice(source, each.path.parent, folder)
        if not any(each.counts for each in made):
            names = ", ".join(remote.name for remote in source.remotes[:4])
            message = f"{folder} has nothing of {source.title}"
            raise KnowledgeError("BL703", message, hint=f"official files: {names}")
    except BiolabelError as error:
        errors.print(render_error(error), soft_wrap=True)
        return 1
    except OSError as error:
        errors.print(f"error: {error}", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        errors.print("stopped; what was fetched is kept and the next run goes on from there")
        return 130
    return _INCOMPLETE if any(each.gaps for each in made) else 0


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = 200
    return console


def _waiting(errors: Console, quiet: bool) -> AbstractContextManager[object]:
    """Show on a terminal that files are being converted: of large ontologies that takes minutes."""
    shown = errors.is_terminal and not quiet
    return errors.status("converting") if shown else nullcontext()


def _provide(
    source: Source,
    options: argparse.Namespace,
    folder: Path,
    errors: Console,
    pauses: Sequence[float],
) -> None:
    """Fetch the official files, or hold those at hand to their hashes.

    Raises:
        KnowledgeError: as `fetch`.
    """
    if options.at_hand:
        for remote in source.remotes:
            for path in filter(Path.is_file, folder.rglob(remote.name)):
                check(remote, path, options.lock)
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=errors,
        disable=options.quiet or not errors.is_terminal,
    ) as progress:
        bars = Bars(progress)
        for remote in source.remotes:
            fetch(remote, folder, options.lock, bars, pauses)


def _listing(source: Source, known: Mapping[str, Locked]) -> Table:
    """Return the official files: address, size, and what is known to check them by."""
    table = Table("address", "size", "checked by", title=f"{source.title}, {source.release}")
    for remote in source.remotes:
        locked = known.get(remote.address)
        size, exact = (locked.size, True) if locked else (remote.size, remote.exact)
        shown = "not known" if not size else f"{'' if exact else 'about '}{size / 1e6:,.1f} MB"
        pinned = remote.sha256 or (locked.sha256 if locked else "")
        how = f"sha256 {pinned[:12]}…" if pinned else "MD5 beside it" if remote.md5 else "release"
        table.add_row(remote.address, shown, how)
    return table


def _tell(made: Made, screen: Console) -> None:
    counts = ", ".join(f"{number:,} {name}" for name, number in made.counts.items())
    counts = counts or "not written"
    screen.print(f"{made.path}: {counts}", soft_wrap=True)
    for gap in made.gaps:
        screen.print(f"  {gap}", soft_wrap=True)


def _write_notice(source: Source, beside: Path, folder: Path) -> None:
    """Write the licence, and which official files the result is made of."""
    found = [folder / remote.name for remote in source.remotes]
    lines = [f"- {path.name}, sha256 {sha256_of(path)}\n" for path in found if path.is_file()]
    made = "\n\nMade from these files:\n\n" if lines else "\n"
    with replacing_file(beside / NOTICE) as temporary:
        temporary.write_text(f"{source.notice}{made}{''.join(lines)}", encoding="utf-8")
