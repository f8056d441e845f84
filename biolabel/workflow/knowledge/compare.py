"""Two versions of a knowledge base: what changed, and which rules speak of that."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from biolabel.apply.declared import source_of
from biolabel.compile.plan import Plan, RulePlan
from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError, Span
from biolabel.kb.named import Named
from biolabel.kb.ontology import Ontology, lineage
from biolabel.kb.sources import located
from biolabel.kb.versions import OntologyDiff, PairsDiff, diff_ontologies, diff_pairs
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from biolabel.workflow.rules import Rules

Declaration = tree.OntologyDecl | tree.KbDecl
Diff = OntologyDiff | PairsDiff


@dataclass(frozen=True, slots=True)
class Touched:
    """A rule, or a declaration of a rule file, that speaks of what changed: where and how."""

    what: str
    name: str
    file: str
    line: int
    how: str


def compare(old: Named, new: Named) -> Diff:
    """Return how two versions differ.

    Raises:
        KnowledgeError: BL732 if they are no versions of one thing; as reading them does.
    """
    if old.kind != new.kind:
        message = f"{old.name} holds {old.kind}, and {new.name} {new.kind}"
        raise KnowledgeError("BL732", message, hint="a diff is of two versions of one thing")
    if old.kind == "pairs":
        return diff_pairs(old.pairs(), new.pairs())
    return diff_ontologies(old.ontology(), new.ontology())


def readers(plan: Plan, found: Named) -> list[Declaration]:
    """Return the declarations of a plan that read a knowledge base."""
    declared: Iterable[Declaration] = [*plan.ontologies.values(), *plan.kbs.values()]
    return [each for each in declared if reads(each, found) is not None]


def reads(declaration: Declaration, found: Named) -> str | None:
    """Return the path by which a declaration names a knowledge base, None if it does not."""
    source = source_of(declaration)
    for path in source.paths if source is not None else ():
        if source is None or (source.format == "catalog") != (found.entry is not None):
            continue
        if source.format == "catalog":
            same = path == found.name
        else:
            place = located(path, source.base, folder=source.format == "umls")
            same = place.resolve() == Path(found.name).resolve()
        if same:
            return path
    return None


def touched(rules: Rules, old: Named, new: Named, diff: Diff) -> list[Touched]:
    """Return the declarations that name what changed, and the rules whose votes may change.

    Raises:
        RuleError: when the rules have errors.
    """
    plan = rules.ready()
    reading = {each.name.text: each for each in readers(plan, old)}
    found: list[Touched] = []
    using = [rule for task in plan.tasks for rule in task.rules if rule.uses & reading.keys()]
    if isinstance(diff, OntologyDiff):
        check = _Roots(old.ontology(), new.ontology(), diff)
        for each in reading.values():
            if isinstance(each, tree.OntologyDecl):
                found += [_of(each, rules, how) for how in _declared(each, plan, diff, check)]
        for rule in using:
            found += [_of_rule(rule, rules, how) for how in _asked(rule, reading, check)]
    else:
        for rule in using:
            found += [_of_rule(rule, rules, how) for how in _parts_asked(rule, reading, diff)]
    named = {each.name for each in found}
    found += [
        _of_rule(rule, rules, f"reads {', '.join(sorted(rule.uses & reading.keys()))}")
        for rule in using
        if rule.lf.name not in named
    ]
    return found


def _of(declaration: Declaration, rules: Rules, how: str) -> Touched:
    name, kind = declaration.name, "kb" if isinstance(declaration, tree.KbDecl) else "ontology"
    return Touched(kind, name.text, name.span.file, _line(rules, name.span), how)


def _of_rule(rule: RulePlan, rules: Rules, how: str) -> Touched:
    return Touched("rule", rule.lf.name, rule.span.file, _line(rules, rule.span), how)


def _line(rules: Rules, span: Span) -> int:
    return rules.files[span.file].position(span.start)[0]


@dataclass(frozen=True, slots=True)
class _Roots:
    """Says what happened to what `under` names: identifiers and tree numbers."""

    old: Ontology
    new: Ontology
    diff: OntologyDiff

    def changed(self, roots: Iterable[str]) -> Iterator[str]:
        """Yield what happened to each of some roots that is not as it was."""
        gone = _numbers(self.old) - _numbers(self.new)
        moved = dict.fromkeys(self.diff.moved, "moved in the hierarchy")
        for root in roots:
            what = {**moved, **self.diff.lost}.get(self.old.current(root))
            if root in gone:
                what = "no concept has this tree number any more"
            if what is not None:
                yield f"{root}: {what}"


def _numbers(found: Ontology) -> set[str]:
    return lineage([number for numbers in found.trees.values() for number in numbers])


def _declared(
    declaration: tree.OntologyDecl, plan: Plan, diff: OntologyDiff, roots: _Roots
) -> Iterator[str]:
    """Yield what of an ontology's declaration speaks of changed concepts and names."""
    yield from (f"under {how}" for how in roots.changed(declaration.under))
    yield from (f"not_under {how}" for how in roots.changed(declaration.not_under))
    names = {(concept, key_of(name)) for concept, name in diff.names_added}
    for term, raw in declaration.add:
        concept = roots.old.current(raw)
        if concept in diff.lost:
            yield f'add "{term}" = {raw}: {diff.lost[concept]}'
        if (concept, key_of(term)) in names:
            yield f'add "{term}" = {raw}: a name of it now'
    gone = {key_of(name) for _, name in diff.names_gone}
    new = {key for _, key in names}
    new |= {key_of(text) for c in diff.added for text in roots.new.names[c]}
    gone |= {key_of(text) for c in diff.gone for text in roots.old.names[c]}
    lists = {f"stop {name.text}": plan.lists[name.text].words for name in declaration.stop}
    for where, words in {"drop": declaration.drop, **lists}.items():
        for word in words:
            if key_of(word) in gone - new:
                yield f'{where} "{word}": no name any more'
            elif key_of(word) in new - gone:
                yield f'{where} "{word}": a new name, which it leaves out'


def _asked(rule: RulePlan, reading: Collection[str], roots: _Roots) -> Iterator[str]:
    parts = (rule.find, rule.when, *rule.unless, *(case.when for case in rule.cases))
    for part in parts:
        for node in nodes(getattr(part, "pattern", part)):
            if isinstance(node, tree.Member) and node.ontology.text in reading:
                yield from (f"under {how}" for how in roots.changed(node.under))


def _parts_asked(rule: RulePlan, reading: Collection[str], diff: PairsDiff) -> Iterator[str]:
    for node in nodes((rule.when, *rule.unless, *(case.when for case in rule.cases))):
        if not isinstance(node, tree.InKb) or node.kb.text not in reading:
            continue
        if node.subset in diff.parts_gone:
            yield f"{node.kb.text}.{node.subset}: this part is gone"
