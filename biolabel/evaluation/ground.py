"""Rules judged over a small corpus, ready for questions about single candidates.

Inline examples and `biolabel why` ask the engine itself: this module runs it over documents made of
examples, or over one document of a corpus, and finds the rows of a marked candidate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, Values, conjunction, disjunction, known, lift, negate
from biolabel.apply.engine import Judged, apply_task, counts_of_votes, judge_task
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.said import Cases, Said, SaidOfRows
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.spans import entity_votes
from biolabel.apply.terms import TermFinder
from biolabel.apply.votes import RuleVotes
from biolabel.compile.plan import Plan, RulePlan, TaskPlan
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable, given_mentions, joined, without_types
from biolabel.data.progress import Progress, silent
from biolabel.errors import BiolabelError, ModelError
from biolabel.evaluation.needs import parts_of, rules_of
from biolabel.evaluation.pieces import Place
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Ints = NDArray[np.int64]
Verdict = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, eq=False)
class Ground:
    """A corpus with all rules of a plan judged over it.

    full: what rules of relations and documents see; judged: the
    relation and document tasks by name; found: the votes of entity rules on the spans that they
    find, by rule; voted: what conditions on earlier tasks are told; scenes: what the rules of each
    entity task see, with the mentions of the tasks before it that they name.
    """

    corpus: Corpus
    plan: Plan
    full: Scene
    judged: Mapping[str, Judged]
    found: Mapping[str, RuleVotes]
    voted: Mapping[tuple[str, str], Ints]
    scenes: Mapping[str, Scene]

    def task(self, name: str) -> TaskPlan:
        """Return a task of the plan."""
        return next(task for task in self.plan.tasks if task.task.name == name)


def ground(
    plan: Plan,
    corpus: Corpus,
    mentions: MentionTable,
    knowledge: Knowledge,
    progress: Progress = silent,
) -> Ground:
    """Judge all rules of a plan; its ontologies and knowledge bases must be in `knowledge`.

    mentions: those that the entity rules find, for the tasks that do not ask for given ones.

    Raises:
        ModelError: the first error of a model or function: here nobody reads a table of faults.
    """
    finder = TermFinder(corpus, knowledge)
    full = Scene(corpus, plan, finder, mentions)
    scenes = {
        task.task.name: Scene(corpus, plan, finder, _seen(task, plan, corpus, mentions))
        for task in plan.tasks
        if isinstance(task.declaration, tree.EntityDecl)
    }
    beside = Scene(corpus, plan, finder, given_mentions(corpus))
    voted: dict[tuple[str, str], Ints] = {}
    judged: dict[str, Judged] = {}
    found: dict[str, RuleVotes] = {}
    asked = {
        node.task.text
        for rule in rules_of(plan).values()
        for node in nodes(parts_of(rule))
        if isinstance(node, tree.Voted)
    }
    for task in plan.tasks:
        name = task.task.name
        entity = isinstance(task.declaration, tree.EntityDecl)
        if entity:
            rules = progress(task.rules, name=f"rules of {name}", total=len(task.rules))
            on_spans = entity_votes(scenes[name], task.task, rules, voted)
            found |= {r.lf.name: v for r, v in zip(task.rules, on_spans, strict=True)}
            _raise_first(ModelError(f.code, f.message) for v in on_spans for f in v.faults)
        else:
            judged[name] = judge_task(task, beside if wants_given(task) else full, voted, progress)
            _raise_first(e for failed in judged[name].failed for e in failed.errors())
        if name in asked:
            seen = scenes[name] if entity else judged[name].judge.scene
            votes = apply_task(task, seen, voted)
            voted.update(counts_of_votes(votes, len(corpus.ids)))
    return Ground(corpus, plan, full, judged, found, voted, scenes)


def _raise_first(errors: Iterable[BiolabelError]) -> None:
    for error in errors:
        raise error


def _seen(task: TaskPlan, plan: Plan, corpus: Corpus, mentions: MentionTable) -> MentionTable:
    """Return the mentions that the rules of an entity task see: of tasks before it, or given ones."""
    before = {
        label for other in plan.tasks if other.task.name in task.sees for label in other.task.labels
    }
    given = without_types(given_mentions(corpus), plan.types)
    return joined([without_types(mentions, set(mentions.types) - before), given])


def wants_given(task: TaskPlan) -> bool:
    """Return whether a task is about given mentions, whatever the entity rules find."""
    declaration = task.declaration
    named = declaration.mentions if isinstance(declaration, tree.RelationDecl) else None
    return named is not None and named.text == "given"


def said_of(ground: Ground, rule: RulePlan, frame: Frame) -> dict[str, Said]:
    """Return what the rules that an entity rule asks say of spans: that of the span that covers each."""
    task = ground.task(rule.task).task
    side = frame.sides["span"]
    said: dict[str, Said] = {}
    for name in rule.fires:
        votes = ground.found[name]
        mask = np.zeros(len(frame), dtype=np.int64)
        for (first, end), vote in zip(votes.evidence.tolist(), votes.mask.tolist(), strict=True):
            mask[(side.first >= first) & (side.end <= end)] |= vote
        said[name] = SaidOfRows(task, known(mask > 0), mask)
    return said


def rows_of_candidate(frame: Frame, doc: int, places: Mapping[str, Place]) -> Ints:
    """Return the rows of a frame whose arguments stand at the given half-open rows of a document.

    A document has the rows that are its own.
    """
    right = frame.doc == doc
    for name, (first, end) in places.items():
        if name in frame.sides:
            side = frame.sides[name]
            right &= (side.first == first) & (side.end == end)
    return np.flatnonzero(right)


def fired_column(cases: Cases) -> Column:
    """Return where any vote of a rule holds, whatever `else:` says."""
    return disjunction([column for _, column in cases])


def voting_column(
    cases: Cases, otherwise: int | str | None, bit: int, *, exclusive: bool
) -> Column:
    """Return where a rule leaves a label possible: with an exclusive task in the first case that holds.

    otherwise: the mask of `else:`, which holds where every case is false.
    """
    parts: list[Values] = []
    before: list[Values] = []
    for mask, column in cases:
        if isinstance(mask, str) or mask >> bit & 1:
            parts.append(conjunction([column, *before]) if exclusive else column)
        before.append(negate(column))
    if isinstance(otherwise, int) and otherwise >> bit & 1:
        parts.append(conjunction(before))
    nowhere = np.zeros(len(cases[0][1].true), dtype=bool)
    return disjunction(parts) if parts else known(nowhere)


def verdict(column: Column, frame: Frame, rows: Ints) -> Verdict:
    """Return what a column says of the candidate of some rows."""
    lifted = lift(column, frame)
    candidates = np.unique(frame.candidate[rows])
    if lifted.true[candidates].any():
        return "yes"
    return "no" if lifted.known[candidates].all() else "unknown"
