"""The ontologies that mentions are normalized to: named on the command line, or those of rule files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.norm.book import NameBook
from biolabel.apply.norm.kept import kept_book
from biolabel.apply.norm.normalize import ANY
from biolabel.apply.ontologies import (
    DEFAULT_VIA,
    OntologyIndex,
    cut_of,
    ontology_index,
    ways_of,
)
from biolabel.errors import KnowledgeError, Span
from biolabel.kb.catalog import LookUp
from biolabel.kb.named import named
from biolabel.kb.ontology import Ontology
from biolabel.kb.terms import is_acronym
from biolabel.lang import tree
from biolabel.workflow.examples import read_any
from biolabel.workflow.marks import marks_of
from biolabel.workflow.ondemand import Reader
from biolabel.workflow.settings import load_task

FOUND = "Concept"
"""The type of mentions that ontologies without a type find, if nothing says another."""
MIN_LENGTH = LookUp().min_length
"""Shorter names mean given mentions, but find none: most such words are something else."""
_VIA = (*DEFAULT_VIA, "reorder", "spelling")
_FUZZY = tree.Via("fuzzy")


@dataclass(frozen=True, slots=True)
class Part:
    """Names of one ontology, for mentions of a type or `ANY`; sought: those that find mentions."""

    type: str
    ontology: Ontology
    sought: OntologyIndex


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Ontologies for mentions, earlier ones first.

    types: other names for types of given mentions, as a task.toml has them.
    """

    parts: tuple[Part, ...]
    types: Mapping[str, str] = field(default_factory=dict)

    def books(self) -> dict[str, NameBook]:
        """Return the names by type of mention."""
        found: dict[str, list[Ontology]] = {}
        for part in self.parts:
            found.setdefault(part.type, []).append(part.ontology)
        return {type_: kept_book(ontologies) for type_, ontologies in found.items()}

    def knowledge(self, found: str = FOUND, *, fuzzy: bool = False) -> Knowledge:
        """Return what finds mentions; found: the type of those of ontologies without one.

        fuzzy: look all names up `via fuzzy` too, as a rule does that gives no number.
        """
        parts = {
            str(number): replace(
                part.sought,
                type=part.type or found,
                via=_fuzzy(part.sought.via) if fuzzy else part.sought.via,
            )
            for number, part in enumerate(self.parts)
        }
        return Knowledge(parts, {})


def _fuzzy(ways: tuple[str, ...]) -> tuple[str, ...]:
    return ways if cut_of(ways) is not None else (*ways, *ways_of((_FUZZY,)))


def named_vocabulary(names: Sequence[str]) -> Vocabulary:
    """Return the ontologies that the command line calls `NAME`, or `TYPE=NAME` for mentions of a type.

    They are looked up in the ways of rule files that say nothing else, and with their words in other orders
    and spellings; acronyms keep their capitals. What a catalog's entry leaves out (`LookUp`) finds nothing,
    but given mentions may mean it.

    Raises:
        KnowledgeError: as `biolabel.kb.named.named` and reading do; BL740 for pairs instead of names, BL403
            and BL710 for an entry that leaves nothing or leaves out what is not there.
    """
    parts: list[Part] = []
    for text in names:
        before, sign, behind = text.partition("=")
        type_, name = (before, behind) if sign else (ANY, text)
        found = named(name)
        if found.kind != "terms":
            message = f"`{name}` holds {found.kind}, and mentions are normalized to terms"
            raise KnowledgeError("BL740", message, hint="`biolabel kb list` says which have terms")
        ontology = found.ontology()
        look_up = found.entry.look_up if found.entry is not None else LookUp()
        parts.append(Part(type_, ontology, _sought(name, ontology, look_up)))
    return Vocabulary(tuple(parts))


def _sought(name: str, ontology: Ontology, look_up: LookUp) -> OntologyIndex:
    """Return the names of an ontology that find mentions."""
    place = Span("", 0, 0)
    declared = tree.OntologyDecl(
        span=place,
        name=tree.Name(name, span=place),
        not_under=look_up.not_under,
        drop=look_up.drop,
        min_length=look_up.min_length,
        case="smart",
        via=tuple(tree.Via(way) for way in _VIA),
    )
    found = ontology_index(declared, ontology, {})
    return found if look_up.acronyms else _with(found, lambda text: not is_acronym(text))


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
    indices = [known.ontologies[name] for name in typed]
    # Added names may be too short to be looked for.
    parts = (Part(i.type, i.ontology, _with(i, i.admission.long_enough)) for i in indices)
    return Vocabulary(tuple(parts), types)


def _with(index: OntologyIndex, wanted: Callable[[str], bool]) -> OntologyIndex:
    """Return an ontology with the names that are wanted."""
    names = {
        concept: kept
        for concept, texts in index.ontology.names.items()
        if (kept := tuple(filter(wanted, texts)))
    }
    return replace(index, ontology=replace(index.ontology, names=names))
