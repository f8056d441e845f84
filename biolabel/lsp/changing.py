"""What changes files: renaming, formatting, and the fixes that findings come with."""

from collections import defaultdict
from collections.abc import Mapping

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from biolabel.errors import Diagnostic, SourceFile
from biolabel.lang.format import formatted
from biolabel.lsp.desk import RulesServer, file_of, path_of
from biolabel.lsp.editing import converted
from biolabel.lsp.project import Project
from biolabel.lsp.rename import RenameError, renamable, renamed


def register(server: RulesServer) -> None:
    """Let a server change files."""

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: lsp.PrepareRenameParams) -> lsp.Range | None:
        spot = server.spot(params.text_document.uri, params.position)
        found = spot.names.at(spot.source.path, spot.offset) if spot else None
        try:
            return spot.places.range(renamable(found).span) if spot else None
        except RenameError as reason:
            raise JsonRpcInvalidParams(str(reason)) from reason

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit:
        spot = server.spot(params.text_document.uri, params.position)
        found = spot.names.at(spot.source.path, spot.offset) if spot else None
        projects = _with_importers(server, spot.project) if spot else []
        try:
            symbol = renamable(found).symbol
            edits = renamed(symbol, params.new_name, [project.names() for project in projects])
        except RenameError as reason:
            raise JsonRpcInvalidParams(str(reason)) from reason
        sources: dict[str, SourceFile] = {}
        for project in projects:
            units = project.names().units
            sources.update((path, unit.source) for path, unit in units.items())
        changes: dict[str, list[lsp.TextEdit]] = defaultdict(list)
        for edit in edits:
            place = server.places(sources[edit.span.file]).range(edit.span)
            changes[file_of(edit.span)].append(lsp.TextEdit(place, edit.text))
        return lsp.WorkspaceEdit(changes=dict(changes))

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        spot = server.spot(params.text_document.uri, lsp.Position(0, 0))
        if spot is None:
            return None
        text = server.workspace.get_text_document(params.text_document.uri).source
        result = formatted(SourceFile(spot.source.path, text))
        if result.text == text:
            return None
        return [lsp.TextEdit(spot.places.whole(), result.text)]

    kinds = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def fixes(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = path_of(params.text_document.uri)
        project = server.desk.projects.of(path) if path else None
        if project is None:
            return []
        checked = project.check()
        return [
            _fix(server, found, checked.files)
            for found in checked.diagnostics
            if found.fix is not None
            and found.span.file == str(path)
            and _overlap(server.places(checked.files[str(path)]).range(found.span), params.range)
        ]


def _with_importers(server: RulesServer, project: Project) -> list[Project]:
    """Return a project, all that are open, and those of files below the editor's folders that import.

    Files that are not open are read only if they say `import`.
    """
    projects = list(server.desk.projects)
    known = {path for each in projects for path in each.names().units}
    for uri in server.workspace.folders:
        root = path_of(uri)
        for file in sorted(root.rglob("*.rules")) if root else ():
            if str(file) not in known and "import" in file.read_text("utf-8", errors="replace"):
                other = server.desk.projects.joined(file)
                if not known.isdisjoint(other.names().units):
                    projects.append(other)
                known.update(map(str, other.members.mains))
    return [project, *(each for each in projects if each is not project)]


def _fix(server: RulesServer, found: Diagnostic, files: Mapping[str, SourceFile]) -> lsp.CodeAction:
    edit = found.fix
    if edit is None:
        raise ValueError(found.code)
    source = files[edit.span.file]
    old = source.text[edit.span.start : edit.span.end].strip()
    title = (
        f"replace `{old}` with `{edit.text.strip()}`" if old else f"insert `{edit.text.strip()}`"
    )
    if not edit.text.strip():
        title = f"remove `{old}`"
    place = server.places(source).range(edit.span)
    return lsp.CodeAction(
        title=title,
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[converted(server, found, files)],
        edit=lsp.WorkspaceEdit(changes={file_of(edit.span): [lsp.TextEdit(place, edit.text)]}),
        is_preferred=True,
    )


def _overlap(one: lsp.Range, other: lsp.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
