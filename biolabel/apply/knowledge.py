"""The ontologies and knowledge bases of a plan, filtered as its declarations say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from biolabel.apply.declared import (
    are_there,
    digest,
    hierarchies_of,
    ontology_mark,
    pairs_mark,
    sides_of,
    source_of,
)
from biolabel.apply.held import held_ontology, held_pairs, hold_ontology, hold_pairs
from biolabel.apply.ontologies import OntologyIndex, indexed, ontology_index, shared_lexicon
from biolabel.compile.plan import Plan
from biolabel.data.models import Function, Model
from biolabel.data.progress import Progress, silent
from biolabel.errors import Diagnostic, KnowledgeError, RuleError, SourceFile, Span
from biolabel.kb.aliases import of_aliases, same_concepts
from biolabel.kb.catalog import entry, verify
from biolabel.kb.lexicon import Lexicon
from biolabel.kb.ontology import Ontology, merged
from biolabel.kb.pairs import Expansion, PairIndex, read_pairs
from biolabel.kb.sources import Source, files, read_ontology, told
from biolabel.lang import tree
from biolabel.lang.walk import nodes

_SIDES: tuple[Literal["subject", "object"], ...] = ("subject", "object")


@dataclass(frozen=True)
class Knowledge:
    """What rules look up or ask, by the names of the program; functions by their target."""

    ontologies: Mapping[str, OntologyIndex]
    pairs: Mapping[str, PairIndex]
    models: Mapping[str, Model] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of all ontologies in one automaton, each in the ways that it declares."""
        return shared_lexicon(list(self.ontologies.values()))


@dataclass(frozen=True, slots=True)
class Found:
    """The knowledge that could be read, and what is wrong with the rest, by the declaration's name."""

    knowledge: Knowledge
    problems: Mapping[str, Diagnostic]


def load_knowledge(
    plan: Plan,
    documents: frozenset[str],
    progress: Progress = silent,
    folder: Path | None = None,
) -> Knowledge:
    """Read every ontology and knowledge base that a plan declares.

    documents: ids of the documents being labeled, whose curated evidence is left out (leak guard).

    Raises:
        RuleError: all that `find_knowledge` finds, at the places in the rule files.
    """
    found = find_knowledge(plan, documents, progress, folder)
    if found.problems:
        raise _rule_error(found.problems)
    return found.knowledge


def tables_of(plan: Plan) -> tuple[dict[str, str], frozenset[Path]]:
    """Return what the knowledge of a plan is read from: catalog entries with their hash, and files.

    Raises:
        RuleError: all that `find_knowledge` finds, if a table or file is not there, or is another
            one than its entry describes.
    """
    hashes: dict[str, str] = {}
    own: set[Path] = set()
    problems: dict[str, Diagnostic] = {}
    declarations: list[tree.OntologyDecl | tree.KbDecl] = [
        *plan.ontologies.values(), *plan.kbs.values(),
    ]  # fmt: skip
    for declaration in declarations:
        source = source_of(declaration)
        if source is None or declaration.source is None:
            continue
        try:
            if source.format == "catalog":
                entries = {path: entry(path) for path in source.paths}
                for found in entries.values():
                    verify(found)
                hashes |= {path: found.sha256 for path, found in entries.items()}
            own.update(files(source))
        except KnowledgeError as error:
            problems[declaration.name.text] = _diagnostic(error, declaration.source.span)
    if problems:
        # Nothing will run, so there is time to find what else is wrong.
        raise _rule_error({**problems, **find_knowledge(plan, frozenset()).problems})
    return hashes, frozenset(own)


def _rule_error(problems: Mapping[str, Diagnostic]) -> RuleError:
    """Return problems as one error, with the rule files in which they stand."""
    diagnostics = tuple(problems.values())
    return RuleError(diagnostics, {d.span.file: rule_file(d.span.file) for d in diagnostics})


