"""The server with what it knows: open files and their projects, results of earlier runs, verdicts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol.types import Position, TextDocumentSyncKind
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from biolabel import __version__
from biolabel.errors import SourceFile, Span
from biolabel.lsp.describe import Known
from biolabel.lsp.names import Names
from biolabel.lsp.positions import Places
from biolabel.lsp.project import Project, Projects

if TYPE_CHECKING:
    from biolabel.lsp.results import Results


@dataclass(frozen=True, eq=False)
class Spot:
    """A place that a client asks about: the project, the file as it is now, and the offset in it."""

    project: Project
    source: SourceFile
    offset: int
    places: Places

    @property
    def names(self) -> Names:
        """The symbols of the project."""
        return self.project.names()


@dataclass(eq=False)
class Desk:
    """The state of a server.

    published: what was last said about each file; verdicts: the outcome of a rule's examples, by
    file and name; results: what workspaces hold, with the time of their latest stage; places: the
    lines of files, with the text that they are of.
    """

    projects: Projects = field(default_factory=Projects)
    published: dict[str, list[Any]] = field(default_factory=dict)
    verdicts: dict[tuple[str, str], str] = field(default_factory=dict)
    results: dict[Path, tuple[float, "Results | None"]] = field(default_factory=dict)
    places: dict[str, tuple[str, Places]] = field(default_factory=dict)


class RulesServer(LanguageServer):
    """A language server for rule files."""

    def __init__(self) -> None:
        """Take whole texts: pygls cuts lines at signs that editors do not, such as U+2028."""
        super().__init__("biolabel", __version__, text_document_sync_kind=TextDocumentSyncKind.Full)
        self.desk = Desk()

    @property
    def encoding(self) -> str:
        """The unit of the client's positions."""
        chosen = self.workspace.position_encoding
        return str(getattr(chosen, "value", chosen or "utf-16"))

    def places(self, source: SourceFile) -> Places:
        """Return the lines of a file as the client counts in them."""
        known = self.desk.places.get(source.path)
        if known is None or known[0] != source.text:
            known = source.text, Places(source.text, self.encoding)
            self.desk.places[source.path] = known
        return known[1]

    def spot(self, uri: str, position: Position) -> Spot | None:
        """Return the place that a client asks about, None in files that it has not opened."""
        path = path_of(uri)
        project = self.desk.projects.of(path) if path else None
        source = project.source(path) if project and path else None
        if project is None or source is None:
            return None
        places = self.places(source)
        return Spot(project, source, places.offset(position), places)

    def known(self, project: Project) -> Known:
        """Return what earlier runs of a project's task found; results are read when they are new."""
        folder, task = project.members.folder, project.members.task
        if folder is None:
            return Known(None, "rules of a task, in a folder with a task.toml, can be run")
        advice = f"run `biolabel analyze {folder.name}`, or `biolabel apply`"
        for root in self._roots(folder):
            results = self._results(root / "workspace" / task)
            if results is not None:
                texts = {path: unit.source.text for path, unit in project.names().units.items()}
                return Known(results, advice, results.are_of(texts))
        return Known(None, advice)

    def _roots(self, folder: Path) -> list[Path]:
        """Return where a workspace may lie: the editor's folders, the current one, above the task."""
        opened = [path_of(uri) for uri in self.workspace.folders]
        if not opened and self.workspace.root_path:
            opened = [Path(self.workspace.root_path)]
        return [path for path in opened if path] + [Path.cwd(), *folder.parents]

    def _results(self, workspace: Path) -> "Results | None":
        notes = [note.stat().st_mtime for note in workspace.glob("stages/a*/*/stage.json")]
        if not notes:
            return None
        from biolabel.lsp.results import latest_results

        known = self.desk.results.get(workspace)
        if known is None or known[0] != max(notes):
            known = self.desk.results[workspace] = (max(notes), latest_results(workspace))
        return known[1]


def path_of(uri: str) -> Path | None:
    """Return the path of a file's address, None for what lies in no file."""
    found = to_fs_path(uri)
    return Path(found) if found else None


def uri_of(path: str | Path) -> str:
    """Return the address of a file."""
    return from_fs_path(str(path)) or ""


def file_of(span: Span) -> str:
    """Return the address of the file that a span points into."""
    return uri_of(span.file)
