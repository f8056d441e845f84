"""What another version of a knowledge base would change: hits in a corpus, and assertions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from biolabel.apply.declared import source_of
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import OntologyIndex, ontology_index
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.curation.assertions import Assertion
from biolabel.data.corpus import Corpus
from biolabel.errors import KnowledgeError
from biolabel.kb.named import Named
from biolabel.kb.ontology import Ontology, merged
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.tables import RowFilter
from biolabel.kb.versions import OntologyDiff, PairsDiff
from biolabel.lang import tree
from biolabel.workflow.apply import apply, open_votes
from biolabel.workflow.bench import Bench
from biolabel.workflow.knowledge.compare import Diff, Touched, readers, reads, touched


@dataclass(frozen=True, slots=True)
class HitChange:
    """How what an ontology or knowledge base finds in a corpus changes.

    before, now: hits; gained, lost: at places where only one version has any; other: places where
    both find something, of other concepts. examples: (text, change, how often), the most frequent first.
    problem: why the new version cannot be read in place of the old one.
    """

    name: str
    before: int = 0
    now: int = 0
    gained: int = 0
    lost: int = 0
    other: int = 0
    examples: tuple[tuple[str, str, int], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What another version would mean for a task: who speaks of it, and how hits in the corpus change."""

    touched: tuple[Touched, ...]
    hits: tuple[HitChange, ...]


@dataclass(frozen=True, slots=True)
class TouchedAssertion:
    """An assertion and why it should be looked at again."""

    assertion: Assertion
    why: str


def effects_on(bench: Bench, old: Named, new: Named, diff: Diff) -> Effects:
    """Return what reading the new version for the old one would mean for a task.

    Raises:
        RuleError: when the rules have errors; KnowledgeError: as reading the versions does.
    """
    named = touched(bench.rules, old, new, diff)
    if not readers(bench.plan, old):
        return Effects((), ())
    if isinstance(diff, PairsDiff):
        return Effects(tuple(named), tuple(pair_changes(bench, old, diff)))
    return Effects(tuple(named), tuple(term_changes(bench.plan, bench.corpus("corpus"), old, new)))


def term_changes(
    plan: Plan, corpus: Corpus, old: Named, new: Named, most: int = 20
) -> list[HitChange]:
    """Return how the hits of each ontology that reads the old version change with the new one."""
    found = []
    for declaration in readers(plan, old):
        source = source_of(declaration)
        if not isinstance(declaration, tree.OntologyDecl) or source is None:
            continue
        name = declaration.name.text
        before = ontology_index(declaration, read_ontology(source), plan.lists)
        try:
            now = ontology_index(declaration, _instead(declaration, source, old, new), plan.lists)
        except KnowledgeError as error:
            found.append(HitChange(name, problem=f"error[{error.code}]: {error.message}"))
            continue
        places = _places(corpus, before), _places(corpus, now)
        found.append(_change(name, corpus, *places, most))
    return found


def _instead(declaration: tree.OntologyDecl, source: Source, old: Named, new: Named) -> Ontology:
    """Return what a declaration reads if it names the new version for the old one."""
    where = tuple(RowFilter(w.column, w.operator, w.value) for w in declaration.where)
    ids = declaration.ids or new.source.ids
    read = read_ontology(replace(new.source, ids=ids, where=where))
    others = tuple(path for path in source.paths if path != reads(declaration, old))
    return merged([read_ontology(replace(source, paths=others)), read]) if others else read


_Places = Mapping[tuple[int, int], frozenset[str]]


def _places(corpus: Corpus, index: OntologyIndex) -> _Places:
    """Return the concepts at each stretch of rows that is a name."""
    terms = index.terms(index.via)
    hits = TermFinder(corpus, Knowledge({"": index}, {})).hits("")
    found: dict[tuple[int, int], frozenset[str]] = {}
    columns = zip(hits.first.tolist(), hits.end.tolist(), hits.term.tolist(), strict=True)
    for first, end, term in columns:
        found[first, end] = found.get((first, end), frozenset()).union(terms.concepts[term])
    return found


def _change(name: str, corpus: Corpus, before: _Places, now: _Places, most: int) -> HitChange:
    examples: Counter[tuple[str, str]] = Counter()
    for place in sorted({**before, **now}):
        was, is_ = before.get(place, frozenset()), now.get(place, frozenset())
        if was != is_:
            first, end = place
            text = " ".join(corpus.lowers[i] for i in corpus.row_lower[first:end])
            said = [", ".join(sorted(each)) or "nothing" for each in (was, is_)]
            examples[text, " to ".join(said)] += 1
    ranked = sorted(examples.items(), key=lambda item: (-item[1], item[0]))
    return HitChange(
        name,
        len(before),
        len(now),
        len(now.keys() - before.keys()),
        len(before.keys() - now.keys()),
        sum(before[place] != now[place] for place in before.keys() & now.keys()),
        tuple((text, how, n) for (text, how), n in ranked[:most]),
    )


def pair_changes(bench: Bench, old: Named, diff: PairsDiff, most: int = 20) -> Iterator[HitChange]:
    """Yield how many candidate pairs of the corpus each knowledge base has, with both versions.

    What `expand:` adds is left out. The rules are applied first, unless they were.
    """
    votes = open_votes(apply(bench, "corpus"))
    before = old.pairs().counts[""]
    added, gone = frozenset(diff.added), frozenset(diff.gone)
    for declaration in readers(bench.plan, old):
        name = declaration.name.text
        tasks = [t.task.name for t in bench.plan.tasks if any(name in r.uses for r in t.rules)]
        pairs = [p for t in tasks for p in zip(votes[t].subjects, votes[t].objects, strict=True)]
        held = sum(pair in before for pair in pairs)
        examples = Counter(pair for pair in pairs if pair in added or pair in gone)
        gained = sum(n for pair, n in examples.items() if pair in added)
        lost = examples.total() - gained
        ranked = sorted(examples.items(), key=lambda item: (-item[1], item[0]))
        said = [(" ".join(p), "new" if p in added else "gone", n) for p, n in ranked[:most]]
        yield HitChange(name, held, held + gained - lost, gained, lost, 0, tuple(said))


def touched_assertions(assertions: Sequence[Assertion], diff: Diff) -> Iterator[TouchedAssertion]:
    """Yield the assertions about changed concepts or pairs, with what happened to these."""
    pairs: dict[tuple[str, str], str] = {}
    if isinstance(diff, PairsDiff):
        pairs = dict.fromkeys(diff.added, "the pair is new there")
        pairs |= dict.fromkeys(diff.gone, "the pair is gone there")
        pairs |= {pair: f"evidence was {was}, is {now}" for pair, was, now in diff.evidence}
    changes = diff.changes if isinstance(diff, OntologyDiff) else {}
    for each in assertions:
        why = [
            f"{side}: {changes[side]}" for side in (each.subject, each.object) if side in changes
        ]
        if (each.subject, each.object) in pairs:
            why.append(pairs[each.subject, each.object])
        if why:
            yield TouchedAssertion(each, "; ".join(why))
