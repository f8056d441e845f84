"""What makes a pair known: the knowledge bases that rules take as evidence for or against labels."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from biolabel.compile.plan import TaskPlan
from biolabel.curation.known import Base, Known
from biolabel.data.labels import Task
from biolabel.lang.tree import And, InKb, KOf, Not, Or
from biolabel.workflow.bench import Bench


def known_pairs(bench: Bench, task: Task) -> Known | None:
    """Return the knowledge bases that rules take as evidence for or against labels, None without any.

    A knowledge base, or a part of one, is about the labels that rules which ask for its pairs vote for.
    One that is only evidence for `none`, such as a list of therapies, is against all labels.
    """
    none = 1 << task.labels.index("none") if "none" in task.labels else 0
    labels: dict[str, set[str]] = {}
    asked: dict[str, InKb] = {}
    for mask, node in _looked_up(plan for plan in bench.plan.tasks if plan.task == task):
        if mask & none and mask != none:
            continue
        name = f"{node.kb.text}.{node.subset}" if node.subset else node.kb.text
        both = node.both_ways or (name in asked and asked[name].both_ways)
        asked[name] = replace(node, both_ways=both)
        about = labels.setdefault(name, set())
        about.update(label for i, label in enumerate(task.labels) if mask & ~none & 1 << i)
    if not asked:
        return None
    above: dict[str, frozenset[str]] = {}
    for ontology in bench.knowledge.ontologies.values():
        for concept, parents in ontology.ontology.above.items():
            above[concept] = above[concept] | parents if concept in above else parents
    bases = {}
    for name, node in sorted(asked.items()):
        index = bench.knowledge.pairs[node.kb.text]
        bases[name] = Base(index, node.subset or "", frozenset(labels[name]), node.both_ways)
    return Known(bases, above)


def _looked_up(plans: Iterable[TaskPlan]) -> Iterator[tuple[int, InKb]]:
    """Yield the votes of rules with each look-up of a pair that must be there for them."""
    for plan in plans:
        for rule in plan.rules:
            parts = [(rule.mask, rule.when), *((case.mask, case.when) for case in rule.cases)]
            for mask, condition in parts:
                if isinstance(mask, int) and mask:
                    yield from ((mask, node) for node in _present(condition, True))


def _present(condition: object, wanted: bool) -> Iterator[InKb]:
    """Yield the look-ups below a condition that must find the pair if it is to hold, or not to hold."""
    match condition:
        case InKb():
            if condition.negated != wanted:
                yield condition
        case Not():
            yield from _present(condition.part, not wanted)
        case KOf(bound="at most", number=0):
            for part in condition.parts:
                yield from _present(part, not wanted)
        case And() | Or() | KOf(bound="at least"):
            for part in condition.parts:
                yield from _present(part, wanted)
