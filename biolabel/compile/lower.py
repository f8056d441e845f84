"""Checked program to plan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter

from biolabel.compile.constraints import lower_constraint
from biolabel.compile.expand import expand_program
from biolabel.compile.fingerprint import Mark, fingerprint
from biolabel.compile.lists import expand_lists
from biolabel.compile.mentioned import seen_tasks, task_order, voted_tasks
from biolabel.compile.plan import (
    Ballot,
    CasePlan,
    Compiled,
    FindPlan,
    Plan,
    RulePlan,
    TaskPlan,
    fired_by,
)
from biolabel.compile.sense import senseless
from biolabel.data.labels import LabelingFunction, Task
from biolabel.errors import Span
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

TaskDecl = tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl


def compile_program(program: Program) -> Compiled:
    """Return the plan of a checked program, or the diagnostics of what cannot run.

    Errors: those of `senseless`, `task_order` and `expand_lists`.
    """
    lists, problems = expand_lists(program.lists)
    program = expand_program(replace(program, lists=lists))
    active = {n: rule for n, rule in program.rules.items() if rule.meta.status != "off"}
    declarations: dict[str, TaskDecl] = {
        **program.entities,
        **program.relations,
        **program.documents,
    }
    seen = {name: seen_tasks(name, program, active) for name in declarations}
    order, circles = task_order(program, active, seen)
    found = (*problems, *senseless(program), *circles)
    problems = tuple(dict.fromkeys(found))
    if any(problem.severity == "error" for problem in problems):
        return Compiled(None, problems)
    tasks = {name: _task(name, declaration) for name, declaration in declarations.items()}
    plans: dict[str, TaskPlan] = {}
    for name in order:
        mine = {n: rule for n, rule in active.items() if rule.task.text == name}
        rules = tuple(_rules(mine, tasks[name], declarations[name], program, plans))
        choosing = _choosing(declarations[name], rules, program, plans)
        plans[name] = TaskPlan(tasks[name], declarations[name], rules, seen[name], *choosing)
    plan = Plan(
        tasks=tuple(plans.values()),
        constraints=tuple(lower_constraint(c, tasks) for c in program.constraints.values()),
        lists=program.lists,
        ontologies=program.ontologies,
        kbs=program.kbs,
        contexts=program.contexts,
        sections=program.sections,
        models=program.models,
        functions=_functions(active.values(), program),
        types=frozenset(n.text for e in program.entities.values() for n in e.labels) - {"none"},
    )
    return Compiled(plan, problems)


def _task(name: str, declaration: TaskDecl) -> Task:
    labels = tuple(label.text for label in declaration.labels)
    match declaration:
        case tree.EntityDecl():
            return Task(name, "entity", labels, declaration.pick == "one")
        case tree.RelationDecl():
            return Task(name, "relation", labels, declaration.pick == "one")
        case tree.DocumentDecl():
            return Task(name, "document", labels, declaration.pick == "one")


def _rules(
    rules: Mapping[str, tree.RuleDecl],
    task: Task,
    declaration: TaskDecl,
    program: Program,
    earlier: Mapping[str, TaskPlan],
) -> Iterator[RulePlan]:
    """Yield the rules of a task, each behind those that it refers to."""
    fires = {name: fired_by(rule) for name, rule in rules.items()}
    asked = _asked(declaration, fires)
    shared = frozenset[str]().union(*fires.values())
    marks: dict[str, Mark] = {}
    for name in TopologicalSorter(asked).static_order():
        rule = rules[name]
        behind = [marks[other] for other in asked[name]]
        behind += _of_tasks(voted_tasks((rule, declaration)), earlier)
        marks[name] = fingerprint(rule, declaration, program, behind)
        fired = {*fires[name], *({name} & shared)}
        groups = _groups(rule, program) | {f"rule:{other}" for other in fired}
        yield _rule(rule, task, groups, fires[name], marks[name])


def _choosing(
    declaration: TaskDecl,
    rules: Iterable[RulePlan],
    program: Program,
    earlier: Mapping[str, TaskPlan],
) -> tuple[str, frozenset[str]]:
    """Return fingerprint and uses of a task's candidates, which a relation's `when:` may choose."""
    when = declaration.when if isinstance(declaration, tree.RelationDecl) else None
    asked = fired_by(when)
    behind = [Mark(r.fingerprint, r.uses) for r in rules if r.lf.name in asked]
    behind += _of_tasks(voted_tasks(declaration), earlier)
    mark = fingerprint(None, declaration, program, behind)
    return mark.fingerprint, mark.uses


def _of_tasks(names: Iterable[str], earlier: Mapping[str, TaskPlan]) -> list[Mark]:
    """Return the marks of all rules, and of the candidates, of earlier tasks."""
    plans = [earlier[name] for name in names]
    marks = [Mark(plan.fingerprint, plan.uses) for plan in plans]
    return marks + [Mark(rule.fingerprint, rule.uses) for plan in plans for rule in plan.rules]


def _asked(
    declaration: TaskDecl, fires: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the rules that each rule asks, and those that choose candidates in a relation's `when:`.

    fires: the rules that each rule asks itself.
    """
    when = declaration.when if isinstance(declaration, tree.RelationDecl) else None
    choosing = list(fired_by(when))
    for name in choosing:
        # The list grows while it is read: rules that choose may ask others.
        choosing += [other for other in fires[name] if other not in choosing]
    return {
        name: own if name in choosing else tuple(dict.fromkeys((*own, *choosing)))
        for name, own in fires.items()
    }


