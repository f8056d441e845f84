"""The part of a plan that some rules need: what a test of one rule loads and runs, and no more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from biolabel.apply.knowledge import (
    Knowledge,
    find_knowledge,
    hierarchies_of,
    load_knowledge,
)
from biolabel.compile.plan import FindPlan, Plan, RulePlan
from biolabel.data.progress import Progress, silent
from biolabel.lang import tree
from biolabel.lang.walk import nodes

MISSING_TABLE = "BL703"


@dataclass(frozen=True, slots=True)
class Needs:
    """What rules refer to: rules of the plan and resources by name, and all nodes of their trees."""

    rules: frozenset[str]
    ontologies: frozenset[str]
    kbs: frozenset[str]
    parts: tuple[tree.Node, ...]

    @property
    def resources(self) -> frozenset[str]:
        """The ontologies and knowledge bases together."""
        return self.ontologies | self.kbs


def parts_of(rule: RulePlan) -> tuple[object, ...]:
    """Return the trees of a rule: its pattern, conditions and cases."""
    find = (rule.find.pattern, rule.find.region) if isinstance(rule.find, FindPlan) else ()
    return (*find, rule.when, *rule.unless, *(case.when for case in rule.cases))


def rules_of(plan: Plan) -> dict[str, RulePlan]:
    """Return the rules of a plan by name."""
    return {rule.lf.name: rule for task in plan.tasks for rule in task.rules}


def needs(plan: Plan, names: Iterable[str], parts: Iterable[object] = ()) -> Needs:
    """Return what rules and further trees refer to, directly or through rules that they ask.

    parts: expanded conditions and patterns that belong to no rule of the plan.
    """
    rules = rules_of(plan)
    wanted: dict[str, None] = {}
    found: dict[tree.Node, None] = {}
    waiting: list[tuple[object, ...]] = [tuple(parts)]
    behind = list(names)
    while waiting or behind:
        if behind:
            name = behind.pop()
            if name in wanted or name not in rules:
                continue
            wanted[name] = None
            rule = rules[name]
            declaration = next(t.declaration for t in plan.tasks if t.task.name == rule.task)
            waiting.append((*parts_of(rule), *_when(declaration)))
            continue
        for node in _with_contexts(plan, waiting.pop()):
            found[node] = None
            behind.extend(_asked(plan, node))
    used = {name for node in found for name in _names(node)}
    kbs = frozenset(node.kb.text for node in found if isinstance(node, tree.InKb))
    used |= {name for kb in kbs for name in hierarchies_of(plan, plan.kbs[kb])}
    return Needs(frozenset(wanted), frozenset(used & plan.ontologies.keys()), kbs, tuple(found))


def restricted(plan: Plan, needed: Needs, tasks: Iterable[str] = ()) -> Plan:
    """Return a plan with only the needed rules and resources, and the tasks of both kinds."""
    kept = set(tasks)
    smaller = []
    for task in plan.tasks:
        rules = tuple(rule for rule in task.rules if rule.lf.name in needed.rules)
        if rules or task.task.name in kept:
            smaller.append(replace(task, rules=rules))
    return replace(
        plan,
        tasks=tuple(smaller),
        ontologies={n: o for n, o in plan.ontologies.items() if n in needed.ontologies},
        kbs={n: k for n, k in plan.kbs.items() if n in needed.kbs},
    )


def _when(declaration: object) -> tuple[object, ...]:
    return (declaration.when,) if isinstance(declaration, tree.RelationDecl) else ()


def _with_contexts(plan: Plan, parts: tuple[object, ...]) -> Iterator[tree.Node]:
    for node in nodes(parts):
        yield node
        if isinstance(node, tree.Is) and node.what.text in plan.contexts:
            yield from nodes(plan.contexts[node.what.text])


def _asked(plan: Plan, node: tree.Node) -> tuple[str, ...]:
    match node:
        case tree.Fires(rule) | tree.RuleVotes(rule):
            return (rule.text,)
        case tree.Voted(task):
            earlier = next(t for t in plan.tasks if t.task.name == task.text)
            return tuple(rule.lf.name for rule in earlier.rules)
        case _:
            return ()


def _names(node: tree.Node) -> tuple[str, ...]:
    match node:
        case tree.Ref(name) | tree.Member(ontology=name) | tree.TokenIn(name=name):
            return (name.text,)
        case _:
            return ()


def available(
    plan: Plan, documents: frozenset[str], progress: Progress = silent
) -> tuple[Knowledge, Mapping[str, str]]:
    """Return the resources of a plan that are there, and for the others why they are not.

    Raises:
        RuleError: what `load_knowledge` raises, but for BL703, a table that is not there.
    """
    found = find_knowledge(plan, documents, progress)
    missing = {n: d.message for n, d in found.problems.items() if d.code == MISSING_TABLE}
    if len(missing) < len(found.problems):
        return load_knowledge(plan, documents, progress), {}
    return found.knowledge, missing
