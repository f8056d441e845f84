"""Building the indices that looking up needs, ahead of time: how long it takes and what is kept."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import DEFAULT_VIA, OntologyIndex, ways_of
from biolabel.compile.plan import FindPlan, Plan
from biolabel.data.progress import Progress, silent
from biolabel.kb.kept import lexicon_at
from biolabel.kb.named import Named
from biolabel.kb.pairs import PairIndex
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from biolabel.workflow.marks import marks_of
from biolabel.workflow.ondemand import Reader
from biolabel.workflow.rules import read_rules
from biolabel.workflow.settings import TaskFolder

Ways = tuple[str, ...]
ALL = "all ontologies"
"""The name of what holds the names of all."""


@dataclass(frozen=True, slots=True)
class Built:
    """An index: what it was made of, how large it is and how long it took to be at hand.

    entries: concepts with a name, or pairs; forms: names with their variants, or pieces of evidence;
    reused: whether an earlier run had kept it; place: the kept file, None for what is as fast built as
    opened, and for pairs, of which runs keep what the leak guard leaves; size: of that file in bytes.
    """

    name: str
    kind: str
    ways: Ways
    entries: int
    forms: int
    seconds: float
    reused: bool = False
    place: Path | None = None
    size: int = 0


def build_named(found: Named) -> Iterator[Built]:
    """Build the index of one knowledge base, looked up as it is where rules say nothing else.

    Raises:
        KnowledgeError: as reading it does.
    """
    started = time.perf_counter()
    if found.kind == "pairs":
        yield _pairs(found.name, found.pairs(), started)
    else:
        index = OntologyIndex(found.ontology(), "", DEFAULT_VIA)
        yield _terms(found.name, index, DEFAULT_VIA, started)


def build_task(task: TaskFolder, progress: Progress = silent) -> Iterator[Built]:
    """Build all that the rules of a task look up, in the ways in which they do.

    Raises:
        RuleError: when the rules have errors, or their knowledge cannot be read.
    """
    plan = read_rules(task).ready()
    knowledge = Reader(plan, marks_of(plan, ""), frozenset).knowledge()
    wanted = list(dict.fromkeys(_looked_up(plan)))
    for name, ways in progress(wanted, name="indices", total=len(wanted)):
        started = time.perf_counter()
        yield _terms(name, knowledge.ontologies[name], ways, started)
    if plan.ontologies:
        yield _together(knowledge)
    for name in plan.kbs:
        started = time.perf_counter()
        yield _pairs(name, knowledge.pairs[name], started)


def _looked_up(plan: Plan) -> Iterator[tuple[str, Ways]]:
    """Yield each ontology with each set of variants that is asked of it."""
    for name, declaration in plan.ontologies.items():
        yield name, _variants(ways_of(declaration.via) or DEFAULT_VIA)
    for task in plan.tasks:
        for rule in task.rules:
            if isinstance(rule.find, FindPlan) and rule.find.via:
                for node in nodes(rule.find.pattern):
                    if isinstance(node, tree.Ref) and node.name.text in plan.ontologies:
                        yield node.name.text, _variants(ways_of(rule.find.via))


def _variants(ways: Ways) -> Ways:
    """Return those of the ways of looking up that make an index another one."""
    return tuple(way for way in ("plural", "reorder", "spelling") if way in ways)


def _terms(name: str, index: OntologyIndex, ways: Ways, started: float) -> Built:
    texts = index.ontology.names
    ways = _variants(ways)
    place = index.place(ways)
    reused = place.is_file()
    forms = len(index.terms(ways).keys)
    seconds = time.perf_counter() - started
    return Built(name, "terms", ways, len(texts), forms, seconds, reused, *_kept(place))


def _together(knowledge: Knowledge) -> Built:
    """Build the automaton of all ontologies in the ways that they declare."""
    started = time.perf_counter()
    indices = knowledge.ontologies.values()
    place = lexicon_at([index.place(index.via) for index in indices])
    reused = place.is_file()
    forms = int(knowledge.lexicon.starts[-1])
    seconds = time.perf_counter() - started
    entries = sum(len(index.ontology.names) for index in indices)
    return Built(ALL, "terms", (), entries, forms, seconds, reused, *_kept(place))


def _kept(place: Path) -> tuple[Path | None, int]:
    """Return a file and its size, if there is one."""
    return (place, place.stat().st_size) if place.is_file() else (None, 0)


def _pairs(name: str, pairs: PairIndex, started: float) -> Built:
    counts = pairs.counts[""]
    seconds = time.perf_counter() - started
    return Built(name, "pairs", (), len(counts), sum(counts.values()), seconds)
