"""Conditions to three-valued truth over the rows of a frame, each asked of as few rows as can be.

At concept level a candidate has several rows, one a pair of mentions. A positive condition is asked
of each pair, so that `and` speaks of the same pair; everything negative (`not`, `has no`, `is not`,
`at most`, `none of`, `>`, `!=`) means that no pair of mentions does otherwise (LANGUAGE.md 8).

A condition that speaks of a document, a concept or a mention is asked once of each of these
(`frames.Level`). Of the others, those that only a sentence can fulfil are asked of pairs that share
one (`together.Together`); what remains is asked last in an `and`, of the rows that are left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.atoms import Atoms, Levels, atoms
from biolabel.apply.columns import Column
from biolabel.apply.faults import Failed
from biolabel.apply.frames import Frame, Level
from biolabel.apply.models import Asked, Held, ask, call, says
from biolabel.apply.patterns import Matcher
from biolabel.apply.said import Said, votes_for
from biolabel.apply.scene import Scene
from biolabel.apply.texts import WHOLE, Texts
from biolabel.apply.together import Together
from biolabel.apply.truths import (
    Judgement,
    Shared,
    Truth,
    conjunction,
    count_of,
    disjunction,
    listed,
    negation,
    rows_of,
    shared,
    truth_of,
)
from biolabel.data.models import Answers
from biolabel.lang import tree
from biolabel.lang.walk import nodes

_POSITIVE: Mapping[tree.Operator, tree.Operator] = {">": "<=", ">=": "<", "!=": "="}
_BESIDE = frozenset({"argument", "before", "after", "around"})
_COSTLY = (tree.PathLike, tree.Closer)


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Evaluates the conditions of one task; equal conditions of its rules are evaluated once.

    said_by: what each earlier rule of the task says of the rows; voted: task and label to
    int64[documents], how many candidates of earlier tasks got exactly that vote.
    """

    scene: Scene
    frame: Frame
    said_by: Mapping[str, Said]
    voted: Mapping[tuple[str, str], NDArray[np.int64]]
    texts: Texts
    memo: dict[tree.Condition, Truth] = field(default_factory=dict)
    said: dict[str, Asked] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)

    def answers(self, model: str) -> Answers:
        """Return what a model says of the rows; each is asked once."""
        if model not in self.said:
            self.said[model] = ask(self.scene, self.frame, model)
        return self.said[model].answers

    def failed(self, name: str) -> Failed:
        """Return where a model, or a Python function by its target, failed when it was asked."""
        asked = self.said.get(name) or self.held.get(name)
        return asked.failed if asked else Failed()

    def least(self, model: str) -> float:
        """Return the score under which what a model says does not count: its `min_score:`."""
        return self.scene.plan.models[model].min_score or 0.0

    def matcher(self, region: tree.Region) -> Matcher:
        """Return what finds patterns in a region, where an argument may be its whole concept."""
        return self.texts.matcher(region)

    def value(self, value: tree.Value, unit: tree.Unit | None) -> NDArray[np.float64]:
        """Return the number that a side of a comparison is in each row, NaN if unknown: float64[n]."""
        found = self._everywhere.value(value, unit)
        return np.broadcast_to(found, len(self.frame)).astype(np.float64)

    def column(self, condition: tree.Condition) -> Column:
        """Return where a condition holds and where that is known."""
        found = self.judgement(condition)
        return Column(found.true, found.known)

    def judgement(self, condition: tree.Condition) -> Judgement:
        """Return the truth of a condition, to be read by rows or by candidates."""
        return Judgement(self.frame, self.truth(condition))

    def truth(self, condition: tree.Condition) -> Truth:
        """Return the truth of a condition; equal ones are evaluated once."""
        if condition not in self.memo:
            self.memo[condition] = self._truth(condition)
        return self.memo[condition]

    def _truth(self, condition: tree.Condition) -> Truth:
        match condition:
            case tree.And():
                return self._all(list(_flat(condition)))
            case tree.Or(parts):
                return disjunction([self.truth(part) for part in parts], self.frame)
            case tree.Not(tree.Or(parts)):
                # Denials speak of candidates, of which there are fewer than rows.
                return conjunction([self.truth(tree.Not(part)) for part in parts], self.frame)
            case tree.Not(part):
                return negation(self.truth(part), self.frame)
            case tree.KOf(bound, number, parts) if bound != "at most":
                return count_of([self.truth(part) for part in parts], bound, number, self.frame)
            case tree.ModelSays(name):
                least, n = self.least(name.text), len(self.frame)
                return listed(says(self.answers(name.text), condition, least, n))
            case tree.Python(target):
                self.held[target] = call(self.scene, self.frame, target)
                return listed(self.held[target].column)
            case tree.Fires(rule):
                return truth_of(self.said_by[rule.text].fires)
            case tree.RuleVotes(rule, label):
                return listed(votes_for(self.said_by[rule.text], label.text))
        denied = positive(condition)
        if denied is not None:
            return negation(self.truth(denied), self.frame)
        level = self._level(condition)
        if level is not None:
            return shared(level, self._levels.at(level).column(condition))
        near = self._together.truth(condition) if self._paired else None
        return listed(self._everywhere.column(condition)) if near is None else near

    def _all(self, parts: list[tree.Condition]) -> Truth:
        """Return a conjunction; what is asked of single rows comes last, the cheapest of it first."""
        if not parts:
            always = np.ones(self.frame.n_candidates, dtype=bool)
            return Shared(self.frame.whole, always, always)
        last = [part for part in parts if self._waits(part)]
        early = [self.truth(part) for part in parts if part not in last]
        if not early:
            early, last = [self.truth(last[0])], last[1:]
        held = conjunction(early, self.frame)
        for part in sorted(last, key=lambda part: isinstance(part, _COSTLY)):
            if part in self.memo:
                held = conjunction([held, self.memo[part]], self.frame)
                continue
            found = rows_of(held)
            some = atoms(self.scene, self.frame.take(found.rows), self.voted)
            said = listed(some.column(part), found.rows)
            held = conjunction([found, said], self.frame)
        return held

    def _waits(self, part: tree.Condition) -> bool:
        """Return whether a condition can be asked of some rows only, and costs more the more there are."""
        match part:
            case tree.Order() | tree.Closer() | tree.PathLike() | tree.SectionIs(negated=False):
                return self._paired
            case tree.Same(what):
                return self._paired and what.text != "sentence"
            case tree.Compare(tree.Measure("shared_sentences")):
                return False
            case tree.Compare(tree.Distance() | tree.Measure(), operator):
                return self._paired and operator not in _POSITIVE
        return False

    @cached_property
    def _paired(self) -> bool:
        """Whether candidates are pairs of mentions or concepts, so that rows have much in common."""
        return len(self.frame.sides) > 1

    @cached_property
    def _everywhere(self) -> Atoms:
        return Atoms(self.scene, self.frame, self.voted, self.texts)

    @cached_property
    def _together(self) -> Together:
        return Together(self.scene, self.frame, self._levels)

    @cached_property
    def _levels(self) -> Levels:
        return Levels(self.scene, self.voted)

    def _level(self, condition: tree.Condition) -> Level | None:
        """Return the rows that a condition cannot tell apart, None if it tells all of them apart."""
        if not self._paired:
            return None
        match condition:
            case tree.Has(both_ways=True):
                return None
            case tree.Has(region, pattern) | tree.Borders(region, _, pattern):
                return self._level_of_text([(region, pattern)])
            case tree.Compare(left, _, right):
                values = [v for v in (left, right) if not isinstance(v, tree.Quantity)]
                if any(isinstance(v, tree.Distance | tree.Measure) for v in values):
                    return None
                counts = [v for v in values if isinstance(v, tree.CountOf)]
                whole = tree.Region("document")
                return self._level_of_text([(v.region or whole, v.pattern) for v in counts])
            case tree.Is(name, what) if what.text in (
                "most_mentioned",
                "first_mentioned",
                "only_one",
            ):
                return self.frame.by_concept[name.text]
            case tree.Is(name):
                return self.frame.by_mention[name.text]
            case tree.Member(name):
                return self.frame.by_concept[name.text]
            case tree.InKb():
                return self.frame.whole if self.frame.of_concepts else None
            case tree.Voted():
                return self.frame.document
        return None

    def _level_of_text(self, asked: list[tuple[tree.Region, tree.Pattern]]) -> Level | None:
        """Return the level for patterns in regions: of what both together name."""
        named: set[str] = set()
        near = False
        for region, pattern in asked:
            arguments = {node.name for node in nodes(pattern) if isinstance(node, tree.Arg)}
            if region.kind in _BESIDE and region.name is not None:
                arguments.add(region.name.text)
                near = True
            elif region.kind in WHOLE:
                near |= not self.frame.whole_concepts
            elif region.kind != "meta":
                return None
            named |= arguments
        if not named:
            return self.frame.document
        if len(named) > 1:
            return None
        (name,) = named
        return self.frame.by_mention[name] if near else self.frame.by_concept[name]


