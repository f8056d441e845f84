"""Checked program to plan."""

import hashlib
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from biolabel.compile.constraints import lower_constraint
from biolabel.compile.expand import expand_condition, expand_pattern
from biolabel.compile.plan import CasePlan, Compiled, FindPlan, Plan, RulePlan, TaskPlan
from biolabel.compile.support import unsupported
from biolabel.compile.walk import nodes, rewrite
from biolabel.data.labels import LabelingFunction, Task
from biolabel.lang import tree
from biolabel.lang.program import Program

TaskDecl = tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl


def compile_program(program: Program) -> Compiled:
    """Return the plan of a checked program, or the diagnostics of what cannot run (BL390)."""
    problems = tuple(unsupported(program))
    if any(problem.severity == "error" for problem in problems):
        return Compiled(None, problems)
    program = _expanded(program)
    declarations: dict[str, TaskDecl] = {
        **program.entities,
        **program.relations,
        **program.documents,
    }
    tasks = {name: _task(name, declaration) for name, declaration in declarations.items()}
    active = {n: rule for n, rule in program.rules.items() if rule.meta.status != "off"}
    plans = tuple(
        TaskPlan(tasks[name], declarations[name], tuple(_rules(name, tasks[name], active, program)))
        for name in _task_order(program, active)
    )
    plan = Plan(
        tasks=plans,
        constraints=tuple(lower_constraint(c, tasks) for c in program.constraints.values()),
        lists=program.lists,
        ontologies=program.ontologies,
        kbs=program.kbs,
        contexts=program.contexts,
        types=frozenset(n.text for e in program.entities.values() for n in e.labels) - {"none"},
    )
    return Compiled(plan, problems)


def _expanded(program: Program) -> Program:
    """Return the program with the patterns of its contexts written out."""
    contexts = {}
    for name, context in program.contexts.items():
        contexts[name] = rewrite(
            context,
            lambda node: (
                expand_pattern(node, program) if isinstance(node, tree.Ref | tree.Macro) else node
            ),
        )
    parts = {part: getattr(program, part) for part in Program.__dataclass_fields__}
    return Program(**{**parts, "contexts": contexts})


def _task(name: str, declaration: TaskDecl) -> Task:
    labels = tuple(label.text for label in declaration.labels)
    match declaration:
        case tree.EntityDecl():
            return Task(name, "entity", labels)
        case tree.RelationDecl():
            return Task(name, "relation", labels, declaration.pick == "one")
        case tree.DocumentDecl():
            return Task(name, "document", labels, declaration.pick == "one")


def _task_order(program: Program, rules: Mapping[str, tree.RuleDecl]) -> tuple[str, ...]:
    """Order tasks so that `mentions:`, `voted` and named types refer to earlier ones."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for name in (*program.entities, *program.relations, *program.documents):
        order.add(name)
    for name, relation in program.relations.items():
        if relation.mentions is not None and relation.mentions.text in program.entities:
            order.add(name, relation.mentions.text)
        else:
            order.add(name, *program.entities)
    for name in program.documents:
        order.add(name, *program.entities)
    for rule in rules.values():
        for node in nodes(rule):
            if isinstance(node, tree.Voted):
                order.add(rule.task.text, node.task.text)
    return tuple(order.static_order())


def _rules(
    task_name: str, task: Task, rules: Mapping[str, tree.RuleDecl], program: Program
) -> Iterator[RulePlan]:
    mine = {name: rule for name, rule in rules.items() if rule.task.text == task_name}
    lowered = {name: _rule(rule, task, program) for name, rule in mine.items()}
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, plan in lowered.items():
        order.add(name, *(other for other in plan.fires if other in lowered))
    shared = {name for plan in lowered.values() for name in plan.fires}
    for name in order.static_order():
        yield _grouped(lowered[name], shared)


def _grouped(plan: RulePlan, shared: set[str]) -> RulePlan:
    """Give a rule that others refer to, and those that refer to it, one group."""
    own = {f"rule:{plan.lf.name}"} if plan.lf.name in shared else set()
    groups = plan.lf.groups | own | {f"rule:{name}" for name in plan.fires}
    lf = LabelingFunction(plan.lf.name, plan.lf.precision, frozenset(groups))
    parts = {part: getattr(plan, part) for part in RulePlan.__dataclass_fields__}
    return RulePlan(**{**parts, "lf": lf})


def _rule(rule: tree.RuleDecl, task: Task, program: Program) -> RulePlan:
    def written(condition: tree.Condition) -> tree.Condition:
        return expand_condition(condition, program)

    find = None
    if isinstance(rule.find, tree.FindPattern):
        pattern = expand_pattern(rule.find.pattern, program)
        find = FindPlan(pattern, rule.find.via, rule.find.region)
    when = written(rule.when) if rule.when is not None else None
    unless = tuple(written(condition) for condition in rule.unless)
    cases = tuple(CasePlan(_mask(case.vote, task), written(case.when)) for case in rule.cases)
    tests = (when, unless, cases, find)
    return RulePlan(
        lf=LabelingFunction(rule.name.text, rule.precision, _groups(rule, tests, program)),
        task=task.name,
        span=rule.name.span,
        mask=_mask(rule.votes, task) if rule.votes is not None else 0,
        cases=cases,
        otherwise=_mask(rule.otherwise, task) if rule.otherwise is not None else None,
        find=find,
        when=when,
        unless=unless,
        fires=_fired(tests),
        fingerprint=_fingerprint(rule, tests, program),
    )


def _fired(tests: object) -> tuple[str, ...]:
    found = (node.rule.text for node in _all_nodes(tests) if isinstance(node, tree.Fires))
    return tuple(dict.fromkeys(found))


def _groups(rule: tree.RuleDecl, tests: object, program: Program) -> frozenset[str]:
    """Return the sources that a rule shares: its own groups, knowledge bases and ontologies."""
    groups = {f"group:{name.text}" for name in rule.group}
    for node in _all_nodes(tests):
        match node:
            case tree.InKb(kb=name):
                groups.add(f"kb:{name.text}")
            case tree.Ref(name) | tree.Member(ontology=name) if name.text in program.ontologies:
                groups.add(f"ontology:{name.text}")
            case _:
                pass
    return frozenset(groups)


def _fingerprint(rule: tree.RuleDecl, tests: object, program: Program) -> str:
    """Hash what the rule's votes depend on: its own tests and the declarations that they name."""
    named = sorted({node.text for node in _all_nodes(tests) if isinstance(node, tree.Name)})
    tables = (program.lists, program.ontologies, program.kbs, program.contexts)
    used = [table[name] for name in named for table in tables if name in table]
    included = [
        program.lists[n.text] for u in used if isinstance(u, tree.ListDecl) for n in u.include
    ]
    parts = (rule.votes, rule.otherwise, tests, used, included)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _all_nodes(tests: object) -> Iterator[tree.Node]:
    match tests:
        case CasePlan(when=when):
            yield from _all_nodes(when)
        case FindPlan(pattern=pattern, region=region):
            yield from nodes(pattern)
            yield from nodes(region)
        case tuple():
            for test in tests:
                yield from _all_nodes(test)
        case _:
            yield from nodes(tests)


def _mask(vote: tree.Vote | None, task: Task) -> int:
    """Return the bit mask of the labels that a vote leaves possible; 0 for `found type`."""
    if vote is None or vote.kind == "found type":
        return 0
    named = sum(1 << task.labels.index(name.text) for name in vote.names)
    everything = (1 << len(task.labels)) - 1
    return everything & ~named if vote.kind == "not" else named