def find_knowledge(
    plan: Plan,
    documents: frozenset[str],
    progress: Progress = silent,
    folder: Path | None = None,
    known: Knowledge | None = None,
) -> Found:
    """Read the ontologies and knowledge bases of a plan that can be read.

    known: those that were read before and are not read again.

    Errors: BL402 unknown columns, BL403 an ontology left without a name, BL701 to BL706 and BL709 from
    the catalog and from files, BL710 and BL711 a root or a part that is not there, BL712 other
    identifiers than `ids:` says, BL713 to BL715 columns that do not hold what they should, BL716
    `expand:` without a hierarchy, BL717 `columns:` without a table.
    """
    ontologies: dict[str, OntologyIndex] = dict(known.ontologies if known else {})
    pairs: dict[str, PairIndex] = dict(known.pairs if known else {})
    problems: dict[str, Diagnostic] = {}
    total = len(plan.ontologies) + len(plan.kbs)
    steps = iter(progress(range(total), name="knowledge", total=total))
    reader = _reader()
    for name, declaration in plan.ontologies.items():
        next(steps)
        if name in ontologies:
            continue
        mark = _mark(declaration, plan, folder)
        held = held_ontology(mark) if mark else None
        if held is not None:
            ontologies[name] = indexed(declaration, told(held), plan.lists)
            continue
        try:
            index = _ontology(declaration, plan.lists, reader, folder)
        except _Problem as problem:
            problems[name] = problem.diagnostic
            continue
        ontology = hold_ontology(mark, index.ontology) if mark else index.ontology
        ontologies[name] = replace(index, ontology=ontology)
    found = Found(Knowledge(ontologies, pairs), problems)
    for name, kb in plan.kbs.items():
        next(steps)
        if name in pairs:
            continue
        mark = _mark(kb, plan, folder, documents)
        held_kb = held_pairs(mark) if mark else None
        if held_kb is not None:
            pairs[name] = held_kb
            continue
        try:
            same, above = (
                _same(kb, plan, found),
                [_expansion(e, kb, plan, found) for e in kb.expand],
            )
            # What is reached over a hierarchy may have old identifiers too.
            expand = [*same, *above, *same] if above else same
            read = _pairs(kb, expand, documents, folder)
        except _Problem as problem:
            problems[name] = problem.diagnostic
            continue
        pairs[name] = hold_pairs(mark, name, read) if mark else read
    next(steps, None)
    return replace(found, problems=problems | _unmet(plan, found.knowledge))


class _Problem(Exception):  # noqa: N818 (it never leaves this module)
    """What keeps a declaration from being read, with its place."""

    def __init__(self, error: KnowledgeError, span: Span) -> None:
        super().__init__(error.message)
        self.diagnostic = _diagnostic(error, span)


def _diagnostic(error: KnowledgeError, span: Span) -> Diagnostic:
    return Diagnostic(error.code, "error", error.message, span, error.hint)


