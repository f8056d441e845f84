"""What an editor asks about a place: what is this, where is it made, where is it used, what fits."""

from collections.abc import Mapping

from lsprotocol import types as lsp

from biolabel.lang import tree
from biolabel.lang.scopes import KINDS
from biolabel.lsp.complete import completions
from biolabel.lsp.describe import describe
from biolabel.lsp.desk import RulesServer, file_of, path_of, uri_of
from biolabel.lsp.names import Occurrence

_ITEMS: Mapping[str, lsp.CompletionItemKind] = {
    "keyword": lsp.CompletionItemKind.Keyword,
    "field": lsp.CompletionItemKind.Field,
    "value": lsp.CompletionItemKind.EnumMember,
    "label": lsp.CompletionItemKind.EnumMember,
    "argument": lsp.CompletionItemKind.Variable,
    "type": lsp.CompletionItemKind.Class,
    "name": lsp.CompletionItemKind.Reference,
    "word": lsp.CompletionItemKind.Text,
    "file": lsp.CompletionItemKind.File,
}
_OUTLINE: Mapping[type[tree.Decl], lsp.SymbolKind] = {
    tree.RuleDecl: lsp.SymbolKind.Function,
    tree.ConditionDecl: lsp.SymbolKind.Boolean,
    tree.PatternDecl: lsp.SymbolKind.String,
    tree.ListDecl: lsp.SymbolKind.Array,
    tree.OntologyDecl: lsp.SymbolKind.Namespace,
    tree.KbDecl: lsp.SymbolKind.Namespace,
    tree.EntityDecl: lsp.SymbolKind.Class,
    tree.RelationDecl: lsp.SymbolKind.Class,
    tree.DocumentDecl: lsp.SymbolKind.Class,
}


def register(server: RulesServer) -> None:
    """Let a server answer questions about places."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        spot = server.spot(params.text_document.uri, params.position)
        if spot is None:
            return None
        known = server.known(spot.project)
        text = describe(spot.source, spot.offset, spot.names, known)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text)) if text else None

    triggers = ["{", '"', ":"]

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=triggers)
    )
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        spot = server.spot(params.text_document.uri, params.position)
        if spot is None:
            return lsp.CompletionList(is_incomplete=False, items=[])
        results = server.known(spot.project).results
        offers = completions(spot.source, spot.offset, spot.names, results)
        items = [
            lsp.CompletionItem(
                offer.text,
                kind=_ITEMS[offer.kind],
                detail=offer.detail or None,
                documentation=offer.documentation or None,
            )
            for offer in offers
        ]
        return lsp.CompletionList(any(offer.kind == "word" for offer in offers), items)

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        spot = server.spot(params.text_document.uri, params.position)
        if spot is None:
            return []
        found = spot.names.at(spot.source.path, spot.offset)
        if found is None:
            return _imported(server, params)
        return [_location(server, o) for o in spot.names.of(found.symbol) if o.defines]

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def references(params: lsp.ReferenceParams) -> list[lsp.Location]:
        spot = server.spot(params.text_document.uri, params.position)
        found = spot.names.at(spot.source.path, spot.offset) if spot else None
        if spot is None or found is None:
            return []
        whole = params.context.include_declaration
        places = {
            o.span: _location(server, o)
            for project in server.desk.projects
            for o in project.names().of(found.symbol)
            if whole or not o.defines
        }
        return list(places.values())

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        spot = server.spot(params.text_document.uri, lsp.Position(0, 0))
        if spot is None:
            return []
        return [
            lsp.DocumentSymbol(
                name=declaration.name.text,
                detail=KINDS[type(declaration)],
                kind=_OUTLINE.get(type(declaration), lsp.SymbolKind.Object),
                range=spot.places.range(declaration.span),
                selection_range=spot.places.range(declaration.name.span),
            )
            for declaration in spot.names.units[spot.source.path].named()
        ]

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def folds(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        spot = server.spot(params.text_document.uri, lsp.Position(0, 0))
        declarations = spot.names.units[spot.source.path].parsed.declarations if spot else ()
        ranges = [spot.places.range(found.span) for found in declarations] if spot else []
        return [
            lsp.FoldingRange(found.start.line, found.end.line)
            for found in ranges
            if found.end.line > found.start.line
        ]


def _location(server: RulesServer, found: Occurrence) -> lsp.Location:
    """Return where an occurrence stands, in whichever project its file is."""
    for project in server.desk.projects:
        unit = project.names().units.get(found.span.file)
        if unit is not None:
            return lsp.Location(file_of(found.span), server.places(unit.source).range(found.span))
    raise KeyError(found.span.file)


def _imported(server: RulesServer, params: lsp.DefinitionParams) -> list[lsp.Location]:
    """Return the file of the import at a place."""
    spot = server.spot(params.text_document.uri, params.position)
    path = path_of(params.text_document.uri)
    start = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    return [
        lsp.Location(uri_of(found.path), start)
        for found in (spot.names.units[str(path)].imports if spot else ())
        if spot and found.path
        and found.declaration.span.start <= spot.offset <= found.declaration.span.end
    ]  # fmt: skip
