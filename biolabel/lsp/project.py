"""Which rule files belong together, and what is known about them while someone edits."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.errors import Diagnostic, RunError, SourceFile
from biolabel.lang.load import in_order, read
from biolabel.lang.parse import VERSION, Piece, parse_piece, tree_of
from biolabel.lang.pieces import cut
from biolabel.lang.program import Checked
from biolabel.lang.session import Session
from biolabel.lang.tree import FileTree
from biolabel.lsp.names import Names, names_of

_SETTINGS = "task.toml"


@dataclass(frozen=True, slots=True)
class Members:
    """The files that are checked together: all rules of a task, or one file of no task.

    folder: the task's folder, and `task` its name, as task.toml says; None and empty for no task.
    """

    mains: tuple[Path, ...]
    folder: Path | None = None
    task: str = ""


def members_of(path: Path) -> Members:
    """Return the files that belong together with an open one, by the task.toml above it."""
    from biolabel.workflow.settings import load_task

    for folder in path.parents:
        if (folder / _SETTINGS).is_file():
            try:
                task = load_task(folder)
                files = task.rule_files()
            except RunError:
                break
            if path in files:
                return Members(tuple(files), folder, task.task.name)
            break
    return Members((path,))


@dataclass(eq=False)
class Project:
    """Files that are checked together, with the unsaved texts of those that are open."""

    members: Members
    _session: Session = field(init=False)
    texts: dict[str, str] = field(default_factory=dict)
    _parsed: dict[str, dict[tuple[int, str], Piece]] = field(default_factory=dict)
    _names: Names | None = None

    def __post_init__(self) -> None:
        """Start a session, which reads nothing yet."""
        self._session = Session(self.members.mains)

    def edit(self, path: Path, text: str | None) -> None:
        """Take the text of an open editor, or None when it is closed."""
        self._names = None
        self._session.edit(path, text)
        if text is None:
            self.texts.pop(str(path), None)
        else:
            self.texts[str(path)] = text

    def check(self) -> Checked:
        """Return the findings of all files; files that are not open are read from the disk."""
        self._names = None
        return self._session.check()

    def compile(self) -> Checked:
        """Return the findings of all files with those of compiling them, which take a full load."""
        from biolabel.compile.lower import compile_program

        loaded = self._session.load()
        if loaded.program is None:
            return loaded
        compiled = compile_program(loaded.program).diagnostics
        found = in_order([*loaded.diagnostics, *compiled], loaded.files)
        return Checked(loaded.program, loaded.files, found)

    def names(self) -> Names:
        """Return the symbols of all files, also of those with mistakes; kept until the next edit."""
        if self._names is None:
            texts = {os.path.realpath(path): text for path, text in self.texts.items()}
            self._names = names_of(read(self.members.mains, texts, self._parse))
        return self._names

    def source(self, path: Path) -> SourceFile | None:
        """Return the text of a file as biolabel reads it."""
        unit = self.names().units.get(str(path))
        return unit.source if unit else None

    def _parse(self, source: SourceFile) -> tuple[SourceFile, FileTree, Sequence[Diagnostic]]:
        """Return a file's tree; declarations that stand where they stood are not parsed again."""
        known = self._parsed.get(source.path, {})
        pieces = {
            (start, text): known.get((start, text)) or parse_piece(text, source.path, start)
            for start, end in cut(source.text)
            for text in (source.text[start:end],)
        }
        self._parsed[source.path] = pieces
        return source, tree_of(source.path, VERSION, list(pieces.values())), ()


@dataclass(eq=False)
class Projects:
    """The projects of all open files."""

    _open: dict[Path, Project] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Project]:
        """Return each project once."""
        return iter(dict.fromkeys(self._open.values()))

    def of(self, path: Path) -> Project | None:
        """Return the project of an open file."""
        return self._open.get(path)

    def edit(self, path: Path, text: str) -> Project:
        """Take the text of a file that is opened or changed, and return its project."""
        if path not in self._open:
            members = members_of(path)
            known = next((p for p in self if p.members == members), None)
            self._open[path] = known or self._joined(members)
        for project in self:
            project.edit(path, text)
        return self._open[path]

    def close(self, path: Path) -> Project | None:
        """Forget the text of a file; its project is returned, which may have no open file left."""
        for project in self:
            project.edit(path, None)
        return self._open.pop(path, None)

    def texts(self) -> dict[Path, str]:
        """Return the texts of all open files."""
        return {
            path: project.texts[str(path)]
            for path, project in self._open.items()
            if str(path) in project.texts
        }

    def joined(self, path: Path) -> Project:
        """Return a new project of a file, open or not, that knows the texts of all open files."""
        return self._joined(members_of(path))

    def _joined(self, members: Members) -> Project:
        project = Project(members)
        for path, text in self.texts().items():
            project.edit(path, text)
        return project