def _rule(
    rule: tree.RuleDecl,
    task: Task,
    groups: frozenset[str],
    fires: tuple[str, ...],
    mark: Mark,
) -> RulePlan:
    find: FindPlan | tree.FindModel | None = None
    if isinstance(rule.find, tree.FindPattern):
        find = FindPlan(rule.find.pattern, rule.find.via, rule.find.region)
    elif isinstance(rule.find, tree.FindModel):
        find = rule.find
    elif task.kind == "entity" and rule.votes is not None and rule.votes.kind == "from model":
        find = tree.FindModel(rule.votes.names[0])
    return RulePlan(
        lf=LabelingFunction(
            rule.name.text, rule.precision, groups, draft=rule.meta.status == "draft"
        ),
        task=task.name,
        span=rule.name.span,
        mask=_ballot(rule, rule.votes, task) if rule.votes is not None else 0,
        cases=tuple(CasePlan(_ballot(rule, case.vote, task), case.when) for case in rule.cases),
        otherwise=_ballot(rule, rule.otherwise, task) if rule.otherwise is not None else None,
        find=find,
        when=rule.when,
        unless=rule.unless,
        fires=fires,
        fingerprint=mark.fingerprint,
        uses=mark.uses,
    )


def _groups(rule: tree.RuleDecl, program: Program) -> frozenset[str]:
    """Return the sources that a rule shares: groups, knowledge bases, ontologies, models."""
    groups = {f"group:{name.text}" for name in rule.group}
    for node in nodes(rule):
        match node:
            case tree.InKb(kb=name):
                groups.add(f"kb:{name.text}")
            case (
                tree.ModelSays(model=name)
                | tree.FindModel(model=name)
                | tree.Vote(kind="from model", names=(name,))
            ):
                groups.add(f"model:{name.text}")
            case tree.Ref(name) | tree.Member(ontology=name) | tree.TokenIn(name=name) if (
                name.text in program.ontologies
            ):
                groups.add(f"ontology:{name.text}")
            case _:
                pass
    return frozenset(groups)


def _functions(rules: Iterable[tree.RuleDecl], program: Program) -> dict[str, Span]:
    used = (*rules, *program.relations.values())
    calls = (node for top in used for node in nodes(top) if isinstance(node, tree.Python))
    return {node.target: node.span for node in calls}


def _ballot(rule: tree.RuleDecl, vote: tree.Vote, task: Task) -> Ballot:
    """Return what a vote leaves possible; spans of a model bring the type that it found."""
    if vote.kind == "found type":
        return 0
    if vote.kind == "from model":
        finds_nothing = task.kind == "entity" and rule.find is None
        return 0 if finds_nothing else vote.names[0].text
    named = sum(1 << task.labels.index(name.text) for name in vote.names)
    everything = (1 << len(task.labels)) - 1
    return everything & ~named if vote.kind == "not" else named
