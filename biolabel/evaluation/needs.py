"""The part of a plan that some rules need: what a test of one rule loads and runs, and no more."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from biolabel.apply.declared import hierarchies_of
from biolabel.apply.knowledge import Knowledge, find_knowledge
from biolabel.compile.plan import Ballot, FindPlan, Plan, RulePlan
from biolabel.data.progress import Progress, silent
from biolabel.errors import RuleError, SourceFile
from biolabel.lang import tree
from biolabel.lang.walk import nodes

MISSING_TABLE = "BL703"
Load = Callable[[Plan], tuple[Knowledge, Mapping[str, str]]]
"""Makes ready what a plan looks up and asks; says of what is not there why."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What rules refer to: rules of the plan and resources by name, and all nodes of their trees.

    functions: targets of `python` conditions.
    """

    rules: frozenset[str]
    ontologies: frozenset[str]
    kbs: frozenset[str]
    models: frozenset[str]
    functions: frozenset[str]
    parts: tuple[tree.Node, ...]

    @property
    def resources(self) -> frozenset[str]:
        """All that must be loaded."""
        return self.ontologies | self.kbs | self.models | self.functions


def parts_of(rule: RulePlan) -> tuple[object, ...]:
    """Return the trees of a rule: its pattern, conditions and cases."""
    found = rule.find
    find = (found.pattern, found.region) if isinstance(found, FindPlan) else (found,)
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
    models: set[str] = set()
    while waiting or behind:
        if behind:
            name = behind.pop()
            if name in wanted or name not in rules:
                continue
            wanted[name] = None
            rule = rules[name]
            declaration = next(t.declaration for t in plan.tasks if t.task.name == rule.task)
            waiting.append((*parts_of(rule), *_when(declaration)))
            models |= {ballot for ballot in _ballots(rule) if isinstance(ballot, str)}
            continue
        for node in _with_contexts(plan, waiting.pop()):
            found[node] = None
            behind.extend(_asked(plan, node))
    used = {name for node in found for name in _names(node)}
    kbs = frozenset(node.kb.text for node in found if isinstance(node, tree.InKb))
    used |= {name for kb in kbs for name in hierarchies_of(plan, plan.kbs[kb])}
    return Needs(
        frozenset(wanted),
        frozenset(used & plan.ontologies.keys()),
        kbs,
        frozenset(models | (used & plan.models.keys())),
        frozenset(node.target for node in found if isinstance(node, tree.Python)),
        tuple(found),
    )


def restricted(plan: Plan, needed: Needs, tasks: Iterable[str] = ()) -> Plan:
    """Return a plan with only the needed rules and resources, their tasks, and those that they see."""
    kept = set(tasks)
    smaller = []
    for task in plan.tasks:
        if task.task.name in kept or any(r.lf.name in needed.rules for r in task.rules):
            kept |= task.sees
    for task in plan.tasks:
        rules = tuple(rule for rule in task.rules if rule.lf.name in needed.rules)
        if rules or task.task.name in kept:
            smaller.append(replace(task, rules=rules))
    return replace(
        plan,
        tasks=tuple(smaller),
        ontologies={n: o for n, o in plan.ontologies.items() if n in needed.ontologies},
        kbs={n: k for n, k in plan.kbs.items() if n in needed.kbs},
        models={n: m for n, m in plan.models.items() if n in needed.models},
        functions={n: f for n, f in plan.functions.items() if n in needed.functions},
    )


def _ballots(rule: RulePlan) -> tuple[Ballot | None, ...]:
    return (rule.mask, rule.otherwise, *(case.mask for case in rule.cases))


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
        case (
            tree.Ref(name)
            | tree.Member(ontology=name)
            | tree.TokenIn(name=name)
            | tree.ModelSays(model=name)
            | tree.FindModel(model=name)
        ):
            return (name.text,)
        case _:
            return ()


def available(
    plan: Plan, documents: frozenset[str], progress: Progress = silent
) -> tuple[Knowledge, Mapping[str, str]]:
    """Return the ontologies and knowledge bases of a plan that are there, and why others are not.

    Raises:
        RuleError: what `find_knowledge` finds, but for BL703, a table that is not there.
    """
    found = find_knowledge(plan, documents, progress)
    wrong = [d for d in found.problems.values() if d.code != MISSING_TABLE]
    if wrong:
        files = {d.span.file: _source(d.span.file) for d in wrong}
        raise RuleError(wrong, files)
    return found.knowledge, {name: d.message for name, d in found.problems.items()}


def _source(path: str) -> SourceFile:
    text = Path(path).read_text(encoding="utf-8") if Path(path).is_file() else ""
    return SourceFile(path, text)


def union(needed: Iterable[Needs], plan: Plan) -> Needs:
    """Return what several need together, without the nodes of their trees."""
    every = list(needed)
    resources = {name for each in every for name in each.resources}
    return Needs(
        frozenset(name for each in every for name in each.rules),
        frozenset(resources & plan.ontologies.keys()),
        frozenset(resources & plan.kbs.keys()),
        frozenset(resources & plan.models.keys()),
        frozenset(resources & plan.functions.keys()),
        (),
    )
