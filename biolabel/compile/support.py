"""What the engine cannot run yet, said with the place: never a silent abstain."""

from collections.abc import Iterator

from biolabel.compile.walk import nodes
from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.program import Program

WORD_ATTRIBUTES = frozenset({"text", "lower", "shape"})
WORD_FLAGS = frozenset({
    "is_alpha", "is_digit", "is_lower", "is_punct", "is_title", "is_upper", "like_num",
})  # fmt: skip
_VIA = frozenset({"exact", "plural", "reorder", "abbreviation"})
_PIPELINE = frozenset({"tokens", "sentences", "abbreviations"})


def unsupported(program: Program) -> Iterator[Diagnostic]:
    """Yield BL390 for every active construct that the engine does not execute yet."""
    for ontology in program.ontologies.values():
        yield from _source(ontology.source)
        yield from _vias(ontology.via)
        if ontology.where:
            yield _no("`where:` of an ontology", ontology.name.span)
    for kb in program.kbs.values():
        yield from _source(kb.source)
        for given, what in ((kb.where, "where"), (kb.expand, "expand"), (kb.complete, "complete")):
            if given:
                yield _no(f"`{what}:` of a kb", kb.name.span)
    yield from (_no("a model", model.name.span) for model in program.models.values())
    yield from (_no("a section", section.name.span) for section in program.sections.values())
    yield from _tasks(program)
    active = [rule for rule in program.rules.values() if rule.meta.status != "off"]
    named = (*program.patterns.values(), *program.conditions.values(), *program.contexts.values())
    for declaration in (*active, *named, *program.relations.values()):
        for node in nodes(declaration):
            yield from _construct(node)
    for name in sorted(set(program.pipeline) - _PIPELINE):
        start = Span(next(iter(program.files), ""), 0, 0)
        message = f"`{name}:` of the pipeline has no effect: no construct that needs it runs yet"
        yield Diagnostic("BL391", "warning", message, start)


def _tasks(program: Program) -> Iterator[Diagnostic]:
    for entity in program.entities.values():
        if entity.unit != "word" or entity.pick != "one":
            yield _no("an entity task with `unit: span` or `pick: many`", entity.name.span)
    for relation in program.relations.values():
        if len(relation.arguments) != 2:
            yield _no("a relation with other than two arguments", relation.name.span)
        if relation.level != "concept":
            hint = "write `level: concept`"
            yield _no("a relation at the level of mentions", relation.name.span, hint)
        if relation.scope.kind == "section":
            yield _no("`scope: section`", relation.name.span)
    for document in program.documents.values():
        if document.unit != "document":
            yield _no("a document task over sentences", document.name.span)


def _construct(node: tree.Node) -> Iterator[Diagnostic]:
    match node:
        case tree.PathLike() | tree.Measure("path_length") | tree.Region("path"):
            yield _no("a dependency path", node.span)
        case tree.ModelSays() | tree.FindModel() | tree.Vote("from model"):
            yield _no("a model's output", node.span)
        case tree.Python():
            yield _no("`python`", node.span)
        case tree.MetaValue() | tree.Region("meta"):
            yield _no("`meta`", node.span)
        case tree.FindPattern(via=vias):
            yield from _vias(vias)
        case tree.TokenIs(attribute=attribute) if attribute not in WORD_ATTRIBUTES:
            yield _no(f"the word attribute `{attribute}`", node.span)
        case tree.TokenIn(attribute=attribute) if attribute not in {"text", "lower"}:
            yield _no(f"the word attribute `{attribute}` with `in`", node.span)
        case tree.TokenFlag(flag=flag) if flag not in WORD_FLAGS:
            yield _no(f"the word test `{flag}`", node.span)
        case tree.RuleVotes():
            yield _no("`votes` as a condition", node.span)
        case _:
            pass


def _source(source: tree.Source | None) -> Iterator[Diagnostic]:
    if source is not None and source.format != "catalog":
        hint = 'describe the table in kb/NAME/kb.toml and write `from: catalog "NAME"`'
        yield _no(f"the source format `{source.format}`", source.span, hint)


def _vias(vias: tuple[tree.Via, ...]) -> Iterator[Diagnostic]:
    for via in vias:
        if via.name not in _VIA:
            yield _no(f"`via {via.name}`", via.span)


def _no(what: str, span: Span, hint: str = "") -> Diagnostic:
    return Diagnostic("BL390", "error", f"{what} is not yet supported by the engine", span, hint)
