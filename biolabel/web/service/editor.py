"""Rule files as an editor opens, checks and saves them."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from biolabel.data.files import replacing_file
from biolabel.errors import Diagnostic, RunError, SourceFile
from biolabel.lang import tree
from biolabel.lang.load import read
from biolabel.lang.nearest import did_you_mean
from biolabel.lang.session import Session
from biolabel.lang.walk import nodes
from biolabel.workflow.settings import TaskFolder

_LEAVING = re.compile(r"""["'/\\]\.\.|\.\.[/\\"']|["']\s*[/~]|\\[./~]|\0""")
"""What a path that leaves its folder has in it, however it is written; most texts have none of it."""
LONGEST = 1_000_000
"""Code points of a rule file beyond which it is not saved; the longest of ours has 20,000."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file of the task as it lies on the disk; digest: of its text, to tell whether it changed."""

    name: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a place of a rule file.

    start, end: code points of its text, half-open; line and column count from 1.
    """

    file: str
    code: str
    severity: str
    message: str
    hint: str
    start: int
    end: int
    line: int
    column: int


def rule_files(task: TaskFolder) -> tuple[RuleFile, ...]:
    """Return the rule files of a task.

    Raises:
        RunError: BL904 when there are none, BL905 when one cannot be read.
    """
    return tuple(_opened(path) for path in task.rule_files())


class Checker:
    """The rule files of a task, each in turn with the unsaved text of an editor.

    It serves all editors, and parses only what no text had before. Threads wait for their turn.
    """

    def __init__(self, task: TaskFolder) -> None:
        """Keep the task; its files are read with the first check."""
        self._task = task
        self._paths: tuple[Path, ...] = ()
        self._session = Session(self._paths)
        self._turn = Lock()

    def check(self, name: str, text: str) -> tuple[Finding, ...]:
        """Return the findings about all files with a new text for one of them.

        Raises:
            RunError: BL990 when the task has no file of the name, or a text names one outside.
        """
        check_text(self._task, name, text)
        path, paths = path_of(self._task, name), tuple(self._task.rule_files())
        with self._turn:
            if paths != self._paths:  # one was made or deleted, or this is the first check
                self._session, self._paths = Session(paths), paths
            self._session.edit(path, text)
            try:
                checked = self._session.check()
            finally:  # what one writes is not there for others
                self._session.edit(path, None)
        return tuple(finding_of(found, checked.files) for found in checked.diagnostics)


def path_of(task: TaskFolder, name: str) -> Path:
    """Return where a rule file of a task lies.

    Raises:
        RunError: BL990 when the task has no file of the name.
    """
    known = {path.name: path for path in task.rule_files()}
    if name not in known:
        hint = did_you_mean(name, known)
        raise RunError("BL990", f"{task.task.name} has no rule file called {name}", hint=hint)
    return known[name]


def save(task: TaskFolder, name: str, text: str, digest: str) -> RuleFile:
    """Write the text of a rule file in place of the one with a digest; mistakes may be in it.

    Raises:
        RunError: BL990 no such file, or a text that names files outside of the task's folder; BL991 when
            the file is not any more what the editor began with; BL992 when it is too long; BL906 when it
            cannot be written.
    """
    path = path_of(task, name)
    check_text(task, name, text)
    if _opened(path).digest != digest:
        hint = "copy your text, open the file again, and put your change into it"
        raise RunError("BL991", f"somebody saved {name} since you opened it", hint=hint)
    try:
        with replacing_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error
    return _opened(path)


def check_text(task: TaskFolder, name: str, text: str) -> None:
    """Refuse a text that is too long, or would have rules read what its author may not.

    A path to a file outside of the task's folder is allowed only if the saved file has it.

    Raises:
        RunError: BL990 for such a path; BL992 for the length.
    """
    if len(text) > LONGEST:
        raise RunError("BL992", f"{name} would have {len(text):,} signs, more than {LONGEST:,}")
    path = path_of(task, name)
    if not _LEAVING.search(text):
        return
    folder = os.path.realpath(task.folder)
    had = set(_paths(path, None))
    for named in _paths(path, text):
        place = os.path.realpath(path.parent / named) if "\0" not in named else ""
        if named not in had and os.path.commonpath([folder, place or "/"]) != folder:
            hint = "put the file into the task's folder, beside task.toml"
            raise RunError(
                "BL990", f"{name} names {named}, which is outside of the task", hint=hint
            )


def importers(task: TaskFolder, name: str) -> tuple[str, ...]:
    """Return the names of the rule files that import one, in their order.

    Raises:
        RunError: BL904 and BL905 as `rule_files`.
    """
    files = {os.path.realpath(path): path.name for path in task.rule_files()}
    return tuple(
        own
        for place, own in files.items()
        if own != name
        and any(
            files.get(os.path.realpath(Path(place).parent / named)) == name
            for named in _paths(Path(place), None)
            if "\0" not in named
        )
    )


def finding_of(found: Diagnostic, files: Mapping[str, SourceFile]) -> Finding:
    """Return a diagnostic with its line."""
    text = files[found.span.file].text
    start = min(found.span.start, len(text))
    return Finding(
        file=Path(found.span.file).name,
        code=found.code,
        severity=found.severity,
        message=found.message,
        hint=found.hint,
        start=start,
        end=min(max(found.span.end, start), len(text)),
        line=text.count("\n", 0, start) + 1,
        column=start - text.rfind("\n", 0, start),
    )


def _paths(path: Path, text: str | None) -> Iterator[str]:
    """Yield the paths that a rule file names: imports, lists, tables, models."""
    texts = {} if text is None else {os.path.realpath(path): text}
    [main, *_] = read([path], texts).units
    for declaration in main.parsed.declarations:
        match declaration:
            case tree.ImportDecl():
                yield declaration.path
            case tree.ListDecl():
                yield from declaration.files
        for node in nodes(declaration):
            if isinstance(node, tree.Source):
                yield from node.paths


def _opened(path: Path) -> RuleFile:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError("BL905", f"cannot read {path}: {error}") from error
    return RuleFile(path.name, text, hashlib.sha256(text.encode()).hexdigest()[:16])
