"""Files that are opened, changed and closed, and the findings about them."""

from collections import defaultdict
from collections.abc import Mapping

from lsprotocol import types as lsp

from biolabel.errors import Diagnostic, SourceFile
from biolabel.lsp.desk import RulesServer, file_of, path_of, uri_of
from biolabel.lsp.project import Project, Projects

_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Hint,
}
_UNUSED = "BL106"


def register(server: RulesServer) -> None:
    """Let a server follow the files of an editor."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        _edit(server, params.text_document.uri, compiling=True)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        _edit(server, params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            server.desk.projects.close(path)
            publish(server)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        del params
        publish(server, compiling=True)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def moved(params: lsp.DidChangeWatchedFilesParams) -> None:
        del params
        server.desk.projects = _reopened(server.desk.projects)
        publish(server)


def _edit(server: RulesServer, uri: str, *, compiling: bool = False) -> None:
    path = path_of(uri)
    if path is not None:
        text = server.workspace.get_text_document(uri).source
        server.desk.projects.edit(path, text)
        publish(server, compiling=compiling)


def _reopened(old: Projects) -> Projects:
    """Return the same open files in projects made anew: files may have come or gone."""
    new = Projects()
    for path, text in old.texts().items():
        new.edit(path, text)
    return new


def publish(server: RulesServer, *, compiling: bool = False) -> None:
    """Send the findings about all files of all projects, as far as they are not known yet.

    compiling: also what only compiling finds, which is too slow for every key.
    """
    found: dict[str, list[lsp.Diagnostic]] = {}
    for project in server.desk.projects:
        for uri, diagnostics in _findings(server, project, compiling=compiling).items():
            path = path_of(uri)
            owner = server.desk.projects.of(path) if path else None
            if owner in (None, project):
                found.setdefault(uri, diagnostics)
    published = server.desk.published
    for uri in [*published.keys() - found.keys(), *found]:
        diagnostics = found.get(uri, [])
        if published.get(uri) != diagnostics:
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics))
    server.desk.published = dict(found)


def _findings(
    server: RulesServer, project: Project, *, compiling: bool
) -> dict[str, list[lsp.Diagnostic]]:
    checked = project.compile() if compiling else project.check()
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in checked.diagnostics:
        by_file[diagnostic.span.file].append(diagnostic)
    return {
        uri_of(path): [converted(server, found, checked.files) for found in by_file.get(path, ())]
        for path in checked.files
    }


def converted(
    server: RulesServer, found: Diagnostic, files: Mapping[str, SourceFile]
) -> lsp.Diagnostic:
    """Return a finding as the protocol has it; the hint is a line of the message."""
    places = server.places(files[found.span.file])
    related = [
        lsp.DiagnosticRelatedInformation(
            lsp.Location(file_of(span), server.places(files[span.file]).range(span)), text
        )
        for span, text in found.related
        if span.file in files
    ]
    return lsp.Diagnostic(
        range=places.range(found.span),
        message=f"{found.message}\n{found.hint}" if found.hint else found.message,
        severity=_SEVERITY[found.severity],
        code=found.code,
        source="biolabel",
        tags=[lsp.DiagnosticTag.Unnecessary] if found.code == _UNUSED else None,
        related_information=related or None,
    )