def positive(condition: tree.Condition) -> tree.Condition | None:
    """Return what a condition denies, None if it denies nothing: `has` for `has no`."""
    match condition:
        case tree.Has(count=tree.Count("at most", number) as count):
            more = replace(count, bound="at least", number=number + 1)
            return replace(condition, count=more, negated=False)
        case tree.Has(count=None, negated=True):
            return replace(condition, negated=False)
        case tree.Is(negated=True) | tree.Member(negated=True) | tree.InKb(negated=True):
            return replace(condition, negated=False)
        case tree.SectionIs(negated=True):
            return replace(condition, negated=False)
        case tree.KOf("at most", number):
            return replace(condition, bound="at least", number=number + 1)
        case tree.Compare(tree.Distance() | tree.Measure(), operator) if operator in _POSITIVE:
            return replace(condition, operator=_POSITIVE[operator])
    return None


def _flat(condition: tree.Condition) -> Iterator[tree.Condition]:
    """Yield the parts of nested conjunctions."""
    if isinstance(condition, tree.And):
        for part in condition.parts:
            yield from _flat(part)
    else:
        yield condition


def evaluator(
    scene: Scene,
    frame: Frame,
    said_by: Mapping[str, Said],
    voted: Mapping[tuple[str, str], NDArray[np.int64]],
) -> Evaluator:
    """Return an evaluator for one task's candidates."""
    return Evaluator(scene, frame, said_by, voted, atoms(scene, frame, voted).texts)