def rule_file(path: str) -> SourceFile:
    """Return a rule file as it is now; without its text, findings are shown without the line."""
    try:
        return SourceFile(path, Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return SourceFile(path, "")


def _mark(
    declaration: tree.OntologyDecl | tree.KbDecl,
    plan: Plan,
    folder: Path | None,
    documents: frozenset[str] = frozenset(),
) -> str:
    """Return the mark under which what a declaration says is kept, empty where it is not.

    That is for catalogs other than biolabel's own, for files that are not there, which reading names,
    and for declarations without any.
    """
    source = source_of(declaration, folder)
    if source is None or folder is not None or not are_there(source):
        return ""
    try:
        if isinstance(declaration, tree.OntologyDecl):
            return ontology_mark(declaration, plan.lists)
        names = sorted(hierarchies_of(plan, declaration))
        above = [ontology_mark(plan.ontologies[name], plan.lists) for name in names]
        return pairs_mark(declaration, above, digest(sorted(documents)))
    except OSError:
        return ""


def _reader() -> Callable[[Source], Ontology]:
    """Return what reads each source once: several ontologies may be parts of the same."""
    known: list[tuple[Source, Ontology]] = []

    def read(source: Source) -> Ontology:
        found = next((ontology for other, ontology in known if other == source), None)
        if found is None:
            found = read_ontology(source)
            known.append((source, found))
        return found

    return read


def _ontology(
    declaration: tree.OntologyDecl,
    lists: Mapping[str, tree.ListDecl],
    reader: Callable[[Source], Ontology],
    folder: Path | None,
) -> OntologyIndex:
    source = source_of(declaration, folder)
    try:
        read = reader(source) if source else Ontology({}, prefix=declaration.ids)
    except KnowledgeError as error:
        place = declaration.source.span if declaration.source else declaration.name.span
        raise _Problem(error, place) from error
    try:
        return ontology_index(declaration, read, lists)
    except KnowledgeError as error:
        raise _Problem(error, declaration.name.span) from error


def _pairs(
    declaration: tree.KbDecl,
    expand: Sequence[Expansion],
    documents: frozenset[str],
    folder: Path | None,
) -> PairIndex:
    source = source_of(declaration, folder)
    if source is None or declaration.source is None:
        raise TypeError("the checker refuses a kb without `from:`")
    try:
        return read_pairs(source, documents, complete=declaration.complete, expand=expand)
    except KnowledgeError as error:
        raise _Problem(error, declaration.source.span) from error


def _same(declaration: tree.KbDecl, plan: Plan, found: Found) -> list[Expansion]:
    """Return the expansions by which pairs hold for old identifiers of their concepts too."""
    ontologies, sides = found.knowledge.ontologies, sides_of(plan, declaration)
    same: list[Expansion] = []
    for side in _SIDES:
        names = sorted(sides.get(side, frozenset()) & ontologies.keys())
        same += of_aliases(side, same_concepts(ontologies[name].ontology for name in names))
    return same


def _expansion(
    expand: tree.Expand, declaration: tree.KbDecl, plan: Plan, found: Found
) -> Expansion:
    """Return an expansion over the hierarchies of all ontologies of the side's type."""
    names = sides_of(plan, declaration).get(expand.argument, frozenset())
    ontologies = found.knowledge.ontologies
    parts = [replace(ontologies[n].ontology, names={}) for n in names & ontologies.keys()]
    above = merged(parts).above
    if not above:
        message = f"`expand: {expand.argument}` needs `pairs:` and an ontology with a hierarchy"
        hint = "`pairs:` says the type; tree numbers or parents make the hierarchy"
        error = KnowledgeError("BL716", message, hint=hint)
        lost = next((found.problems[name] for name in names & found.problems.keys()), None)
        if lost is not None:
            error = KnowledgeError(lost.code, lost.message, hint=lost.hint)
        raise _Problem(error, expand.span)
    side: Literal["subject", "object"] = "subject" if expand.argument == "subject" else "object"
    up = expand.direction == "ancestors"
    return Expansion(side, "ancestors" if up else "descendants", expand.depth, above)


def _unmet(plan: Plan, knowledge: Knowledge) -> dict[str, Diagnostic]:
    """Return the roots and parts that conditions ask for in vain."""
    problems: dict[str, Diagnostic] = {}
    for node in _conditions(plan):
        try:
            match node:
                case tree.Member(ontology=name, under=roots) if name.text in knowledge.ontologies:
                    knowledge.ontologies[name.text].ontology.under(roots)
                case tree.InKb(kb=name, subset=subset) if name.text in knowledge.pairs:
                    knowledge.pairs[name.text].columns(name.text, subset or "")
                case _:
                    continue
        except KnowledgeError as error:
            problems.setdefault(name.text, _diagnostic(error, node.span))
    return problems


def _conditions(plan: Plan) -> Iterator[tree.Node]:
    for task in plan.tasks:
        yield from nodes(task.declaration)
        for rule in task.rules:
            cases = (case.when for case in rule.cases)
            yield from nodes((rule.when, *rule.unless, *cases))
