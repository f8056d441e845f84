"""The ontologies that mentions are normalized to: named on the command line, or those of rule files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.norm.book import NameBook, book_of
from biolabel.apply.norm.normalize import ANY
from biolabel.apply.ontologies import DEFAULT_VIA, OntologyIndex
from biolabel.errors import KnowledgeError
from biolabel.kb.named import named
from biolabel.kb.ontology import Ontology
from biolabel.kb.terms import Admission
from biolabel.workflow.examples import read_any
from biolabel.workflow.marks import marks_of
from biolabel.workflow.ondemand import Reader
from biolabel.workflow.settings import load_task

FOUND = "Concept"
"""The type of mentions that ontologies without a type find, if nothing says another."""
MIN_LENGTH = 3
"""Shorter names mean given mentions, but find none: most such words are something else."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Ontologies, each with the type of the mentions that it names, or `ANY`; earlier ones come first.

    types: other names for types of given mentions, as a task.toml has them.
    """

    parts: tuple[tuple[str, OntologyIndex], ...]
    types: Mapping[str, str] = field(default_factory=dict)

    def books(self) -> dict[str, NameBook]:
        """Return the names by type of mention."""
        found: dict[str, list[Ontology]] = {}
        for type_, index in self.parts:
            found.setdefault(type_, []).append(index.ontology)
        return {type_: book_of(ontologies) for type_, ontologies in found.items()}

    def knowledge(self, found: str = FOUND) -> Knowledge:
        """Return what finds mentions; found: the type of those of ontologies without one."""
        parts = {
            str(number): replace(index, type=type_ or found)
            for number, (type_, index) in enumerate(self.parts)
        }
        return Knowledge({name: _long_enough(index) for name, index in parts.items()}, {})


def named_vocabulary(names: Sequence[str]) -> Vocabulary:
    """Return the ontologies that the command line calls `NAME`, or `TYPE=NAME` for mentions of a type.

    They are looked up in the ways of rule files that say nothing else, and with their words in other orders
    and spellings; acronyms keep their capitals.

    Raises:
        KnowledgeError: as `biolabel.kb.named.named` and reading do; BL740 for pairs instead of names.
    """
    parts: list[tuple[str, OntologyIndex]] = []
    for text in names:
        before, sign, behind = text.partition("=")
        type_, name = (before, behind) if sign else (ANY, text)
        found = named(name)
        if found.kind != "terms":
            message = f"`{name}` holds {found.kind}, and mentions are normalized to terms"
            raise KnowledgeError("BL740", message, hint="`biolabel kb list` says which have terms")
        ways = (*DEFAULT_VIA, "reorder", "spelling")
        admission = Admission(min_length=MIN_LENGTH)
        parts.append((type_, OntologyIndex(found.ontology(), type_, ways, "smart", admission)))
    return Vocabulary(tuple(parts))


def vocabulary_of_rules(paths: Sequence[Path]) -> Vocabulary:
    """Return the typed ontologies of a task or of rule files, filtered as these say.

    Types of given mentions are called as the task.toml says, of rule files the one beside or above them.

    Raises:
        RuleError: as reading rules and their knowledge does; RunError: as `load_task` does.
        KnowledgeError: BL740 where no ontology has a type.
    """
    plan = read_any(paths).ready()
    known = Reader(plan, marks_of(plan, ""), frozenset).knowledge()
    typed = [name for name, each in plan.ontologies.items() if each.type is not None]
    if not typed:
        where = ", ".join(map(str, paths))
        message = f"no ontology of {where} says which type its concepts have"
        raise KnowledgeError("BL740", message, hint="`type:` of an ontology says it")
    types = {old: new for path in paths for old, new in load_task(path).task.types.items()}
    parts = tuple((known.ontologies[n].type, known.ontologies[n]) for n in typed)
    return Vocabulary(parts, types)


def _long_enough(index: OntologyIndex) -> OntologyIndex:
    """Return an ontology without the names that are too short to be looked for."""
    names = {
        concept: kept
        for concept, texts in index.ontology.names.items()
        if (kept := tuple(filter(index.admission.long_enough, texts)))
    }
    return replace(index, ontology=replace(index.ontology, names=names))
